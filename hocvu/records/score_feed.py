"""Scores and their removals in the order of one seq: what other systems read page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, and_, cast, select
from sqlalchemy.orm import Session

from hocvu.records.scores import last_seq
from hocvu.records.tables import Person, StoredScore, Unit
from hocvu.records.tables_pulls import ScoreRemoval


class FeedScore(NamedTuple):
    """A score as it goes out. levels: JSON text, passed on as it is stored. A tuple: two hundred thousand are made."""

    seq: int
    staff_code: str
    unit: str
    coverage: float
    levels: str
    band: int
    points: float
    max_points: float
    rule_version: str
    updated_at: datetime
    band_since: datetime | None
    name: str
    kind: str
    position: str
    department: str


@dataclass(frozen=True, slots=True)
class FeedRemoval:
    """Forget this person's score; unit: where it was."""

    seq: int
    staff_code: str
    unit: str
    reason: str
    updated_at: datetime


def read_feed(
    s: Session,
    *,
    period_id: str,
    after_seq: int = 0,
    limit: int = 1000,
    unit_ids: Collection[int] | None = None,
    updated_since: datetime | None = None,
) -> Sequence[FeedScore | FeedRemoval]:
    """The next `limit` entries after after_seq, by seq: a reader goes on from the last seq it has.

    until: on PostgreSQL each of the two queries sees what was committed meanwhile; a removal of the second must not
    carry the reader past a score that the first could not see yet.
    """
    until = last_seq(s)
    scores = _scores(period_id).where(StoredScore.seq > after_seq, StoredScore.seq <= until)
    scores = scores.order_by(StoredScore.seq).limit(limit)
    removals = _removals(period_id).where(ScoreRemoval.seq > after_seq, ScoreRemoval.seq <= until)
    removals = removals.order_by(ScoreRemoval.seq).limit(limit)
    if unit_ids is not None:
        scores, removals = scores.where(Person.unit_id.in_(unit_ids)), removals.where(Unit.id.in_(unit_ids))
    if updated_since is not None:
        scores = scores.where(StoredScore.updated_at >= updated_since)
        removals = removals.where(ScoreRemoval.removed_at >= updated_since)
    entries: list[FeedScore | FeedRemoval] = [FeedScore._make(row) for row in s.execute(scores)]
    removed = [FeedRemoval(*row) for row in s.execute(removals)]
    if removed:
        entries = sorted([*entries, *removed], key=lambda one: one.seq)[:limit]
    return entries


def _scores(period_id: str) -> Select[*tuple[Any, ...]]:
    score, person = StoredScore, Person
    later = and_(
        ScoreRemoval.person_id == score.person_id,
        ScoreRemoval.period_id == score.period_id,
        ScoreRemoval.seq > score.seq,
    )
    return (
        select(
            score.seq,
            person.staff_code,
            Unit.code,
            score.coverage,
            cast(score.levels, Text),
            score.band,
            score.points,
            score.max_points,
            score.rule_version,
            score.updated_at,
            score.band_since,
            person.name,
            person.kind,
            person.position,
            person.department,
        )
        .join(person, person.id == score.person_id)
        .join(Unit, Unit.id == person.unit_id)
        .where(score.period_id == period_id, ~select(ScoreRemoval.seq).where(later).exists())
    )


def _removals(period_id: str) -> Select[*tuple[Any, ...]]:
    return (
        select(ScoreRemoval.seq, Person.staff_code, Unit.code, ScoreRemoval.reason, ScoreRemoval.removed_at)
        .join(Person, Person.id == ScoreRemoval.person_id)
        .join(Unit, Unit.id == ScoreRemoval.unit_id)
        .where(ScoreRemoval.period_id == period_id)
    )
