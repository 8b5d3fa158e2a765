"""People with their roles as the administrator's page shows them, and changes of roles in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from hocvu.records import AuditEntry, Person, Unit, list_units
from hocvu.records.role_holders import grants_of, is_effective, people_by_id, without_effect
from hocvu.records.roles import CITY, GIVEN, ROLE_NAMES, SCOPED, scope_words

WHY_NOT = {
    "left": "không còn hiệu lực: đã rời cơ quan",
    "moved": "không còn hiệu lực: đã chuyển khỏi đơn vị ấy",
}


@dataclass(frozen=True)
class Held:
    """A role of a person. scope "": it has none; since None and by "": the log does not know."""

    role: str
    scope: str
    since: datetime | None
    by: str
    why_not: str  # why it opens nothing at present, "" if it does


@dataclass(frozen=True)
class RolePerson:
    """A person, their unit and what they hold beyond learning."""

    person: Person
    unit: Unit
    held: tuple[Held, ...]
    has_left: bool


@dataclass(frozen=True)
class Change:
    """One line of the log in words. person None: no longer in the store."""

    at: datetime
    by: str
    person: Person | None
    is_given: bool
    role: str
    scope: str
    reason: str
    via: str


def role_people(s: Session, found: Sequence[tuple[Person, Unit]], today: date) -> list[RolePerson]:
    """Return what these people hold."""
    people = [person for person, _ in found]
    grants, why_not = grants_of(s, people), without_effect(s, people, today)
    actors = people_by_id(s, {grant.actor for grant in grants.values()})

    def held(person: Person, role: str) -> Held:
        grant, why = grants.get((person.id, role)), why_not.get(person.id, "")
        return Held(
            role,
            scope_words(s, person, role) if role in SCOPED else "",
            grant.at if grant else None,
            _who(actors.get(grant.actor), grant.actor) if grant else "",
            "" if is_effective(role, why) else WHY_NOT[why],
        )

    return [
        RolePerson(
            person,
            unit,
            tuple(held(person, role) for role in GIVEN if role in person.roles),
            why_not.get(person.id) == "left",
        )
        for person, unit in found
    ]


def changes_in_words(s: Session, entries: Sequence[AuditEntry]) -> list[Change]:
    """Return the log's lines about roles in words, in the same order."""
    people = people_by_id(s, {one for entry in entries for one in (entry.actor, str(entry.detail.get("person", "")))})
    units = {unit.code: unit.name for unit in list_units(s)}

    def change(entry: AuditEntry) -> Change:
        detail = {name: value for name, value in entry.detail.items() if isinstance(value, str)}
        role, unit = detail.get("given") or detail.get("taken", ""), detail.get("unit", "")
        return Change(
            entry.at,
            _who(people.get(entry.actor), entry.actor),
            people.get(detail.get("person", "")),
            bool(detail.get("given")),
            ROLE_NAMES.get(role, role),
            (units.get(unit, unit) or CITY) if role in SCOPED else "",
            detail.get("reason", ""),
            detail.get("via", ""),
        )

    return [change(entry) for entry in entries]


def _who(person: Person | None, otherwise: str) -> str:
    return f"{person.name} ({person.staff_code})" if person else otherwise
