"""What is published about units: the top and the threshold, never a bottom list; small units withstand an attack."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from hocvu.course import Rule, UnitRule
from hocvu.scoring import (
    UnitCounts,
    UnitIndex,
    UnitRow,
    UnitTable,
    Visibility,
    bloc_prior,
    choose_named,
    publication,
    publish_units,
    small_units,
    unit_index,
)
from hocvu.scoring.publication import CITY
from hocvu.scoring.small_units import MEASURES


def unit(code: str, bloc: str, people: int, *counts: int) -> UnitRow:
    return UnitRow(code, bloc, UnitCounts(people, *(counts or (people // 2, people // 3, people // 4))))


def of_index(index: float | None) -> UnitIndex:
    return UnitIndex(Visibility.RANKED if index is not None else Visibility.OWN, 1.0, 1.0, 1.0, index)


def test_the_top_third_is_named_with_ranks_and_the_threshold_without(rule: Rule) -> None:
    values = {"A": 80.0, "B": 78.5, "C": 77.0, "D": 70.0, "E": 61.0, "F": 59.0, "G": 20.0, "small": None}
    named = choose_named({code: of_index(value) for code, value in values.items()}, rule.unit)
    assert named.top == (("A", 1), ("B", 1), ("C", 3))
    assert named.reached == ("D", "E")
    said = {code for code, _ in named.top} | set(named.reached)
    assert not said & {"F", "G", "small"}, "there is no list of the others"


def test_ties_within_two_points_are_all_named_or_none(rule: Rule) -> None:
    named = choose_named({code: of_index(50.0 - number / 10) for number, code in enumerate("ABCDEF")}, rule.unit)
    assert [rank for _, rank in named.top] == [1] * 6


def test_small_units_appear_together_and_totals_are_of_what_is_shown(rule: Rule) -> None:
    rows = [unit("P1", "Phường", 40), unit("P2", "Phường", 4), unit("P3", "Phường", 6), unit("P4", "Phường", 3)]
    table = publish_units(rows, {"P1"}, rule.unit)
    assert [(cell.code, cell.units, cell.people) for cell in table.cells] == [("P1", 1, 40), ("", 3, 13)]
    assert (table.totals["Phường"].people, table.totals[CITY].people, table.left_out) == (53, 53, {})


def test_two_small_units_are_in_no_sum_at_all(rule: Rule) -> None:
    rows = [unit("P1", "Phường", 40), unit("P2", "Phường", 4), unit("P3", "Phường", 8)]
    table = publish_units(rows, {"P1"}, rule.unit)
    assert [cell.code for cell in table.cells] == ["P1"]
    assert table.totals[CITY].people == 40
    assert table.left_out == {"Phường": (2, 12)}


def test_lonely_small_units_of_several_blocs_are_pooled_over_the_city(rule: Rule) -> None:
    rows = [unit(f"{bloc}{n}", bloc, size) for bloc in ("Phường", "Xã", "Y tế") for n, size in enumerate((30, 4))]
    table = publish_units(rows, {row.code for row in rows}, rule.unit)
    pool = next(cell for cell in table.cells if not cell.code)
    assert (pool.bloc, pool.units, pool.people) == (CITY, 3, 12)
    assert table.totals["Xã"].people == 30 and table.totals[CITY].people == 102


def test_everybody_or_nobody_of_a_pool_is_not_told(rule: Rule) -> None:
    rows = [unit(f"P{n}", "Phường", 5, 5, 0, 2) for n in range(4)]
    (pool,) = publish_units(rows, (), rule.unit).cells
    assert (pool.participating, pool.advanced, pool.rising) == (None, None, 8)
    assert publish_units(rows, (), rule.unit).totals[CITY].advanced is None


def test_a_prior_does_not_give_a_small_unit_away(rule: Rule) -> None:
    """An adjusted rate is public: with n, x and k it gives its prior, and a prior over everybody gives the rest."""
    large, small = UnitCounts(40, 30, 20, 10), UnitCounts(3, 1, 0, 2)
    told = bloc_prior([large, small], rule.unit)
    assert told == bloc_prior([large, UnitCounts(3, 3, 3, 3)], rule.unit) == bloc_prior([large], rule.unit)


@dataclass(frozen=True)
class Equation:
    """Units whose counts add up to a published number."""

    codes: frozenset[str]
    total: int


class Attacker:
    """Reads everything that is published about one measure and works out each unit's possible counts.

    Sizes are public. own: a unit whose counts the attacker knows from inside.
    """

    def __init__(self, rows: Sequence[UnitRow], measure: str, rule: UnitRule, own: str = "") -> None:
        self.rows, self.measure, self.rule = rows, measure, rule
        self.place = {row.code: number for number, row in enumerate(rows)}
        self.known: list[Equation] = []
        if own:
            self.known.append(Equation(frozenset([own]), self._count(own)))

    def _count(self, code: str) -> int:
        return int(getattr(self.rows[self.place[code]].counts, self.measure))

    def reads(self, table: UnitTable) -> None:
        """A published table. Which units share a row is no secret: sizes and names are enough to find out."""
        for cell in (*table.cells, *table.totals.values()):
            self._learns(frozenset(cell.members), getattr(cell, self.measure))

    def reads_priors(self) -> None:
        """A ranked unit's adjusted rate gives the prior. If that is not the ranked units' rate, others are in it."""
        for bloc in {row.bloc for row in self.rows}:
            members = [row for row in self.rows if row.bloc == bloc]
            ranked = [row for row in members if row.counts.people >= self.rule.rank_from]
            prior = getattr(bloc_prior([row.counts for row in members], self.rule), self.measure)
            if ranked and abs(prior * _people(ranked) - sum(self._count(row.code) for row in ranked)) > 1e-9:
                total = prior * _people(members)
                assert abs(total - round(total)) < 1e-9, "then everybody is in it"
                self._learns(frozenset(row.code for row in members), round(total))

    def _learns(self, codes: frozenset[str], total: int | None) -> None:
        if total is not None and codes:
            self.known.append(Equation(codes, total))

    def range_of(self, code: str) -> tuple[int, int]:
        """The lowest and highest count of a unit that fits all that is known."""
        sides = [1 if row.code == code else 0 for row in self.rows]
        matrix = [[1 if row.code in one.codes else 0 for row in self.rows] for one in self.known] or None
        totals = [one.total for one in self.known] or None
        bounds = [(0, row.counts.people) for row in self.rows]
        ends = []
        for sign in (1, -1):
            found = linprog(np.array(sides) * sign, A_eq=matrix, b_eq=totals, bounds=bounds)
            assert found.success, found.message
            ends.append(round(found.fun * sign))
        return ends[0], ends[1]


def _people(rows: Sequence[UnitRow]) -> int:
    return sum(row.counts.people for row in rows)


SIZES = st.sampled_from([1, 2, 3, 4, 4, 5, 6, 9, 10, 14, 30])
UNIT = st.tuples(st.sampled_from(["Phường", "Xã", "Y tế"]), SIZES, *[st.floats(0, 1)] * 3)


def city(parts: Sequence[tuple[str, int, float, float, float]]) -> list[UnitRow]:
    return [
        unit(f"U{number:02}", bloc, size, *(min(size, int(share * (size + 1))) for share in shares))
        for number, (bloc, size, *shares) in enumerate(parts)
    ]


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(UNIT, min_size=1, max_size=9),
    insider=st.integers(-1, 8),
    seed=st.integers(0, 99),
    measure=st.sampled_from(MEASURES),
)
def test_attack_on_everything_published_finds_no_small_unit(
    rule: Rule, parts: list[tuple[str, int, float, float, float]], insider: int, seed: int, measure: str
) -> None:
    """The board's table, the public one, another public one, and all priors: together they pin no small unit down."""
    rows = city(parts)
    rng = random.Random(seed)
    everybody = {row.code for row in rows}
    choices = [everybody, set(), {row.code for row in rows if rng.random() < 0.5}, _publicly_named(rows, rule)]
    own = rows[insider].code if 0 <= insider < len(rows) else ""
    attacker = Attacker(rows, measure, rule.unit, own)
    for named in choices:
        attacker.reads(publish_units(rows, named, rule.unit))
    attacker.reads_priors()
    for row in rows:
        if row.counts.people < rule.unit.rank_from and row.code != own:
            low, high = attacker.range_of(row.code)
            assert high > low, f"{measure} of {row} is known to be {low}"


