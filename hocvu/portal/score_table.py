"""The score table as rows of plain values, in the order HR knows; every format of it is made from these rows."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TextIO

from hocvu.course import Course
from hocvu.portal.words import local
from hocvu.questions.text import show_number
from hocvu.records import ScoredPerson

Cell = str | float | datetime | None
APPEALS = "Kiến nghị"
POINTS = ("Điểm bài tập", "Điểm tối đa")
WIDTHS = {
    "STT": 6,
    "Mã CBCCVC": 16,
    "Họ và tên": 26,
    "Loại": 14,
    "Chức vụ/Vị trí việc làm": 24,
    "Đơn vị": 30,
    "Phòng/bộ phận": 22,
    "Tỷ lệ câu đã làm": 14,
    "Mức hoàn thành": 20,
    "Điểm bài tập": 12,
    "Điểm tối đa": 12,
    "Ngày cập nhật": 14,
    "Kiến nghị": 12,
    "Phiên bản quy tắc": 16,
}  # in characters
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class About:
    """What an export says of itself."""

    course: Course
    filter_text: str
    made_by: str
    made_at: datetime
    band_of: Callable[[ScoredPerson], str]
    appeals: Mapping[str, bool] = field(default_factory=dict)  # who has sent petitions, whether one still waits


def titles_of(course: Course) -> list[str]:
    """Return the column titles."""
    return [
        "STT",
        "Mã CBCCVC",
        "Họ và tên",
        "Loại",
        "Chức vụ/Vị trí việc làm",
        "Đơn vị",
        "Phòng/bộ phận",
        "Kỳ",
        "Tỷ lệ câu đã làm",
        *course.competencies,
        "Mức hoàn thành",
        *POINTS,
        "Ngày cập nhật",
        APPEALS,
        "Phiên bản quy tắc",
    ]


def rows_of(people: Iterable[ScoredPerson], about: About) -> Iterator[list[Cell]]:
    """Yield one row per person; shares in 0..1, dates in Vietnamese time without a zone."""
    for number, one in enumerate(people, 1):
        yield [
            number,
            one.staff_code,
            one.name,
            one.kind,
            one.position,
            one.unit_name,
            one.department,
            about.course.period.code,
            one.coverage,
            *(f"M{one.levels.get(code, 0)}" for code in about.course.competencies),
            about.band_of(one),
            one.points,
            one.max_points,
            local(one.updated_at).replace(tzinfo=None) if one.updated_at else None,
            appeal_word(about.appeals, one.person_id),
            one.rule_version,
        ]


def appeal_word(appeals: Mapping[str, bool], person_id: str) -> str:
    """Return how a person's petitions stand, in a word."""
    return {None: "không", True: "đang xử lý", False: "đã xử lý"}[appeals.get(person_id)]


def write_csv(file: TextIO, people: Iterable[ScoredPerson], about: About) -> None:
    """Write the table as CSV: numbers as 0,83 and dates as dd/mm/yyyy; no cell can start a formula."""
    table = csv.writer(file)
    table.writerow(titles_of(about.course))
    table.writerows([_text(value) for value in row] for row in rows_of(people, about))


def _text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return show_number(value)
