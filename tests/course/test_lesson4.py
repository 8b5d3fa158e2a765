"""Lesson 4 prints the figures that are measured, and says of every document number that it is invented."""

import re
from statistics import mean

import pytest

from hocvu.datasets.sentences import plain_sentences, syllables
from hocvu.labs.benches import BENCHES
from hocvu.labs.next_word import (
    ASKED,
    BEGIN,
    COPIED_OUT_OF,
    Machine,
    copied_share,
    counts_after,
    is_made_up,
)
from hocvu.questions.spans import Spans
from hocvu.questions.values import Context
from tests.course.modules import ROOT, SEED, assignment_of, lesson_of, printed_in

SLUG = "04-ai-tao-sinh"
EXERCISES = ROOT / "source" / SLUG / "exercises.ipynb"
LEARNERS = range(100, 120)
DOCUMENT = syllables("theo công văn số")
CLUMSY = "tôi xin phản ánh lần thứ 2 rồi"


@pytest.fixture(scope="module")
def text() -> str:
    return printed_in(lesson_of(SLUG))


def test_the_commonest_next_syllable_says_nothing(text: str) -> None:
    syllable, chance = Machine(3, 1.0).next_syllables(BEGIN)[0]
    assert (syllable, round(100 * chance)) == ("lần", 53) and "«lần» nhất (khoảng 53%)" in text
    cold = {" ".join(sentence) for seed in LEARNERS for sentence in Machine(3, 0).several(BEGIN, 5, seed)}
    assert cold == {CLUMSY} and CLUMSY in text
    assert any("phản ánh lần thứ 4 rồi" in " ".join(sentence) for sentence in plain_sentences())


@pytest.mark.parametrize(
    ("window", "temperature", "printed"),
    [
        (2, 1.8, "cửa sổ 2, nhiệt độ 1,8 thì khoảng 18%"),
        (3, 1.0, "cửa sổ 3, nhiệt độ 1 thì 72%"),
        (4, 0.3, "cửa sổ 4, nhiệt độ 0,3 thì 94%"),
    ],
)
def test_the_copied_shares_are_measured(text: str, window: int, temperature: float, printed: str) -> None:
    measured = mean(copied_share(Machine(window, temperature), seed) for seed in LEARNERS)
    assert printed.endswith(f"{round(100 * measured)}%") and printed in text


def test_few_whole_sentences_are_copied(text: str) -> None:
    store, machine = set(plain_sentences()), Machine(4, 0.3)
    written = [sentence for seed in LEARNERS for sentence in machine.several((), COPIED_OUT_OF, seed)]
    assert round(100 * mean(sentence in store for sentence in written)) == 4
    assert "trùng trọn một câu trong kho thì chỉ khoảng 4%" in text


def test_the_letters_that_are_nowhere_are_counted(text: str) -> None:
    machine = Machine(3, 1.0, with_numbers=True)
    written = [sentence for seed in LEARNERS for sentence in machine.several(DOCUMENT, 5, seed)]
    assert len(written) == 100
    assert sum(map(is_made_up, written)) == 92 and "khoảng 92 trong 100 câu" in text


def test_every_invented_number_is_said_to_be_invented(text: str) -> None:
    assert "*(số bịa, đặt ra cho bài học)*" in text and "**đều là số bịa**" in text
    shown = BENCHES["may_doan_tieng"]
    drawn = shown.draw(shown.defaults | {"kho": "so_hieu", "bat_dau": "theo công văn số"}, 5)
    assert drawn.count("(bịa)") == 30 and "đều do khóa học bịa ra" in drawn
    assert "✗ Kho không có công văn này: máy tự ghép." in drawn


def test_the_table_of_item_4_1_is_counted() -> None:
    rows = re.findall(r"\| (\w+) \| (\d+) \| (\d+) ", printed_in(EXERCISES))
    plain, mixed = dict(counts_after(ASKED, False)), dict(counts_after(ASKED, True))
    assert {word: (int(before), int(after)) for word, before, after in rows} == {
        word: (plain.get(word, 0), times) for word, times in mixed.items()
    }


def test_what_item_4_4_calls_grounded_can_be_computed_from_the_points_given() -> None:
    source = printed_in(EXERCISES)
    received, rubbish, noise, lamps = map(
        int, next(iter(re.findall(r"nhận (\d+) phản ánh: (\d+) về rác, (\d+) về tiếng ồn, (\d+) về đèn", source)))
    )
    done, left = map(int, next(iter(re.findall(r"xong (\d+) phản ánh; (\d+) phản ánh còn lại", source))))
    assert received == rubbish + noise + lamps == done + left
    assert f"xong {done} phản ánh, đạt khoảng {round(100 * done / received)}%" in source


def test_three_of_the_four_places_are_enough_and_marking_everything_is_not() -> None:
    item = assignment_of(SLUG).item("4-4")
    question, nobody = item.question, Context({}, SEED)
    assert isinstance(question, Spans)
    wanted = question.samples(item.key, nobody).reference
    assert isinstance(wanted, list)
    assert len(wanted) == len(item.key.answer) == 4

    def share(marked: object) -> float:
        return question.grade(item.key, question.parse(marked), nobody).share

    assert all(share(wanted[:place] + wanted[place + 1 :]) == 1 for place in range(4))
    assert share([list(piece) for piece in question.pieces]) < 0.6
    assert share(wanted[:2]) < 0.8
