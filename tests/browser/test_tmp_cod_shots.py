"""The optional line of code on the page: written, handed in, awaited, and the badge at the end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.portal_story import Portal, visitor

EXERCISE = "/bai-tap/02-may-hoc-tu-du-lieu"
CODE = "textarea[name='2-C']"
ITEM = "#cau-2-C"
WAIT_MS, START_TIMEOUT_MS = 60_000, 180_000

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with Portal(tmp_path_factory.mktemp("var"), people=5) as portal:
        yield portal


def hand_in(page: Page, portal: Portal, code: str) -> None:
    page.goto(portal.address + EXERCISE)
    page.locator(CODE).fill(code)
    expect(page.locator("#trang-thai-luu")).to_contain_text("Đã lưu")
    page.get_by_role("button", name="Nộp bài").click()


@pytest.mark.parametrize("width", [1280, 390])
def test_code_is_handed_in_graded_by_a_worker_and_shown_as_a_badge(
    chromium: Browser, portal: Portal, width: int
) -> None:
    with visitor(portal, chromium, "hocvien", width=width) as page:
        page.goto(portal.address + EXERCISE)
        answered = page.locator("#da-tra-loi").inner_text()
        starter = page.locator(CODE).input_value()
        assert "ve(A, do_dung)" in starter and "do_dung_voi(a) for" not in starter
        hand_in(page, portal, f"do_dung = [0.5] * {width}\nve(A, do_dung[:7])")
        badge = page.locator(ITEM).locator(".points")
        expect(badge).to_have_text("chưa có huy hiệu", timeout=WAIT_MS)
        expect(page.locator(ITEM)).to_contain_text("do_dung cần có đúng một số cho mỗi hệ số")
        hand_in(page, portal, "do_dung = [do_dung_voi(a) for a in A]\nve(A, do_dung)" + "\n" * (width % 7))
        expect(badge).to_have_text("★ Huy hiệu mã nhẹ", timeout=WAIT_MS)
        expect(page.locator(ITEM)).to_contain_text("Cao nhất: a =")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.goto(f"{portal.address}/nang-luc")
        expect(page.get_by_text("★ Huy hiệu mã nhẹ")).to_be_visible()
        page.goto(portal.address + EXERCISE)
        page.locator(CODE).fill(starter)  # put back: no answer any more
        expect(page.locator("#da-tra-loi")).to_have_text(answered)


def test_code_is_written_in_the_notebook_cell_tried_and_handed_in(chromium: Browser, portal: Portal) -> None:
    with visitor(portal, chromium, "nhansu-phuong") as page:
        page.goto(portal.address)
        page.get_by_role("link", name="Học bài").first.click()
        page.wait_for_url("**/notebooks/**", timeout=WAIT_MS)
        page.goto(page.url.partition("?")[0] + "?path=02-may-hoc-tu-du-lieu/exercises.ipynb")
        cell = page.locator(".hocvu-written")
        expect(page.locator(".hocvu-item-2-8")).to_be_visible(timeout=START_TIMEOUT_MS)
        expect(page.locator("#hocvu-submit")).to_be_enabled(timeout=START_TIMEOUT_MS)
        expect(cell).to_contain_text("ve(A, do_dung)")
        expect(cell).not_to_contain_text("NameError")  # it does not run before its learner says so
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("do_dung = [do_dung_voi(a) for a in A]\nve(A, do_dung)")
        cell.get_by_role("button", name="Chạy thử đoạn mã").click()
        expect(cell).to_contain_text("Cao nhất: a =", timeout=WAIT_MS)
        page.get_by_role("button", name="Nộp bài").click()
        page.screenshot(path='/tmp/cod_lite.png')
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("đang chờ máy chấm", timeout=WAIT_MS)
        dialog.get_by_role("link", name="Xem kết quả").click()
        expect(page.locator(ITEM).locator(".points")).to_have_text("★ Huy hiệu mã nhẹ", timeout=WAIT_MS)
