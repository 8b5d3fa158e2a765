"""The next-syllable machine of module 4: it counts, it draws, it copies, and it makes up document numbers."""

import random
from statistics import mean

import pytest

from hocvu.datasets.sentences import numbered_documents, sentences, syllables
from hocvu.labs.next_word import (
    ASKED,
    BEGIN,
    Machine,
    all_same,
    copied_share,
    counts_after,
    is_made_up,
    nearly_all_different,
    probability_after,
)
from hocvu.labs.next_word_bench import TWO_TEMPERATURES, judge
from hocvu.questions.experiment import Goal

LEARNERS = range(100, 120)
REFERENCE = {"cua_so": "3", "nhiet_do_giong": 0.0, "nhiet_do_khac": 2.0}
DOCUMENT = syllables("theo công văn số")


def copied(window: int, temperature: float) -> float:
    return mean(copied_share(Machine(window, temperature), seed) for seed in LEARNERS)


def test_probabilities_add_up_and_the_commonest_comes_first() -> None:
    for temperature in (0, 0.3, 1.0, 2.0):
        choices = Machine(3, temperature).next_syllables(BEGIN)
        assert sum(chance for _, chance in choices) == pytest.approx(1)
        assert [chance for _, chance in choices] == sorted((chance for _, chance in choices), reverse=True)


def test_heat_evens_out_the_choices() -> None:
    tops = [Machine(2, heat).next_syllables(("tôi",))[0][1] for heat in (0, 0.3, 1.0, 2.0)]
    assert tops == sorted(tops, reverse=True) and tops[0] == 1.0


def test_the_probability_asked_for_is_counted_in_the_store() -> None:
    found = counts_after(ASKED)
    assert probability_after(ASKED, "sơ") == pytest.approx(0.957, abs=0.005)
    assert dict(found)["sơ"] / sum(times for _, times in found) == probability_after(ASKED, "sơ")


@pytest.mark.parametrize(("window", "temperature", "share"), [(2, 1.8, 0.18), (3, 1.0, 0.74), (4, 0.3, 0.94)])
def test_a_wider_window_copies_more(window: int, temperature: float, share: float) -> None:
    assert copied(window, temperature) == pytest.approx(share, abs=0.05)


def test_the_machine_puts_together_document_numbers_that_are_nowhere() -> None:
    machine = Machine(3, 1.0, with_numbers=True)
    written = [sentence for seed in LEARNERS for sentence in machine.several(DOCUMENT, 5, seed)]
    assert mean(map(is_made_up, written)) > 0.8


def test_no_document_of_the_store_counts_as_made_up() -> None:
    assert len(numbered_documents()) == 30
    assert not any(map(is_made_up, sentences(True)))


def test_without_the_thirty_sentences_no_document_is_named() -> None:
    written = Machine(3, 1.0).several(BEGIN, 50, 1)
    assert not any("công văn" in " ".join(sentence) for sentence in written)


def test_what_never_occurred_cannot_be_continued() -> None:
    machine = Machine(4, 1.0)
    assert machine.next_syllables(("xyz",) * 3) == []
    assert machine.write_on(("xyz",) * 3, random.Random(1)) == ("xyz",) * 3


def test_item_4_2_can_be_solved_by_everybody_and_each_half_counts_half() -> None:
    goal = Goal(full=1, half=0.5, salt="x", reference=REFERENCE)
    for seed in range(200):
        assert judge(REFERENCE, seed, goal).share == 1
    assert judge(REFERENCE | {"nhiet_do_khac": 0.0}, 1, goal).share == 0.5
    assert judge(TWO_TEMPERATURES.weak(), 1, goal).share == 0
    assert all_same(0, 3, 1) and not nearly_all_different(0, 3, 1)
