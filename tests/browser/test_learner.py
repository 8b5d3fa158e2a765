"""The learner's journey in a real browser: module 1 on the page, the bench in JupyterLite, nothing lost on the way."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from hocvu.datasets.reports1022 import CATEGORY_BY_CODE
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from tests.browser.portal_story import ROOT, Portal, log_in, visitor
from tests.test_secrets import secrets

SLUG = "01-ai-quanh-ta"
START_TIMEOUT_MS = 180_000

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with Portal(tmp_path_factory.mktemp("var")) as portal:
        yield portal


@pytest.fixture(scope="module")
def spec() -> AssignmentSpec:
    return compile_assignment(ROOT / "source" / SLUG / "exercises.ipynb")


def control(page: Page, name: str) -> Any:
    return page.locator(f"[name='{name}']")


def answer(page: Page, item: ItemSpec) -> None:
    """Fill in the right answer as a person would: choose, tick, type."""
    key, item_id = item.key.answer, item.id
    match item.question.kind:
        case "MC1":
            control(page, item_id).and_(page.locator(f"[value='{key}']")).check()
        case "MCn":
            for option in key:
                control(page, item_id).and_(page.locator(f"[value='{option}']")).check()
        case "CLS" | "MAT":
            for card, groups in key.items():
                group = groups if isinstance(groups, str) else sorted(groups)[0]
                control(page, f"{item_id}.{card}").select_option(group)
        case "EXP":
            for line, (keyword, category) in enumerate(key.reference["rules"], start=1):
                control(page, f"{item_id}.kw{line}").fill(keyword)
                control(page, f"{item_id}.cat{line}").select_option(category)
        case "TXT":
            for box in item.question.boxes:
                control(page, f"{item_id}.{box}").fill("soạn nháp thư mời họp")


def read_missed_on_the_bench(page: Page) -> str:
    """Try the rules on the learner's own reports and read the number that item 1.4 asks for."""
    page.get_by_role("button", name=re.compile("Thử trên 60 phản ánh")).click()
    row = page.get_by_role("row", name="Gõ không dấu")
    missed = row.get_by_role("cell").last.inner_text()
    page.get_by_role("link", name="← Về bài tập").click()
    return missed


def do_everything(page: Page, portal: Portal, spec: AssignmentSpec) -> None:
    page.goto(f"{portal.address}/bai-tap/{SLUG}")
    for item in spec.items:
        answer(page, item)
    missed = read_missed_on_the_bench(page)
    control(page, "1-4").fill(missed)


def test_a_learner_does_module_1_on_the_page_and_sees_points_reasons_and_progress(
    portal: Portal, chromium: Browser, spec: AssignmentSpec
) -> None:
    with visitor(portal, chromium, "hocvien") as page:
        expect(page.get_by_role("heading", level=1)).to_contain_text("Chào anh/chị Học")
        page.get_by_role("link", name="Làm bài tập").first.click()
        do_everything(page, portal, spec)
        control(page, "1-4").blur()
        expect(page.locator("#trang-thai-luu")).to_contain_text("✔ Đã lưu")
        expect(page.locator("#da-tra-loi")).to_have_text("7")
        page.get_by_role("button", name="Nộp bài").click()

        expect(page).to_have_url(re.compile("/ket-qua/"))
        expect(page.get_by_text("44/44 điểm")).to_be_visible()
        expect(page.locator("#bien-nhan + dl")).to_contain_text("SHA-256")
        assert page.locator(".judged .right").count() > 30
        expect(page.get_by_text("Còn thiếu gì").first).to_be_visible()
        page.goto(portal.address)
        expect(page.locator("main")).to_contain_text("44/44")


def test_nothing_a_learner_can_fetch_before_handing_in_gives_the_answers_away(
    portal: Portal, chromium: Browser
) -> None:
    paths = (
        "/",
        f"/bai-hoc/{SLUG}",
        f"/bai-tap/{SLUG}",
        f"/bai-tap/{SLUG}/thu/1-3",
        f"/api/v1/drafts/{SLUG}",
        "/ket-qua",
    )
    with visitor(portal, chromium, "quantri") as page:
        for path in paths:
            answer = page.request.get(f"{portal.address}{path}")
            assert answer.ok, path
            text = html.unescape(answer.text())
            assert not [secret for secret in secrets(ROOT) if secret in text], path


def test_a_phone_without_scripts_does_the_same(portal: Portal, chromium: Browser, spec: AssignmentSpec) -> None:
    with visitor(portal, chromium, "hocvien2", width=390, scripts=False) as page:
        do_everything(page, portal, spec)
        page.get_by_role("button", name="Nộp bài").click()
        expect(page.get_by_text("44/44 điểm")).to_be_visible()


