"""Which experiments can be tried on a page of their own, and how their outcome is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hocvu.labs.keyword_rules_html import bench_html
from hocvu.portal.services import Assignment
from hocvu.questions.base import Question
from hocvu.questions.experiment import Experiment


@dataclass(frozen=True)
class Bench:
    """draw: the outcome of (parameters, seed, written without diacritics); invitation: the button's words."""

    draw: Callable[[Any, int, bool], str]
    invitation: str


BENCHES = {"keyword_rules": Bench(bench_html, "Thử trên 60 phản ánh của anh/chị")}


def bench_of(question: Question) -> Bench | None:
    """Return the bench of an experiment, None for every other question."""
    return BENCHES.get(question.lab.name) if isinstance(question, Experiment) else None


def first_bench(assignment: Assignment) -> Experiment | None:
    """Return the assignment's first experiment that has a bench."""
    questions = (item.question for item in assignment.spec.items)
    return next((one for one in questions if isinstance(one, Experiment) and bench_of(one)), None)
