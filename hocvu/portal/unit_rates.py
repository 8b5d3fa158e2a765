"""How units stand, without names: counts for every unit, rates only where enough people stand behind them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.records import Person, StoredScore, Unit


@dataclass(frozen=True)
class UnitRates:
    """One unit. Shares in 0..1, None where the unit is too small to show them."""

    code: str
    name: str
    bloc: str
    people: int
    started: float | None
    covered: float | None
    advanced: float | None


def unit_rates(s: Session, period_id: str, unit_ids: Collection[int] | None, rule: Rule) -> list[UnitRates]:
    """Return the units' rates by code. Coverage and band thresholds, and the smallest unit shown, are the rule's."""
    score = and_(StoredScore.person_id == Person.id, StoredScore.period_id == period_id)
    query = (
        select(
            Unit.code,
            Unit.name,
            Unit.bloc,
            func.count(Person.id),
            func.sum(case((StoredScore.coverage > 0, 1), else_=0)),
            func.sum(case((StoredScore.coverage >= rule.unit.covered, 1), else_=0)),
            func.sum(case((StoredScore.band >= rule.unit.advanced_band, 1), else_=0)),
        )
        .join(Person, Person.unit_id == Unit.id)
        .outerjoin(StoredScore, score)
        .group_by(Unit.id)
        .order_by(Unit.bloc, Unit.code)
    )
    if unit_ids is not None:
        query = query.where(Unit.id.in_(unit_ids))
    return [_rates(*row, hide_below=rule.unit.hide_below) for row in s.execute(query)]


def _rates(
    code: str, name: str, bloc: str, people: int, started: int, covered: int, advanced: int, *, hide_below: int
) -> UnitRates:
    if people < hide_below:
        return UnitRates(code, name, bloc, people, None, None, None)
    return UnitRates(code, name, bloc, people, started / people, covered / people, advanced / people)
