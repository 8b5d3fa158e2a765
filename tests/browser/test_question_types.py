"""Every type of question on the page: keyboard alone, mouse, phone, no scripts, a bad line, two windows."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.all_types import CASE_SLUG, QUESTIONS, SLUG, AllTypes
from tests.browser.portal_story import PASSWORD, ROOT, Portal, visitor

pytestmark = pytest.mark.browser

SAVED = re.compile("✔ Đã lưu")
SHOWS_FOCUS = """() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  const bar = document.querySelector(".bar");
  const covered = bar && !bar.contains(one) && box.bottom > bar.getBoundingClientRect().top + 1 && box.height < 300;
  return one === document.body || (one.matches(":focus-visible") && box.width > 10 && box.height > 10 && !covered);
}"""  # and that the sticky bar does not lie over it
REQUEST = "Hãy soạn giúp tôi một thư mời họp ngắn gọn."


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("types")
    for name in ("root", "var"):
        (folder / name).mkdir()
    with Portal(folder / "var", root=AllTypes(folder / "root", ROOT).root) as portal:
        yield portal


def exercise(portal: Portal, slug: str = SLUG) -> str:
    return f"{portal.address}/bai-tap/{slug}"


def control(page: Page, name: str) -> Locator:
    return page.locator(f"[name='{name}']")


def state(page: Page) -> Locator:
    return page.locator("#trang-thai-luu")


def draft(page: Page, portal: Portal, slug: str = SLUG) -> dict[str, Any]:
    answer: dict[str, Any] = page.request.get(f"{portal.address}/api/v1/drafts/{slug}").json()
    return answer


def lines(page: Page) -> list[str]:
    return page.locator(".order .pair > label").all_inner_texts()


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def focused(self) -> Locator:
        return self.page.locator(":focus")

    def go_to(self, wanted: str) -> None:
        """Press Tab until the wanted control has the focus; every stop on the way must show that it has it."""
        for _ in range(200):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(SHOWS_FOCUS), self.focused
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
        raise AssertionError(f"Tab never comes to {wanted}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


@pytest.mark.parametrize(("login", "width"), [("hocvien", 1280), ("hocvien2", 390)])
def test_every_type_is_answered_by_keyboard_alone(portal: Portal, chromium: Browser, login: str, width: int) -> None:
    with visitor(portal, chromium, login, width=width) as page:
        page.goto(exercise(portal))
        me = Keyboard(page)
        me.go_to("[name='1-1']")
        me.press("Space")
        for option in ("a", "b"):
            me.go_to(f"[name='1-2'][value='{option}']")
            me.press("Space")
        for name, presses in {"1-3.x": 1, "1-3.y": 2, "1-4.x": 1, "1-4.y": 2}.items():
            me.go_to(f"[name='{name}']")
            me.press(*["ArrowDown"] * presses)
        me.go_to("[name='1-5']")
        me.page.keyboard.type("7")
        me.go_to("[name='1-6.viec']")
        me.page.keyboard.type("ghi biên bản họp")
        _put_in_order(me)
        me.go_to("[name='chac.1-7']")
        me.press("Space", "ArrowRight", "ArrowRight")
        me.go_to(f"[name='1-8'][value='{control(page, '1-8').nth(1).get_attribute('value')}']")
        me.press("Space")
        me.go_to("[name='1-9']")
        me.press(*["ArrowRight"] * 13, "Space", "ArrowRight", "Space")
        expect(page.locator("[name='1-9']:checked + label")).to_have_text(["14 50.000", "15 đồng."])
        me.go_to("[name='1-10']")
        me.page.keyboard.type(REQUEST)
        expect(page.locator(".count")).to_contain_text("Đã viết 10 chữ")
        me.go_to("[name='1-11.kw1']")
        me.page.keyboard.type("rác")
        me.go_to("[name='1-11.cat1']")
        waste = "one => [...one.options].findIndex(option => option.value === 'RAC')"
        me.press(*["ArrowDown"] * control(page, "1-11.cat1").evaluate(waste))
        expect(state(page)).to_have_text(SAVED)
        expect(page.locator("#da-tra-loi")).to_have_text("11")
        kept = draft(page, portal)
        assert kept["confidence"] == {"1-7": 3} and kept["answers"]["1-7"] == ["doc", "sua", "trinh"]
        me.go_to("button[value='nop']")
        me.press("Enter")
        expect(page).to_have_url(re.compile("/ket-qua/"))
        for item in QUESTIONS:
            points = "✔ hoàn thành" if item == "1-6" else "4/4"
            expect(page.locator(f"#cau-{item} .points")).to_have_text(points)


def _put_in_order(me: Keyboard) -> None:
    """Move the lines until they read doc, sua, trinh, and watch that the focus stays on the line that moves."""
    for place, words in enumerate(("Đọc kỹ bản nháp", "Sửa chỗ sai và số liệu")):
        while lines(me.page).index(words) > place:
            if not me.focused.and_(me.page.locator(f"[aria-label='Lên: {words}']")).count():
                me.go_to(f"[aria-label='Lên: {words}']")
            me.press("Enter")
            expect(me.focused).to_have_attribute("aria-label", f"Lên: {words}")
            at = lines(me.page).index(words) + 1
            expect(me.page.locator(".told")).to_have_text(f"Đã chuyển “{words}” lên vị trí {at}.")
    keep = me.page.get_by_role("button", name="Giữ nguyên thứ tự này")
    if keep.is_visible():  # the shuffled lines happened to be in order
        me.go_to(".keep")
        me.press("Enter")


def test_words_are_marked_by_dragging_and_by_tapping(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "nhansu", width=390, has_touch=True) as page:
        page.goto(exercise(portal))
        words = page.locator(".flowing .piece")
        marked = page.locator("[name='1-9']:checked")
        _drag(page, words.nth(4), words.nth(12))
        expect(marked).to_have_count(9)
        _drag(page, words.nth(12), words.nth(10))  # from a marked word: takes the marks away
        expect(marked).to_have_count(6)
        _drag(page, words.nth(0), words.nth(2), back=True)
        expect(marked).to_have_count(7)
        words.nth(14).tap()
        expect(marked).to_have_count(8)
        words.nth(14).click()
        expect(marked).to_have_count(7)
        expect(state(page)).to_have_text(SAVED)
        assert len(draft(page, portal)["answers"]["1-9"]) == 7


def test_words_are_marked_by_a_finger_and_the_page_still_scrolls(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "hocvien", width=390, has_touch=True, is_mobile=True) as page:
        page.goto(exercise(portal))
        for mark in reversed(page.locator("[name='1-9']:checked").all()):
            mark.uncheck(force=True)
        words = page.locator(".flowing .piece")
        words.nth(0).scroll_into_view_if_needed()
        _swipe(page, words.nth(0), across=130, down=0)
        marked = page.locator("[name='1-9']:checked").count()
        assert 2 <= marked <= 5
        top = page.evaluate("scrollY")
        _swipe(page, words.nth(8), across=0, down=-120)
        page.wait_for_function("top => scrollY > top + 50", arg=top)
        expect(page.locator("[name='1-9']:checked")).to_have_count(marked)


def _swipe(page: Page, start: Locator, *, across: int, down: int) -> None:
    box = start.bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)
    x, y = box["x"] + 10, box["y"] + box["height"] / 2
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        point = {"x": x + across * step / 10, "y": y + down * step / 10}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _drag(page: Page, start: Locator, end: Locator, *, back: bool = False) -> None:
    start.scroll_into_view_if_needed()
    page.evaluate("window.scrollBy(0, 200)")
    pressed = False
    for stop in (start, end, start) if back else (start, end):
        box = stop.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
        if not pressed:
            page.mouse.down()
            pressed = True
    page.mouse.up()


@pytest.mark.parametrize("width", [1280, 390])
def test_buttons_are_large_and_nothing_scrolls_sideways(portal: Portal, chromium: Browser, width: int) -> None:
    with visitor(portal, chromium, "nhansu-phuong", width=width) as page:
        for slug in (SLUG, CASE_SLUG):
            page.goto(exercise(portal, slug))
            for target in page.locator(".move, .step-choice, .keep, .option:not(.piece) label").all():
                box = target.bounding_box()
                assert box is None or (box["height"] >= 44 and box["width"] >= 44), target
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_positions_are_chosen(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "giangvien", width=390, scripts=False) as page:
        page.goto(exercise(portal))
        assert page.locator(".move").count() == 0
        for place, step in enumerate(("doc", "sua", "trinh"), start=1):
            control(page, f"1-7.{step}").select_option(str(place))
        control(page, "1-9").nth(13).check()
        control(page, "1-9").nth(14).check()
        control(page, "1-10").fill(REQUEST)
        control(page, "chac.1-10").nth(4).check()
        page.get_by_role("button", name="Lưu nháp").click()
        expect(page.get_by_text("✔ Đã lưu nháp")).to_be_visible()
        kept = draft(page, portal)
        assert kept["answers"]["1-7"] == ["doc", "sua", "trinh"] and kept["confidence"] == {"1-10": 5}
        assert len(kept["answers"]["1-9"]) == 2 and kept["answers"]["1-10"] == REQUEST


def test_a_work_scenario_is_answered_and_saved(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "giangvien") as page:
        page.goto(exercise(portal, CASE_SLUG))
        control(page, "2-1.ai").first.check()
        page.get_by_role("button", name="Giữ nguyên thứ tự này").click()
        expect(page.locator(".told")).to_contain_text("Đã giữ nguyên")
        control(page, "2-1.loi").nth(1).check()
        expect(state(page)).to_have_text(SAVED)
        assert set(draft(page, portal, CASE_SLUG)["answers"]["2-1"]) == {"ai", "buoc", "loi"}
        page.reload()
        expect(page.get_by_role("button", name="Giữ nguyên thứ tự này")).to_be_hidden()


def test_a_dead_line_says_so_and_everything_is_sent_when_it_is_back(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "quantri") as page:
        page.goto(exercise(portal))
        page.context.set_offline(True)
        expect(state(page)).to_contain_text("Đang mất mạng. Những câu đã lưu vẫn còn")
        control(page, "1-5").fill("7")
        expect(state(page)).to_contain_text("Đang mất mạng. 1 câu vừa làm được giữ trên máy này")
        assert page.evaluate(SHOWS_FOCUS), "the bar has grown, and the field is still seen"
        page.get_by_role("button", name="Nộp bài").click()
        expect(state(page)).to_contain_text("Chưa gửi được vì đường truyền")
        expect(control(page, "1-5")).to_have_value("7")
        page.context.set_offline(False)
        expect(state(page)).to_have_text(SAVED)
        assert draft(page, portal)["answers"]["1-5"] == "7"


def test_a_server_that_is_gone_is_called_so_and_is_asked_again(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "quantri") as page:
        page.goto(exercise(portal))
        portal.kill()
        control(page, "1-6.viec").fill("khi máy chủ tắt")
        expect(state(page)).to_contain_text(
            "Chưa nối được máy chủ. 1 câu vừa làm được giữ trên máy này và sẽ tự gửi lại."
        )
        page.get_by_role("button", name="Lưu nháp").click()
        expect(state(page)).to_contain_text("Chưa gửi được vì đường truyền")
        portal.start()
        expect(state(page)).to_have_text(SAVED, timeout=20_000)
        assert draft(page, portal)["answers"]["1-6"] == {"viec": "khi máy chủ tắt"}


def test_a_browser_that_keeps_nothing_asks_to_stay(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "quantri") as page:
        page.add_init_script(
            "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
        )
        page.goto(exercise(portal))
        page.context.set_offline(True)
        control(page, "1-6.viec").fill("máy không cho lưu")
        expect(state(page)).to_contain_text("giữ trong trang này, xin đừng đóng trang")
        page.context.set_offline(False)
        expect(state(page)).to_have_text(SAVED)


def test_a_tab_closed_without_a_line_has_lost_nothing(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "quantri") as page:
        page.goto(exercise(portal))
        page.context.set_offline(True)
        control(page, "1-6.viec").fill("trực một cửa")
        page.locator(".move:not([aria-disabled='true'])").first.click()
        control(page, "chac.1-6").nth(1).check(force=True)
        order = lines(page)
        page.close()
        later = page.context.new_page()
        page.context.set_offline(False)
        later.goto(exercise(portal))
        expect(state(later)).to_have_text(SAVED)
        expect(control(later, "1-6.viec")).to_have_value("trực một cửa")
        assert lines(later) == order
        kept = draft(later, portal)
        assert kept["answers"]["1-6"] == {"viec": "trực một cửa"} and kept["confidence"]["1-6"] == 2


def test_an_expired_log_in_says_so_and_the_answers_come_back(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "quantri") as page:
        page.goto(exercise(portal))
        page.context.clear_cookies(name="hocvu")
        control(page, "1-10").fill("Hãy tóm tắt")
        expect(state(page)).to_contain_text("Phiên làm việc đã hết. 1 câu vừa làm được giữ trên máy này")
        state(page).get_by_role("link", name="Đăng nhập lại").click()
        _log_in_here(page, "quantri")
        expect(control(page, "1-10")).to_have_value("Hãy tóm tắt")
        expect(state(page)).to_have_text(SAVED)


def test_answers_never_go_to_somebody_else_who_logged_in(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "nhansu") as page:
        page.goto(exercise(portal))
        other = page.context.new_page()
        page.context.clear_cookies(name="hocvu")
        other.goto(f"{portal.address}/dang-nhap")
        _log_in_here(other, "nhansu-phuong")
        expect(other.get_by_role("heading", level=1)).to_be_visible()
        control(page, "1-10").fill("của người trước")
        expect(state(page)).to_contain_text("đăng nhập bằng tài khoản khác")
        assert "1-10" not in draft(other, portal)["answers"]


def _log_in_here(page: Page, login: str) -> None:
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def test_two_tabs_tell_each_other_and_nothing_is_lost(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "giangvien") as first:
        second = first.context.new_page()
        for page in (first, second):
            page.goto(exercise(portal))
        control(first, "1-6.viec").fill("bản của cửa sổ một")
        expect(state(first)).to_have_text(SAVED)
        control(second, "1-6.viec").fill("bản của cửa sổ hai")
        note = second.locator(".asked:has([data-item='1-6']) .note")
        expect(note).to_contain_text(re.compile(r"Câu 1\.6 vừa được sửa ở cửa sổ khác lúc \d\d:\d\d; bản mới nhất"))
        note.get_by_role("button", name="Khôi phục bản kia").click()
        expect(second.get_by_text("✔ Đã khôi phục bản kia của câu 1.6")).to_be_visible()
        expect(control(second, "1-6.viec")).to_have_value("bản của cửa sổ một")
        second.get_by_role("button", name="Đổi lại bản trước").click()
        expect(control(second, "1-6.viec")).to_have_value("bản của cửa sổ hai")


def test_a_tab_of_a_handed_in_attempt_does_not_slip_into_the_next(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "giangvien") as first:
        second = first.context.new_page()
        for page in (first, second):
            page.goto(exercise(portal))
        control(first, "1-5").fill("7")
        first.get_by_role("button", name="Nộp bài").click()
        expect(first).to_have_url(re.compile("/ket-qua/"))
        control(second, "1-6.viec").fill("gõ muộn")
        expect(state(second)).to_contain_text("Bài này đã được nộp ở cửa sổ khác.")
        assert draft(second, portal)["answers"].get("1-6") != {"viec": "gõ muộn"}
        state(second).get_by_role("link", name="Tải lại trang").click()
        offer = second.locator("#thong-bao .note")
        expect(offer).to_contain_text("Phần sửa ở lượt trước chưa kịp gửi: câu 1.6")
        offer.get_by_role("button", name="Đưa vào lượt này").click()
        expect(state(second)).to_have_text(SAVED)
        assert draft(second, portal)["answers"]["1-6"] == {"viec": "gõ muộn"}


def test_the_page_catches_up_with_another_window(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "nhansu-phuong") as first:
        second = first.context.new_page()
        for page in (first, second):
            page.goto(exercise(portal))
        first.get_by_role("button", name="Giữ nguyên thứ tự này").click()
        control(first, "1-5").fill("8")
        expect(state(first)).to_have_text(SAVED)
        second.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(control(second, "1-5")).to_have_value("8")
        expect(second.locator(".keep")).to_be_hidden()
        control(second, "1-5").fill("7")
        expect(state(second)).to_have_text(SAVED)
        assert second.locator(".note.window").count() == 0


def test_every_type_is_on_the_page() -> None:
    kinds = {source.partition("(")[0] for source, _ in QUESTIONS.values()}
    assert kinds == {
        "choose_one", "choose_many", "classify", "match", "number", "blanks", "order", "spans", "prompt",
        "experiment",
    }  # fmt: skip
