"""The helper of the optional line of code: a share for each smoothing, and bars that a phone can show."""

import pytest

from hocvu.datasets.naive_bayes import train
from hocvu.labs import learning
from hocvu.labs.smoothing import EXAMPLES, SEED, A, do_dung_voi, ve


@pytest.mark.parametrize("a", [A[0], 0.3, A[-1]])
def test_the_share_is_that_of_a_model_trained_all_at_once(a: float) -> None:
    model = train([(one.text, one.category) for one in learning.examples(learning.Training(), EXAMPLES, SEED)], a)
    right = sum(model.predict(one.text) == one.category for one in learning.tested(SEED, "go"))
    assert do_dung_voi(a) == right / learning.TESTED


def test_smoothing_moves_the_share_by_little() -> None:
    """What the learner is to find: between 75% and 77%, whatever the smoothing."""
    shares = [do_dung_voi(a) for a in A]
    assert 0.75 <= min(shares) < max(shares) <= 0.77


def test_the_bars_fit_a_phone_and_name_the_best(capsys: pytest.CaptureFixture[str]) -> None:
    ve(A, [do_dung_voi(a) for a in A])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(A) + 2 and all(len(line) <= 29 for line in lines)
    assert lines[0].startswith("a = 0,05   76,3% ") and lines[-2] == "Cao nhất: a = 2."


def test_too_few_numbers_are_an_error() -> None:
    with pytest.raises(ValueError):
        ve(A, [0.5])
