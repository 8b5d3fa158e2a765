"""How units stand, without names: counts for every unit, rates only where enough people stand behind them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.records import Person, StoredScore, Unit
from hocvu.year.eligible import freeze_roster

IDS_AT_ONCE = 10_000


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
    """Return the units' rates by bloc and code, over the people who count in N; the thresholds are the rule's.

    Who has left, is exempt, on leave for most of the period or has just joined is not counted.
    """
    units = select(Unit).order_by(Unit.bloc, Unit.code)
    if unit_ids is not None:
        units = units.where(Unit.id.in_(unit_ids))
    counts = _counts(s, period_id, rule)
    for chunk in _chunks(_not_counted(s, period_id, rule)):
        for unit_id, taken in _counts(s, period_id, rule, chunk).items():
            counts[unit_id] = tuple(all_ - some for all_, some in zip(counts[unit_id], taken, strict=True))
    hide = rule.unit.hide_below
    return [
        _rates(unit.code, unit.name, unit.bloc, *counts[unit.id], hide_below=hide)
        for unit in s.scalars(units)
        if unit.id in counts
    ]


def _counts(s: Session, period_id: str, rule: Rule, only: Collection[str] | None = None) -> dict[int, tuple[int, ...]]:
    """Unit id → people, started, covered, advanced; only: of these person ids."""
    score = and_(StoredScore.person_id == Person.id, StoredScore.period_id == period_id)
    query = (
        select(
            Person.unit_id,
            func.count(Person.id),
            func.sum(case((StoredScore.coverage > 0, 1), else_=0)),
            func.sum(case((StoredScore.coverage >= rule.unit.covered, 1), else_=0)),
            func.sum(case((StoredScore.band >= rule.unit.advanced_band, 1), else_=0)),
        )
        .outerjoin(StoredScore, score)
        .group_by(Person.unit_id)
    )
    if only is not None:
        query = query.where(Person.id.in_(only))
    return {unit_id: tuple(counts) for unit_id, *counts in s.execute(query)}


def _not_counted(s: Session, period_id: str, rule: Rule) -> frozenset[str]:
    roster = freeze_roster(s, period_id, rule)
    return roster.gone | frozenset(roster.not_counted)


def _chunks(ids: Collection[str]) -> Iterator[list[str]]:
    remaining = iter(ids)
    while chunk := list(islice(remaining, IDS_AT_ONCE)):
        yield chunk


def _rates(
    code: str, name: str, bloc: str, people: int, started: int, covered: int, advanced: int, *, hide_below: int
) -> UnitRates:
    if people < hide_below:
        return UnitRates(code, name, bloc, people, None, None, None)
    return UnitRates(code, name, bloc, people, started / people, covered / people, advanced / people)
