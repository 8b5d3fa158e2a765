"""Lesson 3 and item 3-5 print the figures that are measured: means over 20 learners, as they say."""

import re
from statistics import mean

import pytest

from hocvu.labs.threshold import MESSAGES, PER_PERSON, cheapest, messages_of, tally, thresholds
from tests.course.modules import ROOT, assignment_of, lesson_of, printed_in

SLUG = "03-dung-sai-va-nguong"
EXERCISES = ROOT / "source" / SLUG / "exercises.ipynb"
LEARNERS = range(100, 120)
TABLE = re.compile(r"\| (0,\d) \| (\d+) \| (\d+) ")


@pytest.fixture(scope="module")
def text() -> str:
    return printed_in(lesson_of(SLUG))


def average(threshold: float, what: str) -> float:
    return mean(float(getattr(tally(threshold, seed), what)) for seed in LEARNERS)


def urgent() -> float:
    return mean(sum(one.urgent for one in messages_of(seed)) for seed in LEARNERS)


def number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def test_saying_never_is_right_nine_times_in_ten(text: str) -> None:
    assert round(urgent()) == 99 and "khoảng 99 tin khẩn" in text
    assert round(100 * (1 - urgent() / MESSAGES)) == 90 and "Luôn nói «không khẩn» đã đúng khoảng 90%" in text


def test_the_threshold_of_the_seller_misses_what_is_printed(text: str) -> None:
    right, missed = round(100 * average(0.7, "accuracy")), round(average(0.7, "missed"))
    assert f"Ngưỡng 0,7 đúng khoảng {right}% mà vẫn bỏ sót khoảng {missed} trong 99 tin khẩn" in text


def test_a_low_threshold_alarms_as_printed(text: str) -> None:
    missed, alarms = round(average(0.4, "missed")), round(average(0.4, "false_alarms"))
    assert f"Ngưỡng 0,4 chỉ sót khoảng {missed} tin nhưng báo nhầm khoảng {alarms} tin" in text
    assert f"độ đúng chung tụt còn khoảng {round(100 * average(0.4, 'accuracy'))}%" in text
    assert f"“Trong 99 tin khẩn, máy bỏ sót {missed}.”" in text
    assert f"“Mỗi ngày có {alarms} báo nhầm, ba người trực xem kịp {3 * PER_PERSON} tin.”" in text


def test_the_cheapest_threshold_is_far_from_the_most_accurate_as_printed(text: str) -> None:
    cheap = number(mean(cheapest(seed, 20, 1) for seed in LEARNERS))
    accurate = number(mean(max(thresholds(), key=lambda one: tally(one, seed).accuracy) for seed in LEARNERS))
    assert f"ở quanh {cheap}, xa ngưỡng có độ đúng cao nhất, ở quanh {accurate}" in text


def test_the_table_of_item_3_5_is_the_mean_of_twenty_learners() -> None:
    printed = {row[0]: (int(row[1]), int(row[2])) for row in TABLE.findall(printed_in(EXERCISES))}
    measured = {
        f"0,{tenths}": (round(average(tenths / 10, "missed")), round(average(tenths / 10, "false_alarms")))
        for tenths in (3, 4, 5, 6)
    }
    assert printed == measured


def test_the_feedback_of_item_3_5_adds_up() -> None:
    printed = {f"n0{row[0][-1]}": (int(row[1]), int(row[2])) for row in TABLE.findall(printed_in(EXERCISES))}
    key = assignment_of(SLUG).item("3-5").key
    costs = {name: 20 * missed + alarms for name, (missed, alarms) in printed.items()}
    assert list(key.answer) == sorted(costs, key=costs.__getitem__)
    assert all(f"được {cost}" in key.feedback[name] for name, cost in costs.items())
