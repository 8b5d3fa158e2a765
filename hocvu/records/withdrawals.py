"""Faulty items: decisions to withdraw or restore, and the credit that everybody who tried the item gets."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from hocvu.records.tables import Evidence, PeriodItem
from hocvu.records.tables_year import ItemCredit, ItemDecision

WITHDRAW, RESTORE = "withdraw", "restore"
CHUNK = 500


def list_item_decisions(s: Session, period_id: str = "") -> Sequence[ItemDecision]:
    """All decisions, by item and in their order."""
    query = select(ItemDecision).order_by(ItemDecision.period_id, ItemDecision.item_id, ItemDecision.id)
    if period_id:
        query = query.where(ItemDecision.period_id == period_id)
    return sorted(s.scalars(query), key=lambda one: (one.period_id, one.item_id, one.id))


_OF_PERIOD = select(ItemDecision).where(ItemDecision.period_id == bindparam("period_id")).order_by(ItemDecision.id)


def withdrawn_items(s: Session, period_id: str) -> dict[str, ItemDecision]:
    """Items that are out of the period's set by decision: item id → the decision."""
    last = {one.item_id: one for one in s.scalars(_OF_PERIOD, {"period_id": period_id})}
    return {item_id: last[item_id] for item_id in sorted(last) if last[item_id].action == WITHDRAW}


def add_item_decision(s: Session, decision: ItemDecision) -> ItemDecision:
    """Return the stored decision, with its number."""
    s.add(decision)
    s.flush()
    return decision


def people_who_tried(s: Session, period_id: str, item_id: str) -> Sequence[Evidence]:
    """The evidence rows of an item, locked: everybody whose attempts count as tried."""
    query = select(Evidence).filter_by(period_id=period_id, item_id=item_id).order_by(Evidence.person_id)
    return s.scalars(query.with_for_update()).all()


def credit_item(s: Session, decision: ItemDecision, tried: Sequence[Evidence]) -> None:
    """Make the evidence a full share, and keep what it was."""
    before = [
        {"decision_id": decision.id, "person_id": row.person_id, "share": row.share, "points": row.points}
        for row in tried
        if row.share < 1
    ]
    for start in range(0, len(before), CHUNK):
        s.execute(insert(ItemCredit), before[start : start + CHUNK])
    query = update(Evidence).filter_by(period_id=decision.period_id, item_id=decision.item_id)
    s.execute(query.where(Evidence.share < 1).values(share=1.0, points=Evidence.max_points))


def put_back(s: Session, decision: ItemDecision, now: datetime) -> None:
    """Let a restored item count again, in the version that was withdrawn."""
    if s.get(PeriodItem, (decision.period_id, decision.item_id)) is None:
        s.add(
            PeriodItem(
                period_id=decision.period_id,
                item_id=decision.item_id,
                assignment=decision.assignment,
                module=decision.module,
                item_version_id=decision.item_version_id,
                added_at=now,
            )
        )
        s.flush()


def people_with_evidence(s: Session, period_id: str, assignments: Collection[str] = ()) -> Sequence[str]:
    """Ids of the people who have any evidence in the period."""
    query = select(Evidence.person_id).where(Evidence.period_id == period_id).distinct()
    if assignments:
        query = query.where(Evidence.assignment.in_(assignments))
    return s.scalars(query).all()
