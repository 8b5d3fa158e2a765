"""The notebook's face: what is clicked in a widget is the raw answer that the page and the grader know."""

from collections.abc import Iterator
from typing import Any

import ipywidgets as w
import pytest

from hocvu.questions.base import Question
from hocvu.widgets.questions import question_form
from hocvu.widgets.stores import NotSaved
from tests.questions.test_types import CARDS, COUNT, MANY, ONE, TEXTS, TYPES


class Memory:
    """A store for tests; `broken` makes it refuse, as a lost connection would."""

    def __init__(self, **answers: object) -> None:
        self.seed = 7
        self.answers: dict[str, Any] = {name.replace("_", "-"): raw for name, raw in answers.items()}
        self.broken = False

    def save(self, changes: dict[str, object]) -> None:
        if self.broken:
            raise NotSaved("Mất kết nối.")
        self.answers |= changes


def controls(widget: w.Widget) -> Iterator[w.Widget]:
    """Yield the controls of a form, depth first."""
    for child in getattr(widget, "children", ()):
        yield from controls(child)
    if hasattr(widget, "value") and not isinstance(widget, w.HTML):
        yield widget


def status_of(form: w.VBox) -> str:
    return str(form.children[-1].value)


def test_nothing_is_chosen_for_the_learner() -> None:
    store = Memory()
    for question, _key in TYPES:
        question_form(question, store)
    assert store.answers == {}


CLICKS: list[tuple[Question, list[object], object]] = [
    (ONE, ["b"], "b"),
    (MANY, [True, False, True, False], ["a", "c"]),
    (CARDS, ["h", ""], {"x": "h"}),
    (COUNT, [" 12 "], "12"),
    (TEXTS, ["một việc", "người dân"], {"viec": "một việc", "ai": "người dân"}),
]


@pytest.mark.parametrize(("question", "values", "raw"), CLICKS, ids=[question.kind for question, *_ in CLICKS])
def test_what_is_given_in_the_widget_is_the_raw_answer(question: Question, values: list[object], raw: object) -> None:
    store = Memory()
    form = question_form(question, store)
    for control, value in zip(controls(form), values, strict=True):
        control.value = value
    assert store.answers == {question.id: raw}
    assert "✔ Đã lưu" in status_of(form)


@pytest.mark.parametrize(("question", "values", "raw"), CLICKS, ids=[question.kind for question, *_ in CLICKS])
def test_earlier_answers_are_there_again(question: Question, values: list[object], raw: object) -> None:
    form = question_form(question, Memory(**{question.id.replace("-", "_"): raw}))
    assert [str(control.value).strip() for control in controls(form)] == [str(value).strip() for value in values]


def test_saved_is_not_said_when_it_is_not_saved() -> None:
    store = Memory()
    form = question_form(ONE, store)
    store.broken = True
    next(controls(form)).value = "a"
    assert "Mất kết nối" in status_of(form)
    assert "Đã lưu" not in status_of(form)


def test_an_unreadable_answer_is_kept_and_asked_again() -> None:
    store = Memory()
    form = question_form(COUNT, store)
    next(controls(form)).value = "mấy chục"
    assert store.answers == {"1-4": "mấy chục"}
    assert "Cần sửa: Hãy nhập một số" in status_of(form)
