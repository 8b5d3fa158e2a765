"""How sure the learner is: asked beside every question in the notebook too, never graded, saved like an answer."""

import asyncio
import json
from pathlib import Path

import ipywidgets as w
import pytest

from hocvu.widgets.questions import question_form
from hocvu.widgets.stores import FileStore, NotSaved, ServerStore
from tests.questions.test_types import TYPES
from tests.widgets.memory import Memory
from tests.widgets.test_questions import status_of, sure_of
from tests.widgets.test_stores import Portal, Told, answers_on_disk

KINDS = [question.kind for question, _key in TYPES]


@pytest.mark.parametrize("place", range(len(TYPES)), ids=KINDS)
def test_every_question_asks_it_and_nothing_is_chosen_beforehand(place: int) -> None:
    store = Memory()
    sure = sure_of(question_form(TYPES[place][0], store))
    assert sure.label == "– không nói –" and "không chấm" in sure.description
    assert [value for _words, value in sure.options] == [0, 1, 2, 3, 4, 5]
    assert store.confidence == {} and store.answers == {}


def test_it_is_saved_beside_the_answer_and_says_so_itself() -> None:
    store = Memory()
    form = question_form(TYPES[0][0], store)
    sure_of(form).value = 4
    assert (store.confidence, store.answers) == ({TYPES[0][0].id: 4}, {})
    assert "✔ Đã lưu" in said_beside(form)
    assert "Chưa trả lời." in status_of(form)
    sure_of(form).value = 0
    assert store.confidence == {} and "Đã lưu" not in said_beside(form)


def test_what_was_said_earlier_is_there_again() -> None:
    store = Memory()
    store.confidence = {TYPES[0][0].id: 2}
    assert sure_of(question_form(TYPES[0][0], store)).value == 2


def test_saved_is_not_said_when_it_is_not_saved() -> None:
    store = Memory()
    form = question_form(TYPES[0][0], store)
    store.broken = True
    sure_of(form).value = 4
    assert "Đã lưu" not in said_beside(form) and "Chưa lưu" in said_beside(form)
    store.tell([f"chac.{TYPES[0][0].id}"])
    assert "✔ Đã lưu" in said_beside(form)


def said_beside(form: w.VBox) -> str:
    line = next(child for child in sure_box(form).children if isinstance(child, w.HTML))
    return str(line.value)


def sure_box(form: w.VBox) -> w.Box:
    return next(child for child in form.children if "hocvu-sure" in child._dom_classes)


# Where it is kept


def test_it_is_kept_in_the_file_beside_the_notebook(tmp_path: Path) -> None:
    store, told = FileStore(tmp_path, "01-thu"), Told()
    store.watch(told)
    store.save({"1-2": "a"})
    store.save_confidence("1-2", 5)
    assert answers_on_disk(tmp_path)["confidence"] == {"1-2": 5}
    assert told.heard == [(["1-2"], ""), (["chac.1-2"], "")]
    again = FileStore(tmp_path, "01-thu")
    assert (again.confidence, again.answers) == ({"1-2": 5}, {"1-2": "a"})
    again.save({"1-4": "12"})
    assert answers_on_disk(tmp_path)["confidence"] == {"1-2": 5}
    again.save_confidence("1-2", None)
    assert "confidence" not in answers_on_disk(tmp_path)


@pytest.mark.parametrize("broken", ['"cao"', "[1]", '{"1-2": "cao", "1-4": 9}'])
def test_a_file_with_a_strange_confidence_still_opens(tmp_path: Path, broken: str) -> None:
    (tmp_path / "answers.json").write_text(f'{{"seed": 3, "answers": {{"1-2": "a"}}, "confidence": {broken}}}')
    store = FileStore(tmp_path, "01-thu")
    assert (store.confidence, store.answers, store.seed) == ({}, {"1-2": "a"}, 3)


def test_it_goes_to_the_portal_and_again_when_the_line_is_back() -> None:
    portal, told, bodies = Portal(), Told(), list[object]()

    def send(method: str, path: str, token: str, body: object) -> tuple[int, str]:
        status, text = portal.send(method, path, token, {"answers": {}, **body} if isinstance(body, dict) else body)
        if method == "PUT":
            bodies.append(body)
        return status, json.dumps({**json.loads(text), "attempt": 2, "confidence": {"1-4": 3}})

    async def story() -> None:
        store = ServerStore("01-thu", send, pause)
        store.watch(told)
        assert store.confidence == {"1-4": 3}
        portal.down = True
        with pytest.raises(NotSaved):
            store.save_confidence("1-2", 5)
        assert store._retrying is not None
        await store._retrying

    async def pause(_seconds: float) -> None:
        portal.down = False

    asyncio.run(story())
    assert bodies == [{"confidence": {"1-2": 5}, "attempt": 2}]
    assert told.heard == [(["chac.1-2"], "")]
