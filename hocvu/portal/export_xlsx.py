"""The score table as a workbook: real numbers and dates, names always as text, the rule on its own sheet.

XlsxWriter makes the workbook without its rows; these are written into its sheet as they come from the store. So the
file leaves while it is made, memory does not grow with it, and 200,000 people take seconds instead of half a minute.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import xlsxwriter

from hocvu.course import BandRule
from hocvu.portal.export_csv import CsvText
from hocvu.portal.score_table import About, Cell, Line, Style, Table, cells_of
from hocvu.portal.words import LEVEL_NAMES, vietnam_time

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DECIDES = (
    "Phần mềm chỉ cung cấp minh chứng; người có thẩm quyền quyết định xếp loại, danh hiệu và khen thưởng. "
    "Chưa có dữ liệu không có nghĩa là không đạt."
)
PEOPLE_SHEET, RULE_SHEET = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
LINES_AT_ONCE = 500
FORMATS = {Style.SHARE: "0%", Style.POINTS: "0.##", Style.DAY: "dd/mm/yyyy", Style.COUNT: "0"}
HASH_PLACE = "0" * 64  # stands in the rule sheet until the rows are known
_DAY_ZERO = datetime(1899, 12, 30)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def workbook_pieces(table: Table, about: About, lines: Iterable[Line], count: int) -> Iterator[bytes]:
    """Yield the file piece by piece. count: how many lines will come."""
    shell = zipfile.ZipFile(_make_shell(table, about, count))
    head, template, tail = _split_sheet(shell.read(PEOPLE_SHEET))
    styles = [_style_of(template, letter) for letter in _letters(len(table.columns))]
    sink, text = _Sink(), CsvText(table)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name in shell.namelist():
            if name not in (PEOPLE_SHEET, RULE_SHEET):
                archive.writestr(name, shell.read(name))
        with archive.open(PEOPLE_SHEET, "w") as sheet:
            sheet.write(head)
            for rows in _rows(table, lines, styles, text):
                sheet.write(rows)
                yield sink.take()
            sheet.write(tail)
        archive.writestr(RULE_SHEET, shell.read(RULE_SHEET).replace(HASH_PLACE.encode(), text.sha256().encode()))
    yield sink.take()


class _Sink(io.RawIOBase):
    """Where the archive is written to; what has been written can be taken away."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _rows(table: Table, lines: Iterable[Line], styles: list[str], text: CsvText) -> Iterator[bytes]:
    """Yield the rows as XML, some hundred at a time; the same cells go into the CSV whose hash is printed."""
    letters = _letters(len(table.columns))
    rows: list[str] = []
    for place, line in enumerate(lines, 2):
        cells = cells_of(table, line)
        text.add(cells)
        xml = "".join(
            _cell(f"{letter}{place}", style, cell)
            for letter, style, cell in zip(letters, styles, cells, strict=True)
            if cell is not None and cell != ""
        )
        rows.append(f'<row r="{place}">{xml}</row>')
        if len(rows) == LINES_AT_ONCE:
            text.take()
            yield "".join(rows).encode()
            rows = []
    yield "".join(rows).encode()


def _cell(place: str, style: str, cell: Cell) -> str:
    if isinstance(cell, str):
        return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{_escape(cell)}</t></is></c>'
    if isinstance(cell, datetime):
        since = cell - _DAY_ZERO
        return f'<c r="{place}"{style}><v>{since.days + since.seconds / 86400:.6f}</v></c>'
    return f'<c r="{place}"{style}><v>{cell!r}</v></c>'


