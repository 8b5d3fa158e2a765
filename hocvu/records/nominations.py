"""Nominations: who was put before the emulation board, by whom and why. Withdrawn ones stay on record."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hocvu.records.tables import Person, Unit
from hocvu.records.tables_people_decide import Nomination


def add_nomination(s: Session, nomination: Nomination) -> None:
    s.add(nomination)
    s.flush()


def find_nomination(s: Session, nomination_id: int) -> tuple[Nomination, Person, Unit] | None:
    """One nomination with its person and unit, withdrawn or not."""
    row = s.execute(_query().where(Nomination.id == nomination_id)).first()
    return None if row is None else (row[0], row[1], row[2])


def standing_nomination(s: Session, period_id: str, person_id: str) -> Nomination | None:
    """The nomination of a person that stands in a period."""
    query = select(Nomination).filter_by(period_id=period_id, person_id=person_id, withdrawn_at=None)
    return s.scalars(query).first()


def list_nominations(
    s: Session, period_id: str, *, unit_ids: Collection[int] | None = None, with_withdrawn: bool = False
) -> Sequence[tuple[Nomination, Person, Unit]]:
    """Nominations of a period by unit and staff code, never by a result."""
    query = _query().where(Nomination.period_id == period_id).order_by(Unit.code, Person.staff_code, Nomination.id)
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    if not with_withdrawn:
        query = query.where(Nomination.withdrawn_at.is_(None))
    return [(row[0], row[1], row[2]) for row in s.execute(query)]


def withdraw_nomination(s: Session, nomination: Nomination, by: str, reason: str, now: datetime) -> None:
    nomination.withdrawn_by, nomination.withdrawn_at, nomination.withdrawn_reason = by, now, reason
    s.flush()


def _query() -> Select[Nomination, Person, Unit]:
    return (
        select(Nomination, Person, Unit)
        .join(Person, Person.id == Nomination.person_id)
        .join(Unit, Unit.id == Person.unit_id)
    )