def _publicly_named(rows: Sequence[UnitRow], rule: Rule) -> set[str]:
    found: set[str] = set()
    for bloc in {row.bloc for row in rows}:
        members = [row for row in rows if row.bloc == bloc]
        prior = bloc_prior([row.counts for row in members], rule.unit)
        named = choose_named({row.code: unit_index(row.counts, rule.unit, prior) for row in members}, rule.unit)
        found |= {code for code, _ in named.top} | set(named.reached)
    return found


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(UNIT, min_size=1, max_size=9))
def test_the_public_table_alone_gives_away_no_unit_that_is_not_named(
    rule: Rule, parts: list[tuple[str, int, float, float, float]]
) -> None:
    rows = city(parts)
    named = _publicly_named(rows, rule)
    table = publish_units(rows, named, rule.unit)
    for measure in MEASURES:
        attacker = Attacker(rows, measure, rule.unit)
        attacker.reads(table)
        for row in rows:
            if row.code not in named:
                low, high = attacker.range_of(row.code)
                assert high > low


def test_two_units_in_one_row_would_know_each_other(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why a pool has three: with two of them allowed, the insider of one finds the other."""
    monkeypatch.setattr(small_units, "FEWEST_TOGETHER", 2)
    monkeypatch.setattr(publication, "safe_to_tell", lambda units, measure: True)
    rows = [unit("P1", "Phường", 40), unit("P2", "Phường", 4, 3, 2, 1), unit("P3", "Phường", 8, 5, 4, 3)]
    attacker = Attacker(rows, "participating", rule.unit, own="P3")
    attacker.reads(publish_units(rows, {"P1"}, rule.unit))
    assert attacker.range_of("P2") == (3, 3)


def test_the_attacker_is_not_a_straw_man(rule: Rule) -> None:
    """Naive totals do give a small unit away, and this attacker finds it."""
    rows = [unit("P1", "Phường", 40, 30, 20, 10), unit("P2", "Phường", 3, 1, 1, 0)]
    attacker = Attacker(rows, "participating", rule.unit)
    attacker.known = [Equation(frozenset(["P1"]), 30), Equation(frozenset(["P1", "P2"]), 31)]
    assert attacker.range_of("P2") == (1, 1)


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(UNIT, max_size=9), seed=st.integers())
def test_the_order_of_units_changes_nothing(
    rule: Rule, parts: list[tuple[str, int, float, float, float]], seed: int
) -> None:
    rows = city(parts)
    named = {row.code for row in rows[::2]}
    turned = random.Random(seed).sample(rows, len(rows))
    assert publish_units(turned, named, rule.unit) == publish_units(rows, named, rule.unit)
    assert bloc_prior([row.counts for row in turned], rule.unit) == bloc_prior([row.counts for row in rows], rule.unit)


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(UNIT, max_size=9))
def test_nobody_is_lost_and_nobody_counted_twice(rule: Rule, parts: list[tuple[str, int, float, float, float]]) -> None:
    rows = city(parts)
    table = publish_units(rows, {row.code for row in rows}, rule.unit)
    assert table.totals[CITY].people + sum(people for _, people in table.left_out.values()) == _people(rows)
    assert table.totals[CITY].units + sum(units for units, _ in table.left_out.values()) == len(rows)


@pytest.mark.parametrize("people", [0, 4, 5, 9])
def test_asking_for_a_small_unit_by_name_does_not_help(rule: Rule, people: int) -> None:
    row = replace(unit("P1", "Phường", 40), counts=UnitCounts(people, people // 2, 0, 0))
    assert publish_units([row], {"P1"}, rule.unit).cells == ()
