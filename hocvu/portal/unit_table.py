"""The unit table for HR: each unit beside its bloc, its weakest competency, and how far from the last final freeze."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from hocvu.course import Course
from hocvu.records import Person, StoredScore, Unit, list_units
from hocvu.records.years import list_snapshots, snapshot_lines
from hocvu.scoring import Visibility
from hocvu.year.freeze import Kind
from hocvu.year.unit_counts import LiveUnit, Standing, live_rows, live_units, standings


@dataclass(frozen=True)
class UnitLine:
    """One unit. weakest "": too small to tell, or all alike; change None: no earlier index to compare with."""

    unit: Unit
    live: LiveUnit
    standing: Standing
    weakest: str
    change: float | None

    @property
    def is_hidden(self) -> bool:
        return self.standing.index.visibility is Visibility.HIDDEN

    @property
    def started(self) -> float:
        return self.live.started / self.live.counts.people

    @property
    def rates(self) -> tuple[tuple[float, float | None], ...]:
        """P, A and T: raw and adjusted, in 0..1."""
        counts, index = self.live.counts, self.standing.index
        return tuple(
            (getattr(counts, name) / counts.people, getattr(index, name))
            for name in ("participating", "advanced", "rising")
        )


def unit_lines(s: Session, course: Course, period_id: str, unit_ids: Collection[int] | None) -> list[UnitLine]:
    """Return the units by bloc and code, never by a result. Each line is about a unit's own people only."""
    rule, own = course.rule, list_units(s, ids=unit_ids)
    blocs = {unit.bloc for unit in own}
    every = [unit for unit in list_units(s) if unit.bloc in blocs]
    live = live_units(s, period_id, rule, None if unit_ids is None else [unit.id for unit in every])
    before = _frozen_indexes(s, period_id)
    stand: dict[str, Standing] = {}
    for bloc in blocs:
        rows = live_rows([unit for unit in every if unit.bloc == bloc], live)
        stand |= standings({row.code: row.counts for row in rows}, rule, first_year=before is None)
    weak = _weakest(s, course, period_id, unit_ids)
    return [
        UnitLine(unit, live[unit.id], stand[unit.code], weak.get(unit.id, ""), _change(stand[unit.code], before, unit))
        for unit in own
        if unit.id in live
    ]


def _change(standing: Standing, before: Mapping[str, float | None] | None, unit: Unit) -> float | None:
    earlier = (before or {}).get(unit.code)
    return None if earlier is None or standing.index.index is None else standing.index.index - earlier


def _frozen_indexes(s: Session, period_id: str) -> dict[str, float | None] | None:
    """Unit code → index of the last final freeze before the period; None in the first year."""
    for snapshot in list_snapshots(s):
        if snapshot.kind == Kind.FINAL and snapshot.period_id < period_id:
            rows = (json.loads(line) for line in snapshot_lines(s, snapshot.id, "units"))
            return {row["unit_code"]: row["index"] for row in rows}
    return None


def _weakest(s: Session, course: Course, period_id: str, unit_ids: Collection[int] | None) -> dict[int, str]:
    """Unit id → the competency with the lowest sum of levels; units where all are alike are left out."""
    codes = list(course.competencies)
    levels = [func.sum(func.coalesce(StoredScore.levels[code].as_integer(), 0)) for code in codes]
    query = (
        select(Person.unit_id, *levels)
        .join(StoredScore, and_(StoredScore.person_id == Person.id, StoredScore.period_id == period_id))
        .group_by(Person.unit_id)
    )
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    found = {}
    for unit_id, *sums in s.execute(query):
        if min(sums) < max(sums):
            found[unit_id] = codes[sums.index(min(sums))]
    return found
