"""The score table: its columns in the order HR knows, and a row of plain values per person. Every format uses them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from hocvu.course import Course, Track
from hocvu.portal.words import LEVELS, local, percent, points
from hocvu.records import ScoredPerson, appeal_states, capstone_points, has_appeals, list_items
from hocvu.records.row_notes import exemption_reasons, has_exemptions, last_days
from hocvu.scores import CAPSTONE, Score
from hocvu.scoring import check_floor, convert_score, find_track
from hocvu.scoring.bands import NO_BAND_YET, NOT_ENOUGH_DATA

Cell = str | int | float | datetime | None


class Style(StrEnum):
    """How a column's values are shown."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    POINTS = "points"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Line:
    """One person with what stands beside the score. appeal: None = no petition, True = one still waits."""

    number: int
    person: ScoredPerson
    capstone: float | None
    appeal: bool | None
    note: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its key in addresses, title, width in characters, and its value. order: a key to sort by, "" = none."""

    key: str
    title: str
    width: int
    value: Callable[[Line], Cell]
    style: Style = Style.TEXT
    order: str = ""


@dataclass(frozen=True)
class Table:
    """The columns of one course and period; those not chosen are left out."""

    course: Course
    period_id: str
    columns: tuple[Column, ...]

    def chosen(self, keys: Sequence[str]) -> "Table":
        """Only these columns, in the table's order; nothing chosen: those that HR's lists have."""
        wanted = set(keys) or {column.key for column in self.columns} - MORE
        return replace(self, columns=tuple(column for column in self.columns if column.key in wanted))


@dataclass(frozen=True)
class About:
    """What an export says of itself."""

    course: Course
    filter_text: str
    made_by: str
    made_at: datetime
    period_id: str = ""


MORE = frozenset({"diem", "diem_toi_da", "cap_nhat", "quy_tac"})  # not in HR's lists; shown when chosen


def band_names(course: Course) -> dict[int, str]:
    return {0: NO_BAND_YET, **{band.number: band.name for band in course.rule.bands}}


def name_band(course: Course, person: ScoredPerson) -> str:
    """Return how a person's band is called; without a band it matters whether there is enough data for one."""
    if person.band:
        return band_names(course).get(person.band, str(person.band))
    return NO_BAND_YET if person.coverage >= course.rule.enough_data else NOT_ENOUGH_DATA


def score_table(course: Course, period_id: str) -> Table:
    """Return the table with all of its columns."""
    names = band_names(course)
    enough = course.rule.enough_data

    def band(line: Line) -> str:
        one = line.person
        return names[one.band] if one.band else NO_BAND_YET if one.coverage >= enough else NOT_ENOUGH_DATA

    columns = (
        Column("stt", "STT", 6, lambda line: line.number, Style.COUNT),
        Column("ma", "Mã CBCCVC", 16, lambda line: line.person.staff_code, order="staff_code"),
        Column("ho_ten", "Họ và tên", 26, lambda line: line.person.name, order="name"),
        Column("loai", "Loại", 14, lambda line: line.person.kind, order="kind"),
        Column("chuc_vu", "Chức vụ/Vị trí việc làm", 24, lambda line: line.person.position, order="position"),
        Column("don_vi", "Đơn vị", 30, lambda line: line.person.unit_name, order="unit"),
        Column("phong", "Phòng/bộ phận", 22, lambda line: line.person.department, order="department"),
        Column("ky", "Kỳ", 8, lambda _: period_id),
        Column("ty_le", "Tỷ lệ bài đã làm", 12, lambda line: line.person.coverage, Style.SHARE, "coverage"),
        *(_level_column(code) for code in course.competencies),
        Column("tong_hop", "Bài tổng hợp", 12, lambda line: line.capstone, Style.SHARE),
        Column("muc", "Mức hoàn thành", 20, band, order="band"),
        Column("vi_tri", "Đủ yêu cầu vị trí", 16, _role_column(course)),
        Column("ngay_dat", "Ngày đạt", 12, lambda line: _day(line.person.band_since), Style.DAY, "band_since"),
        Column("quy_doi", "Điểm quy đổi", 10, _conversion_column(course), Style.POINTS, "conversion"),
        Column("kien_nghi", "Kiến nghị", 14, lambda line: APPEALS[line.appeal]),
        Column("ghi_chu", "Ghi chú", 20, lambda line: line.note),
        Column("diem", "Điểm bài tập", 12, lambda line: line.person.points, Style.POINTS, "points"),
        Column("diem_toi_da", "Điểm tối đa", 12, lambda line: line.person.max_points, Style.POINTS, "max_points"),
        Column("cap_nhat", "Ngày cập nhật", 14, lambda line: _day(line.person.updated_at), Style.DAY, "updated_at"),
        Column("quy_tac", "Phiên bản quy tắc", 16, lambda line: line.person.rule_version, order="rule_version"),
    )
    return Table(course, period_id, columns)