def _escape(text: str) -> str:
    """Return the text as XML; what XML cannot hold is written as the format wants it, _x001F_."""
    if not text.isprintable() or "_x" in text:
        text = _CONTROL.sub(lambda found: f"_x{ord(found.group()):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _make_shell(table: Table, about: About, count: int) -> io.BytesIO:
    """Return the workbook without its rows: one row of empty cells shows which style each column has."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(file, options)
    head = {"bold": True, "bg_color": "#E2F1ED", "text_wrap": True, "valign": "top", "border": 1}
    bold = workbook.add_format(head)
    formats = {style: workbook.add_format({"num_format": form}) for style, form in FORMATS.items()}
    formats[Style.TEXT] = workbook.add_format({"num_format": "@"})
    sheet = workbook.add_worksheet("Kết quả")
    sheet.freeze_panes(1, sum(column.key in ("stt", "ma", "ho_ten") for column in table.columns))
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, column.title, bold)
    for number, column in enumerate(table.columns):
        sheet.write_blank(1, number, None, formats[column.style])
    sheet.autofilter(0, 0, count, len(table.columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    _write_rule(workbook, about, count)
    workbook.close()
    return file


def _split_sheet(xml: bytes) -> tuple[bytes, bytes, bytes]:
    """Return what stands before the second row, that row, and what stands after it."""
    begin = xml.index(b'<row r="2"')
    end = xml.index(b"</sheetData>")
    return re.sub(rb"<dimension [^>]*/>", b"", xml[:begin]), xml[begin:end], xml[end:]


def _style_of(template: bytes, letter: str) -> str:
    found = re.search(rf'<c r="{letter}2"( s="[0-9]+")'.encode(), template)
    return found.group(1).decode() if found else ""


def _letters(count: int) -> list[str]:
    """A, B, …, Z, AA, …"""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [(alphabet[n // 26 - 1] if n >= 26 else "") + alphabet[n % 26] for n in range(count)]


def _band_text(band: BandRule) -> str:
    certificate = f" (ghi trên chứng nhận: {band.certificate})" if band.certificate != band.name else ""
    return f"{band.name}{certificate}{', do người có thẩm quyền xác nhận' if band.by_people else ''}"


def _write_rule(workbook: Any, about: About, count: int) -> None:
    sheet = workbook.add_worksheet("Quy tắc và phiên bản")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    bold, wrapped = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
    for row, (title, text) in enumerate(_rule_lines(about, count)):
        sheet.write_string(row, 0, title, bold)
        sheet.write_string(row, 1, text, wrapped)


def _rule_lines(about: About, count: int) -> Iterator[tuple[str, str]]:
    rule, period = about.course.rule, about.course.period
    yield "Ai quyết định", DECIDES
    yield "Khóa học", about.course.title
    if about.period_id in ("", period.code):
        yield "Kỳ", f"{period.code}: {period.starts_on:%d/%m/%Y} – {period.ends_on:%d/%m/%Y}"
    else:
        yield "Kỳ", f"{about.period_id} (kỳ trước; quy tắc dưới đây là của kỳ {period.code})"
    yield "Phiên bản quy tắc", rule.version
    yield "Tình trạng quy tắc", rule.status
    yield "Người ký", rule.signed_by or "chưa ban hành"
    yield "Căn cứ", "; ".join(rule.based_on)
    yield "Phạm vi lọc", about.filter_text
    yield "Số người", str(count)
    yield "Người xuất", about.made_by
    yield "Thời điểm xuất", vietnam_time(about.made_at) + " (giờ Việt Nam)"
    yield "SHA-256 của tệp CSV cùng nội dung", HASH_PLACE
    yield (
        "Ngưỡng mức năng lực",
        (
            f"đã làm từ {rule.levels.coverage:.0%} số câu, ít nhất {rule.levels.min_items} câu của "
            f"{rule.levels.min_modules} chuyên đề, đạt từ {rule.levels.share:.0%} số điểm; từ "
            f"M{rule.levels.case_from_level} cần tình huống đạt từ {rule.levels.case_share:.0%}; đạt các mức thấp hơn"
        ),
    )
    yield "Ngưỡng đủ dữ liệu", f"đã làm từ {rule.enough_data:.0%} số câu có điểm"
    for one in about.course.competencies.values():
        yield one.code, f"{one.name}: {one.description}"
    levels = "; ".join(name.label for name in about.course.framework.level_names)
    yield "M0–M4", f"M0 {LEVEL_NAMES[0]}, có thể chỉ vì chưa đủ dữ liệu; {levels}"
    for band in rule.bands:
        yield f"Mức hoàn thành {band.number}", _band_text(band)
