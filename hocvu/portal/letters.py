"""Activation codes on paper: slips to cut and hand out, and the same as a workbook."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter

from hocvu.portal.activation import LIFETIME, Letter
from hocvu.portal.pdf_sheet import LACKING, PdfSheet, one_line
from hocvu.portal.words import vietnam_day

TITLES = (
    "STT",
    "Mã CBCCVC",
    "Họ và tên",
    "Đơn vị",
    "Phòng/bộ phận",
    "Tên đăng nhập",
    "Mã kích hoạt",
    "Hết hạn",
    "Ký nhận",
)
WIDTHS = (6, 18, 30, 34, 24, 20, 20, 12, 18)
LEFT, TOP, WIDTH, HEIGHT, A_PAGE = 14.0, 12.0, 182.0, 54.0, 5


def letters_xlsx(letters: Sequence[Letter]) -> bytes:
    """Return the list as a workbook: every cell is text, one column to sign in."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        head = workbook.add_format({"bold": True, "bg_color": "#E2F1ED", "border": 1})
        text = workbook.add_format({"num_format": "@", "border": 1})
        sheet = workbook.add_worksheet("Mã kích hoạt")
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        for place, (title, width) in enumerate(zip(TITLES, WIDTHS, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, head)
        for number, letter in enumerate(letters, 1):
            for place, cell in enumerate(_cells(number, letter)):
                sheet.write_string(number, place, cell, text)
    return file.getvalue()


def _cells(number: int, letter: Letter) -> Iterator[str]:
    yield str(number)
    yield from (letter.staff_code, letter.name, letter.unit, letter.department, letter.login, letter.code)
    yield vietnam_day(letter.expires_at)
    yield ""


def letters_pdf(root: Path, letters: Sequence[Letter], address: str) -> bytes:
    """Return slips, five on a page with lines to cut along; a new unit begins on a new page. address: of the page."""
    sheet = PdfSheet(root)
    sheet.set_auto_page_break(False)
    sheet.set_title("Phiếu kích hoạt tài khoản Học vụ AI")
    place, unit = A_PAGE, ""
    for letter in letters:
        if place == A_PAGE or letter.unit != unit:
            sheet.add_page()
            place, unit = 0, letter.unit
        _slip(sheet, letter, address, TOP + place * (HEIGHT + 1))
        place += 1
    return sheet.finish()


def _slip(sheet: PdfSheet, letter: Letter, address: str, top: float) -> None:
    sheet.set_draw_color(150, 150, 150)
    sheet.set_dash_pattern(dash=1.5, gap=1.5)
    sheet.rect(LEFT, top, WIDTH, HEIGHT)
    sheet.set_dash_pattern()
    where = " – ".join(part for part in (one_line(letter.unit), one_line(letter.department)) if part)
    _line(sheet, top + 3, "PHIẾU KÍCH HOẠT TÀI KHOẢN – Học vụ AI", "B", 9)
    _line(sheet, top + 9, letter.name, "B", 13)
    _line(sheet, top + 15.5, where, "", 8.5)
    _field(sheet, LEFT + 5, top + 22, "Mã CBCCVC", letter.staff_code, 62)
    _field(sheet, LEFT + 70, top + 22, "Mã kích hoạt (dùng một lần)", letter.code, 62)
    _field(sheet, LEFT + 135, top + 22, "Hạn kích hoạt", vietnam_day(letter.expires_at), 42)
    for number, text in enumerate(_steps(letter, address)):
        _line(sheet, top + 35 + 4.2 * number, text, "", 8)
    if sheet.lacks(letter.name + where):
        _line(sheet, top + 49, LACKING.format(where="trong hệ thống"), "", 6.5)


def _steps(letter: Letter, address: str) -> Iterator[str]:
    yield f"1. Mở {address}, nhập mã CBCCVC và mã kích hoạt."
    yield f"2. Đặt mật khẩu từ 10 ký tự. Từ đó đăng nhập bằng tên {one_line(letter.login)} và mật khẩu này."
    yield f"3. Không đưa phiếu cho người khác. Mất phiếu hoặc quá {LIFETIME.days} ngày: xin tổ chức cán bộ cấp mã mới."


def _line(sheet: PdfSheet, top: float, text: str, style: str, size: float) -> None:
    sheet.fit(LEFT + 5, top, WIDTH - 10, text, style, size, align="L")


def _field(sheet: PdfSheet, left: float, top: float, title: str, text: str, width: float) -> None:
    sheet.fit(left, top, width, title, "", 7, align="L")
    sheet.fit(left, top + 4, width, text, "B", 13, align="L")
