"""Whose people somebody may see: HR their units or the city, the head of a unit that unit and those below."""

from sqlalchemy.orm import Session

from hocvu.portal.errors import ApiError, not_found
from hocvu.records import Person, find_by_staff_code, unit_and_children

MOVED = (
    "Vai trò này của anh/chị chưa gắn với đơn vị nơi anh/chị đang làm việc. "
    "Anh/chị báo bộ phận tổ chức cán bộ để được gắn lại; trong lúc chờ, trang này không mở."
)


def units_of_officer(s: Session, person: Person) -> frozenset[int] | None:
    """Return the units of an HR officer or a board member; None = the whole city. Raises as units_of_head."""
    return None if person.hr_unit_id is None else units_of_head(s, person)


def units_of_head(s: Session, person: Person) -> frozenset[int]:
    """Return the unit that came with the role, and those below.

    Raises ApiError where there is none, or where the person has moved elsewhere since: nobody keeps seeing people
    after leaving them.
    """
    units = frozenset[int]() if person.hr_unit_id is None else unit_and_children(s, person.hr_unit_id)
    if person.unit_id not in units:
        raise ApiError(403, "no_unit", MOVED)
    return units


def units_to_confirm(s: Session, person: Person) -> frozenset[int] | None:
    """Return whose contributions somebody may handle: HR's units first, else the head's own."""
    return units_of_officer(s, person) if "hr" in person.roles else units_of_head(s, person)


def person_in(s: Session, staff_code: str, units: frozenset[int] | None) -> Person:
    """Return the person; one outside these units looks like one that does not exist (404)."""
    person = find_by_staff_code(s, staff_code.strip())
    if person is None or (units is not None and person.unit_id not in units):
        raise not_found()
    return person
