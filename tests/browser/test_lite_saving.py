"""Answers in a lesson: kept when the line comes back, not called saved when Python is gone, usable by everybody."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest_site import LessonServer, build_test_site, small_notebook
from tests.browser.lite_story import axe

pytestmark = [pytest.mark.browser]

START_TIMEOUT_MS = 180_000
SLUG = "01-thu"
SETUP = """
from hocvu.labs import keyword_rules
from hocvu.questions import *
from hocvu.widgets import show_questions
from hocvu.widgets.guess import guess

show_questions("01-thu")
"""
QUESTIONS = (
    'choose_one("1-2", "Chọn một.", competency="NL1", level=1, a="Một", b="Hai", c="Ba")',
    'choose_many("1-5", "Chọn nhiều.", competency="NL1", level=1, a="Một", b="Hai")',
    """classify("1-1", "Xếp hai thẻ.", competency="NL1", level=1, groups={"h": "Nhóm h", "m": "Nhóm m"},
    cards={"x": "Một thẻ có tên dài hơn bề rộng của điện thoại", "y": "Thẻ y"})""",
    'number("1-4", "Bao nhiêu?", competency="NL1", level=1, unit="phản ánh")',
    'blanks("1-7", "Điền hai ô.", competency="NL2", level=1, viec="Việc", ai="Ai")',
    'experiment("1-3", "Đặt luật.", competency="NL1", level=2, lab=keyword_rules.KEYWORD_RULES)',
    'order("1-8", "Xếp thứ tự.", competency="NL1", level=1, items={"a": "Thu thập", "b": "Gán nhãn", "c": "Dạy máy"})',
    'spans("1-9", "Đánh dấu.", competency="NL1", level=1, text="Câu thứ nhất. Câu thứ hai thì dài hơn hẳn câu kia.")',
    """prompt("1-10", "Viết yêu cầu.", competency="NL1", level=1,
    rules=[Rule("Nêu rõ người đọc", any_of=["người dân"]), Rule("Ngắn gọn", max_words=120)])""",
    """match("1-11", "Ghép người với việc.", competency="NL1", level=1, items={"x": "Ký", "y": "Soạn nháp"},
    partners={"a": "Chủ tịch", "b": "Chuyên viên"})""",
    """case("1-12", "Thư góp ý.", competency="NL1", level=2, variants={name: Variant(f"Sáng nay ở {name} có thư.", {
        "ai": choose_one("", "Báo ai?", competency="", level=0, a="Tổ trưởng", b="Không ai"),
        "so": number("", "Mấy thư?", competency="", level=0)}) for name in ("phường", "xã")})""",
    'guess("Đoán xem?", ["Ít", "Nhiều"], reveal="Nhiều.")',
)
GRADED = {"nbgrader": {"grade": True, "grade_id": "1-2", "points": 4.0, "locked": True}}
NOTEBOOK = small_notebook(
    ("markdown", "# Bài thử\n\n## Câu hỏi\n\n| Việc | Ví dụ |\n|---|---|\n| **Một** | Hai |", {}),
    ("code", SETUP, {}),
    *(("code", source, GRADED) for source in QUESTIONS),
)
STATUS = {item: f".hocvu-item-{item} .hocvu-status" for item in ("1-1", "1-2", "1-3", "1-4", "1-5", "1-7")}
KERNEL = "jupyterapp.shell.currentWidget.sessionContext"
OURS = ".hocvu-question, .hocvu-guess, #hocvu-bar, #hocvu-stopped"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = build_test_site({f"{SLUG}/exercises.ipynb": NOTEBOOK}, tmp_path_factory.mktemp("saving")).output
    path = site / "jupyter-lite.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["jupyter-config-data"]["exposeAppInBrowser"] = True  # so that a test can take the kernel away
    path.write_text(json.dumps(config), encoding="utf-8")
    return site


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[LessonServer]:
    with LessonServer(site) as server:
        server.answers["GET /api/v1/csrf"] = [(200, {"token": "t-1"})]
        yield server


@pytest.fixture(scope="module")
def opened(chromium: Browser, server: LessonServer) -> Iterator[Page]:
    server.drafts = {SLUG: {}}
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(server.lesson(f"{SLUG}/exercises.ipynb"))
    wait_until_open(page)
    yield page
    page.close()


def wait_until_open(page: Page) -> None:
    page.wait_for_selector("#hocvu-gate", state="hidden", timeout=START_TIMEOUT_MS)
    expect(page.locator(".hocvu-question")).to_have_count(11, timeout=30_000)


def status(page: Page, item: str) -> Locator:
    return page.locator(STATUS[item])


def choose(page: Page, option: str) -> None:
    page.locator(".hocvu-item-1-2").get_by_role("radio", name=option).check()


# Saving


def test_an_answer_is_saved_at_once_and_says_when(opened: Page, server: LessonServer) -> None:
    expect(status(opened, "1-2")).to_have_text("Chưa trả lời.")
    choose(opened, "Hai")
    expect(status(opened, "1-2")).to_have_text(re.compile(r"✔ Đã lưu \d\d:\d\d"))
    assert server.has(SLUG, "1-2", "b")


def test_what_could_not_be_saved_is_saved_by_itself_when_the_line_is_back(opened: Page, server: LessonServer) -> None:
    server.go_down()
    choose(opened, "Ba")
    expect(status(opened, "1-2")).to_contain_text("Chưa lưu được, máy sẽ tự thử lại…")
    opened.locator(".hocvu-item-1-5").get_by_role("checkbox", name="Một").check()
    expect(status(opened, "1-5")).to_contain_text("Chưa lưu được, máy sẽ tự thử lại…")
    assert "Đã lưu" not in status(opened, "1-2").inner_text()
    server.come_back()
    for item in ("1-2", "1-5"):
        expect(status(opened, item)).to_have_text(re.compile(r"✔ Đã lưu \d\d:\d\d"), timeout=30_000)
    assert (server.drafts[SLUG]["1-2"], server.drafts[SLUG]["1-5"]) == ("c", ["a"])


def test_how_sure_one_is_is_saved_beside_the_answer(opened: Page, server: LessonServer) -> None:
    question = opened.locator(".hocvu-item-1-2")
    sure = question.get_by_role("combobox", name="Anh/chị chắc đến đâu? (không chấm)")
    expect(sure).to_have_value("– không nói –")
    sure.select_option("Chắc")
    expect(question.locator(".hocvu-sure-status")).to_have_text("✔ Đã lưu")
    bodies = [json.loads(body) for call, _, body in server.calls if call.startswith("PUT")]
    assert bodies[-1]["confidence"] == {"1-2": 4} and "answers" not in bodies[-1]
    expect(status(opened, "1-2")).to_be_visible()


def test_running_again_with_unsaved_answers_asks_first(opened: Page, server: LessonServer) -> None:
    server.go_down()
    choose(opened, "Một")
    expect(status(opened, "1-2")).to_contain_text("Chưa lưu được")
    opened.get_by_role("button", name="Chạy lại").click()
    expect(opened.get_by_role("dialog")).to_contain_text("những câu chưa lưu sẽ mất")
    opened.get_by_role("dialog").get_by_role("button", name="Chờ lưu xong").click()
    server.come_back()
    expect(status(opened, "1-2")).to_contain_text("✔ Đã lưu", timeout=30_000)
    assert server.drafts[SLUG]["1-2"] == "a"


# Python gone


@pytest.mark.parametrize("fate", ["restartKernel()", "shutdown()"])
def test_when_python_is_gone_no_form_says_saved_until_it_runs_again(
    opened: Page, server: LessonServer, fate: str
) -> None:
    choose(opened, "Hai")
    assert server.has(SLUG, "1-2", "b")
    expect(status(opened, "1-2")).to_contain_text("✔ Đã lưu")
    opened.evaluate(f"{KERNEL}.{fate}")
    expect_stopped(opened)
    opened.locator("#hocvu-stopped").get_by_role("button", name="Chạy lại").click()
    expect_running(opened)
    choose(opened, "Ba")
    assert server.has(SLUG, "1-2", "c")
    expect(status(opened, "1-2")).to_have_text(re.compile(r"✔ Đã lưu \d\d:\d\d"))


def test_a_crash_that_nobody_reports_is_noticed_at_the_next_answer(opened: Page, server: LessonServer) -> None:
    choose(opened, "Hai")
    assert server.has(SLUG, "1-2", "b")
    expect(status(opened, "1-2")).to_contain_text("✔ Đã lưu")
    for worker in opened.workers:
        worker.evaluate("self.close()")
    choose(opened, "Một")
    expect(status(opened, "1-2").get_by_text("✔ Đã lưu").filter(visible=True)).to_have_count(0)
    expect_stopped(opened, timeout_ms=40_000)
    opened.locator("#hocvu-bar").get_by_role("button", name="Chạy lại").click()
    expect_running(opened)


def expect_stopped(page: Page, timeout_ms: int = 10_000) -> None:
    banner = page.get_by_role("alert").filter(has_text="câu trả lời mới sẽ không được lưu")
    expect(banner).to_be_visible(timeout=timeout_ms)
    for form in page.locator(".hocvu-question, .hocvu-guess").all():
        expect(form).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("✔ Đã lưu").filter(visible=True)).to_have_count(0)
    expect(status(page, "1-2")).to_contain_text("Python đã dừng")
    expect(page.locator(".hocvu-item-1-2").get_by_role("radio").first).to_be_disabled()
    expect(page.locator(".hocvu-item-1-7").get_by_role("textbox").first).not_to_be_editable()
    expect(page.get_by_role("button", name="Nộp bài")).to_be_disabled()


def expect_running(page: Page) -> None:
    wait_until_open(page)
    expect(page.locator("#hocvu-stopped")).to_be_hidden()
    expect(page.locator(".jupyter-widgets[aria-disabled]")).to_have_count(0)
    expect(page.locator(".hocvu-item-1-2").get_by_role("radio", name="Hai")).to_be_checked()
    expect(status(page, "1-2")).to_have_text("✔ Đã lưu trước đó.")
    expect(page.get_by_role("button", name="Nộp bài")).to_be_enabled()


# For everybody


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab, as who has no mouse does, until the target has the focus."""
    for _ in range(80):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"80 presses of Tab did not reach {target}")


