"""Appeals (kiến nghị): numbered on receipt, listed with filters, each step in a log that only grows."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVarTuple

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from hocvu.records.tables import Counter, Person
from hocvu.records.tables_year import Appeal, AppealEvent

COUNTER = "appeals"
Row = TypeVarTuple("Row")
RECEIVED, IN_REVIEW, ANSWERED = "received", "in_review", "answered"


@dataclass(frozen=True)
class AppealFilter:
    """What a list of appeals is narrowed by; every default means "no limit"."""

    unit_ids: Collection[int] | None = None
    kinds: Collection[str] = ()
    state: str = ""
    overdue_on: date | None = None  # not answered, and due before this day


def add_appeal(
    s: Session,
    *,
    period_id: str,
    person_id: str,
    kind: str,
    text: str,
    received_at: datetime,
    due_on: date,
    is_late: bool,
    attempt_id: str | None = None,
    item_id: str = "",
    item_version_id: int | None = None,
) -> Appeal:
    """Return the stored appeal with its receipt number; the first line of its log is written."""
    number = s.scalars(select(Counter.value).where(Counter.name == COUNTER).with_for_update()).one() + 1
    s.execute(update(Counter).where(Counter.name == COUNTER).values(value=number))
    appeal = Appeal(
        id=str(uuid.uuid4()),
        number=f"KN-{period_id}-{number:05d}",
        period_id=period_id,
        person_id=person_id,
        kind=kind,
        text=text,
        attempt_id=attempt_id,
        item_id=item_id,
        item_version_id=item_version_id,
        received_at=received_at,
        due_on=due_on,
        is_late=is_late,
        state=RECEIVED,
        outcome="",
        answer="",
    )
    s.add(appeal)
    s.flush()
    add_appeal_event(s, appeal.id, person_id, "received", "", received_at)
    return appeal


def add_appeal_event(s: Session, appeal_id: str, actor: str, what: str, text: str, now: datetime) -> None:
    s.add(AppealEvent(appeal_id=appeal_id, at=now, actor=actor, what=what, text=text))
    s.flush()


def find_appeal(s: Session, appeal_id: str, *, lock: bool = False) -> Appeal | None:
    """One appeal; lock: until commit, so that two reviewers cannot conclude it at once."""
    return s.get(Appeal, appeal_id, with_for_update=True if lock else None)


def appeal_events(s: Session, appeal_id: str) -> Sequence[AppealEvent]:
    """The log, oldest first."""
    return s.scalars(select(AppealEvent).filter_by(appeal_id=appeal_id).order_by(AppealEvent.id)).all()


def appeals_of(s: Session, person_id: str) -> Sequence[Appeal]:
    """A person's appeals, newest first."""
    query = select(Appeal).where(Appeal.person_id == person_id)
    return s.scalars(query.order_by(Appeal.received_at.desc(), Appeal.number.desc())).all()


def list_appeals(s: Session, period_id: str, only: AppealFilter, *, limit: int, offset: int = 0) -> Sequence[Appeal]:
    """Appeals of a period: unanswered ones first, the nearest due day first."""
    query = _filtered(select(Appeal).where(Appeal.period_id == period_id), only)
    query = query.order_by(Appeal.state == ANSWERED, Appeal.due_on, Appeal.number)
    return s.scalars(query.limit(limit).offset(offset)).all()


def count_appeals(s: Session, period_id: str, only: AppealFilter) -> int:
    query = _filtered(select(func.count()).select_from(Appeal).where(Appeal.period_id == period_id), only)
    return s.scalar(query) or 0


def count_open_appeals(s: Session, period_id: str) -> int:
    """How many are not answered yet."""
    query = select(func.count()).select_from(Appeal)
    return s.scalar(query.where(Appeal.period_id == period_id, Appeal.state != ANSWERED)) or 0


def open_appeals_about(s: Session, period_id: str, item_id: str, kinds: Collection[str]) -> Sequence[Appeal]:
    """Unanswered appeals about one item, locked."""
    query = select(Appeal).where(
        Appeal.period_id == period_id, Appeal.item_id == item_id, Appeal.state != ANSWERED, Appeal.kind.in_(kinds)
    )
    return s.scalars(query.order_by(Appeal.number).with_for_update()).all()


def appeal_states(s: Session, period_id: str, person_ids: Collection[str] | None = None) -> Mapping[str, bool]:
    """Who (of these people) has sent appeals: person → whether one still waits for its answer."""
    query = select(Appeal.person_id, Appeal.state).where(Appeal.period_id == period_id)
    if person_ids is not None:
        query = query.where(Appeal.person_id.in_(person_ids))
    waiting: dict[str, bool] = {}
    for person_id, state in s.execute(query):
        waiting[person_id] = waiting.get(person_id, False) or state != ANSWERED
    return waiting


def _filtered(query: Select[*Row], only: AppealFilter) -> Select[*Row]:
    if only.unit_ids is not None:
        query = query.where(Appeal.person_id.in_(select(Person.id).where(Person.unit_id.in_(only.unit_ids))))
    if only.kinds:
        query = query.where(Appeal.kind.in_(only.kinds))
    if only.state:
        query = query.where(Appeal.state == only.state)
    if only.overdue_on is not None:
        query = query.where(Appeal.state != ANSWERED, Appeal.due_on < only.overdue_on)
    return query
