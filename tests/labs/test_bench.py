"""Benches as such: one definition read from JSON, from a form and from widgets, and drawn on every face."""

import pytest

from hocvu.labs.bench import Bench
from hocvu.labs.benches import BENCHES
from hocvu.questions.experiment import Goal, experiment
from hocvu.questions.values import Context, Key, Unreadable
from hocvu.widgets.bench import OpenBench
from tests.labs.bench_sample import SAMPLE

GIVEN = {"cach": "ky", "nguong": 0.85, "dao": True, "ghi_chu": "đo lại"}


def test_a_setting_is_read_as_it_was_given() -> None:
    assert SAMPLE.parse(GIVEN) == GIVEN
    assert SAMPLE.parse(None) is None


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"cach": "khac"}, "Cách làm"),
        ({"nguong": 1.2}, "từ 0 đến 1"),
        ({"nguong": "nhiều"}, "Ngưỡng"),
        ({"nguong": True}, "Ngưỡng"),
        ({"ghi_chu": "x" * 2001}, "2001 ký tự"),
        ({"la": 1}, "«la»"),
        ({"dao": "có"}, "bật hoặc tắt"),
    ],
)
def test_what_cannot_be_set_is_asked_again(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        SAMPLE.parse(GIVEN | change)


def test_a_half_filled_form_says_what_is_missing() -> None:
    raw = SAMPLE.from_form("9-1", {"9-1.cach": ["ky"]})
    with pytest.raises(ValueError, match="Còn thiếu «Ngưỡng»"):
        SAMPLE.parse(raw)


def test_a_form_left_alone_is_blank() -> None:
    assert SAMPLE.from_form("9-1", {"9-1.cach": [""], "9-1.nguong": [" "], "9-1.ghi_chu": [""]}) is None


def test_numbers_are_typed_with_a_decimal_comma() -> None:
    fields = {"9-1.cach": ["ky"], "9-1.nguong": ["0,85"], "9-1.dao": ["1"], "9-1.ghi_chu": ["đo lại"]}
    assert SAMPLE.parse(SAMPLE.from_form("9-1", fields)) == GIVEN


def test_the_form_shows_what_was_chosen_and_nothing_for_the_learner() -> None:
    assert "selected" not in SAMPLE.html("9-1", None, None)
    filled = SAMPLE.html("9-1", GIVEN, 7)
    assert 'value="ky" selected' in filled and 'value="0,85"' in filled and " checked" in filled
    assert "hạt giống 7" in filled


def test_markup_in_a_setting_is_shown_as_text() -> None:
    drawn = SAMPLE.html("9-1", GIVEN | {"ghi_chu": "<b>x</b>"}, 1)
    assert "<b>x" not in drawn


def test_the_notebook_draws_again_when_a_control_moves() -> None:
    bench = OpenBench(SAMPLE, 3, GIVEN, "", None)
    assert "Ngưỡng 0.85" in bench._outcome.value
    bench.controls["nguong"].value = 0.2
    assert "Ngưỡng 0.2" in bench._outcome.value


def test_an_experiment_on_a_bench_is_judged() -> None:
    question = experiment("9-1", "Đặt ngưỡng", competency="NL4", level=2, lab=SAMPLE)
    key = Key(Goal(full=0.8, half=0.5, salt="s", reference=GIVEN), {"right": "tốt"})
    graded = question.grade(key, question.parse(GIVEN), Context({}, 1))
    assert (graded.share, graded.feedback[0].text) == (1.0, "tốt")
    assert question.grade(key, question.parse(SAMPLE.weak()), Context({}, 1)).share == 0
    with pytest.raises(Unreadable):
        question.parse(SAMPLE.unreadable())


@pytest.mark.parametrize("bench", BENCHES.values(), ids=BENCHES.keys())
def test_every_bench_draws_its_defaults_without_script_or_style(bench: Bench) -> None:
    drawn = bench.outcome(bench.defaults, 5)
    assert "<script" not in drawn and " style=" not in drawn and 'role="img"' in drawn
    assert bench.outcome(bench.defaults, 5) == drawn
