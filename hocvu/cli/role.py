"""The verb `role`: who may do more than learn. Given and taken on this machine, by name, and logged."""

from argparse import Namespace

from sqlalchemy.orm import Session

from hocvu.cli.say import say
from hocvu.errors import HocvuError
from hocvu.portal.services import utc_now
from hocvu.portal.words import ROLE_NAMES
from hocvu.records import Person, add_audit, end_sessions_of, find_by_staff_code, find_unit_by_code, open_records
from hocvu.settings import Settings

BOUND = "unit_head"  # always of one unit


class RoleRefused(HocvuError):
    """A role cannot be given or taken; the message says why."""

    code = "role_refused"


def role(settings: Settings, chosen: Namespace) -> int:
    """Give or take a role, end the person's log-ins, and print what they may do now."""
    records = open_records(settings.database)
    try:
        with records.session() as s:
            person, by = _person(s, chosen.person), _person(s, chosen.by)
            if chosen.give:
                _give(s, person, chosen.give, chosen.unit)
            else:
                person.roles = [one for one in person.roles if one != chosen.take]
            detail = {"person": person.id, "given": chosen.give or "", "taken": chosen.take or "", "unit": chosen.unit}
            add_audit(s, by.id, "role.change", detail, utc_now())
            end_sessions_of(s, person.id)
        names = ", ".join(ROLE_NAMES.get(one, one) for one in person.roles)
        say(f"{person.staff_code} {person.name}: {names}")
        return 0
    finally:
        records.close()


def _give(s: Session, person: Person, given: str, unit_code: str) -> None:
    unit = find_unit_by_code(s, unit_code) if unit_code else None
    if unit_code and unit is None:
        raise RoleRefused(f"--unit {unit_code}: no such unit. Use a unit code from the HR page.")
    if given == BOUND and (unit is None or unit.id != person.unit_id):
        raise RoleRefused(f"{person.staff_code}: a unit_head needs --unit, and works in that unit.")
    if given in ("hr", "board", BOUND):
        person.hr_unit_id = unit.id if unit else None
    person.roles = [*(one for one in person.roles if one != given), given]


def _person(s: Session, staff_code: str) -> Person:
    person = find_by_staff_code(s, staff_code)
    if person is None:
        raise RoleRefused(f"{staff_code}: no such staff code. Use a code from the HR page.")
    return person
