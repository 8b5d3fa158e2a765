"""Units and people: the roster."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.records.tables import Person, Unit
from hocvu.vietnamese import search_form


def add_unit(s: Session, code: str, name: str, bloc: str, *, parent_id: int | None = None) -> Unit:
    """Return the new unit, with its id."""
    unit = Unit(code=code, name=name, bloc=bloc, parent_id=parent_id)
    s.add(unit)
    s.flush()
    return unit


def find_unit(s: Session, unit_id: int) -> Unit | None:
    return s.get(Unit, unit_id)


def find_unit_by_code(s: Session, code: str) -> Unit | None:
    return s.scalar(select(Unit).where(Unit.code == code))


def list_units(s: Session, *, ids: Collection[int] | None = None, bloc: str = "") -> Sequence[Unit]:
    """All units, or those with these ids or of this bloc, by bloc and code."""
    query = select(Unit).order_by(Unit.bloc, Unit.code)
    if ids is not None:
        query = query.where(Unit.id.in_(ids))
    if bloc:
        query = query.where(Unit.bloc == bloc)
    return s.scalars(query).all()


def unit_and_children(s: Session, unit_id: int) -> frozenset[int]:
    """The ids of a unit and of everything below it."""
    tree = select(Unit.id).where(Unit.id == unit_id).cte("tree", recursive=True)
    tree = tree.union(select(Unit.id).where(Unit.parent_id == tree.c.id))  # union, not union all: ends even in a loop
    return frozenset(s.scalars(select(tree.c.id)))


def add_person(
    s: Session,
    *,
    staff_code: str,
    name: str,
    unit_id: int,
    kind: str = "công chức",
    position: str = "",
    department: str = "",
    is_leader: bool = False,
    email: str = "",
    login: str | None = None,
    password_hash: str = "",
    roles: Sequence[str] = (),
    hr_unit_id: int | None = None,
    person_id: str = "",
) -> Person:
    """Return the new person. person_id: only where it must be known beforehand; otherwise a random UUID."""
    person = Person(
        id=person_id or str(uuid.uuid4()),
        staff_code=staff_code,
        name=name,
        name_folded=search_form(name),
        kind=kind,
        position=position,
        department=department,
        is_leader=is_leader,
        unit_id=unit_id,
        email=email,
        login=login,
        password_hash=password_hash,
        roles=list(roles),
        hr_unit_id=hr_unit_id,
    )
    s.add(person)
    s.flush()
    return person


def find_person(s: Session, person_id: str) -> Person | None:
    return s.get(Person, person_id)


def find_by_login(s: Session, login: str) -> Person | None:
    return s.scalar(select(Person).where(Person.login == login))


def find_by_staff_code(s: Session, staff_code: str) -> Person | None:
    return s.scalar(select(Person).where(Person.staff_code == staff_code))


def list_people(
    s: Session, *, unit_ids: Collection[int] | None = None, after_staff_code: str = "", limit: int = 1000
) -> Sequence[Person]:
    """People by staff code, the next `limit` after after_staff_code."""
    query = select(Person).where(Person.staff_code > after_staff_code).order_by(Person.staff_code).limit(limit)
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    return s.scalars(query).all()


def list_departments(s: Session, unit_ids: Collection[int] | None, limit: int = 200) -> list[str]:
    """The names of departments in these units."""
    query = select(Person.department).where(Person.department != "").distinct().order_by(Person.department)
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    return list(s.scalars(query.limit(limit)))


def list_positions(s: Session) -> list[str]:
    """All positions that somebody has."""
    return list(s.scalars(select(Person.position).distinct().order_by(Person.position)))