def test_an_unreadable_number_is_asked_again_and_nothing_else_is_lost(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "giangvien") as page:
        page.goto(f"{portal.address}/bai-tap/{SLUG}")
        control(page, "1-2").first.check()
        control(page, "1-4").fill("mấy chục")
        page.get_by_role("button", name="Nộp bài").click()
        summary = page.locator(".error-summary")
        expect(summary).to_contain_text("Câu 1.4: Hãy nhập một số")
        summary.get_by_role("link", name=re.compile("Câu 1.4")).click()
        expect(control(page, "1-4")).to_have_value("mấy chục")
        expect(control(page, "1-2").first).to_be_checked()


def test_answers_survive_a_killed_server(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "nhansu") as page:
        page.goto(f"{portal.address}/bai-tap/{SLUG}")
        control(page, "1-2").nth(2).check()
        expect(page.locator("#trang-thai-luu")).to_contain_text("✔ Đã lưu")
        portal.kill()
        control(page, "1-7.viec").fill("trả lời thư góp ý")
        control(page, "1-7.viec").blur()
        expect(page.locator("#trang-thai-luu")).not_to_contain_text("✔ Đã lưu")
        portal.start()
        page.goto(f"{portal.address}/bai-tap/{SLUG}")
        expect(control(page, "1-7.viec")).to_have_value("trả lời thư góp ý")
        expect(control(page, "1-2").nth(2)).to_be_checked()
        page.get_by_role("button", name="Nộp bài").dblclick()
        expect(page.get_by_text("4/44 điểm")).to_be_visible()
        page.get_by_role("link", name="Bài đã nộp").click()
        assert page.locator("tbody tr").count() == 1


def test_an_expired_log_in_keeps_the_answers(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "quantri", scripts=False) as page:
        page.goto(f"{portal.address}/bai-tap/{SLUG}")
        control(page, "1-2").nth(2).check()
        page.context.clear_cookies(name="hocvu")
        page.get_by_role("button", name="Nộp bài").click()
        expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
        page.get_by_label("Tên đăng nhập").fill("quantri")
        page.get_by_label("Mật khẩu").fill("hoc-vu-2027")
        page.get_by_role("button", name="Đăng nhập").click()
        expect(control(page, "1-2").nth(2)).to_be_checked()


def open_in_jupyterlite(page: Page, portal: Portal) -> None:
    page.goto(portal.address)
    page.locator(f'a[href="/bai-hoc-noi/{SLUG}"]').first.click()
    expect(page.locator("#hocvu-gate, .hocvu-gate").first).to_contain_text("Đang khởi động Python")
    page.locator(".hocvu-bench-right").first.wait_for(timeout=START_TIMEOUT_MS)


def test_the_lesson_runs_in_jupyterlite_and_the_bench_moves(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "nhansu-phuong") as page:
        open_in_jupyterlite(page, portal)
        before = int(page.locator(".hocvu-bench-right").first.inner_text())
        page.get_by_role("button", name="Thêm luật").click()
        rule = page.locator(".hocvu-rule").nth(4)
        rule.get_by_role("combobox").select_option(label=CATEGORY_BY_CODE["HATANG"].name)
        rule.get_by_role("textbox").fill("đường")
        rule.get_by_role("textbox").press("Tab")
        expect(page.locator(".hocvu-bench-right").first).not_to_have_text(str(before))
        after = int(page.locator(".hocvu-bench-right").first.inner_text())
        assert after > before

        page.get_by_role("button", name="Viết không dấu").click()
        expect(page.locator(".hocvu-bench-right").first).not_to_have_text(str(after))
        assert int(page.locator(".hocvu-bench-right").first.inner_text()) < before
        page.get_by_role("button", name="Dùng bộ luật này cho câu 1.3").click()
        expect(page.get_by_text("✔ Đã lưu 5 luật cho câu 1.3")).to_be_visible()

        page.goto(f"{portal.address}/bai-tap/{SLUG}")
        expect(control(page, "1-3.kw5")).to_have_value("đường")


def test_the_exercise_is_handed_in_from_jupyterlite(portal: Portal, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    page = context.new_page()
    log_in(page, portal.address, "nhansu-phuong")
    open_in_jupyterlite(page, portal)
    page.goto(page.url.replace("lesson.ipynb", "exercises.ipynb"))
    question = page.locator(".hocvu-item-1-2")
    question.get_by_role("radio").nth(2).click(timeout=START_TIMEOUT_MS)
    expect(question.get_by_text("✔ Đã lưu")).to_be_visible()
    page.get_by_role("button", name="Nộp bài").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("điểm", timeout=30_000)
    dialog.get_by_role("link", name="Xem kết quả").click()
    context.close()