def test_every_type_is_answered_by_keyboard_alone(opened: Page, server: LessonServer) -> None:
    server.drafts[SLUG].clear()
    press, item = opened.keyboard.press, lambda number: opened.locator(f".hocvu-item-{number}")
    item("1-2").get_by_role("radio").first.focus()
    press("ArrowUp")  # round to the last one
    for kind, number in (("checkbox", "1-5"), ("combobox", "1-1"), ("textbox", "1-4"), ("textbox", "1-7")):
        tab_to(opened, item(number).get_by_role(kind).first)
        {"checkbox": lambda: press("Space"), "combobox": lambda: press("ArrowDown")}.get(
            kind, lambda: opened.keyboard.type("12")
        )()
    tab_to(opened, item("1-3").get_by_role("button", name="Dùng bộ luật này cho câu 1.3"))
    press("Enter")
    for place in range(3):
        tab_to(opened, item("1-8").get_by_role("combobox").nth(place))
        for _ in range(place + 1):
            press("ArrowDown")
    tab_to(opened, item("1-9").get_by_role("checkbox").nth(1))
    press("Space")
    tab_to(opened, item("1-10").get_by_role("textbox"))
    opened.keyboard.type("Soạn thư cho người dân")
    tab_to(opened, item("1-11").get_by_role("combobox").first)
    press("ArrowDown")
    tab_to(opened, item("1-12").get_by_role("radio").first)
    press("Space")
    tab_to(opened, item("1-12").get_by_role("textbox"))
    opened.keyboard.type("3")
    tab_to(opened, item("1-12").get_by_role("combobox"))
    press("ArrowDown")
    assert server.has(SLUG, "1-12", {"ai": "a", "so": "3"})
    kept = server.drafts[SLUG]
    assert (kept["1-4"], kept["1-7"], kept["1-1"], kept["1-11"]) == ("12", {"viec": "12"}, {"x": "h"}, {"x": "a"})
    assert len(kept["1-8"]) == 3 and len(kept["1-9"]) == 1 and kept["1-10"] == "Soạn thư cho người dân"
    assert kept["1-3"]["rules"] and set(kept) == {f"1-{number}" for number in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12)}


