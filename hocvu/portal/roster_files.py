"""Files of the roster pages: the empty form to fill in, and the list of findings to mend from."""

import csv
import io
from collections.abc import Iterable

import xlsxwriter

from hocvu.portal.export_csv import BOM, csv_text
from hocvu.roster.columns import COLUMNS
from hocvu.roster.issues import Issue

TITLES = ("Dòng", "Cột", "Giá trị", "Vấn đề", "Cách sửa", "Mức")
WIDTHS = (8, 18, 30, 50, 70, 10)
GUIDE = {
    "ma_cbccvc": "Mã hồ sơ cán bộ. Không dùng số căn cước: tệp có số 12 chữ số bị từ chối.",
    "ho_ten": "Họ, đệm, tên có dấu.",
    "ngay_sinh": "Không bắt buộc; chỉ để báo hai dòng có thể là một người, không lưu lại.",
    "loai": "cán bộ, công chức, viên chức hoặc NLĐ.",
    "ma_don_vi": "Mã đơn vị như trên hệ thống.",
    "ten_don_vi": "Chỉ cần khi tạo đơn vị mới.",
    "phong_ban": "Để trống: giữ như đang có. Ghi dấu - để xóa.",
    "vi_tri_viec_lam": "Để trống: giữ như đang có. Ghi dấu - để xóa.",
    "chuc_vu": "Để trống: giữ như đang có. Ghi dấu - để xóa.",
    "la_lanh_dao": "1 hoặc 0.",
    "email_cong_vu": "Một địa chỉ.",
    "tu_ngay": "dd/mm/yyyy. Ngày bắt đầu ở đơn vị; với người nghỉ dài, đi học: ngày bắt đầu nghỉ.",
    "den_ngay": "dd/mm/yyyy. Ngày làm việc cuối; với người nghỉ dài, đi học: ngày hết nghỉ.",
    "trang_thai": "đang làm, nghỉ thai sản, nghỉ ốm, đi học, chuyển đi (ra ngoài thành phố) hoặc nghỉ việc.",
    "mien_hoan": "miễn, hoãn, hoặc không (rút miễn hoãn). Để trống: giữ như đang có.",
    "ly_do": "Lý do, số và ngày quyết định. Bắt buộc khi miễn, hoãn và khi thay đổi gần ngày chốt.",
}


def empty_form() -> bytes:
    """Return a workbook with the header row, text columns, and a sheet that says what each column is."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        bold = workbook.add_format({"bold": True, "bg_color": "#E2F1ED", "border": 1})
        text = workbook.add_format({"num_format": "@"})
        sheet, guide = workbook.add_worksheet("Danh sách"), workbook.add_worksheet("Hướng dẫn")
        sheet.freeze_panes(1, 2)
        guide.set_column(0, 0, 20)
        guide.set_column(1, 1, 90)
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, 18, text)
            sheet.write_string(0, place, column.name + ("*" if column.required else ""), bold)
            guide.write_string(place, 0, f"{column.title}{' (bắt buộc)' if column.required else ''}", bold)
            guide.write_string(place, 1, GUIDE[column.name])
    return file.getvalue()


def issues_xlsx(issues: Iterable[Issue]) -> bytes:
    """Return the findings as a workbook; every value is text."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet("Lỗi")
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True, "bg_color": "#E2F1ED", "border": 1})
        for place, (title, width) in enumerate(zip(TITLES, WIDTHS, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, bold)
        for number, issue in enumerate(issues, 1):
            sheet.write_number(number, 0, issue.row)
            for place, cell in enumerate(_cells(issue)[1:], 1):
                sheet.write_string(number, place, cell)
    return file.getvalue()


def issues_csv(issues: Iterable[Issue]) -> bytes:
    """Return the findings as CSV for Vietnamese spreadsheets; no cell can start a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(TITLES)
    writer.writerows([csv_text(cell) for cell in _cells(issue)] for issue in issues)
    return BOM + text.getvalue().encode()


def _cells(issue: Issue) -> tuple[str, str, str, str, str, str]:
    level = "lỗi" if issue.is_error else "lưu ý"
    return str(issue.row), issue.column, issue.value, issue.what, issue.mend, level
