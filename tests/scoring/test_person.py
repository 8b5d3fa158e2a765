"""A person's score: bands, points, and the laws that no rule may break."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.course import Rule
from hocvu.scores import ItemInfo, Score
from hocvu.scoring import find_band, prepare_items, score_person

ALL = {level: 1.0 for level in (1, 2, 3)}


def score_of(items: list[ItemInfo], rule: Rule, **share_by_level: float) -> Score:
    """A person with the same share in every item of a level: m1=1.0, m2=0.5 …"""
    shares = {int(name[1:]): share for name, share in share_by_level.items()}
    return score_person({item.item_id: shares[item.level] for item in items if item.level in shares}, items, rule)


def test_nothing_done_is_not_enough_data_and_not_a_failure(full_course: list[ItemInfo], rule: Rule) -> None:
    score = score_person({}, full_course, rule)
    assert (score.coverage, score.points, score.band, score.enough_data) == (0.0, 0.0, 0, False)
    assert score.band_name == "Chưa đủ dữ liệu"
    assert "không đạt" not in score.band_message
    assert score.levels == {code: 0 for code in rule.competencies}


def test_nothing_published_is_a_score_too(rule: Rule) -> None:
    score = score_person({"1-1": 1.0}, [], rule)
    assert (score.coverage, score.points, score.max_points, score.band) == (0.0, 0.0, 0.0, 0)


def test_everything_right_is_band_3_and_band_4_stays_with_people(full_course: list[ItemInfo], rule: Rule) -> None:
    score = score_of(full_course, rule, m1=1.0, m2=1.0, m3=1.0)
    assert (score.band, score.band_name, score.coverage) == (3, "Thành thạo", 1.0)
    assert score.points == score.max_points
    assert "người có thẩm quyền xác nhận" in score.band_message


def test_levels_below_the_coverage_of_all_items_give_no_band(full_course: list[ItemInfo], rule: Rule) -> None:
    score = score_of(full_course, rule, m1=1.0)
    assert set(score.levels.values()) == {1}
    assert (score.band, score.enough_data) == (0, False)


def test_all_m1_with_most_items_tried_is_band_1(full_course: list[ItemInfo], rule: Rule) -> None:
    score = score_of(full_course, rule, m1=1.0, m2=0.1, m3=0.1)
    assert (score.band, score.band_name) == (1, "Phổ cập")
    assert score.band_message == "để đạt mức Vận dụng: NL5, NL6 cần đạt M2; mới có 0 năng lực đạt M2, cần 4"


def test_one_person_is_explained_per_competency(full_course: list[ItemInfo], rule: Rule) -> None:
    score = score_of(full_course, rule, m1=1.0, m2=0.1, m3=0.1)
    assert [message[:4] for message in score.messages] == [f"{code}:" for code in rule.competencies]
    assert all(message.endswith(".") for message in score.messages)


@pytest.mark.parametrize(
    ("levels", "band"),
    [
        ((1, 1, 1, 1, 1, 1), 1),
        ((1, 1, 1, 1, 1, 0), 0),
        ((2, 2, 2, 2, 1, 2), 1),  # NL5 is a gate
        ((1, 1, 2, 2, 2, 2), 2),
        ((1, 1, 1, 2, 2, 2), 1),
        ((2, 2, 2, 3, 3, 3), 3),
        ((3, 3, 3, 2, 3, 3), 2),  # NL4 must be among the M3
        ((2, 2, 2, 3, 3, 2), 2),
    ],
)
def test_bands_follow_levels(rule: Rule, levels: tuple[int, ...], band: int) -> None:
    held = dict(zip(rule.competencies, levels, strict=True))
    assert find_band(held, 1.0, rule, level_coverage=ALL, capstone_share=1.0).number == band


def test_band_3_needs_the_capstone_and_band_1_the_m1_items(rule: Rule) -> None:
    held = {code: 3 for code in rule.competencies}
    assert find_band(held, 1.0, rule, level_coverage=ALL, capstone_share=0.74).number == 2
    assert find_band(held, 1.0, rule, level_coverage={**ALL, 1: 0.79}, capstone_share=1.0).number == 0
    assert find_band(held, 0.59, rule, level_coverage=ALL, capstone_share=1.0).enough_data is False


def test_no_levels_give_band_4(rule: Rule) -> None:
    held = {code: 4 for code in rule.competencies}
    assert find_band(held, 1.0, rule, level_coverage=ALL, capstone_share=1.0).number == 3


SHARES = st.lists(st.none() | st.sampled_from([0.0, 0.3, 0.6, 0.7, 0.75, 0.9, 1.0]), min_size=66, max_size=66)


def evidence_from(items: list[ItemInfo], shares: list[float | None]) -> dict[str, float]:
    return {item.item_id: share for item, share in zip(items, shares, strict=True) if share is not None}


@settings(max_examples=60, deadline=None)
@given(shares=SHARES, position=st.integers(0, 65), better=st.floats(0, 1))
def test_a_better_answer_never_lowers_anything(
    full_course: list[ItemInfo], rule: Rule, shares: list[float | None], position: int, better: float
) -> None:
    before = evidence_from(full_course, shares)
    item_id = full_course[position].item_id
    after = {**before, item_id: max(better, before.get(item_id, 0.0))}
    low, high = (score_person(evidence, full_course, rule) for evidence in (before, after))
    assert all(high.levels[code] >= low.levels[code] for code in rule.competencies)
    assert (high.band, high.coverage, high.points) >= (low.band, low.coverage, low.points)
    assert high.band >= low.band and high.coverage >= low.coverage and high.points >= low.points


@settings(max_examples=30, deadline=None)
@given(shares=SHARES, seed=st.integers())
def test_order_never_matters(full_course: list[ItemInfo], rule: Rule, shares: list[float | None], seed: int) -> None:
    evidence = evidence_from(full_course, shares)
    rng = random.Random(seed)
    shuffled = rng.sample(full_course, len(full_course))
    turned = dict(rng.sample(sorted(evidence.items()), len(evidence)))
    assert score_person(turned, shuffled, rule) == score_person(evidence, full_course, rule)


@settings(max_examples=30, deadline=None)
@given(shares=SHARES)
def test_following_the_advice_ends_at_the_top(
    full_course: list[ItemInfo], rule: Rule, shares: list[float | None]
) -> None:
    evidence: dict[str, float] = evidence_from(full_course, shares)
    items = prepare_items(full_course)
    for _ in range(len(full_course)):
        todo = [result.next_item for result in score_person(evidence, items, rule).details.values() if result.next_item]
        if not todo:
            break
        evidence |= dict.fromkeys(todo, 1.0)
    assert score_person(evidence, items, rule).band >= 2
    assert set(score_person(evidence, items, rule).levels.values()) == {3}


@settings(max_examples=30, deadline=None)
@given(shares=SHARES)
def test_everything_stays_in_its_range(full_course: list[ItemInfo], rule: Rule, shares: list[float | None]) -> None:
    score = score_person(evidence_from(full_course, shares), full_course, rule)
    assert 0 <= score.coverage <= 1 and 0 <= score.points <= score.max_points
    assert 0 <= score.band <= 3 and all(0 <= level <= 3 for level in score.levels.values())


def test_evidence_of_items_that_are_not_published_is_ignored(full_course: list[ItemInfo], rule: Rule) -> None:
    evidence: dict[str, Any] = {full_course[0].item_id: 1.0}
    assert score_person({**evidence, "99-9": 1.0}, full_course, rule) == score_person(evidence, full_course, rule)
