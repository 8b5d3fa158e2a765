"""Activation codes: who needs one, the newest of a person, and its one use."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from hocvu.records.roster import gone_before
from hocvu.records.tables import Person, Unit
from hocvu.records.tables_access import ActivationCode

CHUNK = 500  # rows a statement: below every database's limit of bound values


@dataclass(frozen=True)
class UnitAccounts:
    """How far the people of one unit are: with a password, with a code that still works, with neither."""

    code: str
    name: str
    people: int
    ready: int
    invited: int

    @property
    def waiting(self) -> int:
        return self.people - self.ready - self.invited


def put_codes(s: Session, hashes: Mapping[str, str], *, made_by: str, now: datetime, expires_at: datetime) -> None:
    """Keep the hashes of new codes (person id → hash); codes that these people had stop working."""
    fixed = {"made_by": made_by, "made_at": now, "expires_at": expires_at, "used_at": None}
    everybody = sorted(hashes)
    for person_ids in (everybody[at : at + CHUNK] for at in range(0, len(everybody), CHUNK)):
        s.execute(delete(ActivationCode).where(ActivationCode.person_id.in_(person_ids)))
        s.execute(insert(ActivationCode), [{"person_id": id, "code_hash": hashes[id], **fixed} for id in person_ids])


def find_code(s: Session, staff_code: str, now: datetime) -> tuple[Person, str] | None:
    """The person of this staff code, typed in capitals or not, and the hash of their code, if it still works."""
    query = (
        select(Person, ActivationCode.code_hash)
        .join(ActivationCode, ActivationCode.person_id == Person.id)
        .where(Person.staff_code.in_((staff_code, staff_code.upper())), _works(now))
    )
    found = {person.staff_code: (person, stored) for person, stored in s.execute(query)}
    return found.get(staff_code) or found.get(staff_code.upper())


def spend_code(s: Session, person_id: str, code_hash: str, now: datetime) -> bool:
    """Use the code up; False if it was used, replaced or has ended meanwhile. Of two at once one wins."""
    spend = (
        update(ActivationCode)
        .where(ActivationCode.person_id == person_id, ActivationCode.code_hash == code_hash, _works(now))
        .values(used_at=now)
        .returning(ActivationCode.person_id)
    )
    return s.scalar(spend) is not None


def people_without_password(
    s: Session, unit_ids: Collection[int], day: date, now: datetime, *, again: bool, limit: int
) -> Sequence[tuple[Person, Unit]]:
    """People of these units who have not left by that day and have no password, by unit and staff code.

    again: those too who hold a code that still works.
    """
    query = (
        select(Person, Unit)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.unit_id.in_(unit_ids), Person.password_hash == "", Person.id.not_in(gone_before(day)))
        .order_by(Unit.code, Person.staff_code)
        .limit(limit)
    )
    if not again:
        query = query.where(Person.id.not_in(select(ActivationCode.person_id).where(_works(now))))
    return [(person, unit) for person, unit in s.execute(query)]


def count_accounts(s: Session, unit_ids: Collection[int] | None, day: date, now: datetime) -> list[UnitAccounts]:
    """How far people are, unit by unit; None: all units. Who has left is not counted."""
    has, works = Person.password_hash != "", and_(ActivationCode.person_id.is_not(None), _works(now))
    counts = func.count(), func.sum(case((has, 1), else_=0)), func.sum(case((and_(~has, works), 1), else_=0))
    query = (
        select(Unit.code, Unit.name, *counts)
        .select_from(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(ActivationCode, ActivationCode.person_id == Person.id)
        .where(Person.id.not_in(gone_before(day)))
        .group_by(Unit.code, Unit.name)
        .order_by(Unit.code)
    )
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    return [UnitAccounts(*row) for row in s.execute(query)]


def _works(now: datetime) -> ColumnElement[bool]:
    return and_(ActivationCode.used_at.is_(None), ActivationCode.expires_at > now)
