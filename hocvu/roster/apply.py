"""Plans to rows of the store, a batch at a time inside the caller's one transaction. People are never deleted."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from hocvu.records import Exemption, Leave, Membership, Person, RosterChange, RosterFact, add_unit
from hocvu.records.exemptions import find_exemption, withdraw_exemption
from hocvu.records.roster import StaffState, add_rows, change_rows, staff_states
from hocvu.records.score_removals import announce_leaving, announce_move, announce_return
from hocvu.roster.check import BATCH, Desk
from hocvu.roster.plan import EXEMPTION, LEFT, MOVED, RETURNED, RowPlan
from hocvu.vietnamese import search_form

PERSON_DEFAULTS = {"login": None, "password_hash": "", "roles": ["learner"], "hr_unit_id": None}


@dataclass(frozen=True)
class Act:
    """Who writes, when, for which import."""

    import_id: str | None
    by: str
    now: datetime
    today: date
    reason: str = ""


@dataclass
class _Rows:
    """Rows of one batch, by table; new ones are inserted together."""

    people: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    stays: list[dict[str, Any]] = field(default_factory=list)
    leaves: list[dict[str, Any]] = field(default_factory=list)
    exemptions: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    changed_people: list[dict[str, Any]] = field(default_factory=list)
    changed_facts: list[dict[str, Any]] = field(default_factory=list)
    changed_stays: list[dict[str, Any]] = field(default_factory=list)
    changed_leaves: list[dict[str, Any]] = field(default_factory=list)


def write_plans(s: Session, desk: Desk, act: Act, plans: Iterable[RowPlan]) -> Iterator[RowPlan]:
    """Write the plans and pass them on. New units are made when their first row comes."""
    rows, waiting = _Rows(), 0
    for plan in plans:
        if plan.changes:
            _add(s, desk, act, plan, rows)
            waiting += 1
        yield plan
        if waiting == BATCH:
            _flush(s, rows)
            rows, waiting = _Rows(), 0
    _flush(s, rows)


def mark_left(s: Session, act: Act, codes: list[str], last_day: date, period_id: str) -> int:
    """End the stay of people missing from a full list, on somebody's explicit word. Return how many."""
    done = 0
    for start in range(0, len(codes), BATCH):
        rows = _Rows()
        for state in staff_states(s, codes[start : start + BATCH], period_id).values():
            ends_on = max(last_day, state.starts_on) if state.starts_on else last_day
            _end_stay(rows, state, ends_on)
            _set_facts(rows, state, {"status": "left"})
            detail = {"den_ngay": [state.ends_on.isoformat() if state.ends_on else "", ends_on.isoformat()]}
            rows.changes.append(_change(act, state.person_id, LEFT, ends_on + timedelta(days=1), detail, act.reason))
            announce_leaving(s, state.person_id, state.unit_id, act.now)
            done += 1
        _flush(s, rows)
    return done


def _add(s: Session, desk: Desk, act: Act, plan: RowPlan, rows: _Rows) -> None:
    state, person_id = plan.state, plan.state.person_id if plan.state else str(uuid.uuid4())
    person = dict(plan.person)
    if "name" in person:
        person["name_folded"] = search_form(person["name"])
    if plan.unit_code:
        person["unit_id"] = _unit_id(s, desk, plan.unit_code)
    if state is None:
        rows.people.append({"id": person_id, "staff_code": plan.row.staff_code, **person, **PERSON_DEFAULTS})
        rows.facts.append({"person_id": person_id, **plan.facts})
    else:
        if person:
            rows.changed_people.append({"id": person_id, **person})
        if plan.facts:
            _set_facts(rows, state, plan.facts)
    _add_stay(desk, plan, person_id, person.get("unit_id"), rows)
    _add_leave(plan, person_id, rows)
    _add_exemption(s, desk, act, plan, person_id, rows)
    reason = plan.row.reason or act.reason
    rows.changes.extend(_change(act, person_id, one.kind, one.effective_on, one.detail, reason) for one in plan.changes)
    if state is not None:
        _announce(s, act, plan, state)


def _unit_id(s: Session, desk: Desk, code: str) -> int:
    """The unit's id; one the file brings is made below the officer's own unit, or at the top of the chosen bloc."""
    key = code.casefold()
    known = desk.places.get(key)
    if known is not None and known.id is not None:
        return known.id
    made = desk.made[key]
    unit = add_unit(s, made.code, made.name, desk.options.bloc, parent_id=desk.parent_id)
    desk.places[key] = type(made)(unit.id, made.code, made.name, in_scope=True)
    return unit.id


