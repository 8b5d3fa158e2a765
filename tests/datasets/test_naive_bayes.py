"""A classifier small enough to check by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.datasets.naive_bayes import train

EXAMPLES = [("rác hôi", "RAC"), ("rác đầy", "RAC"), ("xe buýt trễ", "BUYT"), ("đèn tắt", "CAYDEN")]


def test_a_word_seen_in_one_field_pulls_towards_it() -> None:
    assert train(EXAMPLES).predict("rác ở đầu hẻm") == "RAC"


def test_a_text_without_words_goes_to_the_commonest_field() -> None:
    assert train(EXAMPLES).predict("1022!") == "RAC"


def test_the_weights_are_those_worked_out_by_hand() -> None:
    model = train([("a", "X"), ("b", "Y")], smoothing=1.0)  # vocabulary 2, one token a field
    assert model.weights["X"]["a"] == pytest.approx(math.log(2 / 3))
    assert model.unseen["X"] == pytest.approx(math.log(1 / 3))
    assert model.probabilities("a") == pytest.approx({"X": 2 / 3, "Y": 1 / 3})


def test_no_examples_make_no_model() -> None:
    with pytest.raises(ValueError, match="at least one example"):
        train([])


@given(st.permutations(EXAMPLES), st.text(max_size=40))
def test_the_order_of_examples_never_matters(shuffled: list[tuple[str, str]], text: str) -> None:
    assert train(shuffled).probabilities(text) == pytest.approx(train(EXAMPLES).probabilities(text))


@given(st.text(max_size=60))
def test_probabilities_add_up_to_one(text: str) -> None:
    assert sum(train(EXAMPLES).probabilities(text).values()) == pytest.approx(1.0)
