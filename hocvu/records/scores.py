"""Scores of people in a period, each change numbered by a seq that only grows over all people."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from hocvu.records.chunks import chunks
from hocvu.records.tables import Counter, StoredScore
from hocvu.scores import Score

CHUNK = 500  # rows a statement: below every database's limit of bound values
COUNTER = "scores"


def save_score(s: Session, person_id: str, period_id: str, score: Score, now: datetime) -> bool:
    """Keep a person's score; return whether it changed. Only a change of content gets a new seq and updated_at."""
    return save_scores(s, period_id, {person_id: score}, now) == 1


def save_scores(s: Session, period_id: str, scores: Mapping[str, Score], now: datetime) -> int:
    """Keep the scores of many people (person id → score); return how many changed."""
    seq = _lock_counter(s)  # before reading: two graders of the same person must see each other's score
    changed = 0
    for person_ids in chunks(scores, CHUNK):
        stored = _stored_contents(s, period_id, person_ids)
        new: list[dict[str, Any]] = []
        better: list[dict[str, Any]] = []
        for person_id in person_ids:
            content, before = _content(scores[person_id]), stored.get(person_id)
            since = before.pop("band_since") if before else None
            if before == content:
                continue
            changed += 1
            row = {**content, "person_id": person_id, "period_id": period_id, "seq": seq + changed, "updated_at": now}
            row["band_since"] = _band_since(before["band"] if before else 0, since, content["band"], now)
            (better if person_id in stored else new).append(row)
        if new:
            s.execute(insert(StoredScore), new)
        if better:
            s.execute(update(StoredScore), better)
    if changed:
        s.execute(update(Counter).where(Counter.name == COUNTER).values(value=seq + changed))
    return changed


def find_score(s: Session, person_id: str, period_id: str) -> StoredScore | None:
    """The stored score as it is now in the database."""
    return s.get(StoredScore, (person_id, period_id), populate_existing=True)


def last_seq(s: Session) -> int:
    """The newest seq; 0 before the first score."""
    return s.scalar(select(Counter.value).where(Counter.name == COUNTER)) or 0


def take_seqs(s: Session, count: int) -> range:
    """Take the next `count` numbers, locked until commit."""
    last = _lock_counter(s)
    s.execute(update(Counter).where(Counter.name == COUNTER).values(value=last + count))
    return range(last + 1, last + 1 + count)


_COUNT = select(Counter.value).where(Counter.name == COUNTER).with_for_update()


def _lock_counter(s: Session) -> int:
    """The last seq given out, locked until commit: so seqs become visible in their own order, none is skipped."""
    return s.scalars(_COUNT).one()


def _content(score: Score) -> dict[str, Any]:
    return {
        "coverage": score.coverage,
        "levels": dict(score.levels),
        "band": score.band,
        "points": score.points,
        "max_points": score.max_points,
        "rule_version": score.rule_version,
    }


def _band_since(old: int, since: datetime | None, new: int, now: datetime) -> datetime | None:
    """When the band was reached: now if it rose, as before if not; None without a band."""
    if new == 0:
        return None
    return now if new > old else since


_CONTENTS = select(
    StoredScore.person_id,
    StoredScore.coverage,
    StoredScore.levels,
    StoredScore.band,
    StoredScore.points,
    StoredScore.max_points,
    StoredScore.rule_version,
    StoredScore.band_since,
).where(
    StoredScore.period_id == bindparam("period_id"),
    StoredScore.person_id.in_(bindparam("person_ids", expanding=True)),
)


def _stored_contents(s: Session, period_id: str, person_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    chosen = {"period_id": period_id, "person_ids": list(person_ids)}
    contents = {}
    for row in s.execute(_CONTENTS, chosen).mappings():
        content = dict(row)
        contents[content.pop("person_id")] = content
    return contents
