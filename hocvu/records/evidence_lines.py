"""One person's evidence, line by line, with the attempt behind each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from hocvu.records.tables import Attempt, Evidence, ItemResult, ItemVersion, PeriodItem


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """The best outcome of an item. module: None when the item no longer counts in the period."""

    item_id: str
    assignment: str
    module: str | None
    competency: str
    level: int
    kind: str
    share: float
    points: float
    max_points: float
    achieved_at: datetime
    attempt_id: str
    attempt_no: int
    submitted_at: datetime
    answers_sha256: str
    item_version: str
    engine_version: str


def list_evidence_lines(s: Session, person_id: str, period_id: str) -> list[EvidenceLine]:
    """A person's evidence in a period, by assignment and item."""
    counted = and_(PeriodItem.period_id == Evidence.period_id, PeriodItem.item_id == Evidence.item_id)
    result = and_(ItemResult.attempt_id == Evidence.attempt_id, ItemResult.item_id == Evidence.item_id)
    query = (
        select(
            Evidence.item_id,
            Evidence.assignment,
            PeriodItem.module,
            ItemVersion.competency,
            ItemVersion.level,
            ItemVersion.kind,
            Evidence.share,
            Evidence.points,
            Evidence.max_points,
            Evidence.achieved_at,
            Attempt.id,
            Attempt.attempt_no,
            Attempt.submitted_at,
            Attempt.sha256,
            Attempt.version,
            Attempt.engine_version,
        )
        .join(Attempt, Attempt.id == Evidence.attempt_id)
        .join(ItemResult, result)
        .join(ItemVersion, ItemVersion.id == ItemResult.item_version_id)
        .outerjoin(PeriodItem, counted)
        .where(Evidence.person_id == person_id, Evidence.period_id == period_id)
        .order_by(Evidence.assignment, Evidence.item_id)
    )
    return [EvidenceLine(*tuple(row)) for row in s.execute(query)]
