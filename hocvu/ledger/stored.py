"""What the store holds about some people in a period, read in a few queries into columns: one entry a row.

Columns, because a city has some 30 million rows: an object for each cost more than all that is computed from them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hocvu.records import Attempt, Evidence, ItemResult, ItemVersion, Person, StoredScore, contributions_of_people
from hocvu.records.attempts import attempts_of
from hocvu.records.tables_year import ItemCredit, ItemDecision
from hocvu.records.withdrawals import WITHDRAW, list_item_decisions
from hocvu.results import Status
from hocvu.scores import Contribution
from hocvu.scoring import ItemSet
from hocvu.scoring.matrix import Floats, Numbers, columns_of

KEPT = ("coverage", "levels", "band", "points", "max_points", "rule_version")
STATUSES = tuple(Status)
_STATUS = {status.value: place for place, status in enumerate(STATUSES)}
ROWS = 200  # small: see _columns
Spell = tuple[datetime, datetime | None]  # from a withdrawal to the restoring, None: still withdrawn


@dataclass(frozen=True)
class Attempts:
    """Graded attempts. person: place in the books' people."""

    person: Sequence[int]
    id: Sequence[str]
    assignment: Sequence[str]
    version: Sequence[str]
    seed: Sequence[int]
    answers: Sequence[Mapping[str, Any]]
    sha256: Sequence[str]
    engine_version: Sequence[str]
    graded_at: Sequence[datetime]


@dataclass(frozen=True)
class Results:
    """Results of these attempts. attempt, item, status: places in attempts, the books' items, STATUSES."""

    attempt: Numbers
    item: Numbers
    version: Numbers  # id of the item version
    points: Floats
    max_points: Floats
    status: Numbers


@dataclass(frozen=True)
class EvidenceRows:
    """Stored evidence. person, item: places in the books' people and items."""

    person: Numbers
    item: Numbers
    share: Floats


@dataclass(frozen=True)
class Books:
    """All of it, as it was at one moment.

    items: ids, first those of columns_of in that order, then others that somebody has a result or evidence of.
    versions: id → content hash ("" where it was not kept) and kind. scores: only of people who have one.
    credits: (person, item id) made full by decision.
    """

    people: tuple[str, ...]
    items: tuple[str, ...]
    attempts: Attempts
    results: Results
    versions: Mapping[int, tuple[str, str]]
    evidence: EvidenceRows
    scores: Mapping[str, Mapping[str, Any]]
    contributions: Mapping[str, tuple[Contribution, ...]]
    credits: frozenset[tuple[str, str]]
    withdrawn: Mapping[str, tuple[Spell, ...]]

    def is_withdrawn_at(self, item_id: str, at: datetime) -> bool:
        spells = self.withdrawn.get(item_id, ())
        return any(since <= at and (until is None or at < until) for since, until in spells)


class Places(dict[str, int]):
    """Names to their places in order of appearance; a new name gets the next place."""

    @classmethod
    def of(cls, names: Iterable[str]) -> "Places":
        return cls((name, place) for place, name in enumerate(names))

    def __missing__(self, name: str) -> int:
        return self.setdefault(name, len(self))

    def column(self, names: Sequence[str]) -> Numbers:
        return np.fromiter(map(self.__getitem__, names), dtype=np.int64, count=len(names))


def next_people(s: Session, after: str, limit: int) -> list[str]:
    """The next ids of people, in their order."""
    return list(s.scalars(select(Person.id).where(Person.id > after).order_by(Person.id).limit(limit)))


def open_books(s: Session, period_id: str, person_ids: Sequence[str], items: ItemSet) -> Books:
    """Return what is stored of these people."""
    person, item = Places.of(person_ids), Places.of(one.item_id for one in columns_of(items))
    attempts = _attempts(s, period_id, person_ids, person)
    results = _results(s, period_id, person_ids, attempts, item)
    evidence = read_evidence(s, period_id, person_ids, person, item)
    return Books(
        people=tuple(person_ids),
        items=tuple(item),
        attempts=attempts,
        results=results,
        versions=_versions(s, np.unique(results.version).tolist()),
        evidence=evidence,
        scores=_scores(s, period_id, person_ids),
        contributions=contributions_of_people(s, period_id, person_ids),
        credits=_credits(s, period_id, person_ids),
        withdrawn=_withdrawn(s, period_id),
    )


