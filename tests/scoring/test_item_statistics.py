"""Item statistics: difficulty and discrimination say what an editor would see by eye."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.scoring.item_statistics import correlation, item_statistics

STRONG = {"a": 1.0, "b": 1.0, "c": 1.0, "odd": 0.0}
WEAK = {"a": 0.0, "b": 0.0, "c": 0.5, "odd": 1.0}
MIDDLE = {"a": 0.5, "b": 0.5, "c": 0.5, "odd": 0.5}


def test_an_item_that_the_strong_fail_is_flagged() -> None:
    odd, good = item_statistics([STRONG, WEAK, MIDDLE], ["odd", "a"])
    assert odd.discrimination is not None and odd.discrimination < 0 and "ít phân biệt" in odd.flags[0]
    assert good.discrimination is not None and good.discrimination > 0.8 and good.flags == ()


@pytest.mark.parametrize(("share", "word"), [(0.1, "quá khó"), (0.97, "quá dễ")])
def test_too_hard_and_too_easy_are_flagged(share: float, word: str) -> None:
    (item,) = item_statistics([{"a": share, "b": 0.4}, {"a": share, "b": 0.9}], ["a"])
    assert word in item.flags[0] and item.discrimination is None


def test_an_item_nobody_tried_has_no_answers() -> None:
    (item,) = item_statistics([STRONG], ["z"])
    assert (item.answers, item.difficulty) == (0, 0.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=30))
def test_a_correlation_is_between_minus_one_and_one(pairs: list[tuple[float, float]]) -> None:
    r = correlation(pairs)
    assert r is None or -1 - 1e-9 <= r <= 1 + 1e-9
