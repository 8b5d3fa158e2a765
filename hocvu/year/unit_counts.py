"""Units as they stand now or as they were frozen: who counts, and how many took part, advanced and rose."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.records import Person, StoredScore, Unit
from hocvu.records.chunks import chunks
from hocvu.records.tables_year import Snapshot
from hocvu.records.years import snapshot_lines
from hocvu.scoring import UnitCounts, UnitIndex, UnitRow, bloc_prior, first_prior, rank_units, unit_index
from hocvu.scoring.sums import reaches
from hocvu.year.desk import levels_of
from hocvu.year.eligible import freeze_roster
from hocvu.year.freeze import levels_last_year

IDS_AT_ONCE = 10_000
Levels = Mapping[str, Mapping[str, int]]  # staff code → competency → level


@dataclass(frozen=True)
class LiveUnit:
    """One unit now. on_roster: its people who have not left; counts: of those who count in N."""

    unit_id: int
    on_roster: int
    started: int
    counts: UnitCounts


@dataclass(frozen=True)
class Standing:
    """A unit beside the others of its bloc. rank None: too small to be ranked; same_rank: units that share it."""

    index: UnitIndex
    rank: int | None
    same_rank: int
    ranked: int


def live_units(s: Session, period_id: str, rule: Rule, unit_ids: Collection[int] | None = None) -> dict[int, LiveUnit]:
    """Return unit id → how it stands now, over its own people, not those below; units without people are left out."""
    roster = freeze_roster(s, period_id, rule)
    everybody = _counts(s, period_id, rule, unit_ids)
    gone = _taken(s, period_id, rule, roster.gone, unit_ids)
    others = frozenset(roster.not_counted) - roster.gone
    left_out = _taken(s, period_id, rule, others, unit_ids)
    earlier = levels_last_year(s, period_id)
    rising = None if earlier is None else _risen(s, period_id, unit_ids, earlier, roster.gone | others)
    found = {}
    for unit_id, all_ in everybody.items():
        away, out = gone.get(unit_id, _NOBODY), left_out.get(unit_id, _NOBODY)
        people, started, participating, advanced = (a - b - c for a, b, c in zip(all_, away, out, strict=True))
        rose = advanced if rising is None else rising.get(unit_id, 0)
        counts = UnitCounts(people, participating, advanced, rose)
        found[unit_id] = LiveUnit(unit_id, people + out[0], started, counts)
    return found


def frozen_rows(s: Session, snapshot: Snapshot, rule: Rule) -> list[UnitRow]:
    """Return the units of a snapshot by its own roster and results, also those whose counts it does not print."""
    roster = (json.loads(line) for line in snapshot_lines(s, snapshot.id, "roster"))
    codes = {row["staff_code"]: row for row in roster}
    left_out = {json.loads(line)["staff_code"] for line in snapshot_lines(s, snapshot.id, "not_counted")}
    earlier = levels_last_year(s, snapshot.period_id)
    found: dict[tuple[str, str], UnitCounts] = {}
    for line in snapshot_lines(s, snapshot.id, "results"):
        row = json.loads(line)
        about = codes[row["staff_code"]]
        key = (str(about["unit_code"]), str(about["bloc"]))
        had = found.get(key, UnitCounts(0, 0, 0, 0))
        found[key] = had if row["staff_code"] in left_out else _with(had, row, rule, earlier)
    return [UnitRow(code, bloc, counts) for (code, bloc), counts in sorted(found.items())]


def standings(counts: Mapping[str, UnitCounts], rule: Rule, *, first_year: bool) -> dict[str, Standing]:
    """Return unit code → how it stands among the units of one bloc. counts: of all units of that bloc."""
    prior = first_prior(rule.unit) if first_year else bloc_prior(counts.values(), rule.unit)
    indexes = {code: unit_index(one, rule.unit, prior) for code, one in counts.items()}
    ranks = rank_units(indexes, rule.unit)
    shared: dict[int, int] = {}
    for rank in ranks.values():
        shared[rank] = shared.get(rank, 0) + 1
    return {
        code: Standing(index, ranks.get(code), shared.get(ranks.get(code, 0), 0), len(ranks))
        for code, index in indexes.items()
    }


_NOBODY = (0, 0, 0, 0)


def _counts(
    s: Session,
    period_id: str,
    rule: Rule,
    unit_ids: Collection[int] | None,
    only: Collection[str] | None = None,
) -> dict[int, tuple[int, int, int, int]]:
    """Unit id → people, started, covered, advanced; only: of these person ids."""
    query = (
        select(
            Person.unit_id,
            func.count(Person.id),
            func.sum(case((StoredScore.coverage > 0, 1), else_=0)),
            func.sum(case((StoredScore.coverage >= rule.unit.covered, 1), else_=0)),
            func.sum(case((StoredScore.band >= rule.unit.advanced_band, 1), else_=0)),
        )
        .outerjoin(StoredScore, and_(StoredScore.person_id == Person.id, StoredScore.period_id == period_id))
        .group_by(Person.unit_id)
    )
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    if only is not None:
        query = query.where(Person.id.in_(only))
    return {unit_id: (people, *counts) for unit_id, people, *counts in s.execute(query)}


def _taken(
    s: Session, period_id: str, rule: Rule, people: Collection[str], unit_ids: Collection[int] | None
) -> dict[int, tuple[int, int, int, int]]:
    found: dict[int, tuple[int, int, int, int]] = {}
    for chunk in chunks(people, IDS_AT_ONCE):
        for unit_id, counts in _counts(s, period_id, rule, unit_ids, chunk).items():
            had = found.get(unit_id, _NOBODY)
            found[unit_id] = (had[0] + counts[0], had[1] + counts[1], had[2] + counts[2], had[3] + counts[3])
    return found


def _risen(
    s: Session, period_id: str, unit_ids: Collection[int] | None, earlier: Levels, left_out: Collection[str]
) -> dict[int, int]:
    """Unit id → people whose level in a competency is higher than at the last final freeze."""
    query = (
        select(Person.id, Person.unit_id, Person.staff_code, StoredScore.levels)
        .join(StoredScore, StoredScore.person_id == Person.id)
        .where(StoredScore.period_id == period_id)
    )
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    found: dict[int, int] = {}
    for person_id, unit_id, code, levels in s.execute(query.execution_options(yield_per=2000)):
        if person_id not in left_out and _rose(levels, earlier.get(code, {})):
            found[unit_id] = found.get(unit_id, 0) + 1
    return found


def _rose(levels: Mapping[str, int], before: Mapping[str, int]) -> bool:
    return any(level > before.get(code, 0) for code, level in levels.items())


def _with(had: UnitCounts, row: Mapping[str, Any], rule: Rule, earlier: Levels | None) -> UnitCounts:
    """The counts of a unit and one frozen result more."""
    advanced = int(row["band"]) >= rule.unit.advanced_band
    rose = advanced if earlier is None else _rose(levels_of(row), earlier.get(row["staff_code"], {}))
    return UnitCounts(
        had.people + 1,
        had.participating + reaches(float(row["coverage"]), rule.unit.covered),
        had.advanced + advanced,
        had.rising + rose,
    )


def live_rows(units: Collection[Unit], live: Mapping[int, LiveUnit]) -> list[UnitRow]:
    """Return live units as publication takes them."""
    return [UnitRow(unit.code, unit.bloc, live[unit.id].counts) for unit in units if unit.id in live]
