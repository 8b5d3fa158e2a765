"""Laws of grading, on random answers: bounded, pure, blind to order, and never worse for one more right choice."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.grading import grade_answers
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.judge import judge
from hocvu.questions.sorting import Classify, accepted
from hocvu.questions.values import Key
from tests.questions.test_types import CARDS, CONTEXT, DRAFT, MANY, MARKED, ONE, PAIRS, TYPES

MANY_KEY, CARDS_KEY, PAIRS_KEY = Key({"a", "b", "c"}), Key({"x": "g", "y": {"g", "h"}}), Key({"x": "g", "y": "h"})
MARKED_KEY = Key(["12 và 30 được 43", "đã hết hiệu lực"])


@pytest.mark.parametrize(("question", "key"), TYPES, ids=[f"{q.kind} {q.id}" for q, _ in TYPES])
def test_grading_twice_gives_the_same_and_changes_nothing(question: Any, key: Key) -> None:
    for way in ("reference", "wrong", "unreadable"):
        raw = getattr(question.samples(key, CONTEXT), way)
        shown = repr(raw)
        first, second = (judge(question, key, raw, 8, CONTEXT) for _ in range(2))
        assert first == second
        assert 0 <= first.points <= 8
        assert repr(raw) == shown


@given(st.permutations(list(MANY.options)), st.permutations(list(ONE.options)))
def test_the_order_of_options_never_matters(many: list[str], one: list[str]) -> None:
    shuffled = replace(MANY, options={option: MANY.options[option] for option in many})
    for raw in (["a"], ["c", "a"], ["d", "b", "a"], list("abcd")):
        expected = judge(MANY, MANY_KEY, raw, 4, CONTEXT).points
        assert judge(shuffled, MANY_KEY, raw[::-1], 4, CONTEXT).points == expected
    other = replace(ONE, options={option: ONE.options[option] for option in one})
    assert judge(other, Key("a"), "a", 4, CONTEXT).points == 4


@pytest.mark.parametrize(("question", "key"), [(CARDS, CARDS_KEY), (PAIRS, PAIRS_KEY)], ids=["CLS", "MAT"])
@given(data=st.data())
def test_one_more_right_card_never_lowers_the_points(question: Classify, key: Key, data: st.DataObject) -> None:
    group = st.sampled_from([*question.groups, ""])
    answer = data.draw(st.fixed_dictionaries({card: group for card in question.cards}))
    card = data.draw(st.sampled_from(list(question.cards)))
    better = {**answer, card: sorted(accepted(key, card))[0]}
    assert judge(question, key, better, 4, CONTEXT).points >= judge(question, key, answer, 4, CONTEXT).points


@given(st.permutations(range(len(MARKED.pieces))), st.integers(1, 4))
def test_the_order_of_marked_pieces_never_matters(order: list[int], count: int) -> None:
    chosen = [list(MARKED.pieces[place]) for place in order[:count]]
    assert DRAFT[slice(*chosen[0])]
    points = judge(MARKED, MARKED_KEY, chosen, 4, CONTEXT).points
    assert judge(MARKED, MARKED_KEY, sorted(chosen), 4, CONTEXT).points == points


@given(st.randoms(use_true_random=False))
def test_the_order_of_learners_and_of_answers_never_matters(rng: random.Random) -> None:
    from_types = [(question, key) for question, key in TYPES if question.kind in ("MC1", "MCn", "CLS", "MAT", "ORD")]
    spec = AssignmentSpec("thu", "0", tuple(_items(from_types)), {"cells": []})
    learners = {
        seed: {item.id: item.question.samples(item.key, CONTEXT).wrong for item in spec.items if rng.random() < 0.7}
        for seed in range(4)
    }
    alone = {seed: grade_answers(spec, answers, seed) for seed, answers in learners.items()}
    for seed in rng.sample(list(learners), len(learners)):
        mixed = dict(rng.sample(list(learners[seed].items()), len(learners[seed])))
        assert grade_answers(spec, mixed, seed) == alone[seed]


def _items(questions: list[tuple[Any, Key]]) -> Any:
    for place, (question, key) in enumerate(questions):
        yield ItemSpec(replace(question, id=f"t-{place}"), key, 4.0, place)
