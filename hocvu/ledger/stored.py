"""What the store holds about some people in a period, read in a few queries: attempts, results, evidence, scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.records import (
    Attempt,
    ItemResult,
    ItemVersion,
    Person,
    StoredScore,
    contributions_of_people,
    evidence_of_people,
)
from hocvu.records.tables_year import ItemCredit, ItemDecision
from hocvu.records.withdrawals import WITHDRAW, list_item_decisions
from hocvu.results import Result, Status
from hocvu.scores import Contribution
from hocvu.scoring.bands import confirms

KEPT = ("coverage", "levels", "band", "points", "max_points", "rule_version")
_STATUS = {one.value: one for one in Status}  # a look-up: millions of results are read
Spell = tuple[datetime, datetime | None]  # from a withdrawal to the restoring, None: still withdrawn


@dataclass(frozen=True)
class StoredResult:
    """One result, with the hash of the question, key and points it was graded by; "" where it was not kept."""

    result: Result
    content_hash: str
    kind: str = ""


@dataclass(frozen=True)
class StoredAttempt:
    """A graded attempt with its results."""

    id: str
    assignment: str
    version: str
    seed: int
    answers: Mapping[str, Any]
    sha256: str
    engine_version: str
    graded_at: datetime
    results: tuple[StoredResult, ...]


@dataclass(frozen=True)
class StoredPerson:
    """One person in a period. evidence: item → share. score None: none stored. credits: items made full by decision."""

    id: str
    attempts: tuple[StoredAttempt, ...]
    evidence: Mapping[str, float]
    score: Mapping[str, Any] | None
    contributions: tuple[Contribution, ...]
    credits: frozenset[str]
    withdrawn: Mapping[str, tuple[Spell, ...]]

    def is_credited(self, item_id: str, graded_at: datetime) -> bool:
        """Whether a decision on a faulty item gives the full share: to who had tried it, and who tried it meanwhile."""
        if item_id in self.credits:
            return True
        spells = self.withdrawn.get(item_id, ())
        return any(since <= graded_at and (until is None or graded_at < until) for since, until in spells)

    def is_confirmed(self, rule: Rule) -> bool:
        """Whether a person confirmed a contribution that a band of the rule asks for."""
        return any(confirms(one, band) for one in self.contributions for band in rule.bands if band.by_people)


def next_people(s: Session, after: str, limit: int) -> list[str]:
    """The next ids of people, in their order."""
    return list(s.scalars(select(Person.id).where(Person.id > after).order_by(Person.id).limit(limit)))


def load_people(s: Session, period_id: str, person_ids: Sequence[str]) -> list[StoredPerson]:
    """Return what is stored of these people, in the order given."""
    attempts = _attempts(s, period_id, person_ids)
    evidence = evidence_of_people(s, period_id, person_ids)
    scores = stored_scores(s, period_id, person_ids)
    contributions = contributions_of_people(s, period_id, person_ids)
    credits, withdrawn = _credits(s, period_id, person_ids), _withdrawn(s, period_id)
    return [
        StoredPerson(
            person_id,
            tuple(attempts.get(person_id, ())),
            evidence[person_id],
            scores.get(person_id),
            contributions.get(person_id, ()),
            frozenset(credits.get(person_id, ())),
            withdrawn,
        )
        for person_id in person_ids
    ]


def stored_scores(s: Session, period_id: str, person_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The content of stored scores by person."""
    columns = [getattr(StoredScore, name) for name in KEPT]
    query = select(StoredScore.person_id, *columns).where(
        StoredScore.period_id == period_id, StoredScore.person_id.in_(person_ids)
    )
    return {person_id: dict(zip(KEPT, kept, strict=True)) for person_id, *kept in s.execute(query)}


def _attempts(s: Session, period_id: str, person_ids: Sequence[str]) -> dict[str, list[StoredAttempt]]:
    ours = (Attempt.period_id == period_id, Attempt.person_id.in_(person_ids), Attempt.graded_at.is_not(None))
    results = _results(s, ours)
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
    ).where(*ours)
    found: dict[str, list[StoredAttempt]] = {}
    for row in s.execute(query.order_by(Attempt.submitted_at, Attempt.id)).mappings():
        content = dict(row)
        person_id = content.pop("person_id")
        attempt = StoredAttempt(**content, results=tuple(results.get(content["id"], ())))
        found.setdefault(person_id, []).append(attempt)
    return found


def _results(s: Session, ours: Sequence[Any]) -> dict[str, list[StoredResult]]:
    query = (
        select(
            ItemResult.attempt_id,
            ItemResult.item_id,
            ItemResult.points,
            ItemResult.max_points,
            ItemResult.status,
            ItemVersion.content_hash,
            ItemVersion.kind,
        )
        .join(Attempt, Attempt.id == ItemResult.attempt_id)
        .join(ItemVersion, ItemVersion.id == ItemResult.item_version_id)
        .where(*ours)
        .order_by(ItemResult.attempt_id, ItemResult.item_id)
    )
    found: dict[str, list[StoredResult]] = {}
    for attempt_id, item_id, points, max_points, status, hashed, kind in s.execute(query):
        result = Result(item_id, points, max_points, _STATUS[status])
        found.setdefault(attempt_id, []).append(StoredResult(result, hashed or "", kind))
    return found


def _credits(s: Session, period_id: str, person_ids: Sequence[str]) -> dict[str, set[str]]:
    query = (
        select(ItemCredit.person_id, ItemDecision.item_id)
        .join(ItemDecision, ItemDecision.id == ItemCredit.decision_id)
        .where(ItemDecision.period_id == period_id, ItemCredit.person_id.in_(person_ids))
    )
    found: dict[str, set[str]] = {}
    for person_id, item_id in s.execute(query):
        found.setdefault(person_id, set()).add(item_id)
    return found


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
