"""The bench in a notebook, used the way a learner uses it: type, choose, move, switch, keep."""

import re

import pytest

from hocvu.labs.rules import parse_rules
from hocvu.widgets.guess import guess
from hocvu.widgets.keyword_bench import NOT_KEPT, START, KeywordBench
from hocvu.widgets.save_line import SaveLine
from hocvu.widgets.stores import TRIES_AGAIN
from tests.labs.reference import REFERENCE
from tests.widgets.memory import Memory


class Learner:
    """A learner in front of the bench."""

    def __init__(self, rules: object = None) -> None:
        self.store = Memory()
        self.line = SaveLine(self.store, "1-3", parse_rules, NOT_KEPT)
        self.bench = KeywordBench(7, rules, self.line)

    @property
    def reads(self) -> str:
        """What the line beside the button says."""
        return str(self.line.widget.value)

    def types(self, row: int, keyword: str) -> None:
        self.bench._rows[row].keyword.value = keyword

    def chooses(self, row: int, category: str) -> None:
        self.bench._rows[row].category.value = category

    def presses(self, row: int, action: str) -> None:
        self.bench._rows[row].buttons[action].click()

    def adds(self, keyword: str, category: str) -> None:
        self.bench._add.click()
        self.types(-1, keyword)
        self.chooses(-1, category)

    @property
    def keywords(self) -> list[str]:
        return [row.keyword.value for row in self.bench._rows]

    def sees(self, outcome: str) -> int:
        found = re.search(rf'hocvu-bench-{outcome}">(\d+)<', self.bench._summary.value)
        assert found
        return int(found.group(1))


def test_the_bench_opens_with_four_rules_and_their_outcome() -> None:
    learner = Learner()
    assert learner.bench.raw == {"rules": START}
    assert learner.sees("right") + learner.sees("wrong") + learner.sees("missed") == 60


def test_rules_kept_earlier_are_there_again() -> None:
    assert Learner(REFERENCE).bench.raw == REFERENCE


def test_a_kept_answer_that_cannot_be_read_gives_the_first_four() -> None:
    assert Learner({"rules": "hỏng"}).bench.raw == {"rules": START}


def test_a_new_rule_is_counted_at_once() -> None:
    learner = Learner()
    before = learner.sees("missed")
    learner.adds("thủ tục", "TTHC")
    assert learner.sees("missed") < before


def test_a_rule_without_a_field_waits_and_says_so() -> None:
    learner = Learner()
    before = learner.sees("missed")
    learner.adds("thủ tục", "")
    assert learner.sees("missed") == before
    assert "1 luật chưa chọn lĩnh vực" in learner.bench._problem.value


def test_moving_a_rule_swaps_it_and_removing_closes_the_gap() -> None:
    learner = Learner()
    learner.presses(0, "down")
    assert learner.keywords == ["rác", "xe buýt", "karaoke", "hồ sơ"]
    learner.presses(3, "up")
    assert learner.keywords == ["rác", "xe buýt", "hồ sơ", "karaoke"]
    learner.presses(1, "remove")
    assert learner.keywords == ["rác", "hồ sơ", "karaoke"]


def test_the_first_rule_cannot_go_up_nor_the_last_down() -> None:
    rows = Learner().bench._rows
    assert rows[0].buttons["up"].disabled
    assert rows[-1].buttons["down"].disabled


def test_all_rules_can_be_removed_and_begun_again() -> None:
    learner = Learner()
    for _ in range(4):
        learner.presses(0, "remove")
    assert learner.sees("missed") == 60
    learner.adds("rác", "RAC")
    assert learner.keywords == ["rác"]


def test_fifteen_rules_are_the_most() -> None:
    learner = Learner(REFERENCE)
    assert learner.bench._add.disabled
    learner.presses(0, "remove")
    assert not learner.bench._add.disabled


def test_the_switch_shows_the_same_reports_without_diacritics() -> None:
    learner = Learner(REFERENCE)
    learner.bench._plain.value = True
    assert learner.sees("missed") == 60
    assert "viết không dấu" in learner.bench._summary.value
    learner.bench._plain.value = False
    assert learner.sees("missed") < 60


def test_only_the_missed_reports_are_listed_ten_at_a_time() -> None:
    learner = Learner()
    learner.bench._only.value = "bỏ sót"
    missed = learner.sees("missed")
    for listed in range(10, missed + 10, 10):
        assert learner.bench._reports.value.count('data-label="Kết quả"') == min(listed, missed)
        learner.bench._more.click()
    assert learner.bench._more.layout.display == "none"


def test_a_repeated_keyword_is_asked_again_and_the_outcome_stays() -> None:
    learner = Learner()
    before = learner.sees("right")
    learner.adds("RÁC", "ONAO")
    assert "có hai lần" in learner.bench._problem.value
    assert learner.sees("right") == before


def test_the_rules_are_kept_for_item_1_3_as_they_can_be_graded() -> None:
    learner = Learner()
    learner.adds("thủ tục", "TTHC")
    learner.bench._add.click()  # an empty row is no rule
    learner.bench._keep()
    assert learner.store.answers == {"1-3": {"rules": [*START, ["thủ tục", "TTHC"]]}}
    assert parse_rules(learner.store.answers["1-3"])
    assert "Đã lưu 5 luật" in learner.reads


def test_opening_the_bench_saves_nothing_and_says_so() -> None:
    learner = Learner()
    assert learner.store.answers == {}
    assert NOT_KEPT in learner.reads


def test_saved_is_said_only_after_it_was_kept() -> None:
    learner = Learner()
    learner.store.broken = True
    learner.bench._keep()
    assert "Đã lưu" not in learner.reads
    assert TRIES_AGAIN in learner.reads
    learner.store.tell(["1-3"])
    assert "✔ Đã lưu 4 luật" in learner.reads


def test_rules_that_cannot_be_graded_are_not_kept() -> None:
    learner = Learner()
    learner.adds("thủ tục", "")
    learner.bench._keep()
    assert learner.store.answers == {}
    assert "chưa chọn lĩnh vực" in learner.reads


def test_without_a_line_there_is_no_button_to_save_with() -> None:
    bench = KeywordBench(7, None, None)
    bench._rows[0].keyword.value = "tuyến"
    assert "Dùng bộ luật này" not in str([part.get_state() for part in bench.widget.children])


def test_a_change_after_saving_is_called_unsaved() -> None:
    learner = Learner()
    learner.bench._keep()
    learner.types(0, "tuyến")
    assert "chưa lưu" in learner.reads


def test_typed_html_is_shown_as_text() -> None:
    learner = Learner({"rules": [["hẻm", "RAC"]]})
    learner.types(0, "<b>hẻm</b>")
    learner.adds("<b>hẻm</b> ", "ONAO")
    bench = learner.bench
    shown = "".join(part.value for part in (bench._details, bench._reports, bench._problem, bench._summary))
    assert "<b>" not in shown


@pytest.mark.parametrize("choice", ["Khoảng 30 câu", "Khoảng 60 câu"])
def test_a_guess_reveals_the_same_text_whatever_was_chosen(choice: str) -> None:
    asked, radio, answer = guess("Bao nhiêu?", ["Khoảng 30 câu", "Khoảng 60 câu"], reveal="Khoảng 60.").children
    assert radio.value is None and answer.value == ""
    radio.value = choice
    assert f"Anh/chị đoán: {choice}." in answer.value
    assert "Khoảng 60." in answer.value
