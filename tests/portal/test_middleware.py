"""What stands before and after every request."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from hocvu.errors import SettingsError
from hocvu.portal.app import build_app
from hocvu.portal.middleware import BodyLimit
from tests.portal.world import EXERCISE, LESSONS, PORTAL, World

PATHS = ["/", "/dang-nhap", "/khong-co", "/api/v1/csrf", "/api/v1/scores", "/static/portal.css", EXERCISE, "/healthz"]


@pytest.mark.parametrize("origin", [PORTAL, LESSONS])
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(world: World, origin: str, path: str) -> None:
    headers = world.visitor(origin).get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"


def test_portal_pages_run_no_inline_script_and_are_not_stored(world: World) -> None:
    lan = world.log_in("lan")
    for path in ("/", EXERCISE, "/nang-luc", "/ket-qua"):
        answer = lan.get(path)
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert "<script>" not in answer.text and " style=" not in answer.text and " onclick=" not in answer.text, path


def test_a_fault_is_told_kindly_with_the_same_headers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lan = world.log_in("lan")

    def explode(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("hocvu.portal.page_course.module_progress", explode)
    answer = lan.get("/")
    assert answer.status_code == 500 and "không phải lỗi của anh/chị" in answer.text
    assert "secret" not in answer.text and "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_unknown_host_is_refused(world: World) -> None:
    answer = world.visitor("http://xau.test").get("/dang-nhap")
    assert answer.status_code == 421
    assert world.visitor("http://10.0.0.7").get("/healthz").json() == {"ok": True}


def test_lessons_must_have_a_host_of_their_own(world: World) -> None:
    settings = replace(world.settings, lite_origin=PORTAL)
    with pytest.raises(SettingsError, match="HOCVU_LITE_ORIGIN"):
        build_app(replace(world.services, settings=settings))


def test_styles_may_be_kept_for_a_year_pages_name_them_by_content(world: World) -> None:
    visitor = world.visitor()
    page = visitor.get("/dang-nhap").text
    address = next(word.split('"')[1] for word in page.split() if word.startswith('href="/static/portal.css'))
    assert "immutable" in visitor.get(address).headers["cache-control"]
    assert visitor.get("/static/bench.css").headers["cache-control"] == "no-cache"


def test_a_body_without_announced_length_is_cut_off_while_it_comes() -> None:
    pieces: Iterator[Message] = iter(
        [{"type": "http.request", "body": b" " * 400_000, "more_body": True} for _ in range(125)]
    )
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        return next(pieces)

    async def reader(_: Scope, receive: Receive, __: Send) -> None:
        while (await receive())["more_body"]:
            pass

    async def send(_: Message) -> None:
        raise AssertionError("nothing is sent")

    scope: Scope = {"type": "http", "headers": [], "path": "/"}
    with pytest.raises(HTTPException) as refused:
        asyncio.run(BodyLimit(reader, 1_000_000)(scope, receive, send))
    assert refused.value.status_code == 413 and taken == 3
