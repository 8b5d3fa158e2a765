"""The roster as it is: who is where, since when, on leave, exempt; and its imports and changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from hocvu.records.tables import Person, Unit
from hocvu.records.tables_roster import Exemption, Leave, Membership, RosterChange, RosterFact, RosterImport

CHECKED, APPLIED = "checked", "applied"
LATE_DAYS = 60  # before a freeze: changes of the roster need a reason and are listed (scoring rule, units)
KEPT_HOURS = 24  # how long a checked file waits to be applied
_NO_END = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class StaffState:
    """A person as the roster has them now. The stay is the last one; ids None where nothing was recorded yet."""

    person_id: str
    staff_code: str
    name: str
    kind: str
    unit_id: int
    department: str
    position: str
    is_leader: bool
    email: str
    status: str = "working"
    job_title: str = ""
    has_facts: bool = False
    stay_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    leave_id: int | None = None
    leave_kind: str = ""
    leave_from: date | None = None
    leave_to: date | None = None
    exemption_id: int | None = None
    exemption_kind: str = ""
    exemption_reason: str = ""

    def is_gone(self, day: date) -> bool:
        """Whether the person had left before that day."""
        return self.ends_on is not None and self.ends_on < day


def staff_states(s: Session, codes: Collection[str], period_id: str) -> dict[str, StaffState]:
    """Return staff code → state, for those of the codes that exist. A few thousand codes at once."""
    person = Person
    query = select(
        person.id, person.staff_code, person.name, person.kind, person.unit_id, person.department, person.position,
        person.is_leader, person.email,
    ).where(person.staff_code.in_(codes))  # fmt: skip
    people = {row.id: row._asdict() for row in s.execute(query)}
    ids = list(people)
    more: dict[str, dict[str, Any]] = {one: {} for one in ids}
    for fact in s.execute(
        select(RosterFact.person_id, RosterFact.status, RosterFact.job_title).where(_of(RosterFact, ids))
    ):
        more[fact.person_id] |= {"status": fact.status, "job_title": fact.job_title, "has_facts": True}
    for stay in s.execute(_rows(Membership, ids).order_by(func.coalesce(Membership.ends_on, _NO_END), Membership.id)):
        more[stay.person_id] |= {"stay_id": stay.id, "starts_on": stay.starts_on, "ends_on": stay.ends_on}
    for leave in s.execute(_rows(Leave, ids).order_by(Leave.starts_on, Leave.id)):
        more[leave.person_id] |= {
            "leave_id": leave.id, "leave_kind": leave.kind, "leave_from": leave.starts_on, "leave_to": leave.ends_on,
        }  # fmt: skip
    valid = _rows(Exemption, ids).where(Exemption.period_id == period_id, Exemption.withdrawn_at.is_(None))
    for one in s.execute(valid.order_by(Exemption.id)):
        more[one.person_id] |= {
            "exemption_id": one.id, "exemption_kind": one.kind, "exemption_reason": one.reason,
        }  # fmt: skip
    return {
        about["staff_code"]: StaffState(person_id=about.pop("id"), **about, **more[id]) for id, about in people.items()
    }


def add_rows(s: Session, table: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows of one table at once."""
    if rows:
        s.execute(insert(table), [dict(row) for row in rows])


