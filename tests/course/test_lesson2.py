"""Lesson 2 prints the figures that are measured: means over 20 learners, as it says."""

from statistics import mean

import pytest

from hocvu.labs import learning
from hocvu.labs.charts import percent
from hocvu.labs.learning import SIZES, TESTED, Training, learning_curve, majority_share, share_at
from hocvu.questions.judge import judge
from hocvu.questions.values import Context
from tests.course.modules import item_of, lesson_of, printed_in

LEARNERS = range(100, 120)
AS_THEY_COME, MARKED, BOTH = Training(), Training(writing="dau"), Training(writing="ca_hai")


@pytest.fixture(scope="module")
def text() -> str:
    return printed_in(lesson_of("02-may-hoc-tu-du-lieu"))


def average_share(training: Training, tried: str) -> int:
    """Return the percentage right after 640 examples; whole learning curves would take seven times as long."""
    return round(100 * mean(share_at(640, training, seed, tried) for seed in LEARNERS))


def test_learning_slows_down_as_printed(text: str) -> None:
    curves = [learning_curve(AS_THEY_COME, seed) for seed in LEARNERS]
    few, some, many, most = (
        round(100 * mean(curve[SIZES.index(size)].share for curve in curves)) for size in (20, 80, 320, 1280)
    )
    assert f"Đúng khoảng {few}% với 20 ví dụ, {some}% với 80, {many}% với 320, {most}% với 1.280" in text


def test_being_sure_is_printed_beside_being_right(text: str) -> None:
    sure = [learning_curve(AS_THEY_COME, seed)[SIZES.index(640)].sure for seed in LEARNERS]
    often = round(100 * mean(count / TESTED for count, _ in sure))
    right = round(100 * mean(right / count for count, right in sure))
    assert f"từ 0,99 trở lên ở khoảng {often}% phản ánh, nhưng trong số đó chỉ đúng khoảng {right}%" in text


def test_naming_the_commonest_field_is_right_as_often_as_printed(text: str) -> None:
    commonest = round(100 * mean(majority_share(seed) for seed in LEARNERS))
    assert f"cứ chọn lĩnh vực đông nhất đã đúng khoảng {commonest}%" in text


def test_marks_matter_as_printed(text: str) -> None:
    with_marks, without = average_share(MARKED, "dau"), average_share(MARKED, "khong_dau")
    assert f"đúng khoảng {with_marks}% với câu có dấu, nhưng chỉ khoảng {without}% với câu không dấu" in text
    assert f"thì lên lại khoảng {average_share(BOTH, 'khong_dau')}%" in text


def test_item_2_5_takes_the_figure_that_the_bench_prints_and_hardly_ever_a_guess() -> None:
    item = item_of("02-may-hoc-tu-du-lieu", "2-5")

    def is_right(typed: str, seed: int) -> bool:
        return judge(item.question, item.key, typed, item.max_points, Context({}, seed)).points == item.max_points

    learners = range(100, 130)
    assert all(is_right(percent(learning.share_without_marks(seed)), seed) for seed in learners)
    guesses = [percent(share / 300) for share in range(46)]
    assert max(sum(is_right(guess, seed) for seed in learners) for guess in guesses) <= len(learners) / 5
    assert sum(is_right("8%", seed) for seed in learners) <= len(learners) / 5  # the mean, printed in the lesson