def _add_stay(desk: Desk, plan: RowPlan, person_id: str, unit_id: int | None, rows: _Rows) -> None:
    stay, state = plan.stay, plan.state
    if stay is None:
        return
    dates = {"starts_on": stay.starts_on, "ends_on": stay.ends_on}
    if not stay.opens and state is not None and state.stay_id is not None:
        rows.changed_stays.append({"id": state.stay_id, **dates})
        return
    if state is not None and stay.closed_on is not None:
        _end_stay(rows, state, min(stay.closed_on, state.ends_on or stay.closed_on))
    rows.stays.append({"person_id": person_id, "unit_id": unit_id or (state.unit_id if state else 0), **dates})


def _end_stay(rows: _Rows, state: StaffState, ends_on: date) -> None:
    """End the last stay; people from before the roster get one that began before the records."""
    if state.stay_id is not None:
        rows.changed_stays.append({"id": state.stay_id, "ends_on": ends_on})
    else:
        rows.stays.append(
            {"person_id": state.person_id, "unit_id": state.unit_id, "starts_on": None, "ends_on": ends_on}
        )


def _add_leave(plan: RowPlan, person_id: str, rows: _Rows) -> None:
    if plan.leave is not None:
        kind, starts_on, ends_on = plan.leave
        rows.leaves.append({"person_id": person_id, "kind": kind, "starts_on": starts_on, "ends_on": ends_on})
    elif plan.leave_ends_on is not None and plan.state is not None:
        rows.changed_leaves.append({"id": plan.state.leave_id, "ends_on": plan.leave_ends_on})


def _add_exemption(s: Session, desk: Desk, act: Act, plan: RowPlan, person_id: str, rows: _Rows) -> None:
    if plan.exemption is None:
        return
    kind, reason = plan.exemption
    if plan.state is not None and plan.state.exemption_id is not None:
        old = find_exemption(s, plan.state.exemption_id)
        if old is not None:
            withdraw_exemption(s, old, act.by, act.now)
    if kind != "none":
        rows.exemptions.append(
            {
                "person_id": person_id, "period_id": desk.options.period_id, "kind": kind, "reason": reason,
                "decision": "", "recorded_at": act.now, "recorded_by": act.by, "withdrawn_at": None, "withdrawn_by": "",
            }
        )  # fmt: skip


def _set_facts(rows: _Rows, state: StaffState, facts: dict[str, Any]) -> None:
    if state.has_facts:
        rows.changed_facts.append({"person_id": state.person_id, **facts})
    else:
        whole = {"status": state.status, "job_title": state.job_title, **facts}
        rows.facts.append({"person_id": state.person_id, **whole})


def _announce(s: Session, act: Act, plan: RowPlan, state: StaffState) -> None:
    """Tell systems that read scores: they forget who left or moved, and hear of who came back."""
    kinds = {change.kind for change in plan.changes}
    if LEFT in kinds and plan.row.ends_on is not None and plan.row.ends_on < act.today and not state.is_gone(act.today):
        announce_leaving(s, state.person_id, state.unit_id, act.now)
    if MOVED in kinds:
        announce_move(s, state.person_id, state.unit_id, act.now)
    if RETURNED in kinds:
        announce_return(s, state.person_id, act.now)


def _change(act: Act, person_id: str, kind: str, effective_on: date, detail: Any, reason: str) -> dict[str, Any]:
    return {
        "import_id": act.import_id, "person_id": person_id, "kind": kind, "effective_on": effective_on,
        "recorded_on": act.today, "recorded_at": act.now, "recorded_by": act.by, "detail": detail, "reason": reason,
    }  # fmt: skip


def _flush(s: Session, rows: _Rows) -> None:
    s.flush()
    for table, new in (
        (Person, rows.people), (RosterFact, rows.facts), (Membership, rows.stays), (Leave, rows.leaves),
        (Exemption, rows.exemptions), (RosterChange, rows.changes),
    ):  # fmt: skip
        add_rows(s, table, new)
    for table, changed in (
        (Person, rows.changed_people), (RosterFact, rows.changed_facts), (Membership, rows.changed_stays),
        (Leave, rows.changed_leaves),
    ):  # fmt: skip
        change_rows(s, table, changed)


def exemption_change(act: Act, person_id: str, before: str, after: str, reason: str) -> RosterChange:
    """Return the change that an exemption by page leaves in the list."""
    return RosterChange(**_change(act, person_id, EXEMPTION, act.today, {"mien_hoan": [before, after]}, reason))
