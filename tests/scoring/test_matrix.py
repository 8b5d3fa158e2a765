"""Many people at once: the same numbers as one by one, whatever the evidence, the chunks and the order of people."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.course import Rule
from hocvu.scores import Contribution, ItemInfo, Score
from hocvu.scoring import matrix, prepare_items, score_person
from hocvu.scoring.matrix import ScoreArrays, score_matrix, share_matrix

# What graders give: full, nothing, parts of 2 to 12 cards, and whatever a float can be.
SHARE = st.one_of(
    st.sampled_from([0.0, 0.6, 0.7, 1.0]),
    st.builds(lambda part, whole: min(1.0, part / whole), st.integers(0, 12), st.sampled_from([3, 4, 6, 7, 12])),
    st.floats(0, 1),
)
GOOD = SHARE | st.sampled_from([0.7, 0.75, 0.9, 1.0, 1.0])
PERSON = st.tuples(st.floats(0, 1), st.integers(0, 2**32 - 1), GOOD)
KEPT = ("coverage", "levels", "band", "points", "max_points", "rule_version", "enough_data")


def kept(score: Score) -> list[object]:
    return [getattr(score, name) for name in KEPT]


def evidence_of(items: list[ItemInfo], diligence: float, seed: int, usual: float) -> dict[str, float]:
    """A person who tries an item with this likelihood and usually gets this share."""
    rng = np.random.default_rng(seed)
    parts = rng.choice([0.0, 0.25, 1 / 3, 0.5, 2 / 3, 0.75, 0.83, 1.0], len(items))
    usually = rng.random(len(items)) < 0.8
    tried = rng.random(len(items)) < diligence**0.2
    return {
        item.item_id: float(usual if often else part)
        for item, part, often, yes in zip(items, parts, usually, tried, strict=True)
        if yes
    }


@settings(max_examples=50, deadline=None)
@given(people=st.lists(PERSON, min_size=1, max_size=8), withdrawn=st.sets(st.integers(0, 90), max_size=3))
def test_many_at_once_equal_one_by_one(
    planned: list[ItemInfo], rule: Rule, people: list[tuple[float, int, float]], withdrawn: set[int]
) -> None:
    course = [replace(item, is_withdrawn=number in withdrawn) for number, item in enumerate(planned)]
    items = prepare_items(course)
    evidence = [evidence_of(planned, *person) for person in people]
    signed = [Contribution(rule.bands[3].contributions[0], "Thủ trưởng", date(2027, 5, 1))]
    confirmed = [seed % 2 == 0 for _, seed, _ in people]
    many = score_matrix(share_matrix(evidence, items), items, rule, confirmed)
    for row, shares in enumerate(evidence):
        one = score_person(shares, items, rule, signed if confirmed[row] else [])
        assert kept(many.score(row, rule)) == kept(one)


@settings(max_examples=30, deadline=None)
@given(shares=st.dictionaries(st.integers(0, 90), SHARE))
def test_any_float_gives_the_same_last_digit(planned: list[ItemInfo], rule: Rule, shares: dict[int, float]) -> None:
    items = prepare_items(planned)
    evidence = {planned[number].item_id: share for number, share in shares.items()}
    many = score_matrix(share_matrix([evidence], items), items, rule)
    assert kept(many.score(0, rule)) == kept(score_person(evidence, items, rule))


def crowd(planned: list[ItemInfo], people: int) -> list[dict[str, float]]:
    rng = np.random.default_rng(2027)
    return [
        evidence_of(planned, float(rng.random()), number, float(rng.choice([0.5, 0.8, 1.0])))
        for number in range(people)
    ]


def same(one: ScoreArrays, other: ScoreArrays) -> bool:
    names = ("coverage", "levels", "band", "points", "max_points")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def test_chunks_and_the_order_of_people_change_nothing(
    planned: list[ItemInfo], rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = prepare_items(planned)
    shares = share_matrix(crowd(planned, 60), items)
    whole = score_matrix(shares, items, rule)
    assert len(set(whole.band.tolist())) > 2, "a crowd that shows nothing proves nothing"
    monkeypatch.setattr(matrix, "CHUNK", 7)
    assert same(whole, score_matrix(shares, items, rule))
    turned = score_matrix(shares[::-1], items, rule)
    assert np.array_equal(turned.band[::-1], whole.band) and np.array_equal(turned.levels[::-1], whole.levels)


def test_step_by_step_ends_where_from_scratch_does(planned: list[ItemInfo], rule: Rule) -> None:
    """A year of answers one after another, scored after each, and everything scored at the end."""
    items = prepare_items(planned)
    rng = np.random.default_rng(7)
    best: dict[str, float] = {}
    score = score_person(best, items, rule)
    for _ in range(900):
        item, share = planned[rng.integers(len(planned))], float(rng.choice([0.2, 0.5, 0.9, 1.0]))
        best = {**best, item.item_id: max(share, best.get(item.item_id, 0.0))}
        score = score_person(best, items, rule)
    assert kept(score) == kept(score_matrix(share_matrix([best], items), items, rule).score(0, rule))
    assert score.band == 3


def test_nobody_and_nothing_published(planned: list[ItemInfo], rule: Rule) -> None:
    items, empty = prepare_items(planned), prepare_items([])
    assert len(score_matrix(share_matrix([], items), items, rule).band) == 0
    assert kept(score_matrix(share_matrix([{}], empty), empty, rule).score(0, rule)) == kept(
        score_person({}, empty, rule)
    )
