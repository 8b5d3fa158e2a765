"""The ledger of one person: each best outcome with its attempt, seed and versions, enough to grade it again."""

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from hocvu.records.tables import Attempt, Evidence, ItemResult, ItemVersion
from hocvu.scores import LedgerLine


def ledger_lines(s: Session, person_id: str, period_id: str) -> list[LedgerLine]:
    """A person's evidence in a period, by assignment and item."""
    result = and_(ItemResult.attempt_id == Evidence.attempt_id, ItemResult.item_id == Evidence.item_id)
    query = (
        select(
            Evidence.item_id,
            Evidence.share,
            Evidence.points,
            Evidence.max_points,
            Evidence.assignment,
            Attempt.id.label("attempt_id"),
            Attempt.attempt_no,
            Attempt.submitted_at,
            ItemVersion.version,
            func.coalesce(ItemVersion.content_hash, "").label("content_hash"),
            Attempt.seed,
            Attempt.engine_version,
            ItemVersion.competency,
        )
        .join(Attempt, Attempt.id == Evidence.attempt_id)
        .join(ItemResult, result)
        .join(ItemVersion, ItemVersion.id == ItemResult.item_version_id)
        .where(Evidence.person_id == person_id, Evidence.period_id == period_id)
        .order_by(Evidence.assignment, Evidence.item_id)
    )
    return [LedgerLine(**row) for row in s.execute(query).mappings()]
