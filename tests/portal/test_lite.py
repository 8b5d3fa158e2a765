"""The lessons' origin: notebooks and one's own answers, nothing else."""

import os
from urllib.parse import urlsplit

import pytest

from hocvu.portal.site_files import YEAR, cache_rule
from tests.portal.world import DRAFT, EXERCISE, LESSONS, SLUG, Browser, World, assert_error_shape

LONG_AGO = 499162500  # the date of every file in an npm package


def build_site(world: World) -> None:
    """A stand-in for the built lesson site."""
    site = world.settings.var / "site"
    for name, text in {
        "notebooks/index.html": "<!doctype html><title>Bài học</title>",
        "static/app.js": "x" * 5000,
        f"files/{SLUG}/lesson.ipynb": "{}",
    }.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def enter(world: World, login: str = "lan") -> tuple[Browser, str]:
    """Go from the portal to the lesson; returns the browser on the lessons' origin and the link it came by."""
    build_site(world)
    link = world.log_in(login).get(f"/bai-hoc-noi/{SLUG}").headers["location"]
    assert link.startswith(f"{LESSONS}/vao?")
    way = urlsplit(link)
    browser = world.visitor(LESSONS)
    answer = browser.get(f"{way.path}?{way.query}")
    assert answer.headers["location"] == f"/bai-hoc/notebooks/index.html?path={SLUG}/lesson.ipynb"
    assert "hocvu_lite=" in answer.headers["set-cookie"] and "HttpOnly" in answer.headers["set-cookie"]
    return browser, f"{way.path}?{way.query}"


def test_a_ticket_opens_the_lesson_once(world: World) -> None:
    lan, link = enter(world)
    assert lan.get("/bai-hoc/notebooks/index.html").status_code == 200
    assert lan.get(link).status_code == 303  # the same browser is already in
    stranger = world.visitor(LESSONS)
    assert stranger.get(link).status_code == 401
    assert_error_shape(stranger.get(DRAFT), 401, "not_logged_in")


def test_a_ticket_is_over_after_a_minute(world: World) -> None:
    build_site(world)
    way = urlsplit(world.log_in("lan").get(f"/bai-hoc-noi/{SLUG}").headers["location"])
    world.later(seconds=61)
    assert world.visitor(LESSONS).get(f"{way.path}?{way.query}").status_code == 401


def test_a_ticket_leads_nowhere_but_to_lessons(world: World) -> None:
    build_site(world)
    way = urlsplit(world.log_in("lan").get(f"/bai-hoc-noi/{SLUG}").headers["location"])
    answer = world.visitor(LESSONS).get(f"{way.path}?{way.query.split('&')[0]}&toi=//xau.test")
    assert answer.headers["location"] == "/bai-hoc/notebooks/index.html"


def test_answers_from_the_lesson_are_in_the_exercise(world: World) -> None:
    lesson, _ = enter(world)
    assert lesson.save({"1-2": "a"}).status_code == 200
    assert 'value="a" checked' in world.log_in("lan").get(EXERCISE).text
    body = lesson.hand_in().json()
    assert body["points"] == 4 and body["result_url"].startswith("http://portal.test/ket-qua/")


def test_the_lessons_origin_has_no_pages_and_its_cookie_opens_none(world: World) -> None:
    lesson, _ = enter(world)
    for path in ("/", "/dang-nhap", "/hr", "/quan-tri", "/nang-luc", "/ket-qua", EXERCISE, "/api/v1/openapi.json"):
        assert lesson.get(path).status_code == 404, path
    assert_error_shape(lesson.get("/api/v1/scores"), 404, "not_found")
    portal = world.visitor()
    portal.client.cookies.set("hocvu", lesson.client.cookies["hocvu_lite"])
    assert portal.get("/").status_code == 303


def test_the_portals_cookie_is_of_no_use_to_a_lesson(world: World) -> None:
    lan = world.log_in("lan")
    lesson = world.visitor(LESSONS)
    lesson.client.cookies.set("hocvu_lite", lan.client.cookies["hocvu"])
    assert_error_shape(lesson.get(DRAFT), 401, "not_logged_in")


