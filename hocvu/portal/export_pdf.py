"""The score table on paper: A4 landscape in the layout of Vietnamese administrative documents, ready to be signed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from fpdf.enums import TableBordersLayout, TextEmphasis
from fpdf.fonts import FontFace

from hocvu.portal.export_csv import sha256_of
from hocvu.portal.export_xlsx import DECIDES
from hocvu.portal.pdf_sheet import LACKING, PdfSheet
from hocvu.portal.score_table import About, Column, Line, Style, Table, cells_of, show_cell
from hocvu.portal.words import vietnam_time

PDF_TYPE = "application/pdf"
MOST_LINES = 1000  # more is not a list that somebody signs; a workbook is for that
MARGIN_MM = 10
TABLE_PT, TEXT_PT = 6.8, 10.5
WIDTHS = {  # of the columns with words, in parts of the width; the others are 7.5 wide
    "ma": 18,
    "ho_ten": 26,
    "loai": 16,
    "chuc_vu": 22,
    "don_vi": 24,
    "phong": 18,
    "ky": 8.5,
    "ty_le": 10,
    "tong_hop": 9,
    "muc": 18,
    "vi_tri": 13,
    "ngay_dat": 16,
    "quy_doi": 10,
    "kien_nghi": 14,
    "ghi_chu": 16,
    "diem": 11,
    "diem_toi_da": 11,
    "cap_nhat": 16,
    "quy_tac": 14,
}
NARROW = frozenset({Style.COUNT, Style.SHARE, Style.POINTS, Style.DAY})


class Sheet(PdfSheet):
    """A page with the hash and its number at its foot."""

    def __init__(self, root: Path, digest: str) -> None:
        super().__init__(root, "landscape")
        self.digest = digest
        self.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, margin=15)

    def footer(self) -> None:
        self.set_y(-11)
        self.write_in("", 7)
        self.cell(0, 4, f"SHA-256 của tệp CSV cùng nội dung: {self.digest}")
        self.set_y(-11)
        self.cell(0, 4, f"Trang {self.page_no()}/{{nb}}", align="R")


def make_pdf(root: Path, table: Table, about: About, unit: str, lines: Sequence[Line]) -> bytes:
    """Return the document. unit: the name of the unit whose list it is."""
    sheet = Sheet(root, sha256_of(table, lines))
    sheet.set_title(f"Bảng kết quả, kỳ {table.period_id}")
    sheet.add_page()
    _write_head(sheet, unit)
    _write_title(sheet, table, about, len(lines))
    _write_table(sheet, table, lines)
    _write_end(sheet)
    return sheet.finish()


def _write_head(sheet: Sheet, unit: str) -> None:
    """Agency and number on the left, the country's name and motto on the right (Nghị định 30/2020/NĐ-CP)."""
    left, right, top = 105.0, sheet.epw - 105, sheet.get_y()
    sheet.write_in("B", TEXT_PT)
    sheet.multi_cell(left, 5, sheet.shown(unit).upper(), align="C")
    below = sheet.get_y()
    sheet.line(MARGIN_MM + 37, below + 0.5, MARGIN_MM + 68, below + 0.5)
    sheet.set_xy(MARGIN_MM, below + 2)
    sheet.write_in("", TEXT_PT)
    sheet.cell(left, 5, "Số:              /", align="C")
    sheet.set_xy(MARGIN_MM + left, top)
    sheet.write_in("B", TEXT_PT)
    sheet.cell(right, 5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", align="C")
    sheet.set_xy(MARGIN_MM + left, top + 5)
    motto = "Độc lập - Tự do - Hạnh phúc"
    sheet.cell(right, 5, motto, align="C")
    middle, half = MARGIN_MM + left + right / 2, sheet.get_string_width(motto) / 2
    sheet.line(middle - half, top + 10.5, middle + half, top + 10.5)
    sheet.set_xy(MARGIN_MM + left, top + 13)
    sheet.write_in("", TEXT_PT)
    sheet.cell(right, 5, "……………, ngày …… tháng …… năm ………", align="C")
    sheet.set_xy(MARGIN_MM, max(below + 8, top + 20))


def _write_title(sheet: Sheet, table: Table, about: About, count: int) -> None:
    sheet.write_in("B", 13)
    sheet.cell(0, 7, "BẢNG KẾT QUẢ HỌC TẬP AI TRONG CÔNG VỤ", align="C", new_x="LMARGIN", new_y="NEXT")
    sheet.write_in("", 9)
    rule = about.course.rule
    status = f"{rule.version} ({rule.status})"
    for text in (
        f"Kỳ {table.period_id}. Phạm vi: {about.filter_text}. Số người: {count}.",
        f"Quy tắc tính điểm {status}. Xuất lúc {vietnam_time(about.made_at)}, người xuất {about.made_by}.",
        DECIDES,
    ):
        sheet.multi_cell(0, 4.5, text, align="C", new_x="LMARGIN", new_y="NEXT")
    sheet.ln(2)


def _write_table(sheet: Sheet, table: Table, lines: Sequence[Line]) -> None:
    """The rows, with the head repeated on every page."""
    lacking = False
    sheet.write_in("", TABLE_PT)
    head = FontFace(emphasis=TextEmphasis.B, fill_color=(226, 241, 237))
    with sheet.table(
        width=sheet.epw,
        col_widths=[_width(column) for column in table.columns],
        text_align=["CENTER" if column.style in NARROW or column.width <= 8 else "LEFT" for column in table.columns],
        headings_style=head,
        borders_layout=TableBordersLayout.ALL,
        line_height=3.4,
        padding=0.6,
    ) as grid:
        grid.row([column.title for column in table.columns])
        for line in lines:
            cells = zip(table.columns, cells_of(table, line), strict=True)
            texts = [show_cell(value, column.style) for column, value in cells]
            lacking = lacking or any(map(sheet.lacks, texts))
            grid.row([sheet.shown(text) for text in texts])
    if lacking:
        sheet.multi_cell(
            0, 4, LACKING.format(where="trong tệp CSV hoặc XLSX cùng nội dung"), new_x="LMARGIN", new_y="NEXT"
        )


def _width(column: Column) -> float:
    return WIDTHS.get(column.key, 7.5)


def _write_end(sheet: Sheet) -> None:
    """Where the two people sign; never alone at the top of the next page without room."""
    if sheet.will_page_break(38):
        sheet.add_page()
    sheet.ln(5)
    top, half = sheet.get_y(), sheet.epw / 2
    for place, (who, how) in enumerate(_signers()):
        sheet.set_xy(MARGIN_MM + place * half, top)
        sheet.write_in("B", TEXT_PT)
        sheet.cell(half, 5, who, align="C")
        sheet.set_xy(MARGIN_MM + place * half, top + 5)
        sheet.write_in("", 9)
        sheet.cell(half, 5, how, align="C")


def _signers() -> Iterator[tuple[str, str]]:
    yield "NGƯỜI LẬP BẢNG", "(Ký, ghi rõ họ tên)"
    yield "THỦ TRƯỞNG ĐƠN VỊ", "(Ký tên, đóng dấu)"