def change_rows(s: Session, table: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Update rows by primary key; each names the columns it changes."""
    for row in rows:
        key = table.__mapper__.primary_key[0].name
        values = {name: value for name, value in row.items() if name != key}
        s.execute(update(table).where(table.__mapper__.primary_key[0] == row[key]).values(**values))


def gone_before(day: date) -> Select[str]:
    """A query for the ids of people whose last stay ended before that day, from the few stays that ended.

    Who left more than once is named more than once.
    """
    later = aliased(Membership)
    still = select(later.id).where(
        later.person_id == Membership.person_id, or_(later.ends_on.is_(None), later.ends_on >= day)
    )
    return select(Membership.person_id).where(Membership.ends_on < day, ~still.exists())


def has_left(day: date) -> ColumnElement[bool]:
    """Whether somebody's last stay ended before that day."""
    return Person.id.in_(gone_before(day))


def has_left_on(s: Session, person_id: str, day: date) -> bool:
    """Return whether this person's last stay ended before that day."""
    return s.scalar(select(Person.id).where(Person.id == person_id, has_left(day))) is not None


def units_on(s: Session, day: date) -> dict[str, int]:
    """Return person id → unit id on that day, for people who were elsewhere than where `people` has them now."""
    query = (
        select(Membership.person_id, Membership.unit_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.unit_id != Person.unit_id)
        .where(or_(Membership.starts_on.is_(None), Membership.starts_on <= day))
        .where(or_(Membership.ends_on.is_(None), Membership.ends_on >= day))
    )
    return {person_id: unit_id for person_id, unit_id in s.execute(query)}


def not_listed(s: Session, unit_ids: Collection[int], day: date) -> list[tuple[str, str, str, int]]:
    """Return (id, staff code, name, unit id) of people who belong to these units on the day, by staff code."""
    query = (
        select(Person.id, Person.staff_code, Person.name, Person.unit_id)
        .where(Person.unit_id.in_(unit_ids), Person.id.not_in(gone_before(day)))
        .order_by(Person.staff_code)
    )
    return [(id, code, name, unit_id) for id, code, name, unit_id in s.execute(query)]


def stays_of(s: Session, person_id: str) -> Sequence[tuple[Membership, Unit]]:
    """A person's stays with their units, oldest first."""
    query = select(Membership, Unit).join(Unit, Unit.id == Membership.unit_id).where(Membership.person_id == person_id)
    found = s.execute(query).all()
    return sorted(((stay, unit) for stay, unit in found), key=lambda pair: (pair[0].ends_on or _NO_END, pair[0].id))


def facts_of(s: Session, person_id: str) -> RosterFact | None:
    return s.get(RosterFact, person_id)


def leaves_of(s: Session, person_id: str) -> Sequence[Leave]:
    return s.scalars(select(Leave).where(Leave.person_id == person_id).order_by(Leave.starts_on)).all()


def changes_of(s: Session, person_id: str, limit: int = 200) -> Sequence[RosterChange]:
    """A person's changes, newest first."""
    query = select(RosterChange).where(RosterChange.person_id == person_id).order_by(RosterChange.id.desc())
    return s.scalars(query.limit(limit)).all()


def is_late(recorded_on: date, effective_on: date, ends_on: date) -> bool:
    """Whether a change comes near a freeze and says something about a day before it.

    Near: from LATE_DAYS before the period's last day until as long after it, when the final freeze is long made.
    """
    near = timedelta(days=LATE_DAYS)
    return ends_on - near < recorded_on <= ends_on + near and effective_on <= ends_on


def late_changes(
    s: Session, ends_on: date, *, unit_ids: Collection[int] | None = None, limit: int | None = None
) -> list[tuple[RosterChange, str, str, str]]:
    """Return (change, staff code, name, unit code) of changes near a freeze that decide who counts where, by code."""
    near = timedelta(days=LATE_DAYS)
    query = (
        select(RosterChange, Person.staff_code, Person.name, Unit.code)
        .join(Person, Person.id == RosterChange.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(RosterChange.kind != "changed", RosterChange.effective_on <= ends_on)
        .where(RosterChange.recorded_on > ends_on - near, RosterChange.recorded_on <= ends_on + near)
        .order_by(Person.staff_code, RosterChange.id)
    )
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    return [(change, code, name, unit) for change, code, name, unit in s.execute(query.limit(limit))]


def add_import(s: Session, made: RosterImport) -> None:
    s.add(made)
    s.flush()


def find_import(s: Session, import_id: str, *, lock: bool = False) -> RosterImport | None:
    query = select(RosterImport).where(RosterImport.id == import_id)
    return s.scalar(query.with_for_update() if lock else query)


def list_imports(s: Session, *, unit_ids: Collection[int] | None = None, limit: int = 30) -> Sequence[RosterImport]:
    """Imports, newest first; unit_ids: only those of officers of these units."""
    query = select(RosterImport).order_by(RosterImport.made_at.desc()).limit(limit)
    if unit_ids is not None:
        query = query.where(RosterImport.unit_id.in_(unit_ids))
    return s.scalars(query).all()


def drop_old_files(s: Session, now: datetime) -> int:
    """Empty the cleaned rows and reports of files that nobody applied in time; the log line stays."""
    old = RosterImport.made_at < now - timedelta(hours=KEPT_HOURS)
    query = update(RosterImport).where(old, RosterImport.report.is_not(None)).values(body=None, report=None)
    return int(getattr(s.execute(query), "rowcount", 0))


def _of(table: type[Any], ids: Collection[str]) -> Any:
    return table.person_id.in_(ids)


def _rows(table: type[Any], ids: Collection[str]) -> Select[*tuple[Any, ...]]:
    return select(*table.__table__.columns).where(_of(table, ids))
