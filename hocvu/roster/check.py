"""The dry run: the whole file is read and checked, compared with the roster, reported. Nothing of people is changed."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

from sqlalchemy.orm import Session

from hocvu.records import Period, list_units, unit_and_children
from hocvu.records.chunks import chunks
from hocvu.records.roster import StaffState, is_late, not_listed, staff_states
from hocvu.roster.issues import Issues
from hocvu.roster.plan import CHANGED, RowPlan, plan_row
from hocvu.roster.rows import RosterRow
from hocvu.roster.values import BadValue

BATCH = 1000
SHOWN_CHANGES = 2000


@dataclass(frozen=True)
class Options:
    """How to import. complete: the file holds everybody of its units. reason: of changes near the freeze."""

    period_id: str
    create_units: bool = False
    bloc: str = ""
    complete: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Place:
    """A unit as rows name it. id None: it would be made."""

    id: int | None
    code: str
    name: str
    in_scope: bool


@dataclass
class Desk:
    """What rows are compared with. late_ends: last days of the periods whose freeze is near."""

    today: date
    options: Options
    places: dict[str, Place]
    codes: Mapping[int, str]
    scope: frozenset[int] | None
    parent_id: int | None  # of units that are made
    late_ends: tuple[date, ...]
    made: dict[str, Place] = field(default_factory=dict)
    guesses: dict[str, str] = field(default_factory=dict)

    def covers(self, unit_id: int) -> bool:
        return self.scope is None or unit_id in self.scope

    def must_explain(self, effective_on: date) -> bool:
        return any(is_late(self.today, effective_on, end) for end in self.late_ends)


@dataclass
class Outcome:
    """What the plans of all rows come to. fingerprint: the same plans give the same, so that what is shown is done."""

    counts: Counter[str] = field(default_factory=Counter)
    shown: list[dict[str, Any]] = field(default_factory=list)
    missing: list[tuple[str, str, str, int]] = field(default_factory=list)
    fingerprint: str = ""


def open_desk(s: Session, options: Options, scope_unit: int | None, today: date, periods: Iterable[Period]) -> Desk:
    """Return the desk of an officer. scope_unit: the top of their units, None = the whole city."""
    scope = None if scope_unit is None else unit_and_children(s, scope_unit)
    units = list_units(s)
    places = {
        unit.code.casefold(): Place(unit.id, unit.code, unit.name, scope is None or unit.id in scope) for unit in units
    }
    ends = tuple(period.ends_on for period in periods)
    return Desk(today, options, places, {unit.id: unit.code for unit in units}, scope, scope_unit, ends)


def compare(s: Session, desk: Desk, rows: Iterable[RosterRow], issues: Issues) -> Iterator[RowPlan]:
    """Yield the plan of every row; what cannot be done is in `issues`."""
    for batch in chunks(rows, BATCH):
        states = staff_states(s, [row.staff_code for row in batch], desk.options.period_id)
        for row in batch:
            plan = _plan(desk, row, states.get(row.staff_code), issues)
            if plan is not None and row.is_right:
                yield plan


def sum_up(s: Session, desk: Desk, plans: Iterable[RowPlan], codes: Iterable[str] | None) -> Outcome:
    """Return counts, the first changes in words, and who is missing. codes: all staff codes of the file, lower case."""
    outcome, digest, named = Outcome(), hashlib.sha256(), set()
    for plan in plans:
        named.add(plan.row.unit_code.casefold())
        outcome.counts.update({change.kind for change in plan.changes} or {"unchanged"})
        if plan.changes:
            digest.update(fingerprint_line(plan))
            if len(outcome.shown) < SHOWN_CHANGES:
                outcome.shown.extend(_shown(plan))
    outcome.counts["new_units"] = len(desk.made)
    if desk.options.complete and codes is not None:
        outcome.missing = _missing(s, desk, named, frozenset(codes))
        outcome.counts["missing"] = len(outcome.missing)
    outcome.fingerprint = digest.hexdigest()
    return outcome


def fingerprint_line(plan: RowPlan) -> bytes:
    changes = [[change.kind, change.effective_on.isoformat(), change.detail] for change in plan.changes]
    return json.dumps([plan.row.staff_code, changes], ensure_ascii=False).encode() + b"\n"


def _plan(desk: Desk, row: RosterRow, state: StaffState | None, issues: Issues) -> RowPlan | None:
    if _place(desk, row, issues) is None:
        return None
    if state is not None and not desk.covers(state.unit_id):
        issues.error(
            row.row, "ma_cbccvc", row.staff_code, "mã này đang thuộc đơn vị ngoài phạm vi của anh/chị",
            "Kiểm tra mã; việc chuyển giữa hai đơn vị do Tổ chức cán bộ thành phố nạp.",
        )  # fmt: skip
        return None
    try:
        plan = plan_row(row, state, desk.codes[state.unit_id] if state else "", desk.today)
    except BadValue as wrong:
        issues.error(row.row, "", row.staff_code, wrong.what, wrong.mend)
        return None
    return plan if _explained(desk, plan, issues) else None


def _explained(desk: Desk, plan: RowPlan, issues: Issues) -> bool:
    late = any(change.kind != CHANGED and desk.must_explain(change.effective_on) for change in plan.changes)
    if late and not (plan.row.reason or desk.options.reason):
        issues.error(
            plan.row.row, "ly_do", "", "thay đổi danh sách gần ngày chốt mà không có lý do",
            "Ghi lý do ở cột ly_do của dòng này, hoặc ghi lý do chung cho cả lần nạp.",
        )  # fmt: skip
        return False
    return True


def _place(desk: Desk, row: RosterRow, issues: Issues) -> Place | None:
    """The unit of a row, one that would be made included."""
    key = row.unit_code.casefold()
    place = desk.places.get(key) or desk.made.get(key)
    if place is None and desk.options.create_units and row.unit_name:
        place = desk.made[key] = Place(None, row.unit_code, row.unit_name, in_scope=True)
    if place is None:
        if row.unit_code:  # an empty one has been told
            _unknown_unit(desk, row, issues)
        return None
    if not place.in_scope:
        issues.error(
            row.row, "ma_don_vi", row.unit_code, "đơn vị ngoài phạm vi của anh/chị",
            "Chỉ nạp người của đơn vị mình và đơn vị trực thuộc; bỏ dòng này hoặc chuyển Tổ chức cán bộ thành phố.",
        )  # fmt: skip
        return None
    if row.unit_name and row.unit_name != place.name:
        issues.note(
            row.row, "ten_don_vi", row.unit_name, f"khác tên đang có «{place.name}»",
            "Hệ thống theo mã đơn vị, giữ tên đang có.", f"unit-name {key}",
        )  # fmt: skip
    return place


def _unknown_unit(desk: Desk, row: RosterRow, issues: Issues) -> None:
    key = row.unit_code.casefold()
    if key not in desk.guesses:
        own = [code for code, place in desk.places.items() if place.in_scope]
        close = get_close_matches(key, own, n=1, cutoff=0.6)
        desk.guesses[key] = desk.places[close[0]].code if close else ""
    guess = f"Có phải {desk.guesses[key]}? " if desk.guesses[key] else ""
    if desk.options.create_units:
        mend = f"{guess}Nếu là đơn vị mới, ghi thêm tên ở cột ten_don_vi."
    else:
        mend = f"{guess}Sửa mã; nếu là đơn vị mới, ghi ten_don_vi và đánh dấu ô «Tạo đơn vị chưa có»."
    issues.error(row.row, "ma_don_vi", row.unit_code, "không có đơn vị mang mã này", mend)


def _missing(s: Session, desk: Desk, named: set[str], codes: frozenset[str]) -> list[tuple[str, str, str, int]]:
    ids = [place.id for key in named if (place := desk.places.get(key)) and place.id is not None]
    if not ids:
        return []
    return [one for one in not_listed(s, ids, desk.today) if one[1].casefold() not in codes]


def _shown(plan: RowPlan) -> Iterator[dict[str, Any]]:
    for change in plan.changes:
        yield {
            "row": plan.row.row,
            "code": plan.row.staff_code,
            "name": plan.row.name,
            "kind": change.kind,
            "on": change.effective_on.isoformat(),
            "detail": change.detail,
        }
