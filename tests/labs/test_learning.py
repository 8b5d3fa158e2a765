"""The furnace of module 2: the measured figures stay where the course says they are, over 20 learners."""

from statistics import mean

import pytest

from hocvu.datasets.growing_bayes import GrowingBayes
from hocvu.datasets.naive_bayes import train
from hocvu.datasets.reports1022 import generate_reports
from hocvu.labs.learning import (
    GOAL,
    SIZES,
    Training,
    examples,
    learning_curve,
    majority_share,
    share_at,
    share_reached,
    share_without_marks,
    smallest_enough,
    strongest_words,
    trained,
)
from hocvu.vietnamese import is_unmarked, strip_marks, tokens

LEARNERS = range(100, 120)


AS_THEY_COME = Training()


def reached(size: int, training: Training = AS_THEY_COME, tried: str = "go") -> float:
    place = SIZES.index(size)
    return mean(learning_curve(training, seed, tried)[place].share for seed in LEARNERS)


def test_growing_and_trained_at_once_are_the_same_model() -> None:
    reports, growing = generate_reports(200, 3), GrowingBayes()
    for report in reports:
        growing.learn(tokens(report.text), report.category)
    whole = train((report.text, report.category) for report in reports)
    for report in generate_reports(50, 4):
        mine, other = growing.probabilities(tokens(report.text)), whole.probabilities(report.text)
        assert mine == pytest.approx(other, abs=1e-9)


def test_a_model_that_has_learned_nothing_says_so() -> None:
    with pytest.raises(ValueError, match="not learned"):
        GrowingBayes().probabilities(["rác"])


@pytest.mark.parametrize(
    ("size", "share"), [(20, 0.30), (40, 0.44), (80, 0.60), (160, 0.71), (320, 0.81), (640, 0.87), (1280, 0.91)]
)
def test_the_learning_curve_climbs_as_printed(size: int, share: float) -> None:
    assert reached(size) == pytest.approx(share, abs=0.015)


def test_always_naming_the_commonest_field_is_right_four_times_in_ten() -> None:
    assert mean(majority_share(seed) for seed in LEARNERS) == pytest.approx(0.42, abs=0.015)


def test_a_model_of_marked_examples_fails_on_reports_without_marks_and_copies_mend_it() -> None:
    marked, both = Training(writing="dau"), Training(writing="ca_hai")
    assert reached(640, marked, "dau") == pytest.approx(0.92, abs=0.015)
    assert reached(640, marked, "khong_dau") == pytest.approx(0.08, abs=0.03)
    assert reached(640, both, "khong_dau") == pytest.approx(0.92, abs=0.015)


def test_being_sure_is_not_being_right() -> None:
    sure = [learning_curve(Training(), seed)[SIZES.index(640)].sure for seed in LEARNERS]
    assert mean(count / 300 for count, _ in sure) == pytest.approx(0.93, abs=0.02)
    assert mean(right / count for count, right in sure) == pytest.approx(0.91, abs=0.02)


def test_more_wrong_labels_never_help_on_average() -> None:
    clean, messy = reached(320, Training(wrong_labels=0.0)), reached(320, Training(wrong_labels=0.10))
    assert clean - messy > 0.02


def test_every_learner_has_one_smallest_number_that_is_enough() -> None:
    for seed in range(40):
        enough = smallest_enough(seed)
        assert enough in (160, 320, 640)
        assert all(one.share < GOAL for one in learning_curve(Training(), seed) if one.size < enough)


def test_item_2_5_has_an_answer_far_from_the_marked_figure() -> None:
    assert all(0.0 < share_without_marks(seed) < 0.2 for seed in LEARNERS)


def test_balanced_examples_have_every_field_equally_often() -> None:
    fields = [report.category for report in examples(Training(balanced=True), 80, 1)]
    assert {fields.count(field) for field in set(fields)} == {10}


def test_the_strongest_words_belong_to_their_field() -> None:
    found = strongest_words(trained(Training(), 640, 1))
    assert len(found) == 10 and all(there >= 4 and there > elsewhere for _, _, there, elsewhere in found)


def test_a_word_learned_with_and_without_marks_is_listed_once_as_people_write_it() -> None:
    listed = [word for word, *_ in strongest_words(trained(Training(writing="ca_hai"), 640, 1))]
    assert len({strip_marks(word) for word in listed}) == len(listed) == 10
    assert not all(map(is_unmarked, listed))


def test_one_point_alone_is_the_same_as_on_the_curve() -> None:
    for training in (AS_THEY_COME, Training(writing="dau"), Training(wrong_labels=0.1, balanced=True)):
        for one in learning_curve(training, 7, "khong_dau"):
            assert share_at(one.size, training, 7, "khong_dau") == one.share


def test_the_quick_way_and_the_exact_one_send_every_report_to_the_same_place() -> None:
    for size in (1, 2, 8, 20, 160, 640):
        model, asked = trained(AS_THEY_COME, size, 3), [tokens(one.text) for one in generate_reports(300, size)]
        assert model.likeliest([[], *asked]) == [model.best(words)[0] for words in ([], *asked[:300])]


def test_what_the_verdict_says_is_on_the_curve() -> None:
    assert [share_reached(one.size, 11) for one in learning_curve(AS_THEY_COME, 11)] == [
        one.share for one in learning_curve(AS_THEY_COME, 11)
    ]
