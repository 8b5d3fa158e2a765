"""Re-grading on record: runs, each result before and after, and where re-graded results are found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from hocvu.records.attempts import attempts_of
from hocvu.records.tables import Attempt, Evidence, ItemResult, Person
from hocvu.records.tables_regrade import Regrade, RegradeChange
from hocvu.records.tables_year import Snapshot


@dataclass(frozen=True)
class Touched:
    """Which results a re-grading looks at: graded by another content than the current one, or by another engine.

    items: the chosen ones. stale: item versions of these items whose content is not the current one.
    """

    assignment: str
    period_id: str
    items: frozenset[str]
    stale: frozenset[int]
    engine_version: str

    def condition(self) -> ColumnElement[bool]:
        other_engine = Attempt.engine_version != self.engine_version
        return (
            (Attempt.assignment == self.assignment)
            & (Attempt.period_id == self.period_id)
            & Attempt.graded_at.is_not(None)
            & ItemResult.item_id.in_(self.items)
            & or_(ItemResult.item_version_id.in_(self.stale), other_engine)
        )


def count_touched(s: Session, touched: Touched) -> int:
    """How many results would be looked at."""
    query = select(func.count()).select_from(ItemResult).join(Attempt, Attempt.id == ItemResult.attempt_id)
    return s.scalar(query.where(touched.condition())) or 0


def count_touched_people(s: Session, touched: Touched) -> int:
    """How many people have such a result."""
    query = select(func.count(Attempt.person_id.distinct())).join(ItemResult, ItemResult.attempt_id == Attempt.id)
    return s.scalar(query.where(touched.condition())) or 0


def touched_people(s: Session, touched: Touched, after: str, limit: int) -> list[str]:
    """The next people (ids in order, after this one) who have a touched result."""
    query = (
        select(Attempt.person_id)
        .join(ItemResult, ItemResult.attempt_id == Attempt.id)
        .where(touched.condition(), Attempt.person_id > after)
        .distinct()
        .order_by(Attempt.person_id)
        .limit(limit)
    )
    return list(s.scalars(query))


def results_of_people(
    s: Session, assignment: str, period_id: str, items: Collection[str], person_ids: Sequence[str]
) -> list[tuple[Attempt, ItemResult]]:
    """All results of these items that these people have, oldest attempt first."""
    query = (
        select(Attempt, ItemResult)
        .join(ItemResult, ItemResult.attempt_id == Attempt.id)
        .where(
            *attempts_of(period_id, person_ids),
            Attempt.assignment == assignment,
            Attempt.graded_at.is_not(None),
            ItemResult.item_id.in_(items),
        )
        .order_by(Attempt.person_id, Attempt.submitted_at, Attempt.id)
    )
    return [(attempt, row) for attempt, row in s.execute(query)]


def evidence_rows(
    s: Session, assignment: str, period_id: str, person_ids: Sequence[str]
) -> dict[tuple[str, str], Evidence]:
    """Evidence of an assignment by (person id, item id)."""
    query = select(Evidence).where(
        Evidence.assignment == assignment, Evidence.period_id == period_id, Evidence.person_id.in_(person_ids)
    )
    return {(row.person_id, row.item_id): row for row in s.scalars(query)}


def lock_people(s: Session, person_ids: Sequence[str]) -> None:
    """Wait until nobody else grades these people, and keep others from it until the transaction ends."""
    query = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    s.execute(query.with_for_update(key_share=True))


def is_frozen(s: Session, period_id: str) -> bool:
    """Whether the period's record has been frozen: from then on nothing is lowered here."""
    return s.scalar(select(func.count()).select_from(Snapshot).where(Snapshot.period_id == period_id)) != 0


def find_regrade(s: Session, regrade_id: int) -> Regrade | None:
    return s.get(Regrade, regrade_id)


def last_regrade(s: Session, assignment: str) -> Regrade | None:
    """The newest re-grading of an assignment that is not rolled back."""
    query = select(Regrade).where(Regrade.assignment == assignment, Regrade.state != "rolled_back")
    return s.scalars(query.order_by(Regrade.id.desc()).limit(1)).first()


def list_regrades(s: Session, assignment: str, *, limit: int = 20) -> Sequence[Regrade]:
    """The re-gradings of an assignment, newest first."""
    query = select(Regrade).where(Regrade.assignment == assignment).order_by(Regrade.id.desc()).limit(limit)
    return s.scalars(query).all()


def changed_people(s: Session, regrade_id: int, after: str, limit: int) -> list[str]:
    """The next people whose results a re-grading changed."""
    query = select(RegradeChange.person_id).where(
        RegradeChange.regrade_id == regrade_id, RegradeChange.person_id > after
    )
    return list(s.scalars(query.distinct().order_by(RegradeChange.person_id).limit(limit)))


def changes_of(s: Session, regrade_id: int, person_ids: Sequence[str]) -> Sequence[RegradeChange]:
    """What a re-grading changed for these people."""
    query = select(RegradeChange).where(RegradeChange.regrade_id == regrade_id, RegradeChange.person_id.in_(person_ids))
    return s.scalars(query).all()


def changes_of_attempt(s: Session, attempt_id: str) -> Sequence[tuple[RegradeChange, Regrade]]:
    """How an attempt's results changed after they were first given, oldest first; what was rolled back is left out."""
    query = (
        select(RegradeChange, Regrade)
        .join(Regrade, Regrade.id == RegradeChange.regrade_id)
        .where(RegradeChange.attempt_id == attempt_id, Regrade.state.in_(["running", "done"]))
        .order_by(Regrade.id)
    )
    return [(change, regrade) for change, regrade in s.execute(query)]


def result_content(row: ItemResult, engine_version: str) -> dict[str, Any]:
    """A result as it is kept in the history: nothing of it is lost."""
    return {
        "item_version_id": row.item_version_id,
        "points": row.points,
        "max_points": row.max_points,
        "status": row.status,
        "shown": row.shown,
        "feedback": row.feedback,
        "message": row.message,
        "engine_version": engine_version,
    }


def put_result_content(row: ItemResult, content: Mapping[str, Any]) -> None:
    """Make a result what it was."""
    for name in ("item_version_id", "points", "max_points", "status", "shown", "feedback", "message"):
        setattr(row, name, content[name])


def evidence_content(row: Evidence | None) -> dict[str, Any] | None:
    """Evidence as it is kept in the history; None: there was none."""
    if row is None:
        return None
    return {
        "attempt_id": row.attempt_id,
        "share": row.share,
        "points": row.points,
        "max_points": row.max_points,
        "achieved_at": row.achieved_at.isoformat(),
    }


def new_regrade(
    s: Session, touched: Touched, version: str, actor: str, reason: str, decision: str, allow_down: bool, now: datetime
) -> Regrade:
    """Return a run that has begun and changed nothing yet."""
    regrade = Regrade(
        assignment=touched.assignment,
        version=version,
        engine_version=touched.engine_version,
        period_id=touched.period_id,
        items=sorted(touched.items),
        actor=actor,
        reason=reason,
        decision=decision,
        allow_down=allow_down,
        state="running",
        cursor="",
        counts={},
        started_at=now,
        finished_at=None,
        rolled_back_at=None,
        rolled_back_by="",
        roll_back_reason="",
    )
    s.add(regrade)
    s.flush()
    return regrade
