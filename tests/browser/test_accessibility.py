"""Every page and role, desk and phone: no violation that axe-core finds, no sideways scrolling, no lost colours."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.all_types import CASE_SLUG, SLUG, AllTypes
from tests.browser.portal_story import ROOT, Portal, visitor

pytestmark = pytest.mark.browser

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async rules => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: rules } });
  const places = one => one.nodes.map(node => node.target.join(" ")).slice(0, 4).join(" | ");
  return found.violations.map(one => `${one.id}: ${places(one)}`);
}"""
EXERCISE, BENCH, CASE = f"/bai-tap/{SLUG}", f"/bai-tap/{SLUG}/thu/1-11", f"/bai-tap/{CASE_SLUG}"
LEARNER = (
    "/",
    "/nang-luc",
    "/ket-qua",
    "/du-lieu-cua-toi",
    f"/bai-hoc/{SLUG}",
    EXERCISE,
    BENCH,
    CASE,
    "/khong-co-trang-nay",
)
PAGES = {
    "hocvien": LEARNER,
    "giangvien": ("/", "/giang-vien"),
    "nhansu": (
        "/hr",
        "/hr?don_vi=MP001&sap=-muc&cot=ma&cot=ho_ten&cot=nl4",
        "/hr/don-vi",
        "/hr/tai-khoan",
        "/chung-nhan",
    ),
    "nhansu-phuong": ("/hr",),
    "quantri": (
        "/quan-tri",
        "/quan-tri/he-thong",
        "/quan-tri/vai-tro?don_vi=MP001",
    ),
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("access")
    for name in ("root", "var"):
        (folder / name).mkdir()
    with Portal(folder / "var", root=AllTypes(folder / "root", ROOT).root) as portal:
        yield portal


def violations(page: Page) -> list[str]:
    # The sticky bar lies over some control wherever one is; axe would take that control to be a small target.
    page.add_style_tag(content=".bar { position: static !important; }")
    page.add_script_tag(content=AXE)
    found: list[str] = page.evaluate(RUN, RULES)
    return found


def assert_usable(page: Page, where: str) -> None:
    assert violations(page) == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{where} scrolls sideways"
    assert page.locator("h1").count() == 1, where


@pytest.mark.parametrize("login", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_every_role_is_accessible(portal: Portal, chromium: Browser, login: str, width: int) -> None:
    with visitor(portal, chromium, login, width=width, bypass_csp=True) as page:
        for path in PAGES[login]:
            page.goto(portal.address + path)
            assert_usable(page, f"{login} {width} {path}")


@pytest.mark.parametrize("width", [1280, 390])
def test_logging_in_and_its_refusal_are_accessible(portal: Portal, chromium: Browser, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="vi-VN", bypass_csp=True)
    page = context.new_page()
    page.goto(f"{portal.address}/dang-nhap")
    assert_usable(page, "log-in")
    page.get_by_label("Tên đăng nhập").fill("hocvien")
    page.get_by_label("Mật khẩu").fill("sai")
    page.get_by_role("button", name="Đăng nhập").click()
    assert_usable(page, "log-in refused")
    page.get_by_role("link", name="Kích hoạt tài khoản").click()
    page.get_by_label("Mã CBCCVC").fill("MP-1")
    page.get_by_label("Mã kích hoạt").fill("HKBT-3NQM-97CF")
    page.get_by_label("Mật khẩu mới").fill("chiều nay trời mát")
    page.get_by_label("Hiện mật khẩu").check()
    expect(page.get_by_label("Mật khẩu mới")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Đặt mật khẩu").click()
    assert_usable(page, "activation refused")
    page.goto(f"{portal.address}/dang-nhap")
    page.get_by_role("button", name="Vào thử bằng hocvien", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Chào anh/chị")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_errors_results_and_other_windows_are_accessible(portal: Portal, chromium: Browser, width: int) -> None:
    login = "nhansu" if width == 1280 else "nhansu-phuong"
    with visitor(portal, chromium, login, width=width, bypass_csp=True) as page:
        page.goto(portal.address + EXERCISE)
        other = page.context.new_page()
        other.goto(portal.address + EXERCISE)
        for tab, text in ((other, "bản kia"), (page, "mấy chục")):
            tab.locator("[name='1-5']").fill(text)
            expect(tab.locator("#trang-thai-luu")).to_contain_text("✔ Đã lưu")
        page.locator("[name='1-9']").nth(2).check(force=True)
        page.locator(".move:not([aria-disabled='true'])").first.click()
        expect(page.locator(".note.window")).to_be_visible()
        assert_usable(page, "two windows, answered")
        page.get_by_role("button", name="Nộp bài").click()
        expect(page.locator(".error-summary")).to_be_focused()
        assert_usable(page, "something is unreadable")
        page.locator("[name='1-5']").fill("7")
        page.get_by_role("button", name="Nộp bài").click()
        expect(page).to_have_url(re.compile("/ket-qua/"))
        assert_usable(page, "result")
        page.goto(f"{portal.address}/ket-qua")
        assert_usable(page, "attempts")


@pytest.mark.parametrize("login", PAGES)
def test_at_twice_the_size_nothing_scrolls_sideways(portal: Portal, chromium: Browser, login: str) -> None:
    """1280 pixels at 200 % are 640 to the page."""
    with visitor(portal, chromium, login, width=640) as page:
        for path in PAGES[login]:
            page.goto(portal.address + path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_who_wants_no_motion_gets_none(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "hocvien", reduced_motion="reduce") as page:
        for path in LEARNER:
            page.goto(portal.address + path)
            moving = (
                "[...document.querySelectorAll('*')].some(one => parseFloat(getComputedStyle(one).transitionDuration))"
            )
            assert not page.evaluate(moving), path
            assert page.evaluate("document.getAnimations().length") == 0, path


def test_with_forced_colours_choices_and_focus_are_still_seen(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "hocvien", forced_colors="active", bypass_csp=True) as page:
        page.goto(portal.address + EXERCISE)
        for name in ("1-1", "1-9", "chac.1-1"):
            page.locator(f"[name='{name}']").first.check(force=True)
            chosen = _outline(page, f"[name='{name}']:checked + label")
            other = _outline(page, f"[name='{name}']:not(:checked) + label")
            assert chosen != other, name
        page.locator("[name='1-9']").first.focus()
        page.keyboard.press("ArrowRight")
        assert _outline(page, "[name='1-9']:focus-visible + label")["outlineStyle"] != "none"
        assert violations(page) == []


def _outline(page: Page, selector: str) -> dict[str, Any]:
    style: dict[str, Any] = page.locator(selector).first.evaluate(
        "one => (({ outlineStyle, outlineWidth }) => ({ outlineStyle, outlineWidth }))(getComputedStyle(one))"
    )
    return style