def test_the_portal_does_not_serve_the_notebook_site(world: World) -> None:
    build_site(world)
    lan = world.log_in("lan")
    assert lan.get("/bai-hoc/notebooks/index.html").status_code == 404
    assert lan.get("/bai-hoc/static/app.js").status_code == 404


def test_site_files_are_compressed_cached_and_under_their_own_policy(world: World) -> None:
    build_site(world)
    visitor = world.visitor(LESSONS)
    script = visitor.get("/bai-hoc/static/app.js", Accept_Encoding="gzip")
    assert script.headers["content-encoding"] == "gzip" and script.text == "x" * 5000
    assert "wasm-unsafe-eval" in script.headers["content-security-policy"]
    for name in ("notebooks/index.html", f"files/{SLUG}/lesson.ipynb", "static/app.js"):
        assert visitor.get(f"/bai-hoc/{name}").headers["cache-control"] == "no-cache"
    assert visitor.get("/bai-hoc/../hocvu.db").status_code == 404
    assert visitor.get("/bai-hoc/%2e%2e/hocvu.db").status_code == 404


@pytest.mark.parametrize("packing", ["gzip", "identity"])
def test_a_file_that_did_not_change_is_not_sent_again(world: World, packing: str) -> None:
    build_site(world)
    visitor = world.visitor(LESSONS)
    first = visitor.get("/bai-hoc/static/app.js", Accept_Encoding=packing)
    again = visitor.get("/bai-hoc/static/app.js", Accept_Encoding=packing, If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content, again.headers["cache-control"]) == (304, b"", "no-cache")


@pytest.mark.parametrize("packing", ["gzip", "identity"])
def test_a_new_file_of_the_same_name_size_and_date_is_sent(world: World, packing: str) -> None:
    build_site(world)
    script = world.settings.var / "site/static/app.js"
    os.utime(script, (LONG_AGO, LONG_AGO))
    visitor = world.visitor(LESSONS)
    old = visitor.get("/bai-hoc/static/app.js", Accept_Encoding=packing)
    script.write_text("y" * 5000, encoding="utf-8")
    os.utime(script, (LONG_AGO, LONG_AGO))
    new = visitor.get("/bai-hoc/static/app.js", Accept_Encoding=packing, If_None_Match=old.headers["etag"])
    assert (old.text[0], new.status_code, new.text[0]) == ("x", 200, "y")


@pytest.mark.parametrize(
    ("path", "query", "rule"),
    [
        ("build/2902.cc30aff.js", b"", YEAR),
        ("extensions/hocvu-lesson/static/0a1b2c3d4e5f/plugin.js", b"", YEAR),
        ("static/pyodide/pyodide-lock.json", b"v=8e49e32db814", YEAR),
        ("static/pyodide/pyodide-lock.json", b"ve=8e49e32db814", "no-cache"),
        ("build/notebooks/bundle.js", b"", "no-cache"),
        ("config-utils.js", b"", "no-cache"),
        ("static/pyodide/pyodide.asm.wasm", b"", "no-cache"),
        ("static/pyodide/python_stdlib.zip", b"", "no-cache"),
    ],
)
def test_only_names_that_carry_a_digest_are_kept_unasked(path: str, query: bytes, rule: str) -> None:
    assert cache_rule(path, query) == rule


def test_logging_out_ends_the_lesson_too(world: World) -> None:
    lesson, _ = enter(world)
    world.log_in("lan").send("/dang-xuat", {}, page="/")
    assert_error_shape(lesson.get(DRAFT), 401, "not_logged_in")


def test_without_a_site_the_lesson_is_a_page_with_its_bench(world: World) -> None:
    lan = world.log_in("lan")
    lan.save({"1-3": {"rules": [["rác", "RAC"]]}})
    assert lan.get(f"/bai-hoc-noi/{SLUG}").headers["location"] == f"/bai-hoc/{SLUG}"
    page = lan.get(f"/bai-hoc/{SLUG}").text
    assert "<strong>kỹ</strong>" in page and "Chạy thử" in page and 'value="rác"' in page