def test_at_twice_the_size_nothing_scrolls_sideways(opened: Page) -> None:
    opened.set_viewport_size({"width": 640, "height": 450})  # what is left of 1280 by 900 at 200%
    widest = opened.evaluate(
        """() => Math.max(document.documentElement.scrollWidth,
        document.querySelector(".jp-WindowedPanel-outer").scrollWidth)"""
    )
    assert widest <= 640
    opened.set_viewport_size({"width": 390, "height": 844})


def test_with_forced_colours_choices_states_and_focus_are_still_seen(opened: Page) -> None:
    opened.emulate_media(forced_colors="active")
    choose(opened, "Hai")
    chosen = opened.locator(".hocvu-item-1-2").get_by_role("radio", name="Hai")
    assert chosen.evaluate("one => getComputedStyle(one).appearance") != "none"  # the system draws its own mark
    chosen.focus()
    opened.keyboard.press("ArrowUp")
    focused = opened.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert focused == "solid"
    button = opened.get_by_role("button", name="Thêm luật")
    assert button.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
    opened.emulate_media(forced_colors="none")


def test_who_wants_no_motion_gets_none(chromium: Browser, server: LessonServer) -> None:
    page = chromium.new_page(reduced_motion="reduce")
    page.goto(server.lesson(f"{SLUG}/exercises.ipynb"))
    page.locator("#hocvu-gate ol li[data-state='now']").wait_for(timeout=30_000)
    moving = page.evaluate("() => document.getAnimations().filter((one) => one.playState === 'running').length")
    page.close()
    assert moving == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_forms_and_bench_are_accessible(opened: Page, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 844})
    assert axe(opened, OURS) == []


