"""The exports: columns in HR's order, real values, nothing that a spreadsheet would run, one hash for all formats."""

import csv
import hashlib
import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from hocvu.portal.export_csv import csv_text
from hocvu.portal.export_xlsx import _escape
from hocvu.records import list_audit
from hocvu.vietnamese import search_form
from tests.portal.world import Browser, World

ORDER = (
    "STT|Mã CBCCVC|Họ và tên|Loại|Chức vụ/Vị trí việc làm|Đơn vị|Phòng/bộ phận|Kỳ|Tỷ lệ bài đã làm|"
    "NL1|NL2|NL3|NL4|NL5|NL6|Bài tổng hợp|Mức hoàn thành|Đủ yêu cầu vị trí|Ngày đạt|Điểm quy đổi|Kiến nghị|Ghi chú"
)


def workbook(officer: Browser, query: str = "") -> CalamineWorkbook:
    answer = officer.get(f"/hr/ket-qua.xlsx{query}")
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content))


def table(officer: Browser, query: str = "") -> list[list[str]]:
    answer = officer.get(f"/hr/ket-qua.csv{query}")
    assert answer.status_code == 200 and answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_columns_stand_in_the_order_of_hrs_lists(world: World) -> None:
    officer = world.log_in("hr_tp")
    assert table(officer)[0] == ORDER.split("|")
    assert workbook(officer).get_sheet_by_name("Kết quả").to_python()[0] == ORDER.split("|")


def test_every_format_names_the_same_hash_and_it_is_that_of_the_csv_file(world: World) -> None:
    world.log_in("lan").hand_in({"1-2": "a"})
    officer = world.log_in("hr_tp")
    expected = hashlib.sha256(officer.get("/hr/ket-qua.csv").content).hexdigest()
    rule = {row[0]: row[1] for row in workbook(officer).get_sheet_by_name("Quy tắc và phiên bản").to_python()}
    assert rule["SHA-256 của tệp CSV cùng nội dung"] == expected
    assert rule["Số người"] == "6" and "70%" in str(rule["Ngưỡng mức năng lực"])


def test_numbers_are_vietnamese_in_csv_and_real_in_the_workbook(world: World) -> None:
    world.log_in("lan").hand_in({"1-2": "a"})
    officer, query = world.log_in("hr_tp"), "?tim=CB-lan&cot=ma&cot=ty_le&cot=diem&cot=cap_nhat"
    assert table(officer, query)[1] == ["CB-lan", "0,3333", "4", "01/12/2026"]
    row = workbook(officer, query).get_sheet_by_name("Kết quả").to_python()[1]
    assert row[1] == pytest.approx(1 / 3, abs=1e-4) and row[2] == 4 and str(row[3]).startswith("2026-12-01")


def test_the_workbook_freezes_its_head_and_filters_all_rows(world: World) -> None:
    raw = world.log_in("hr_tp").get("/hr/ket-qua.xlsx").content
    sheet = zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet and 'ySplit="1"' in sheet and 'xSplit="3"' in sheet
    assert '<autoFilter ref="A1:V7"/>' in sheet and sheet.count("<row ") == 7
    assert not re.search(r"<f>|<hyperlink", sheet)


def test_rows_come_sorted_as_on_the_page(world: World) -> None:
    world.log_in("lan").hand_in({"1-2": "a"})
    officer = world.log_in("hr_tp")
    names = [search_form(row[0]) for row in table(officer, "?sap=-ho_ten&cot=ho_ten")[1:]]
    assert names == sorted(names, reverse=True) and len(names) == 6
    assert table(officer, "?sap=-ty_le&cot=ma")[1] == ["CB-lan"]
    page = officer.get("/hr?sap=-ty_le").text
    assert 'aria-sort="descending"' in page and page.index("CB-lan") < page.index("CB-hung")


def test_columns_can_be_chosen(world: World) -> None:
    officer = world.log_in("hr_tp")
    assert table(officer, "?cot=quy_tac&cot=ma&cot=khong_co")[0] == ["Mã CBCCVC", "Phiên bản quy tắc"]
    page = officer.get("/hr?cot=ma&cot=nl4").text
    assert ">Mã CBCCVC</a></th>" in page and '<th scope="row"' not in page


def test_every_export_is_logged_with_its_format(world: World) -> None:
    officer = world.log_in("hr_tp")
    officer.get("/hr/ket-qua.csv")
    officer.get("/hr/ket-qua.xlsx")
    with world.services.records.reading() as s:
        assert [entry.detail["format"] for entry in list_audit(s, action="hr.export")] == ["xlsx", "csv"]


@pytest.mark.parametrize(("cell", "shown"), [(None, ""), (0.83333, "0,8333"), (1234.5, "1234,5"), (3, "3"), (0.0, "0")])
def test_a_cell_of_csv_is_written_the_vietnamese_way(cell: float | None, shown: str) -> None:
    assert csv_text(cell) == shown


@pytest.mark.parametrize(("text", "xml"), [("a\r", "a_x000D_"), ("_x000D_", "_x005F_x000D_"), ("<&>", "&lt;&amp;&gt;")])
def test_what_xml_cannot_hold_is_written_as_the_format_wants(text: str, xml: str) -> None:
    assert _escape(text) == xml
