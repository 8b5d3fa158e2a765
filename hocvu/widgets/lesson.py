"""What a lesson notebook opens: the learner's seed and answers, and the benches that work on them."""

from typing import Any

import ipywidgets as w
from IPython import get_ipython
from IPython.display import display

from hocvu.labs.benches import BENCHES
from hocvu.labs.rules import parse_rules
from hocvu.questions.base import Question, number_of
from hocvu.widgets import bench as bench_face
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

    def bench(self, name: str, item: str = "") -> w.Widget:
        """Return a bench of hocvu.labs.benches on this learner's data; item: the experiment its setting answers."""
        bench = BENCHES[name]
        line = SaveLine(self._store, item, bench.parse, bench_face.NOT_KEPT) if item else None
        raw = self.answers.get(item) if item else None
        return bench_face.bench_widget(bench, seed=self.seed, raw=raw, item=number_of(item), line=line)


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
