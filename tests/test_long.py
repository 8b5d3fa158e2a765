"""Heavier runs of what the quick suite samples: `make test-long`."""

import subprocess
import sys
from pathlib import Path

import pytest

from hocvu.publishing.specs import compile_assignment
from hocvu.questions.experiment import Experiment

pytestmark = pytest.mark.long


def test_the_experiment_is_solvable_for_five_thousand_learners(root: Path) -> None:
    item = compile_assignment(root / "source/01-ai-quanh-ta/exercises.ipynb").item("1-3")
    question, goal = item.question, item.key.answer
    assert isinstance(question, Experiment)
    reference, weak = question.parse(goal.reference), question.parse(question.lab.weak())
    for seed in range(5_000):
        assert question.lab.verdict(reference, seed, goal).share == 1, seed
        assert question.lab.verdict(weak, seed, goal).share == 0, seed


@pytest.mark.timeout(1800)
def test_the_benchmarks_run_to_their_end(root: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "benchmarks", "portal"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "«Nộp bài» → result page" in done.stdout
