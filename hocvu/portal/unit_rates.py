"""How units stand, without names: counts for every unit, rates only where enough people stand behind them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.records import Unit, list_units
from hocvu.year.unit_counts import LiveUnit, live_units


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
    live = live_units(s, period_id, rule, unit_ids)
    units = list_units(s, ids=unit_ids)
    return [_rates(unit, live[unit.id], rule.unit.hide_below) for unit in units if unit.id in live]


def _rates(unit: Unit, live: LiveUnit, hide_below: int) -> UnitRates:
    people = live.counts.people
    if people < hide_below:
        return UnitRates(unit.code, unit.name, unit.bloc, people, None, None, None)
    shares = (count / people for count in (live.started, live.counts.participating, live.counts.advanced))
    return UnitRates(unit.code, unit.name, unit.bloc, people, *shares)
