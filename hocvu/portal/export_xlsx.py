"""The HR table as a workbook: real numbers and dates, names always as text, the rule on its own sheet."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import xlsxwriter

from hocvu.course import Course
from hocvu.portal.words import local, vietnam_time
from hocvu.records import ScoredPerson

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DECIDES = (
    "Phần mềm chỉ cung cấp minh chứng; người có thẩm quyền quyết định xếp loại, danh hiệu và khen thưởng. "
    "Chưa có dữ liệu không phải là không đạt."
)
WIDTHS = (6, 16, 26, 14, 24, 30, 22, 8, 14)


@dataclass(frozen=True)
class About:
    """What the second sheet says."""

    course: Course
    filter_text: str
    made_by: str
    made_at: datetime
    band_of: Callable[[ScoredPerson], str]


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
    codes = list(about.course.competencies)
    bold = workbook.add_format({"bold": True, "bg_color": "#E2F1ED", "text_wrap": True, "valign": "top", "border": 1})
    percent = workbook.add_format({"num_format": "0%"})
    points = workbook.add_format({"num_format": "0.##"})
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    sheet = workbook.add_worksheet("Kết quả")
    sheet.freeze_panes(1, 3)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_column(len(WIDTHS) + len(codes), len(WIDTHS) + len(codes), 20)
    for column, title in enumerate(_titles(codes)):
        sheet.write_string(0, column, title, bold)
    period = about.course.period.code
    row = 0
    for row, one in enumerate(people, 1):
        sheet.write_number(row, 0, row)
        texts = (one.staff_code, one.name, one.kind, one.position, one.unit_name, one.department, period)
        for column, text in enumerate(texts, 1):
            sheet.write_string(row, column, text)  # never a formula, whatever a name begins with
        sheet.write_number(row, 8, one.coverage, percent)
        for column, code in enumerate(codes, 9):
            sheet.write_string(row, column, f"M{one.levels.get(code, 0)}")
        column = 9 + len(codes)
        sheet.write_string(row, column, about.band_of(one))
        sheet.write_number(row, column + 1, one.points, points)
        sheet.write_number(row, column + 2, one.max_points, points)
        if one.updated_at:
            sheet.write_datetime(row, column + 3, local(one.updated_at).replace(tzinfo=None), day)
        sheet.write_string(row, column + 4, one.rule_version)
    sheet.autofilter(0, 0, row, 13 + len(codes))


def _titles(codes: list[str]) -> list[str]:
    return [
        "STT",
        "Mã CBCCVC",
        "Họ và tên",
        "Loại",
        "Chức vụ/Vị trí việc làm",
        "Đơn vị",
        "Phòng/bộ phận",
        "Kỳ",
        "Tỷ lệ bài đã làm",
        *codes,
        "Mức hoàn thành",
        "Điểm bài tập",
        "Điểm tối đa",
        "Ngày cập nhật",
        "Phiên bản quy tắc",
    ]


def _write_rule(workbook: Any, about: About) -> None:
    rule, period = about.course.rule, about.course.period
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
        *((f"Mức {band.number}", f"{band.name}. {band.certificate}") for band in rule.bands),
    ]
    for row, (title, text) in enumerate(lines):
        sheet.write_string(row, 0, title, bold)
        sheet.write_string(row, 1, text, wrapped)