EXEMPTIONS = {"exempt": "miễn", "deferred": "hoãn"}
APPEALS = {None: "không", True: "đang xử lý", False: "đã xử lý"}


def lines_of(
    s: Session,
    table: Table,
    batches: Iterable[Sequence[ScoredPerson]],
    first: int = 1,
    *,
    left_by: date | None = None,
) -> Iterator[Line]:
    """Yield the people of the batches, numbered, with their petitions and capstone looked up batch by batch.

    left_by: note who had left before that day.
    """
    period, with_appeals = table.period_id, has_appeals(s, table.period_id)
    with_notes = has_exemptions(s, period)
    possible = sum(item.max_points for item in list_items(s, period) if item.module == CAPSTONE)
    number = first
    for people in batches:
        ids = [one.person_id for one in people]
        appeals = appeal_states(s, period, ids) if with_appeals else {}
        capstone = capstone_points(s, period, CAPSTONE, ids) if possible else {}
        exempt = exemption_reasons(s, period, ids) if with_notes else {}
        left = last_days(s, ids, left_by) if left_by else {}
        for one in people:
            earned = capstone.get(one.person_id)
            share = None if earned is None else earned / possible
            note = _note(left.get(one.person_id), *exempt.get(one.person_id, ("", "")))
            yield Line(number, one, share, appeals.get(one.person_id), note)
            number += 1


def _note(left: date | None, kind: str, reason: str) -> str:
    notes = (f"làm việc đến {left:%d/%m/%Y}" if left else "", f"{EXEMPTIONS.get(kind, kind)}: {reason}" if kind else "")
    return "; ".join(note for note in notes if note)


def cells_of(table: Table, line: Line) -> list[Cell]:
    return [column.value(line) for column in table.columns]


def show_cell(value: Cell, style: Style) -> str:
    """Return a cell as people read it on a page or on paper."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str):
        return value
    return percent(value) if style is Style.SHARE else points(value)


def pairs(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Return choices whose value is their text."""
    return [(text, text) for text in texts]


def _level_column(code: str) -> Column:
    return Column(code.lower(), code, 6, lambda line: LEVELS[line.person.levels.get(code, 0)], order=code)


def _day(moment: datetime | None) -> datetime | None:
    """Return the moment on a Vietnamese clock, without its zone, as spreadsheets have it."""
    return None if moment is None else local(moment).replace(tzinfo=None)


def _role_column(course: Course) -> Callable[[Line], str]:
    tracks: dict[tuple[str, bool], Track | None] = {}

    def value(line: Line) -> str:
        one = line.person
        key = (one.position, one.is_leader)
        if key not in tracks:
            tracks[key] = find_track(one.position, one.is_leader, course.rule)
        track = tracks[key]
        if track is None:
            return ""
        return "đủ" if check_floor(one.levels, track).is_enough else "chưa đủ"

    return value


def _conversion_column(course: Course) -> Callable[[Line], float | None]:
    def value(line: Line) -> float | None:
        one = line.person
        if one.coverage <= 0 and not one.band:
            return None  # nothing done is no data, not a zero
        score = Score(one.coverage, one.levels, one.band, one.points, one.max_points, one.rule_version)
        return convert_score(score, course.rule)

    return value
