"""Scores that readers must forget: people who moved or left, scores that were withdrawn. Numbered like scores."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hocvu.records.roster import has_left
from hocvu.records.scores import take_seqs
from hocvu.records.tables import Person, StoredScore
from hocvu.records.tables_pulls import ScoreRemoval

MOVED, LEFT, WITHDRAWN = "moved", "left", "withdrawn"


def announce_move(s: Session, person_id: str, old_unit_id: int, now: datetime) -> int:
    """Tell readers of the old unit to forget the person, and those of the new one about them. Return how many scores.

    Call it in the same transaction that changes the person's unit.
    """
    return _remove(s, person_id, old_unit_id, MOVED, now, comes_again=True)


def announce_leaving(s: Session, person_id: str, unit_id: int, now: datetime) -> int:
    """Tell all readers to forget the scores of somebody who left. Return how many."""
    return _remove(s, person_id, unit_id, LEFT, now)


def announce_departures(s: Session, today: date, now: datetime) -> int:
    """Tell all readers to forget whoever has left by now and still has a score out. Return how many scores.

    A leaving may be recorded before its day, and a score may be computed anew after it.
    """
    told = (
        select(ScoreRemoval.seq)
        .where(ScoreRemoval.person_id == StoredScore.person_id, ScoreRemoval.period_id == StoredScore.period_id)
        .where(ScoreRemoval.reason == LEFT, ScoreRemoval.seq > StoredScore.seq)
    )
    query = (
        select(Person.id, Person.unit_id, StoredScore.period_id)
        .join(StoredScore, StoredScore.person_id == Person.id)
        .where(has_left(today), ~told.exists())
        .order_by(Person.staff_code, StoredScore.period_id)
    )
    return sum(
        _remove(s, person_id, unit_id, LEFT, now, only=[period_id])
        for person_id, unit_id, period_id in s.execute(query).all()
    )


def announce_return(s: Session, person_id: str, now: datetime) -> int:
    """Tell readers about the scores of somebody who came back. Return how many."""
    periods = _periods_of(s, person_id)
    for number, period_id in zip(take_seqs(s, len(periods)), periods, strict=True):
        _renumber(s, person_id, period_id, number)
    return len(periods)


def withdraw_score(s: Session, person_id: str, period_id: str, unit_id: int, now: datetime) -> int:
    """Tell all readers to forget one score; a later change of it brings it back."""
    return _remove(s, person_id, unit_id, WITHDRAWN, now, only=[period_id])


def _remove(
    s: Session,
    person_id: str,
    unit_id: int,
    reason: str,
    now: datetime,
    *,
    comes_again: bool = False,
    only: Collection[str] | None = None,
) -> int:
    periods = [one for one in _periods_of(s, person_id) if only is None or one in only]
    seqs = iter(take_seqs(s, len(periods) * (2 if comes_again else 1)))
    for period_id in periods:
        row = ScoreRemoval(
            seq=next(seqs), person_id=person_id, period_id=period_id, unit_id=unit_id, reason=reason, removed_at=now
        )
        s.add(row)
        if comes_again:
            _renumber(s, person_id, period_id, next(seqs))
    s.flush()
    return len(periods)


def _periods_of(s: Session, person_id: str) -> list[str]:
    query = select(StoredScore.period_id).where(StoredScore.person_id == person_id)
    return list(s.scalars(query.order_by(StoredScore.period_id)))


def _renumber(s: Session, person_id: str, period_id: str, seq: int) -> None:
    query = update(StoredScore).where(StoredScore.person_id == person_id, StoredScore.period_id == period_id)
    s.execute(query.values(seq=seq))
