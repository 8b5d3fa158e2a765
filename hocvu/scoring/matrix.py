"""The scores of many people at once with numpy: the same numbers as score_person, bit for bit (a law in the tests).

Not imported by hocvu.scoring itself, so that a page about one person need not load numpy.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hocvu.course import BandRule, LevelRule, Rule
from hocvu.scores import ItemInfo, Score
from hocvu.scoring.item_set import Group, ItemSet
from hocvu.scoring.sums import NANO, PICO, PICO_TO_NANO, max_points_of, nine

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
CHUNK = 10_000  # people at a time: some 10 MB of work space for a course of 88 items


@dataclass(frozen=True)
class ScoreArrays:
    """Scores of people in the order of their rows. levels: people × competencies, in the rule's order."""

    coverage: Floats
    levels: Numbers
    band: Numbers
    points: Floats
    max_points: Floats

    def score(self, row: int, rule: Rule) -> Score:
        """One person's score as the store keeps it, without the texts that explain it."""
        levels = dict(zip(rule.competencies, map(int, self.levels[row]), strict=True))
        coverage = float(self.coverage[row])
        return Score(
            coverage=coverage,
            levels=levels,
            band=int(self.band[row]),
            points=float(self.points[row]),
            max_points=float(self.max_points[row]),
            rule_version=rule.version,
            enough_data=nine(coverage) >= nine(rule.enough_data),
        )


def columns_of(items: ItemSet) -> tuple[ItemInfo, ...]:
    """The items in the order of the columns: those that count for everybody, then the withdrawn ones."""
    return (*items.graded, *items.withdrawn)


def share_matrix(people: Sequence[Mapping[str, float]], items: ItemSet) -> Floats:
    """Return people × columns_of(items), NaN = not attempted. Evidence of other items is ignored."""
    column = {item.item_id: number for number, item in enumerate(columns_of(items))}
    shares = np.full((len(people), len(column)), np.nan)
    for row, evidence in enumerate(people):
        for item_id, share in evidence.items():
            if item_id in column:
                shares[row, column[item_id]] = share
    return shares


def score_matrix(shares: Floats, items: ItemSet, rule: Rule, confirmed: Sequence[bool] | None = None) -> ScoreArrays:
    """Return everybody's scores. shares: people × columns_of(items) in 0..1, NaN = not attempted, never changed.

    confirmed: whose contribution a person confirmed. Works in chunks of people, so memory grows with the result only.
    """
    people = len(shares)
    yes: Flags = np.zeros(people, dtype=bool) if confirmed is None else np.asarray(confirmed, dtype=bool)
    result = ScoreArrays(
        coverage=np.zeros(people),
        levels=np.zeros((people, len(rule.competencies)), dtype=np.int64),
        band=np.zeros(people, dtype=np.int64),
        points=np.zeros(people),
        max_points=np.zeros(people),
    )
    for start in range(0, people, CHUNK):
        part = shares[start : start + CHUNK]
        for rows, own in _by_item_set(part, items):
            done = _score_alike(part[rows], own, items, rule, yes[start + rows])
            for name in ("coverage", "levels", "band", "points", "max_points"):
                getattr(result, name)[start + rows] = getattr(done, name)
    return result