def read_evidence(s: Session, period_id: str, person_ids: Sequence[str], person: Places, item: Places) -> EvidenceRows:
    """Return the stored evidence of these people, in no order."""
    query = select(Evidence.person_id, Evidence.item_id, Evidence.share).where(
        Evidence.period_id == period_id, Evidence.person_id.in_(person_ids)
    )
    people, items, shares = _columns(s, query)
    return EvidenceRows(person.column(people), item.column(items), np.array(shares, dtype=np.float64))


def _columns(s: Session, query: Select[*tuple[Any, ...]]) -> list[list[Any]]:
    """Return the answer column by column. A few rows at a time: thousands alive at once make Python's garbage
    collector go through all of them again and again, which cost as much as reading them."""
    columns: list[list[Any]] = [[] for _ in query.selected_columns]
    for rows in s.connection().execute(query).partitions(ROWS):
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column += values
    return columns


def _attempts(s: Session, period_id: str, person_ids: Sequence[str], person: Places) -> Attempts:
    query = select(
        Attempt.person_id,
        Attempt.id,
        Attempt.assignment,
        Attempt.version,
        Attempt.seed,
        Attempt.answers,
        Attempt.sha256,
        Attempt.engine_version,
        Attempt.graded_at,
    ).where(*attempts_of(period_id, person_ids), Attempt.graded_at.is_not(None))
    people, *others = _columns(s, query)
    return Attempts([person[one] for one in people], *others)


def _results(s: Session, period_id: str, person_ids: Sequence[str], attempts: Attempts, item: Places) -> Results:
    query = (
        select(
            ItemResult.attempt_id,
            ItemResult.item_id,
            ItemVersion.id,
            ItemResult.points,
            ItemResult.max_points,
            ItemResult.status,
        )
        .join(Attempt, Attempt.id == ItemResult.attempt_id)
        .join(ItemVersion, ItemVersion.id == ItemResult.item_version_id)
        .where(*attempts_of(period_id, person_ids), Attempt.graded_at.is_not(None))
    )
    attempt = Places.of(attempts.id)
    of, items, versions, points, max_points, statuses = _columns(s, query)
    return Results(
        attempt.column(of),
        item.column(items),
        np.array(versions, dtype=np.int64),
        np.array(points, dtype=np.float64),
        np.array(max_points, dtype=np.float64),
        np.fromiter(map(_STATUS.__getitem__, statuses), dtype=np.int64, count=len(statuses)),
    )


def _versions(s: Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    query = select(ItemVersion.id, ItemVersion.content_hash, ItemVersion.kind).where(ItemVersion.id.in_(ids))
    return {id: (hashed or "", kind) for id, hashed, kind in s.execute(query)}


def _scores(s: Session, period_id: str, person_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    columns = [getattr(StoredScore, name) for name in KEPT]
    query = select(StoredScore.person_id, *columns).where(
        StoredScore.period_id == period_id, StoredScore.person_id.in_(person_ids)
    )
    return {person_id: dict(zip(KEPT, kept, strict=True)) for person_id, *kept in s.execute(query)}


def _credits(s: Session, period_id: str, person_ids: Sequence[str]) -> frozenset[tuple[str, str]]:
    query = (
        select(ItemCredit.person_id, ItemDecision.item_id)
        .join(ItemDecision, ItemDecision.id == ItemCredit.decision_id)
        .where(ItemDecision.period_id == period_id, ItemCredit.person_id.in_(person_ids))
    )
    return frozenset((person_id, item_id) for person_id, item_id in s.execute(query))


def _withdrawn(s: Session, period_id: str) -> dict[str, tuple[Spell, ...]]:
    """When each item was out of the set by decision."""
    found: dict[str, tuple[Spell, ...]] = {}
    for decision in list_item_decisions(s, period_id):
        before = found.get(decision.item_id, ())
        if decision.action == WITHDRAW:
            found[decision.item_id] = (*before, (decision.decided_at, None))
        elif before:
            found[decision.item_id] = (*before[:-1], (before[-1][0], decision.decided_at))
    return found
