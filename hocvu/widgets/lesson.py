"""What a lesson notebook opens: the learner's seed and answers, and the benches that work on them."""

from typing import Any

import ipywidgets as w
from IPython import get_ipython
from IPython.display import display

from hocvu.labs.rules import parse_rules
from hocvu.questions.base import Question
from hocvu.widgets.keyword_bench import ITEM, NOT_KEPT, keyword_bench
from hocvu.widgets.questions import question_form
from hocvu.widgets.save_line import SaveLine
from hocvu.widgets.stores import AnswerStore, open_store


class Lesson:
    """A lesson that is open in a notebook."""

    def __init__(self, store: AnswerStore) -> None:
        self._store = store

    @property
    def seed(self) -> int:
        return self._store.seed

    @property
    def answers(self) -> dict[str, Any]:
        return self._store.answers

    def keyword_bench(self) -> w.Widget:
        """Return the keyword-rule bench of module 1 on this learner's own reports."""
        line = SaveLine(self._store, ITEM, parse_rules, NOT_KEPT)
        return keyword_bench(seed=self.seed, rules=self.answers.get(ITEM), line=line)


def open_lesson(assignment: str) -> Lesson:
    """Return the lesson that belongs to an assignment. Raises NotSaved if the portal cannot be reached."""
    return Lesson(open_store(assignment))


def show_questions(assignment: str) -> None:
    """From here on the notebook draws every question as a form that saves to the assignment's answers."""
    shell = get_ipython()
    if shell is None:  # the compiler of assignments runs the cells outside a notebook
        return
    store = open_store(assignment)
    formatter = shell.display_formatter.ipython_display_formatter
    formatter.for_type(Question, lambda question: display(question_form(question, store)))
