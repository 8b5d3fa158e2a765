"""Who holds which role, since when and by whom, as far as the log knows."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hocvu.records.people import unit_and_children
from hocvu.records.roles import ROLE_CHANGE, SCOPED, has_role
from hocvu.records.roster import gone_before
from hocvu.records.tables import AuditEntry, Person, Unit
from hocvu.records.tables_roster import Membership
from hocvu.vietnamese import search_form


def list_role_people(
    s: Session,
    search: str = "",
    unit_ids: Collection[int] | None = None,
    role: str = "",
    *,
    limit: int,
    offset: int = 0,
) -> list[tuple[Person, Unit]]:
    """People with their units, those with a role first. Nothing asked for: only those with a role.

    search: part of a name, or the start of a staff code or log-in; role: only who has it.
    """
    query = select(Person, Unit).join(Unit, Unit.id == Person.unit_id)
    if role or not (search.strip() or unit_ids is not None):
        query = query.where(has_role(role) if role else has_role())
    if search.strip():
        query = query.where(_matches(search))
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    query = query.order_by(has_role().desc(), Unit.code, Person.staff_code).limit(limit).offset(offset)
    return [(person, unit) for person, unit in s.execute(query)]


def without_effect(s: Session, people: Collection[Person], today: date) -> dict[str, str]:
    """Return person id → why their roles open nothing: they "left", or "moved" away from the unit of the role."""
    ids = [person.id for person in people]
    left = s.scalars(gone_before(today).where(Membership.person_id.in_(ids)))
    trees = {unit: unit_and_children(s, unit) for person in people if (unit := person.hr_unit_id) is not None}
    moved = {
        one.id for one in people if one.hr_unit_id is not None and one.unit_id not in trees[one.hr_unit_id]
    }  # fmt: skip
    return {**dict.fromkeys(moved, "moved"), **dict.fromkeys(left, "left")}


def grants_of(s: Session, people: Collection[Person]) -> dict[tuple[str, str], AuditEntry]:
    """Return (person id, role) → the log's line of its giving, for roles they have now and the log knows about."""
    of_person = AuditEntry.detail["person"].as_string()
    query = select(AuditEntry).where(AuditEntry.action == ROLE_CHANGE, of_person.in_([person.id for person in people]))
    found: dict[tuple[str, str], AuditEntry] = {}
    for entry in s.scalars(query.order_by(AuditEntry.id)):
        person_id = str(entry.detail["person"])
        if given := entry.detail.get("given"):
            found[person_id, str(given)] = entry
        if taken := entry.detail.get("taken"):
            found.pop((person_id, str(taken)), None)
    return found


def is_effective(role: str, why_not: str) -> bool:
    """Whether the role opens its pages: moving ends only what is bound to a unit, leaving ends all."""
    return not why_not or (why_not == "moved" and role not in SCOPED)


def people_by_id(s: Session, ids: Collection[str]) -> dict[str, Person]:
    return {person.id: person for person in s.scalars(select(Person).where(Person.id.in_(ids)))}


def _matches(search: str) -> ColumnElement[bool]:
    start = search.strip()
    return or_(
        Person.name_folded.contains(search_form(search), autoescape=True),
        Person.staff_code.istartswith(start, autoescape=True),
        Person.login.istartswith(start, autoescape=True),
    )
