"""Results of attempts, and the best-of evidence that levels are computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from hocvu.records.failures import NotRegistered
from hocvu.records.item_versions import item_versions_of
from hocvu.records.tables import Attempt, Evidence, ItemResult, ItemVersion, Person
from hocvu.records.withdrawals import withdrawn_items
from hocvu.results import Feedback, Result, Status

CODE_KIND = "COD"


def save_results(s: Session, attempt: Attempt, results: Sequence[Result], engine_version: str, now: datetime) -> None:
    """Keep an attempt's results and raise the person's evidence where they are better; never lower it.

    Saving the same results again rewrites the same rows. All of it is in the session's transaction, which from here
    on is the only one that grades this person: read the evidence and save the score in it, and no score is stale.
    Raises NotRegistered if an item of the attempt's version is unknown to the store.
    """
    s.execute(select(Person.id).where(Person.id == attempt.person_id).with_for_update(key_share=True))
    versions = item_versions_of(s, attempt.assignment, attempt.version)
    kept = {row.item_id: row for row in s.scalars(select(ItemResult).filter_by(attempt_id=attempt.id))}
    best = {row.item_id: row for row in _evidence_rows(s, attempt)}
    withdrawn = withdrawn_items(s, attempt.period_id)  # faulty by decision: who tries it gets its full share
    for result in results:
        version = versions.get(result.item_id)
        if version is None:
            raise NotRegistered(
                f"{attempt.assignment} version {attempt.version}, item {result.item_id!r}: not registered. "
                "Call register_items with this version before grading."
            )
        _keep_result(s, attempt, result, version, kept.get(result.item_id))
        if counts_as_attempted(result, version.kind):
            credited = replace(result, points=result.max_points) if result.item_id in withdrawn else result
            _raise_evidence(s, attempt, credited, best.get(result.item_id))
    if attempt.graded_at is None or attempt.engine_version != engine_version:
        attempt.graded_at, attempt.engine_version = now, engine_version
    s.flush()


def counts_as_attempted(result: Result, kind: str = "") -> bool:
    """Whether a result is evidence. Blank is not attempted; what we could not check is never the learner's zero.

    kind: of the item; code that a person must look at has earned no badge yet.
    """
    if result.status is Status.NEEDS_REVIEW:
        return result.max_points == 0 and kind != CODE_KIND  # completion counts at once, a person reads samples later
    return result.status is Status.GRADED


def results_of(s: Session, attempt_id: str) -> tuple[Result, ...]:
    """The results of an attempt as they were saved, by item id."""
    query = select(ItemResult).filter_by(attempt_id=attempt_id).order_by(ItemResult.item_id)
    return tuple(result_of_row(row) for row in s.scalars(query))


# Built once: putting a query together costs as much as asking it, and every submission asks this one.
_BEST_SHARES = select(Evidence.item_id, Evidence.share).where(
    Evidence.person_id == bindparam("person_id"), Evidence.period_id == bindparam("period_id")
)


def person_evidence(s: Session, person_id: str, period_id: str) -> dict[str, float]:
    """Best share per item id: what score_person takes."""
    rows = s.execute(_BEST_SHARES, {"person_id": person_id, "period_id": period_id})
    return {item_id: share for item_id, share in rows}


def list_evidence(s: Session, person_id: str, period_id: str) -> Sequence[Evidence]:
    """The evidence rows with their attempts, by assignment and item."""
    query = select(Evidence).filter_by(person_id=person_id, period_id=period_id)
    return s.scalars(query.order_by(Evidence.assignment, Evidence.item_id)).all()


def evidence_of_people(s: Session, period_id: str, person_ids: Sequence[str]) -> dict[str, dict[str, float]]:
    """Best shares of many people at once, for re-scoring; people without evidence get an empty mapping."""
    found: dict[str, dict[str, float]] = {person_id: {} for person_id in person_ids}
    query = select(Evidence.person_id, Evidence.item_id, Evidence.share).where(
        Evidence.period_id == period_id, Evidence.person_id.in_(person_ids)
    )
    for person_id, item_id, share in s.execute(query):
        found[person_id][item_id] = share
    return found


def _evidence_rows(s: Session, attempt: Attempt) -> Sequence[Evidence]:
    query = select(Evidence).filter_by(
        person_id=attempt.person_id, period_id=attempt.period_id, assignment=attempt.assignment
    )
    return s.scalars(query.with_for_update()).all()


def _keep_result(s: Session, attempt: Attempt, result: Result, version: ItemVersion, kept: ItemResult | None) -> None:
    row = kept or ItemResult(attempt_id=attempt.id, item_id=result.item_id)
    row.item_version_id = version.id
    row.points, row.max_points = result.points, result.max_points
    row.status, row.shown, row.message = result.status.value, result.shown, result.message
    row.feedback = [{"label": f.label, "text": f.text, "right": f.right} for f in result.feedback]
    s.add(row)


def _raise_evidence(s: Session, attempt: Attempt, result: Result, best: Evidence | None) -> None:
    share = min(1.0, max(0.0, result.share))
    if best is not None and best.share >= share:
        return
    row = best or Evidence(
        person_id=attempt.person_id,
        period_id=attempt.period_id,
        assignment=attempt.assignment,
        item_id=result.item_id,
    )
    row.attempt_id, row.achieved_at = attempt.id, attempt.submitted_at
    row.share, row.points, row.max_points = share, result.points, result.max_points
    s.add(row)


def result_of_row(row: ItemResult) -> Result:
    return Result(
        item_id=row.item_id,
        points=row.points,
        max_points=row.max_points,
        status=Status(row.status),
        shown=row.shown,
        feedback=tuple(_as_feedback(line) for line in row.feedback),
        message=row.message,
    )


def _as_feedback(line: Mapping[str, Any]) -> Feedback:
    return Feedback(label=line["label"], text=line["text"], right=line["right"])
