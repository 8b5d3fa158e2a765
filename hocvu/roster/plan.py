"""What one row would change in one person: fields, unit with dates, leave, exemption. Pure: state in, plan out."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hocvu.records.roster import StaffState
from hocvu.roster.rows import RosterRow
from hocvu.roster.values import GONE, ON_LEAVE, BadValue

Detail = dict[str, list[Any]]
NEW, CHANGED, MOVED, LEFT, RETURNED, DATES, LEAVE, EXEMPTION = (
    "new", "changed", "moved", "left", "returned", "dates", "leave", "exemption",
)  # fmt: skip
KIND_NAMES = {
    NEW: "thêm mới", CHANGED: "sửa thông tin", MOVED: "chuyển đơn vị", LEFT: "rời danh sách", RETURNED: "trở lại",
    DATES: "sửa ngày vào, ngày ra", LEAVE: "nghỉ dài, đi học", EXEMPTION: "miễn, hoãn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One change. effective_on: the first day it says something about. detail: {column: [before, after]}."""

    kind: str
    effective_on: date
    detail: Detail


@dataclass(frozen=True, slots=True)
class Stay:
    """opens: a new stay begins (closed_on: the last day of the one before), else the last one is corrected."""

    opens: bool
    starts_on: date | None
    ends_on: date | None
    closed_on: date | None = None


@dataclass(slots=True)
class RowPlan:
    """All that one row changes. person, facts: columns to set; unit_code: "" = stays."""

    row: RosterRow
    state: StaffState | None
    changes: list[Change] = field(default_factory=list)
    person: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    stay: Stay | None = None
    unit_code: str = ""
    leave: tuple[str, date, date | None] | None = None
    leave_ends_on: date | None = None  # of the leave that is recorded
    exemption: tuple[str, str] | None = None  # kind, reason; ("none", "") withdraws


def plan_row(row: RosterRow, state: StaffState | None, unit_code: str, today: date) -> RowPlan:
    """Return what the row changes. unit_code: where the person is now. Raises BadValue for what cannot be."""
    plan = RowPlan(row, state)
    if state is None:
        _plan_new(plan, today)
    else:
        _plan_fields(plan, state, today)
        _plan_stay(plan, state, unit_code, today)
    _plan_leave(plan, today)
    _plan_exemption(plan, today)
    return plan


def _plan_new(plan: RowPlan, today: date) -> None:
    row = plan.row
    if row.status in GONE:
        raise BadValue("người đã rời mà hệ thống chưa từng có", "Xóa dòng này; hệ thống không cần người đã rời.")
    on_leave = row.status in ON_LEAVE
    starts_on = None if on_leave else row.starts_on
    plan.person = {
        "name": row.name, "kind": row.kind, "department": row.department or "",
        "position": row.position or row.job_title or "", "is_leader": bool(row.is_leader), "email": row.email or "",
    }  # fmt: skip
    plan.facts = {"status": row.status or "working", "job_title": row.job_title or ""}
    plan.stay = Stay(True, starts_on, None if on_leave else row.ends_on)
    plan.unit_code = row.unit_code
    plan.changes.append(Change(NEW, starts_on or today, {"ma_don_vi": ["", row.unit_code]}))


def _plan_fields(plan: RowPlan, state: StaffState, today: date) -> None:
    row = plan.row
    said = (
        ("name", "ho_ten", row.name), ("kind", "loai", row.kind), ("department", "phong_ban", row.department),
        ("position", "vi_tri_viec_lam", row.position), ("is_leader", "la_lanh_dao", row.is_leader),
        ("email", "email_cong_vu", row.email),
    )  # fmt: skip
    detail: Detail = {}
    for name, column, value in said:
        before = getattr(state, name)
        if value is not None and value != before:
            plan.person[name] = value
            detail[column] = [before, value]
    for name, column, value in (("job_title", "chuc_vu", row.job_title), ("status", "trang_thai", row.status or None)):
        if value is not None and value != getattr(state, name):
            plan.facts[name] = value
            detail[column] = [getattr(state, name), value]
    if detail:
        plan.changes.append(Change(CHANGED, today, detail))


def _plan_stay(plan: RowPlan, state: StaffState, unit_code: str, today: date) -> None:
    row = plan.row
    moves = row.unit_code.casefold() != unit_code.casefold()
    if row.status in GONE:
        _plan_leaving(plan, state, moves=moves)
    elif state.ends_on is not None and state.is_gone(today) and _says_working(row, state):
        _plan_return(plan, state, unit_code, today)
    elif moves:
        _plan_move(plan, state, unit_code, today)
    elif row.status not in ON_LEAVE:
        _plan_dates(plan, state)


def _says_working(row: RosterRow, state: StaffState) -> bool:
    """A row that repeats the day of leaving says nothing new."""
    return not (row.ends_on is not None and row.ends_on == state.ends_on)


def _plan_leaving(plan: RowPlan, state: StaffState, *, moves: bool) -> None:
    row = plan.row
    if moves:
        raise BadValue(
            "người rời danh sách nhưng mã đơn vị không phải đơn vị đang có",
            "Ghi đơn vị cũ; nếu chuyển sang đơn vị khác trong thành phố thì ghi đơn vị mới và «đang làm».",
        )
    if row.ends_on is not None and row.ends_on != state.ends_on:
        if state.starts_on and row.ends_on < state.starts_on:
            raise BadValue(f"ngày cuối trước ngày vào ({state.starts_on:%d/%m/%Y})", "Kiểm tra den_ngay.")
        plan.stay = Stay(False, state.starts_on, row.ends_on)
        detail = {"den_ngay": [_iso(state.ends_on), _iso(row.ends_on)]}
        plan.changes.append(Change(LEFT, row.ends_on + timedelta(days=1), detail))


