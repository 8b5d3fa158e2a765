"""The two benches of the start-up: counters that can always be found, a self-assessment that only suggests."""

import pytest

from hocvu.labs.bench import Bench
from hocvu.labs.counters_bench import A_COUNTER, MOST, needed, people_of, served
from hocvu.labs.counters_bench import BENCH as COUNTERS
from hocvu.labs.self_check import ANSWERS, BENCH, NOT_YET, PARTLY, STATEMENTS, WELL, control_of, paces
from hocvu.questions.experiment import Goal

GOAL = Goal(1.0, 0.5, "muoi", None)


def answered(word: str, **others: str) -> dict[str, str]:
    return {control_of(one): word for one in STATEMENTS} | others


def test_everybody_has_a_fewest_number_of_counters_within_the_slider() -> None:
    for seed in range(200):
        fewest = needed(seed)
        assert 1 < fewest < MOST and 50 <= people_of(seed) <= 70
        assert served(fewest, seed) == people_of(seed) > (fewest - 1) * A_COUNTER


@pytest.mark.parametrize(("more", "share"), [(-1, 0.0), (0, 1.0), (1, 0.5)])
def test_the_fewest_earns_all_more_earns_half_fewer_nothing(more: int, share: float) -> None:
    assert COUNTERS.verdict({"so_quay": needed(7) + more}, 7, GOAL).share == share


def test_who_still_waits_is_said_and_drawn() -> None:
    left = people_of(3) - A_COUNTER
    shown = COUNTERS.outcome({"so_quay": 1}, 3)
    assert f"Còn {left} người chưa tới lượt." in shown and f"{left} người" in shown


def test_each_statement_is_of_one_module_in_order() -> None:
    assert [one.module for one in STATEMENTS] == list(range(1, 11))
    assert len({one.text for one in STATEMENTS}) == 10


def test_only_what_a_person_can_do_well_is_suggested_to_go_through_fast() -> None:
    suggested = paces(answered(NOT_YET, cau_3=WELL, cau_8=PARTLY))
    assert {module for module, pace in suggested.items() if pace.word == "đi nhanh"} == {3}
    shown = BENCH.outcome(answered(NOT_YET, cau_3=WELL), 1)
    assert "đi nhanh ở <strong>chuyên đề 3</strong>" in shown
    assert "lần lượt cả mười chuyên đề" in BENCH.outcome(answered(NOT_YET), 1)


def test_it_says_that_nothing_is_graded_or_kept_and_cannot_be_graded() -> None:
    assert "không chấm điểm, không lưu" in BENCH.outcome(answered(PARTLY), 1)
    assert isinstance(BENCH, Bench) and BENCH.judge is None
    with pytest.raises(TypeError):
        BENCH.verdict(answered(PARTLY), 1, GOAL)


def test_every_answer_has_words() -> None:
    assert list(ANSWERS) == [NOT_YET, PARTLY, WELL]
