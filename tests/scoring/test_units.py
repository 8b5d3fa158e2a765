"""The unit index: the documented numbers, and what small units are spared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.course import Rule
from hocvu.scoring import Prior, UnitCounts, UnitIndex, Visibility, adjusted_rate, bloc_prior, rank_units, unit_index


@pytest.mark.parametrize(
    ("counts", "rates", "index"),
    [
        (UnitCounts(12, 12, 10, 5), (0.909, 0.727, 0.364), 72.7),
        (UnitCounts(120, 110, 84, 40), (0.908, 0.692, 0.331), 70.6),
        (UnitCounts(80, 40, 20, 10), (0.533, 0.289, 0.144), 35.8),
    ],
)
def test_the_documented_units(rule: Rule, counts: UnitCounts, rates: tuple[float, ...], index: float) -> None:
    result = unit_index(counts, rule.unit)
    shown = (result.participating, result.advanced, result.rising)
    assert tuple(round(rate, 3) for rate in shown if rate is not None) == rates
    assert result.index is not None and round(result.index, 1) == index


def test_six_of_six_does_not_beat_110_of_120() -> None:
    assert round(adjusted_rate(6, 6, 0.7, 10), 4) == 0.8125
    assert adjusted_rate(110, 120, 0.7, 10) == 0.9


@pytest.mark.parametrize(
    ("people", "visibility"),
    [(0, Visibility.HIDDEN), (4, Visibility.HIDDEN), (5, Visibility.OWN), (9, Visibility.OWN), (10, Visibility.RANKED)],
)
def test_small_units_are_neither_shown_nor_ranked(rule: Rule, people: int, visibility: Visibility) -> None:
    result = unit_index(UnitCounts(people, people, 0, 0), rule.unit)
    assert result.visibility is visibility
    assert (result.participating is None) == (visibility is Visibility.HIDDEN)
    assert (result.index is None) == (visibility is not Visibility.RANKED)


def test_the_prior_of_a_bloc_is_its_mean_over_people(rule: Rule) -> None:
    assert bloc_prior([UnitCounts(10, 10, 5, 0), UnitCounts(30, 10, 5, 4)], rule.unit) == Prior(0.5, 0.25, 0.1)
    assert bloc_prior([], rule.unit) == Prior(0.8, 0.6, 0.3)


def test_units_within_two_points_share_a_rank(rule: Rule) -> None:
    def ranked(index: float) -> UnitIndex:
        return UnitIndex(Visibility.RANKED, 1.0, 1.0, 1.0, index)

    small = UnitIndex(Visibility.OWN, 1.0, 1.0, 1.0, None)
    indexes = {"A": ranked(70.6), "B": ranked(72.7), "C": ranked(70.7), "D": ranked(68.9), "E": small}
    assert rank_units(indexes, rule.unit) == {"B": 1, "C": 1, "A": 3, "D": 3}


@given(people=st.integers(10, 500), data=st.data())
def test_one_more_person_never_lowers_the_index(rule: Rule, people: int, data: st.DataObject) -> None:
    low = UnitCounts(people, *(data.draw(st.integers(0, people - 1)) for _ in range(3)))
    high = UnitCounts(people, low.participating + 1, low.advanced + 1, low.rising + 1)
    before, after = unit_index(low, rule.unit).index, unit_index(high, rule.unit).index
    assert before is not None and after is not None and 0 <= before < after <= 100
