"""The lesson site in a real browser: it waits for Python, runs by itself, hands in, and talks to nobody else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest_site import ROOT, LessonServer, build_test_site, small_notebook

pytestmark = [pytest.mark.browser]

START_TIMEOUT_MS = 180_000
SLIDER = """
import ipywidgets as widgets
import hocvu
threshold = widgets.IntSlider(description="Ngưỡng", value=3, max=10)
shown = widgets.HTML()
def show(_=None):
    shown.value = f"Bình phương là {threshold.value ** 2}."
threshold.observe(show, "value")
show()
widgets.VBox([threshold, shown])
"""
FAKE_WIDGETS = """
import sys, types
saving = types.ModuleType("hocvu.widgets")
saving.broken = False
async def flush():
    if saving.broken:
        raise RuntimeError("not saved")
saving.flush = flush
sys.modules["hocvu.widgets"] = saving
import ipywidgets
switch = ipywidgets.Button(description="hỏng")
switch.on_click(lambda _: setattr(saving, "broken", not saving.broken))
switch
"""
GRADED = {"nbgrader": {"grade": True, "grade_id": "1-2", "points": 4.0, "locked": True}}
LESSON = small_notebook(
    ("markdown", "# Bài 1. AI quanh ta\n\nMục tiêu của bài. Rồi làm [bài tập](exercises.ipynb).", {}),
    ("code", SLIDER, {}),
    ("code", "1 / 0", {}),
    ("code", "print('Phần cuối vẫn chạy')", {}),
)
EXERCISES = small_notebook(("markdown", "# Bài tập 1", {}), ("code", FAKE_WIDGETS, GRADED))
API = "/api/v1"
SUBMIT = f"POST {API}/submissions/01-ai-quanh-ta"
DRAFT = f"GET {API}/drafts/01-ai-quanh-ta"
RECEIPT = {
    "ok": True,
    "receipt": {"id": "BN-17", "submitted_at": "2027-03-01T02:00:00Z", "sha256": "0" * 64},
    "points": 7.5,
    "max_points": 10,
    "result_url": "/ket-qua/17",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    notebooks = {"01-ai-quanh-ta/lesson.ipynb": LESSON, "01-ai-quanh-ta/exercises.ipynb": EXERCISES}
    return build_test_site(notebooks, tmp_path_factory.mktemp("lite")).output


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[LessonServer]:
    with LessonServer(site) as server:
        yield server


@pytest.fixture(scope="module")
def exercises(chromium: Browser, server: LessonServer) -> Iterator[Page]:
    page = chromium.new_page()
    page.goto(server.lesson("01-ai-quanh-ta/exercises.ipynb"))
    wait_until_open(page)
    yield page
    page.close()


@pytest.fixture(autouse=True)
def fresh_api(server: LessonServer) -> None:
    server.calls.clear()
    server.answers = {
        f"GET {API}/csrf": [(200, {"token": "t-1"})],
        DRAFT: [(200, {"ok": True, "answers": {"1-2": "a"}})],
        SUBMIT: [(201, RECEIPT)],
    }


def wait_until_open(page: Page) -> None:
    page.wait_for_selector("#hocvu-gate", state="hidden", timeout=START_TIMEOUT_MS)


def hand_in(page: Page) -> str:
    """Press "Nộp bài" and return what the dialog says."""
    page.get_by_role("button", name="Nộp bài").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=30_000)
    return dialog.inner_text()


def press(page: Page, name: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=name).click()


def keys_sent(server: LessonServer) -> list[str]:
    return [headers["idempotency-key"] for call, headers, _ in server.calls if call == SUBMIT]


def test_a_lesson_waits_for_python_then_runs_by_itself_and_asks_nobody_else(
    chromium: Browser, server: LessonServer
) -> None:
    page = chromium.new_page()
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(server.lesson("01-ai-quanh-ta/lesson.ipynb"))
    expect(page.get_by_role("heading", name="Đang khởi động Python…")).to_be_visible()
    expect(page.get_by_role("button", name="Chạy lại")).to_be_disabled()
    wait_until_open(page)
    expect(page.get_by_text("Bình phương là 9.")).to_be_visible()
    expect(page.get_by_text("Phần cuối vẫn chạy", exact=True)).to_be_visible()
    expect(page.get_by_text("Phần này chưa chạy được")).to_be_visible()
    assert "ZeroDivisionError" not in page.locator("body").inner_text()
    expect(page.get_by_role("button", name="Nộp bài")).to_be_hidden()
    to_exercise = page.get_by_role("link", name="Làm bài tập")
    assert to_exercise.get_attribute("href") == "http://localhost:9/bai-tap/01-ai-quanh-ta"
    expect(page).to_have_title("Bài 1. AI quanh ta – Học vụ AI")
    page.get_by_role("slider").press("ArrowRight")
    expect(page.get_by_text("Bình phương là 16.")).to_be_visible()
    page.get_by_role("button", name="Chạy lại").click()
    expect(page.locator("#hocvu-gate")).to_be_visible()
    wait_until_open(page)
    expect(page.get_by_text("Bình phương là 9.")).to_be_visible()
    page.get_by_role("link", name="bài tập", exact=True).click()
    wait_until_open(page)
    expect(page).to_have_title("Bài tập 1 – Học vụ AI")
    outside = [url for url in asked if urlparse(url).hostname not in ("127.0.0.1", "", None)]
    assert len(asked) > 50
    assert outside == []
    assert broken == []
    page.close()


def test_the_page_shows_the_lesson_and_no_workshop(exercises: Page) -> None:
    shown = exercises.locator("body").inner_text()
    for word in ("File", "Kernel", "Python 3", "exercises.ipynb", "Trusted", "import sys", "Code"):
        assert word not in shown
    exercises.get_by_role("button", name="Xem mã lệnh").click()
    expect(exercises.get_by_text("import sys, types")).to_be_visible()
    exercises.get_by_role("button", name="Ẩn mã lệnh").click()
    assert str(exercises.locator("html").get_attribute("lang")).startswith("vi")


def test_nothing_is_kept_on_a_shared_machine(exercises: Page) -> None:
    assert exercises.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))") == []
    assert exercises.evaluate("Object.keys(localStorage).filter((key) => key.includes('ipynb'))") == []
    assert exercises.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_our_parts_of_the_page_are_accessible(exercises: Page) -> None:
    exercises.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = exercises.evaluate("axe.run({include: [['#hocvu-bar'], ['#hocvu-dialog'], ['#hocvu-gate']]})")
    assert [violation["id"] for violation in found["violations"]] == []


def test_a_submission_shows_points_and_receipt(exercises: Page, server: LessonServer) -> None:
    said = hand_in(exercises)
    assert "Đã nộp bài" in said
    assert "7,5/10 điểm" in said
    assert "BN-17" in said
    link = exercises.get_by_role("dialog").get_by_role("link", name="Xem kết quả")
    assert link.get_attribute("href") == "/ket-qua/17"
    press(exercises, "Đóng")
    (sent,) = [(headers, body) for call, headers, body in server.calls if call == SUBMIT]
    assert sent[0]["x-csrf-token"] == "t-1"
    assert json.loads(sent[1]) == {}


def test_the_same_answers_are_sent_again_under_the_same_key(exercises: Page, server: LessonServer) -> None:
    server.answers[SUBMIT] = [(503, {}), (201, RECEIPT)]
    assert "Đang chờ mạng" in hand_in(exercises)
    press(exercises, "Thử ngay")
    expect(exercises.get_by_role("dialog")).to_contain_text("Đã nộp bài")
    press(exercises, "Đóng")
    first, second = keys_sent(server)
    assert first == second


def test_changed_answers_are_a_new_attempt(exercises: Page, server: LessonServer) -> None:
    changed: list[tuple[int, Any]] = [(200, {"answers": {"1-2": "a"}}), (200, {"answers": {"1-2": "b"}})]
    server.answers[DRAFT] = changed
    server.answers[SUBMIT] = [(503, {}), (201, RECEIPT)]
    hand_in(exercises)
    press(exercises, "Thử ngay")
    expect(exercises.get_by_role("dialog")).to_contain_text("Đã nộp bài")
    press(exercises, "Đóng")
    first, second = keys_sent(server)
    assert first != second


def test_unreadable_answers_are_named(exercises: Page, server: LessonServer) -> None:
    problem = {"code": "unreadable", "message": "…", "items": {"1-2": "Anh/chị hãy nhập một số."}}
    server.answers[SUBMIT] = [(422, {"ok": False, "error": problem})]
    assert "Câu 1.2: Anh/chị hãy nhập một số." in hand_in(exercises)
    press(exercises, "Đóng")


def test_a_signed_out_learner_keeps_the_answers_and_may_try_again(exercises: Page, server: LessonServer) -> None:
    server.answers[DRAFT] = [(401, {"ok": False}), (200, {"answers": {"1-2": "a"}})]
    said = hand_in(exercises)
    assert "Phiên làm việc đã hết" in said
    assert keys_sent(server) == []
    press(exercises, "Nộp lại")
    expect(exercises.get_by_role("dialog")).to_contain_text("Đã nộp bài")
    press(exercises, "Đóng")


def test_answers_that_could_not_be_saved_are_not_handed_in(exercises: Page, server: LessonServer) -> None:
    exercises.get_by_role("button", name="hỏng").click()
    assert "Câu trả lời chưa lưu xong" in hand_in(exercises)
    press(exercises, "Đóng")
    assert keys_sent(server) == []
    exercises.get_by_role("button", name="hỏng").click()
    assert "Đã nộp bài" in hand_in(exercises)
    press(exercises, "Đóng")


LIMITS = {"may_submit": True, "left": 2, "max_attempts": 3, "gap_hours": "24", "when": ""}


def test_work_scenarios_are_handed_in_as_ones_own_work_or_not_at_all(exercises: Page, server: LessonServer) -> None:
    server.answers[DRAFT] = [(200, {"ok": True, "answers": {"T-1": {"goi": "a"}}, "limits": LIMITS})]
    asked = hand_in(exercises)
    assert "Anh/chị còn 2 lượt" in asked and "ít nhất 24 giờ" in asked
    dialog, tick = exercises.get_by_role("dialog"), exercises.get_by_role("checkbox", name="Tôi tự làm bài này")
    expect(tick).to_be_focused()
    press(exercises, "Nộp bài")
    assert tick.evaluate("one => one.validationMessage") == "Anh/chị đánh dấu ô này thì mới nộp được."
    expect(tick).to_be_visible()
    press(exercises, "Để sau")
    expect(dialog).to_be_hidden()
    assert keys_sent(server) == []
    expect(exercises.get_by_role("button", name="Nộp bài")).to_be_focused()
    exercises.keyboard.press("Enter")
    tick.press("Space")
    exercises.keyboard.press("Tab")
    exercises.keyboard.press("Enter")
    expect(dialog).to_contain_text("Đã nộp bài")
    assert [json.loads(body) for call, _, body in server.calls if call == SUBMIT] == [{"declared": True}]
    press(exercises, "Đóng")


def test_work_scenarios_that_must_wait_say_from_when(exercises: Page, server: LessonServer) -> None:
    reason = "Bài chưa được nộp: anh/chị nộp lượt này được từ 08:00, 08/12 (giờ Việt Nam)."
    waiting = {**LIMITS, "may_submit": False, "left": 0, "when": "08:00, 08/12"}
    server.answers[DRAFT] = [(200, {"ok": True, "answers": {"T-1": {"goi": "b"}}, "limits": waiting})]
    server.answers[SUBMIT] = [(422, {"ok": False, "error": {"code": "too_early", "message": reason}})]
    assert reason in hand_in(exercises)
    press(exercises, "Đóng")


def test_a_slow_start_says_what_to_do_instead(chromium: Browser, server: LessonServer) -> None:
    page = chromium.new_page()
    page.route("**/pyodide.asm.wasm", lambda route: None)  # never answered
    page.clock.install()
    page.goto(server.lesson("01-ai-quanh-ta/lesson.ipynb"))
    expect(page.get_by_text("Bài học khởi động lâu hơn bình thường")).to_be_hidden()
    page.clock.fast_forward(91_000)
    expect(page.get_by_text("Bài học khởi động lâu hơn bình thường")).to_be_visible()
    expect(page.get_by_role("link", name="Làm bài trên trang web của khóa học")).to_be_visible()
    page.close()
