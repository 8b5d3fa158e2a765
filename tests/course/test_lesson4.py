"""Lesson 4 prints the figures that are measured, and says of every document number that it is invented."""

import json
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
from tests.course.modules import ROOT, assignment_of, cells_of_lesson

SLUG = "04-ai-tao-sinh"
LEARNERS = range(100, 120)
DOCUMENT = syllables("theo công văn số")
CLUMSY = "tôi xin phản ánh lần thứ 2 rồi"


@pytest.fixture(scope="module")
def text() -> str:
    return " ".join("".join(str(line) for cell in cells_of_lesson(SLUG) for line in cell["source"]).split())  # type: ignore[attr-defined]


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
    exercises = json.loads((ROOT / "source" / SLUG / "exercises.ipynb").read_text(encoding="utf-8"))
    table = next("".join(cell["source"]) for cell in exercises["cells"] if cell["id"] == "dan-4-1")
    printed = {
        word: (int(plain), int(mixed)) for word, plain, mixed in re.findall(r"\| (\w+) \| (\d+) \| (\d+) \|", table)
    }
    plain, mixed = dict(counts_after(ASKED, False)), dict(counts_after(ASKED, True))
    assert printed == {word: (plain.get(word, 0), times) for word, times in mixed.items()}


def test_what_item_4_4_calls_grounded_can_be_computed_from_the_five_points() -> None:
    exercises = json.loads((ROOT / "source" / SLUG / "exercises.ipynb").read_text(encoding="utf-8"))
    source = next("".join(cell["source"]) for cell in exercises["cells"] if cell["id"] == "dan-4-4")
    assert 27 + 13 + 6 == 46 == 38 + 8 and round(100 * 38 / 46) == 83
    for part in ("46 phản ánh: 27 về rác, 13 về tiếng ồn, 6 về đèn đường", "38 phản ánh; 8 phản ánh"):
        assert part in source
    item = assignment_of(SLUG).item("4-4")
    assert len(item.key.answer) == 4


def test_three_of_the_four_places_are_enough_and_marking_everything_is_not() -> None:
    item = assignment_of(SLUG).item("4-4")
    question, key = item.question, item.key
    places = [[question.text.index(one), question.text.index(one) + len(one)] for one in key.answer]  # type: ignore[attr-defined]
    pieces = [list(p) for p in question.pieces if any(p[0] < end and start < p[1] for start, end in places)]  # type: ignore[attr-defined]
    everything = [list(p) for p in question.pieces]  # type: ignore[attr-defined]
    assert len(pieces) == 4

    def share(raw: list[list[int]]) -> float:
        from_raw = question.parse(raw)
        return question.grade(key, from_raw, None).share  # type: ignore[arg-type]

    assert all(share(pieces[:left] + pieces[left + 1 :]) == 1 for left in range(4))
    assert share(everything) < 0.6 and share(pieces[:2]) < 0.8
