"""What an HR officer may see and asked for: the filter of the page and of its exports, limited to their units."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.course import Course
from hocvu.portal.errors import not_found
from hocvu.portal.own_units import units_of_officer
from hocvu.portal.score_table import Table, band_names
from hocvu.portal.words import VIETNAM
from hocvu.records import (
    Order,
    PeopleFilter,
    Period,
    Person,
    Progress,
    RoleFloor,
    Unit,
    list_departments,
    list_positions,
    list_units,
    unit_and_children,
)
from hocvu.scoring import find_track

PROGRESS_NAMES = {
    Progress.NOT_STARTED: "Chưa bắt đầu",
    Progress.IN_PROGRESS: "Đang học",
    Progress.DONE: "Đã làm hết các câu",
}
KINDS = ("cán bộ", "công chức", "viên chức", "người lao động")
YES_NO = {"1": True, "0": False}
LEFT = {"1": "Chỉ người đã rời", "2": "Cả người đã rời"}  # nothing chosen: who has left is not shown
APPEALS = {"1": "Có kiến nghị", "mo": "Đang xử lý", "xong": "Đã xử lý hết"}


@dataclass(frozen=True)
class Asked:
    """The filter as it stands in the address: texts, "" where not narrowed. sap: a column, with "-" from the top."""

    ky: str = ""
    don_vi: str = ""
    khoi: str = ""
    phong: str = ""
    loai: str = ""
    lanh_dao: str = ""
    muc: str = ""
    nang_luc: str = ""
    duoi: str = ""
    tinh_trang: str = ""
    kien_nghi: str = ""
    vi_tri: str = ""
    tu_ngay: str = ""
    den_ngay: str = ""
    roi: str = ""
    tim: str = ""
    sap: str = ""
    cot: tuple[str, ...] = ()

    def query(self, **more: object) -> str:
        """Return the address's query with this filter and `more`, which goes before it."""
        values = {field.name: getattr(self, field.name) for field in fields(self)} | more
        return urlencode({name: value for name, value in values.items() if value}, doseq=True)

    def tidy(self, table: Table) -> "Asked":
        """Return the same without a choice of columns that is everybody's, so that addresses stay short."""
        usual = {column.key for column in table.chosen(()).columns}
        return replace(self, cot=()) if set(self.cot) == usual else self


@dataclass(frozen=True)
class View:
    """A filter that has been checked against the officer's units and the course."""

    asked: Asked
    only: PeopleFilter
    order: Order
    period_id: str
    units: Sequence[Unit]  # all the officer may choose from
    blocs: Sequence[str]
    departments: Sequence[str]
    periods: Sequence[str]
    today: date

    @property
    def left_by(self) -> date | None:
        """The day before which people had left whose leaving is noted; None: nobody who has left is in the view."""
        return None if self.only.here_on else self.today


def open_view(s: Session, officer: Person, asked: Asked, course: Course, table: Table, today: date) -> View:
    """Return the view. Who has left before today is in it only if asked for.

    A unit outside the officer's own looks like one that does not exist (404).
    """
    allowed = units_of_officer(s, officer)
    units = list_units(s, ids=allowed)
    chosen = allowed
    if asked.don_vi:
        unit = next((one for one in units if one.code == asked.don_vi), None)
        if unit is None:
            raise not_found()
        chosen = unit_and_children(s, unit.id)
    periods = list(s.scalars(select(Period.id).order_by(Period.id.desc())))
    return View(
        asked,
        _filter(s, asked, course, chosen, today),
        _order(asked.sap, table),
        asked.ky if asked.ky in periods else course.period.code,
        units,
        sorted({unit.bloc for unit in units}),
        list_departments(s, chosen) if chosen is not None else [],
        periods,
        today,
    )


def _filter(s: Session, asked: Asked, course: Course, unit_ids: frozenset[int] | None, today: date) -> PeopleFilter:
    competency = asked.nang_luc if asked.nang_luc in course.competencies else ""
    meets_role = YES_NO.get(asked.vi_tri)
    until = _day(asked.den_ngay)
    return PeopleFilter(
        unit_ids=unit_ids,
        bloc=asked.khoi,
        department=asked.phong,
        kind=asked.loai,
        is_leader=YES_NO.get(asked.lanh_dao),
        band=int(asked.muc) if asked.muc in ("0", "1", "2", "3", "4") else None,
        competency=competency,
        below_level=(int(asked.duoi) if asked.duoi in ("1", "2", "3") else 1) if competency else 0,
        progress=Progress(asked.tinh_trang) if asked.tinh_trang in set(Progress) else None,
        has_appeal=asked.kien_nghi in APPEALS,
        appeal_waits={"mo": True, "xong": False}.get(asked.kien_nghi),
        meets_role=meets_role,
        roles=tuple(_roles(s, course)) if meets_role is not None else (),
        band_from=_day(asked.tu_ngay),
        band_to=until + timedelta(days=1) if until else None,
        search=asked.tim,
        here_on=None if asked.roi in LEFT else today,
        gone_on=today if asked.roi == "1" else None,
    )


def _order(text: str, table: Table) -> Order:
    key = text.removeprefix("-")
    found = next((column.order for column in table.columns if column.key == key and column.order), "staff_code")
    return Order(found, descending=text.startswith("-"))


def _roles(s: Session, course: Course) -> Iterator[RoleFloor]:
    """Return what positions ask for, as the store can look for it; who is in no group is in neither list."""
    positions = list_positions(s)
    for is_leader in (True, False):
        by_track: dict[str, list[str]] = {}
        for position in positions:
            track = find_track(position, is_leader, course.rule)
            if track is not None:
                by_track.setdefault(track.code, []).append(position)
        for track in course.rule.tracks:
            if track.code in by_track:
                yield RoleFloor(tuple(by_track[track.code]), is_leader, track.floors)


def _day(text: str) -> datetime | None:
    """Return the beginning of a day in Việt Nam; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), VIETNAM) if text else None
    except ValueError:
        return None


def describe(view: View, units: Mapping[str, str], course: Course) -> str:
    """Return the filter in words, for the exports."""
    asked, only = view.asked, view.only
    parts = [
        f"đơn vị: {units.get(asked.don_vi, asked.don_vi)}" if asked.don_vi else "",
        f"khối: {asked.khoi}" if asked.khoi else "",
        f"phòng: {asked.phong}" if asked.phong else "",
        f"loại: {asked.loai}" if asked.loai else "",
        ("lãnh đạo" if only.is_leader else "không phải lãnh đạo") if only.is_leader is not None else "",
        f"mức: {band_names(course).get(only.band, str(only.band))}" if only.band is not None else "",
        f"{only.competency} dưới M{only.below_level}" if only.competency else "",
        f"tình trạng: {PROGRESS_NAMES[only.progress]}" if only.progress else "",
        f"kiến nghị: {APPEALS[asked.kien_nghi].lower()}" if only.has_appeal else "",
        f"{'đủ' if only.meets_role else 'chưa đủ'} yêu cầu vị trí" if only.meets_role is not None else "",
        f"ngày đạt từ {only.band_from:%d/%m/%Y}" if only.band_from else "",
        f"ngày đạt đến {only.band_to - timedelta(days=1):%d/%m/%Y}" if only.band_to else "",
        LEFT.get(asked.roi, "").lower(),
        f"tìm: {asked.tim}" if asked.tim else "",
    ]
    return "; ".join(part for part in parts if part) or "tất cả người trong phạm vi được xem"
