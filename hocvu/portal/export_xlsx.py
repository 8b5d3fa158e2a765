"""The HR table as a workbook: real numbers and dates, names always as text, the rule on its own sheet."""

import tempfile
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

import xlsxwriter

from hocvu.course import BandRule
from hocvu.portal.score_table import POINTS, WIDTHS, About, rows_of, titles_of
from hocvu.portal.words import LEVEL_NAMES, vietnam_time
from hocvu.records import ScoredPerson

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DECIDES = (
    "Phần mềm chỉ cung cấp minh chứng; người có thẩm quyền quyết định xếp loại, danh hiệu và khen thưởng. "
    "Chưa có dữ liệu không có nghĩa là không đạt."
)


def write_workbook(people: Iterable[ScoredPerson], about: About) -> IO[bytes]:
    """Return an open temporary file, at its start, that is gone once closed. Memory does not grow with the rows."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the caller reads and closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(file, options)
    _write_people(workbook, people, about)
    _write_rule(workbook, about)
    workbook.close()
    file.seek(0)
    return file


def _write_people(workbook: Any, people: Iterable[ScoredPerson], about: About) -> None:
    titles = titles_of(about.course)
    bold = workbook.add_format({"bold": True, "bg_color": "#E2F1ED", "text_wrap": True, "valign": "top", "border": 1})
    percent, points = (workbook.add_format({"num_format": form}) for form in ("0%", "0.##"))
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    number_formats = {titles.index("Tỷ lệ câu đã làm"): percent} | dict.fromkeys(map(titles.index, POINTS), points)
    sheet = workbook.add_worksheet("Kết quả")
    sheet.freeze_panes(1, 3)
    for column, title in enumerate(titles):
        sheet.set_column(column, column, WIDTHS.get(title, 8))
        sheet.write_string(0, column, title, bold)
    row = 0
    for row, values in enumerate(rows_of(people, about), 1):
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, value)  # never a formula, whatever a name begins with
            elif isinstance(value, datetime):
                sheet.write_datetime(row, column, value, day)
            elif value is not None:
                sheet.write_number(row, column, value, number_formats.get(column))
    sheet.autofilter(0, 0, row, len(titles) - 1)


def _band_text(band: BandRule) -> str:
    certificate = f" (ghi trên chứng nhận: {band.certificate})" if band.certificate != band.name else ""
    return f"{band.name}{certificate}{', do người có thẩm quyền xác nhận' if band.by_people else ''}"


def _write_rule(workbook: Any, about: About) -> None:
    rule, period = about.course.rule, about.course.period
    levels = "; ".join(name.label for name in about.course.framework.level_names)
    sheet = workbook.add_worksheet("Quy tắc và phiên bản")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    bold, wrapped = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
    lines = [
        ("Ai quyết định", DECIDES),
        ("Khóa học", about.course.title),
        ("Kỳ", f"{period.code}: {period.starts_on:%d/%m/%Y} – {period.ends_on:%d/%m/%Y}"),
        ("Phiên bản quy tắc", rule.version),
        ("Tình trạng quy tắc", rule.status),
        ("Người ký", rule.signed_by or "chưa ban hành"),
        ("Căn cứ", "; ".join(rule.based_on)),
        ("Phạm vi lọc", about.filter_text),
        ("Người xuất", about.made_by),
        ("Thời điểm xuất", vietnam_time(about.made_at) + " (giờ Việt Nam)"),
        *((one.code, f"{one.name}: {one.description}") for one in about.course.competencies.values()),
        ("M0–M4", f"M0 {LEVEL_NAMES[0]}, có thể chỉ vì chưa đủ dữ liệu; {levels}"),
        *((f"Mức hoàn thành {band.number}", _band_text(band)) for band in rule.bands),
    ]
    for row, (title, text) in enumerate(lines):
        sheet.write_string(row, 0, title, bold)
        sheet.write_string(row, 1, text, wrapped)