def test_on_a_phone_nothing_is_cut_and_everything_can_be_touched(opened: Page) -> None:
    opened.set_viewport_size({"width": 390, "height": 844})
    measured = opened.evaluate(
        """() => [...document.querySelectorAll(".hocvu-question, .hocvu-question *, .hocvu-guess *")]
        .filter((one) => one.checkVisibility() && !one.closest("svg, thead, style"))
        .map((one) => ({name: one.className, kind: one.tagName, ...one.getBoundingClientRect().toJSON()}))"""
    )
    assert len(measured) > 100
    assert [one for one in measured if one["right"] > 390 or one["left"] < 0] == []
    small = [one for one in measured if one["kind"] in ("SELECT", "BUTTON", "TEXTAREA") and one["height"] < 44]
    assert small == []


def test_only_the_page_itself_scrolls(opened: Page) -> None:
    scrolling = opened.evaluate(
        """() => [...document.querySelectorAll("#main .jp-OutputArea *")]
        .filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight + 1)
        .map((one) => one.className)"""
    )
    assert scrolling == []


def test_groups_have_names_and_the_switch_says_whether_it_is_on(opened: Page) -> None:
    expect(opened.get_by_role("group", name="Câu 1.2. Chọn một.")).to_be_visible()
    expect(opened.get_by_role("radiogroup", name="Câu 1.2. Chọn một.")).to_be_visible()
    expect(opened.get_by_role("group", name="Câu 1.12. Thư góp ý.")).to_be_visible()
    expect(opened.get_by_role("radiogroup", name="Phần 1. Báo ai?")).to_be_visible()
    expect(opened.get_by_role("group", name="Phần 2. Mấy thư?")).to_be_visible()
    switch = opened.get_by_role("button", name="Viết không dấu")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