def _plan_return(plan: RowPlan, state: StaffState, unit_code: str, today: date) -> None:
    row = plan.row
    starts_on = (None if row.status in ON_LEAVE else row.starts_on) or today
    detail: Detail = {"ma_don_vi": [unit_code, row.unit_code], "tu_ngay": [_iso(state.starts_on), _iso(starts_on)]}
    if state.ends_on is not None and starts_on <= state.ends_on:  # the leaving was recorded by mistake
        if row.unit_code.casefold() != unit_code.casefold():
            raise BadValue(
                f"ngày vào trước ngày rời đơn vị cũ ({state.ends_on:%d/%m/%Y})", "Kiểm tra tu_ngay hoặc đơn vị."
            )
        plan.stay = Stay(False, starts_on if row.starts_on else state.starts_on, row.ends_on)
        detail["den_ngay"] = [_iso(state.ends_on), _iso(row.ends_on)]
    else:
        plan.stay = Stay(True, starts_on, row.ends_on)
    plan.unit_code = row.unit_code
    plan.changes.append(Change(RETURNED, starts_on, detail))


def _plan_move(plan: RowPlan, state: StaffState, unit_code: str, today: date) -> None:
    row = plan.row
    starts_on = (None if row.status in ON_LEAVE else row.starts_on) or today
    if state.starts_on and starts_on <= state.starts_on:
        raise BadValue(
            f"ngày chuyển không sau ngày vào đơn vị đang có ({state.starts_on:%d/%m/%Y})",
            "Ghi ngày bắt đầu ở đơn vị mới tại cột tu_ngay.",
        )
    plan.stay = Stay(True, starts_on, None if row.status in ON_LEAVE else row.ends_on, starts_on - timedelta(days=1))
    plan.unit_code = row.unit_code
    detail: Detail = {"ma_don_vi": [unit_code, row.unit_code], "tu_ngay": [_iso(state.starts_on), _iso(starts_on)]}
    plan.changes.append(Change(MOVED, starts_on, detail))


def _plan_dates(plan: RowPlan, state: StaffState) -> None:
    row = plan.row
    starts_on = row.starts_on if row.starts_on is not None else state.starts_on
    ends_on = row.ends_on if row.ends_on is not None else state.ends_on
    detail: Detail = {}
    if starts_on != state.starts_on:
        detail["tu_ngay"] = [_iso(state.starts_on), _iso(starts_on)]
    if ends_on != state.ends_on:
        detail["den_ngay"] = [_iso(state.ends_on), _iso(ends_on)]
    if starts_on and ends_on and ends_on < starts_on:
        raise BadValue(f"đến ngày trước ngày vào đã ghi ({starts_on:%d/%m/%Y})", "Kiểm tra tu_ngay và den_ngay.")
    if detail:
        plan.stay = Stay(False, starts_on, ends_on)
        days = [day for day in (starts_on, state.starts_on, ends_on, state.ends_on) if day]
        plan.changes.append(Change(DATES, min(days), detail))


def _plan_leave(plan: RowPlan, today: date) -> None:
    row, state = plan.row, plan.state
    if row.status in ON_LEAVE and row.starts_on is not None:
        known = state is not None and (state.leave_kind, state.leave_from) == (row.status, row.starts_on)
        before = state.leave_to if state is not None and known else None
        if known and (row.ends_on is None or row.ends_on == before):
            return
        detail: Detail = {"trang_thai": ["", row.status], "tu_ngay": ["", _iso(row.starts_on)],
                          "den_ngay": [_iso(before), _iso(row.ends_on)]}  # fmt: skip
        if known:
            plan.leave_ends_on = row.ends_on
        else:
            plan.leave = (row.status, row.starts_on, row.ends_on)
        plan.changes.append(Change(LEAVE, row.starts_on, detail))
    elif row.status == "working" and state is not None and state.leave_from and state.leave_to is None:
        plan.leave_ends_on = max(today - timedelta(days=1), state.leave_from)
        detail = {"den_ngay": ["", _iso(plan.leave_ends_on)]}
        plan.changes.append(Change(LEAVE, today, detail))


def _plan_exemption(plan: RowPlan, today: date) -> None:
    row, state = plan.row, plan.state
    had = (state.exemption_kind, state.exemption_reason) if state is not None and state.exemption_id else ("", "")
    if row.exemption == "none" and had[0]:
        plan.exemption = ("none", "")
        plan.changes.append(Change(EXEMPTION, today, {"mien_hoan": [had[0], ""], "ly_do": [had[1], row.reason]}))
    elif row.exemption in ("exempt", "deferred") and (row.exemption, row.reason) != had:
        plan.exemption = (row.exemption, row.reason)
        detail: Detail = {"mien_hoan": [had[0], row.exemption], "ly_do": [had[1], row.reason]}
        plan.changes.append(Change(EXEMPTION, today, detail))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