def _by_item_set(shares: Floats, items: ItemSet) -> Iterator[tuple[Numbers, ItemSet]]:
    """People who tried the same withdrawn items have the same set."""
    tried = ~np.isnan(shares[:, len(items.graded) :])
    patterns, which = np.unique(tried, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        own = items.counted_for({item.item_id: 1.0 for item, yes in zip(items.withdrawn, pattern, strict=True) if yes})
        yield np.flatnonzero(which.reshape(-1) == number), own


def _score_alike(shares: Floats, own: ItemSet, items: ItemSet, rule: Rule, confirmed: Flags) -> ScoreArrays:
    table = _Table(shares, {item.item_id: number for number, item in enumerate(columns_of(items))})
    levels = np.stack([_levels(table, code, own, rule.levels) for code in rule.competencies], axis=1)
    coverage = table.coverage(own.graded)
    return ScoreArrays(
        coverage=coverage,
        levels=levels,
        band=_bands(table, levels, coverage, own, rule, confirmed),
        points=table.points(own.graded),
        max_points=np.full(len(shares), own.max_points),
    )


class _Table:
    """Columns of some people's shares, and the sums over groups of items as scoring/sums.py defines them."""

    def __init__(self, shares: Floats, column: Mapping[str, int]) -> None:
        self.people = len(shares)
        self._column = column
        self._tried = ~np.isnan(shares)
        self._shares = np.nan_to_num(shares, nan=0.0)

    def tried(self, items: Sequence[ItemInfo]) -> Flags:
        return self._tried[:, [self._column[item.item_id] for item in items]]

    def shares(self, items: Sequence[ItemInfo]) -> Floats:
        return self._shares[:, [self._column[item.item_id] for item in items]]

    def coverage(self, items: Sequence[ItemInfo]) -> Floats:
        """Attempted items / items, to nine digits."""
        return _nine(self.tried(items).sum(axis=1) / len(items)) if items else np.zeros(self.people)

    def points(self, items: Sequence[ItemInfo]) -> Floats:
        weights = np.array([item.max_points for item in items])
        pico = np.rint(weights * self.shares(items) * PICO).astype(np.int64)
        nano: Floats = np.rint(pico.sum(axis=1, dtype=np.int64) / PICO_TO_NANO)
        return nano / NANO

    def share(self, items: Sequence[ItemInfo], max_points: float) -> Floats:
        return _nine(self.points(items) / max_points) if items else np.zeros(self.people)


def _nine(values: Floats) -> Floats:
    return np.rint(values * NANO) / NANO


def _reaches(values: Floats, threshold: float) -> Flags:
    return _nine(values) >= nine(threshold)


def _levels(table: _Table, code: str, items: ItemSet, rule: LevelRule) -> Numbers:
    level = np.zeros(table.people, dtype=np.int64)
    for number in range(1, rule.highest + 1):
        group = items.group(code, number)
        level[(level == number - 1) & _reached(table, number, group, rule)] = number
    return level


def _reached(table: _Table, level: int, group: Group, rule: LevelRule) -> Flags:
    if not group.items or group.modules < rule.min_modules or len(group.items) < rule.min_items:
        return np.zeros(table.people, dtype=bool)
    reached: Flags = table.tried(group.items).sum(axis=1, dtype=np.int64) >= rule.needed(len(group.items))
    reached &= _modules(table, group.items) >= rule.min_modules
    reached &= _reaches(table.share(group.items, group.max_points), rule.share)
    if level >= rule.case_from_level:
        if not group.cases:
            return np.zeros(table.people, dtype=bool)
        reached &= _reaches(table.shares(group.cases).max(axis=1), rule.case_share)
    return reached


def _modules(table: _Table, items: Sequence[ItemInfo]) -> Numbers:
    """Different modules among the attempted items."""
    names = sorted({item.module for item in items})
    tried = [table.tried([item for item in items if item.module == name]).any(axis=1) for name in names]
    count: Numbers = np.stack(tried).sum(axis=0, dtype=np.int64)
    return count


def _bands(table: _Table, levels: Numbers, coverage: Floats, items: ItemSet, rule: Rule, confirmed: Flags) -> Numbers:
    band = np.zeros(table.people, dtype=np.int64)
    still = _reaches(coverage, rule.enough_data)
    capstone = table.share(items.capstone, max_points_of(items.capstone))
    for one in rule.bands:
        still = still & (confirmed if one.by_people else np.ones(table.people, dtype=bool))
        still &= _meets(table, levels, capstone, one, items, rule)
        band[still] = one.number
    return band


def _meets(table: _Table, levels: Numbers, capstone: Floats, band: BandRule, items: ItemSet, rule: Rule) -> Flags:
    met: Flags = np.asarray((levels >= band.all_at_least).all(axis=1), dtype=bool)
    among = [rule.competencies.index(code) for code in band.among]
    met &= (levels[:, among] >= band.count_at_least).all(axis=1)
    met &= (levels >= band.count_at_least).sum(axis=1) >= band.count
    if band.coverage_level:
        met &= _reaches(table.coverage(items.by_level.get(band.coverage_level, ())), band.coverage)
    if band.capstone_share:
        met &= _reaches(capstone, band.capstone_share)
    return met
