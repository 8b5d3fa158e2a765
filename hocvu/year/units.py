"""Units at a freeze: who counts, how many took part, advanced and rose, and the index by the published rule."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.records import Unit
from hocvu.scores import Score
from hocvu.scoring import UnitCounts, UnitIndex, bloc_prior, first_prior, rank_units, unit_index
from hocvu.scoring.sums import reaches


class UnitTally:
    """Counts of every unit, filled while people are scored one by one."""

    def __init__(
        self, rule: Rule, earlier: Mapping[str, Mapping[str, int]] | None, exempt: Mapping[str, str] | None = None
    ) -> None:
        self.rule = rule
        self.first_year = earlier is None
        self._earlier = earlier or {}
        self._exempt = exempt or {}
        self._counts: dict[int, UnitCounts] = {}
        self._left_out: dict[int, int] = {}

    def add(self, unit_id: int, staff_code: str, score: Score) -> None:
        if staff_code in self._exempt:
            self._left_out[unit_id] = self._left_out.get(unit_id, 0) + 1
            return
        had = self._counts.get(unit_id, UnitCounts(0, 0, 0, 0))
        unit = self.rule.unit
        advanced = score.band >= unit.advanced_band
        self._counts[unit_id] = UnitCounts(
            people=had.people + 1,
            participating=had.participating + reaches(score.coverage, unit.covered),
            advanced=had.advanced + advanced,
            rising=had.rising + (advanced if self.first_year else self._rose(staff_code, score)),
        )

    def counts(self, unit_id: int) -> UnitCounts:
        return self._counts.get(unit_id, UnitCounts(0, 0, 0, 0))

    def left_out(self, unit_id: int) -> int:
        return self._left_out.get(unit_id, 0)

    def _rose(self, staff_code: str, score: Score) -> bool:
        before = self._earlier.get(staff_code, {})
        return any(level > before.get(code, 0) for code, level in score.levels.items())


def unit_rows(s: Session, tally: UnitTally) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield one row per unit by code. Small units carry counts of people only: their rates are nobody's business."""
    units = sorted(s.scalars(select(Unit)), key=lambda unit: unit.code)
    blocs: dict[str, dict[str, UnitCounts]] = {}
    for unit in units:
        blocs.setdefault(unit.bloc, {})[unit.code] = tally.counts(unit.id)
    indexes: dict[str, UnitIndex] = {}
    ranks: dict[str, int] = {}
    for members in blocs.values():
        prior = first_prior(tally.rule.unit) if tally.first_year else bloc_prior(members.values(), tally.rule.unit)
        own = {code: unit_index(counts, tally.rule.unit, prior) for code, counts in members.items()}
        indexes |= own
        ranks |= rank_units(own, tally.rule.unit)
    for unit in units:
        yield unit.code, _row(unit, tally, indexes[unit.code], ranks.get(unit.code))


def _row(unit: Unit, tally: UnitTally, index: UnitIndex, rank: int | None) -> dict[str, Any]:
    counts = tally.counts(unit.id)
    shown = index.participating is not None
    return {
        "unit_code": unit.code,
        "unit_name": unit.name,
        "bloc": unit.bloc,
        "people": counts.people + tally.left_out(unit.id),
        "eligible": counts.people,
        "participating": counts.participating if shown else None,
        "advanced": counts.advanced if shown else None,
        "rising": counts.rising if shown else None,
        "adjusted_participating": _rounded(index.participating),
        "adjusted_advanced": _rounded(index.advanced),
        "adjusted_rising": _rounded(index.rising),
        "index": _rounded(index.index),
        "rank_in_bloc": rank,
        "visibility": index.visibility.value,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 9)
