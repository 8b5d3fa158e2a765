"""The notebook's face: what is clicked in a widget is the raw answer that the page and the grader know."""

import re
from collections.abc import Iterator

import ipywidgets as w
import pytest

from hocvu.questions.base import Question
from hocvu.widgets.questions import question_form
from hocvu.widgets.stores import TRIES_AGAIN
from tests.questions.test_types import CARDS, COUNT, MANY, MARKED, MODEL_REQUEST, ONE, REQUEST, STEPS, TEXTS, TYPES
from tests.widgets.memory import Memory


def controls(widget: w.Widget) -> Iterator[w.Widget]:
    """Yield the controls that make the answer, depth first."""
    for child in getattr(widget, "children", ()):
        if "hocvu-sure" not in child._dom_classes:
            yield from controls(child)
    if hasattr(widget, "value") and not isinstance(widget, w.HTML):
        yield widget


def sure_of(form: w.VBox) -> w.Dropdown:
    """Return the list that asks how sure the learner is."""
    box = next(child for child in form.children if "hocvu-sure" in child._dom_classes)
    return next(child for child in box.children if isinstance(child, w.Dropdown))


def status_of(form: w.VBox) -> str:
    return str(next(child for child in form.children if "hocvu-status" in child._dom_classes).value)


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
    (STEPS, ["4", "3", "2", "1"], STEPS.shuffled(7)[::-1]),
    (STEPS, ["4", "", "", "1"], {STEPS.shuffled(7)[0]: "4", STEPS.shuffled(7)[3]: "1"}),
    (MARKED, [False, True, *[False] * (len(MARKED.pieces) - 2)], [list(MARKED.pieces[1])]),
    (REQUEST, [MODEL_REQUEST], MODEL_REQUEST),
]
IDS = [f"{question.kind}-{place}" for place, (question, *_) in enumerate(CLICKS)]


@pytest.mark.parametrize(("question", "values", "raw"), CLICKS, ids=IDS)
def test_what_is_given_in_the_widget_is_the_raw_answer(question: Question, values: list[object], raw: object) -> None:
    store = Memory()
    form = question_form(question, store)
    for control, value in zip(controls(form), values, strict=True):
        control.value = value
    assert store.answers == {question.id: raw}
    assert "Đã lưu" in status_of(form)


@pytest.mark.parametrize(("question", "values", "raw"), CLICKS, ids=IDS)
def test_earlier_answers_are_there_again(question: Question, values: list[object], raw: object) -> None:
    form = question_form(question, Memory(**{question.id.replace("-", "_"): raw}))
    assert [str(control.value).strip() for control in controls(form)] == [str(value).strip() for value in values]


def test_saved_is_not_said_when_it_is_not_saved() -> None:
    store = Memory()
    form = question_form(ONE, store)
    store.broken = True
    next(controls(form)).value = "a"
    assert TRIES_AGAIN in status_of(form)
    assert "Đã lưu" not in status_of(form)


def test_every_line_says_so_once_its_answer_is_saved_after_all() -> None:
    store = Memory()
    first, second, untouched = (question_form(question, store) for question in (ONE, MANY, TEXTS))
    store.broken = True
    next(controls(first)).value = "a"
    next(controls(second)).value = True
    store.tell([ONE.id, MANY.id], "Phiên làm việc đã hết.")
    assert "✖ Phiên làm việc đã hết." in status_of(first)
    store.tell([ONE.id, MANY.id])
    for form in (first, second):
        assert re.search(r"✔ Đã lưu \d\d:\d\d<", status_of(form))
    assert "Chưa trả lời." in status_of(untouched)


def test_an_answer_taken_back_is_no_answer() -> None:
    form = question_form(TEXTS, Memory(**{TEXTS.id.replace("-", "_"): {"viec": "một việc"}}))
    next(controls(form)).value = " "
    assert "Chưa trả lời." in status_of(form)


def test_an_unreadable_answer_is_kept_and_asked_again() -> None:
    store = Memory()
    form = question_form(COUNT, store)
    next(controls(form)).value = "mấy chục"
    assert store.answers == {"1-4": "mấy chục"}
    assert "cần sửa: Hãy nhập một số" in status_of(form)
    assert "✔" not in status_of(form)
