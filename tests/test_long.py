"""Heavier runs of what the quick suite samples: `make test-long`."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from hocvu.demo.learners import answer_items, make_learner
from hocvu.grading import grade_answers
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.experiment import Experiment
from hocvu.results import Status
from tests.test_parity import SLUG, course, gradebook_points, hand_in, nbgrader

pytestmark = pytest.mark.long
assert course  # the fixture of the parity test, used here too


def test_the_experiment_is_solvable_for_five_thousand_learners(root: Path) -> None:
    item = compile_assignment(root / "source" / SLUG / "exercises.ipynb").item("1-3")
    question, goal = item.question, item.key.answer
    assert isinstance(question, Experiment)
    reference, weak = question.parse(goal.reference), question.parse(question.lab.weak())
    for seed in range(5_000):
        assert question.lab.held_out_share(reference, seed, goal.salt) >= goal.full, seed
        assert question.lab.held_out_share(weak, seed, goal.salt) < goal.half, seed


def test_simulated_learners_find_no_item_that_everybody_or_nobody_gets_right(root: Path) -> None:
    spec = compile_assignment(root / "source" / SLUG / "exercises.ipynb")
    shares: dict[str, list[float]] = {item.id: [] for item in spec.items}
    for number in range(2_000):
        rng = random.Random(number)
        answers = answer_items(spec, make_learner(rng), number, rng)
        for result in grade_answers(spec, answers, number):
            if result.status is Status.GRADED:
                shares[result.item_id].append(result.share)
    for item_id, found in shares.items():
        if item_id != "1-7":  # completeness only
            assert 0.2 < sum(found) / len(found) < 0.95, item_id


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.timeout(1800)
def test_stock_autograde_agrees_on_150_simulated_learners(root: Path, course: Path) -> None:
    spec = compile_assignment(root / "source" / SLUG / "exercises.ipynb")
    expected = {}
    for number in range(150):
        rng = random.Random(number)
        seed = rng.randrange(1, 2**48)
        answers = answer_items(spec, make_learner(rng), seed, rng)
        hand_in(course, f"mp{number:03d}", seed, answers)
        expected[f"mp{number:03d}"] = {result.item_id: result.points for result in grade_answers(spec, answers, seed)}
    nbgrader(course, "autograde", SLUG)
    recorded = gradebook_points(course)
    assert {s: recorded[s] for s in expected} == {s: pytest.approx(points) for s, points in expected.items()}


def test_the_benchmarks_run_to_their_end(root: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "benchmarks", "portal"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "«Nộp bài» → result page" in done.stdout
