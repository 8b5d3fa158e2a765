"""HR's side in a real browser: a messy roster, head, board, contributions, a year frozen twice with a petition."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.small_city import SmallCity, assert_usable
from tests.portal.test_unit_head import crowd
from tests.portal.world import EXERCISE

pytestmark = pytest.mark.browser

HEADER = "ma_cbccvc,ho_ten,loai,ma_don_vi,tu_ngay\n"
MESSY = HEADER + "MP-1,Đặng Thị Ánh,công chức,P99,31/02/2020\nMP-2,Lý Văn Bé,NLĐ,P01,\n"
MENDED = HEADER + "MP-1,Đặng Thị Ánh,công chức,P01,01/02/2020\nMP-2,Lý Văn Bé,NLĐ,P01,\n"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCity]:
    with SmallCity(tmp_path_factory.mktemp("city")) as city:
        world = city.world
        world.settle("truong", "Hoàng Văn Trưởng", world.ward.id, "unit_head", hr_unit_id=world.ward.id)
        world.settle("dua", "Bùi Thị Đua", world.office.id, "board")
        crowd(world, 12, world.ward.id, bands=5)
        yield city


def uploads(page: Page, folder: Path, text: str) -> None:
    file = folder / "danh-sach.csv"
    file.write_text(text, encoding="utf-8-sig")
    page.get_by_label("Tệp XLSX hoặc CSV").set_input_files(file)
    page.get_by_role("button", name="Kiểm tra và xem trước").press("Enter")


def test_a_messy_roster_is_mended_by_its_list_and_imported(city: SmallCity, chromium: Browser, tmp_path: Path) -> None:
    with city.visitor(chromium, "hr_tp") as page:
        page.get_by_role("link", name="Nhân sự").press("Enter")
        page.get_by_role("link", name="Danh sách nhân sự").press("Enter")
        assert_usable(page, "roster")
        uploads(page, tmp_path, MESSY)
        wrong_day = page.get_by_role("row").filter(has_text="tu_ngay").filter(has_text="31/02/2020")
        expect(wrong_day.get_by_role("rowheader")).to_have_text("2")
        expect(page.get_by_role("row").filter(has_text="ma_don_vi").filter(has_text="P99")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("^Ghi"))).to_have_count(0)
        assert_usable(page, "findings")
        page.goto(f"{city.address}/hr/danh-sach")
        uploads(page, tmp_path, MENDED)
        assert_usable(page, "preview")
        page.get_by_role("button", name=re.compile("^Ghi 2 dòng")).press("Enter")
        expect(page.get_by_text("Đã ghi").first).to_be_visible()
        page.goto(f"{city.address}/hr?tim=ly+van+be")
        expect(page.locator("table.people tbody tr")).to_have_count(1)


def test_the_head_reads_the_unit_and_confirms_a_contribution(city: SmallCity, chromium: Browser) -> None:
    with city.visitor(chromium, "hr_tp") as page:
        page.goto(f"{city.address}/dong-gop")
        page.get_by_label("Mã CBCCVC của người").fill("CB-lan")
        page.get_by_label("Tham gia biên soạn học liệu").press("Space")
        page.get_by_label("Minh chứng: làm gì").fill("Soạn câu 1.2")
        page.get_by_label("Ngày làm việc này").fill("2026-11-20")
        page.get_by_role("button", name="Gửi đề xuất").press("Enter")
        expect(page.get_by_text("Anh/chị là người đề xuất")).to_be_visible()
    with city.visitor(chromium, "truong") as page:
        page.get_by_role("link", name="Đơn vị tôi").press("Enter")
        expect(page.locator(".index")).to_contain_text("U = ")
        expect(page.get_by_text("Danh hiệu, khen thưởng, xếp loại")).to_be_visible()
        assert_usable(page, "unit")
        page.get_by_role("link", name="Đóng góp chờ người thứ hai").press("Enter")
        assert_usable(page, "contributions")
        page.get_by_role("button", name="Xác nhận").press("Enter")
        expect(page.get_by_text("người xác nhận CB-truong")).to_be_visible()
    with city.visitor(chromium, "lan") as page:
        page.goto(f"{city.address}/nang-luc")
        expect(page.get_by_text("Soạn câu 1.2")).to_be_visible()


def test_a_nominated_person_is_all_that_the_board_sees_of_people(city: SmallCity, chromium: Browser) -> None:
    with city.visitor(chromium, "hr_tp") as page:
        page.goto(f"{city.address}/hr/de-cu")
        page.get_by_label("Mã CBCCVC").fill("CB-n1")
        page.get_by_label("Lý do đề cử").fill("Giúp cả tổ")
        page.get_by_label("Số, ngày của văn bản").fill("Tờ trình 7")
        page.get_by_label("Ngày đề cử").fill("2026-11-30")
        page.get_by_role("button", name="Ghi đề cử").press("Enter")
        expect(page.get_by_role("heading", name="Người n1")).to_be_visible()
        assert_usable(page, "nominations")
    with city.visitor(chromium, "dua") as page:
        page.get_by_role("link", name="Thi đua").press("Enter")
        expect(page.get_by_text("CB-")).to_have_count(1)
        assert_usable(page, "board")
        page.get_by_role("link", name="Người n1").press("Enter")
        page.locator("summary").first.press("Enter")
        assert_usable(page, "record")


def test_a_year_is_frozen_petitioned_answered_and_frozen_for_good(city: SmallCity, chromium: Browser) -> None:
    with city.visitor(chromium, "lan") as page:
        page.goto(city.address + EXERCISE)
        page.locator("[name='1-2']").first.press("Space")
        page.get_by_role("button", name="Nộp bài").press("Enter")
        expect(page).to_have_url(re.compile("/ket-qua/"))
        result = page.url
    city.is_now(datetime(2027, 11, 16, 1, 0, tzinfo=UTC))
    with city.visitor(chromium, "hr_tp") as page:
        freezes(page, city, "chốt tạm", "CHỐT TẠM 2027")
        assert_usable(page, "year")
    with city.visitor(chromium, "lan") as page:
        page.goto(result)
        page.get_by_role("link", name=re.compile("Kiến nghị về câu")).first.press("Enter")
        page.get_by_label("Đề hoặc đáp án sai").press("Space")
        page.get_by_label(re.compile("^Nội dung")).fill("Cả hai bên đều đúng.")
        page.get_by_role("button", name=re.compile("^Gửi")).press("Enter")
        expect(page.get_by_text("KN-2027-00001").first).to_be_visible()
        assert_usable(page, "receipt")
        number = page.url.rpartition("/")[2]
    with city.visitor(chromium, "giang") as page:
        page.goto(f"{city.address}/xet-kien-nghi/{number}")
        page.get_by_label("Câu hỏng").press("Space")
        page.get_by_label("Câu trả lời có lý do").fill("Đề không nêu hướng nhìn.")
        page.get_by_role("button", name="Gửi ý kiến").press("Enter")
        expect(page.get_by_text("Cần một người khác")).to_be_visible()
    with city.visitor(chromium, "hr_tp") as page:
        page.goto(f"{city.address}/xet-kien-nghi/{number}")
        assert_usable(page, "review")
        page.get_by_role("button", name="Đồng ý và trả lời").press("Enter")
        expect(page.get_by_text("Đã trả lời").first).to_be_visible()
    city.is_now(datetime(2027, 12, 7, 2, 0, tzinfo=UTC))
    with city.visitor(chromium, "hr_tp") as page:
        freezes(page, city, "chốt chính thức", "CHỐT CHÍNH THỨC 2027")
    with city.visitor(chromium, "lan") as page:
        page.goto(f"{city.address}/kien-nghi/{number}")
        expect(page.get_by_text("Đề không nêu hướng nhìn.")).to_be_visible()


def freezes(page: Page, city: SmallCity, kind: str, typed: str) -> None:
    page.goto(f"{city.address}/chot-so?ky=2027")
    page.get_by_role("button", name=f"Xem trước «{kind}»").press("Enter")
    page.get_by_label("Gõ câu xác nhận").fill(typed)
    page.get_by_role("button", name=f"{kind} kỳ 2027").press("Enter")
    expect(page).to_have_url(re.compile("#ban-chot"))
