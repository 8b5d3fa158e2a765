"""What the HR table shows beside scores: petitions, exemptions and the capstone, for many people at once."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from hocvu.records.chunks import chunks
from hocvu.records.tables import Evidence, PeriodItem
from hocvu.records.tables_roster import Exemption, Membership
from hocvu.records.tables_year import Appeal

CHUNK = 500


def appeal_states(s: Session, period_id: str, person_ids: Sequence[str]) -> dict[str, bool]:
    """Person id → whether one of their petitions still waits for its answer; people without any are not in it."""
    waits = func.max(case((Appeal.answered_at.is_(None), 1), else_=0))
    found: dict[str, bool] = {}
    for ids in chunks(person_ids, CHUNK):
        query = select(Appeal.person_id, waits).where(Appeal.period_id == period_id, Appeal.person_id.in_(ids))
        found |= {person_id: bool(number) for person_id, number in s.execute(query.group_by(Appeal.person_id))}
    return found


def has_appeals(s: Session, period_id: str) -> bool:
    return s.scalar(select(Appeal.id).where(Appeal.period_id == period_id).limit(1)) is not None


def exemption_reasons(s: Session, period_id: str, person_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Person id → (kind, reason) of the exemption that stands; the last one of somebody who has several."""
    found: dict[str, tuple[str, str]] = {}
    for ids in chunks(person_ids, CHUNK):
        query = select(Exemption.person_id, Exemption.kind, Exemption.reason).where(
            Exemption.period_id == period_id, Exemption.withdrawn_at.is_(None), Exemption.person_id.in_(ids)
        )
        for person_id, kind, reason in s.execute(query.order_by(Exemption.id)):
            found[person_id] = (kind, reason)
    return found


def last_days(s: Session, person_ids: Sequence[str], day: date) -> dict[str, date]:
    """Person id → the last day of service, for those of these people who had left before that day."""
    found: dict[str, date] = {}
    for ids in chunks(person_ids, CHUNK):
        last = func.max(func.coalesce(Membership.ends_on, date.max))
        query = select(Membership.person_id, last).where(Membership.person_id.in_(ids))
        found |= {who: end for who, end in s.execute(query.group_by(Membership.person_id).having(last < day))}
    return found


def has_exemptions(s: Session, period_id: str) -> bool:
    return s.scalar(select(Exemption.id).where(Exemption.period_id == period_id).limit(1)) is not None


def capstone_points(s: Session, period_id: str, module: str, person_ids: Sequence[str]) -> dict[str, float]:
    """Person id → points earned in a module's items that count; people who tried none are not in it."""
    items = and_(PeriodItem.period_id == Evidence.period_id, PeriodItem.item_id == Evidence.item_id)
    found: dict[str, float] = {}
    for ids in chunks(person_ids, CHUNK):
        query = (
            select(Evidence.person_id, func.sum(Evidence.points))
            .join(PeriodItem, items)
            .where(Evidence.period_id == period_id, PeriodItem.module == module, Evidence.person_id.in_(ids))
            .group_by(Evidence.person_id)
        )
        found |= {person_id: points for person_id, points in s.execute(query)}
    return found
