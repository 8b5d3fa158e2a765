"""The evidence that counts at a freeze: best shares of what was handed in before the cut-off, whatever came later."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.records import Attempt, Evidence, ItemResult
from hocvu.records.attempts import attempts_of
from hocvu.records.results import counts_as_attempted
from hocvu.records.withdrawals import withdrawn_items
from hocvu.results import Result, Status


def evidence_at(
    s: Session, period_id: str, person_ids: Sequence[str], cutoff_at: datetime
) -> dict[str, dict[str, float]]:
    """Return person → item → best share in 0..1.

    Stored evidence is the best of all time. Where the best came after the cut-off, the best before it is looked up.
    """
    found: dict[str, dict[str, float]] = {person_id: {} for person_id in person_ids}
    late: set[str] = set()
    in_time = Evidence.achieved_at < cutoff_at  # compared by the database: millions of times need not become objects
    query = select(Evidence.person_id, Evidence.item_id, Evidence.share, in_time).where(
        Evidence.period_id == period_id, Evidence.person_id.in_(person_ids)
    )
    for person_id, item_id, share, was_in_time in s.execute(query):
        if was_in_time:
            found[person_id][item_id] = share
        else:
            late.add(person_id)
    withdrawn = withdrawn_items(s, period_id)
    for person_id, item_id, earlier in _earlier_results(s, period_id, late, cutoff_at):
        share = 1.0 if item_id in withdrawn else earlier
        kept = found[person_id].get(item_id)
        found[person_id][item_id] = share if kept is None else max(kept, share)
    return found


def _earlier_results(
    s: Session, period_id: str, person_ids: Collection[str], cutoff_at: datetime
) -> list[tuple[str, str, float]]:
    if not person_ids:
        return []
    query = (
        select(Attempt.person_id, ItemResult.item_id, ItemResult.points, ItemResult.max_points, ItemResult.status)
        .join(ItemResult, ItemResult.attempt_id == Attempt.id)
        .where(*attempts_of(period_id, sorted(person_ids)), Attempt.submitted_at < cutoff_at)
    )
    rows = []
    for person_id, item_id, points, max_points, status in s.execute(query):
        result = Result(item_id, points, max_points, Status(status))
        if counts_as_attempted(result):
            rows.append((person_id, item_id, min(1.0, max(0.0, result.share))))
    return rows
