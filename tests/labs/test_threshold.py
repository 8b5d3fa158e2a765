"""The threshold of module 3: the figures of the course over 20 learners, goals that everybody can meet, the trap."""

from collections import Counter
from statistics import mean

import pytest

from hocvu.datasets.urgent1022 import generate_messages
from hocvu.labs.threshold import (
    MESSAGES,
    cheapest,
    chosen_threshold,
    meets,
    messages_of,
    middle_of,
    miss_rate_of,
    tally,
    target_of,
    thresholds,
)
from hocvu.questions.values import MissingAnswer

LEARNERS = range(100, 120)


def average(threshold: float, what: str) -> float:
    return mean(getattr(tally(threshold, seed), what) for seed in LEARNERS)


def test_about_one_message_in_ten_is_urgent_so_saying_never_is_right_nine_times_in_ten() -> None:
    urgent = mean(sum(one.urgent for one in messages_of(seed)) for seed in LEARNERS)
    assert urgent == pytest.approx(99, abs=3)
    assert 1 - urgent / MESSAGES == pytest.approx(0.901, abs=0.003)


@pytest.mark.parametrize(
    ("threshold", "accuracy", "missed", "false_alarms"), [(0.4, 0.753, 6.2, 241), (0.7, 0.93, 55.8, 14.6)]
)
def test_accuracy_hides_what_is_missed(threshold: float, accuracy: float, missed: float, false_alarms: float) -> None:
    assert average(threshold, "accuracy") == pytest.approx(accuracy, abs=0.01)
    assert average(threshold, "missed") == pytest.approx(missed, abs=1.5)
    assert average(threshold, "false_alarms") == pytest.approx(false_alarms, abs=8)


def test_at_twenty_to_one_the_cheapest_threshold_is_far_below_the_most_accurate() -> None:
    cheap = mean(cheapest(seed, 20, 1) for seed in LEARNERS)
    accurate = mean(max(thresholds(), key=lambda one: tally(one, seed).accuracy) for seed in LEARNERS)
    assert cheap == pytest.approx(0.41, abs=0.03) and accurate == pytest.approx(0.68, abs=0.03)


def test_a_higher_threshold_misses_more_and_alarms_less() -> None:
    for low, high in zip(thresholds(), thresholds()[1:], strict=False):
        assert tally(low, 1).missed <= tally(high, 1).missed
        assert tally(low, 1).false_alarms >= tally(high, 1).false_alarms


def test_every_goal_is_met_on_at_least_three_hundredths_of_the_scale_and_not_where_the_bench_opens() -> None:
    for seed in range(200):
        good = [one for one in thresholds() if all(meets(one, seed))]
        assert middle_of(seed) in good and max(good) - min(good) >= 0.03
        assert 0.7 not in good
        assert target_of(seed).missed <= 25


def test_no_single_guess_meets_the_goal_of_half_the_learners() -> None:
    met = Counter(one for seed in range(100) for one in thresholds() if all(meets(one, seed)))
    assert max(met.values()) < 50


def test_the_four_cells_are_all_messages() -> None:
    found = tally(0.4, 3)
    assert found.hits + found.missed + found.false_alarms + found.calm == MESSAGES


def test_item_3_2_follows_the_threshold_handed_in() -> None:
    assert miss_rate_of({"nguong": "0,40"}, 7) == tally(0.4, 7).miss_rate == miss_rate_of({"nguong": 0.4}, 7)


@pytest.mark.parametrize("raw", [None, {}, {"nguong": "cao"}, {"nguong": 3}, "0,4", {"nguong": True}])
def test_item_3_2_asks_for_item_3_3_first(raw: object) -> None:
    with pytest.raises(MissingAnswer, match="3.3"):
        chosen_threshold(raw)


def test_messages_are_the_same_every_time_and_have_no_gaps_left() -> None:
    messages = generate_messages(300, 5)
    assert messages == generate_messages(300, 5)
    assert all("{" not in one.text and 0 <= one.score <= 1 for one in messages)
