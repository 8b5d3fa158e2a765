"""What an HR officer may see and asked for: the filter of the page and of its export, limited to their units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from hocvu.portal.errors import not_found
from hocvu.records import PeopleFilter, Person, Progress, Unit, list_units, unit_and_children

PROGRESS_NAMES = {
    Progress.NOT_STARTED: "Chưa bắt đầu",
    Progress.IN_PROGRESS: "Đang học",
    Progress.DONE: "Đã làm hết các câu",
}


@dataclass(frozen=True)
class Asked:
    """The filter as it stands in the address: texts, "" where not narrowed."""

    don_vi: str = ""
    khoi: str = ""
    muc: str = ""
    tinh_trang: str = ""
    tim: str = ""

    def query(self, **more: object) -> str:
        """Return the address's query with this filter and `more`."""
        own = {name: value for name, value in vars(self).items() if value}
        return urlencode({**own, **{name: value for name, value in more.items() if value}})


@dataclass(frozen=True)
class View:
    """A filter that has been checked against the officer's units."""

    asked: Asked
    only: PeopleFilter
    units: Sequence[Unit]  # all the officer may choose from
    blocs: Sequence[str]


def open_view(s: Session, officer: Person, asked: Asked) -> View:
    """Return the view; a unit outside the officer's own looks like one that does not exist (404)."""
    allowed = None if officer.hr_unit_id is None else unit_and_children(s, officer.hr_unit_id)
    units = list_units(s, ids=allowed)
    chosen = allowed
    if asked.don_vi:
        unit = next((one for one in units if one.code == asked.don_vi), None)
        if unit is None:
            raise not_found()
        chosen = unit_and_children(s, unit.id)
    only = PeopleFilter(
        unit_ids=chosen,
        bloc=asked.khoi,
        band=int(asked.muc) if asked.muc in ("0", "1", "2", "3", "4") else None,
        progress=Progress(asked.tinh_trang) if asked.tinh_trang in set(Progress) else None,
        search=asked.tim,
    )
    return View(asked, only, units, sorted({unit.bloc for unit in units}))


def describe(asked: Asked, units: Mapping[str, str], band_names: Mapping[int, str]) -> str:
    """Return the filter in words, for the page and the export."""
    parts = [
        f"đơn vị: {units.get(asked.don_vi, asked.don_vi)}" if asked.don_vi else "",
        f"khối: {asked.khoi}" if asked.khoi else "",
        f"mức: {band_names.get(int(asked.muc), asked.muc)}" if asked.muc.isdigit() else "",
        f"tình trạng: {PROGRESS_NAMES[Progress(asked.tinh_trang)]}" if asked.tinh_trang in set(Progress) else "",
        f"tìm: {asked.tim}" if asked.tim else "",
    ]
    return "; ".join(part for part in parts if part) or "tất cả người trong phạm vi được xem"
