"""Questions drawn with ipywidgets, one form per type, each with its own line saying whether the answer is saved."""

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from hocvu.questions.base import Question, number_of
from hocvu.questions.blanks import Blanks
from hocvu.questions.choice import ChooseMany, ChooseOne
from hocvu.questions.experiment import Experiment
from hocvu.questions.number import Number
from hocvu.questions.sorting import Classify
from hocvu.widgets.forms_css import FORM_CSS
from hocvu.widgets.keyword_bench import NOT_KEPT, keyword_bench
from hocvu.widgets.save_line import SaveLine
from hocvu.widgets.stores import AnswerStore

OnAnswer = Callable[[object], None]
_AUTO = w.Layout(width="auto", height="auto")
_FULL = w.Layout(width="100%")


def question_form(question: Question, store: AnswerStore) -> w.Widget:
    """Return the question as a form that saves each change to `store` and says so."""
    is_bench = isinstance(question, Experiment)
    line = SaveLine(store, question.id, question.parse, *([NOT_KEPT] if is_bench else []))
    head = w.HTML(
        f'<style>{FORM_CSS}</style><p class="hocvu-prompt"><strong>Câu {number_of(question.id)}.</strong> '
        f'{escape(question.prompt)}</p><p class="hocvu-hint">{escape(question.hint)}</p>'
    )
    parts = [head, _form(question, store, line)]
    if not is_bench:  # a bench has the line beside its button
        parts.append(line.widget)
    box = w.VBox(parts, layout=w.Layout(width="auto"))
    box.add_class("hocvu-question")
    box.add_class(f"hocvu-item-{question.id}")
    return box


def _form(question: Question, store: AnswerStore, line: SaveLine) -> w.Widget:
    raw, save = store.answers.get(question.id), line.save
    if isinstance(question, ChooseOne):
        return _radio(question, raw, save)
    if isinstance(question, ChooseMany):
        return _ticks(question, raw, save)
    if isinstance(question, Classify):
        return _lists(question, raw, save)
    if isinstance(question, Number):
        return _typed(question, raw, save)
    if isinstance(question, Blanks):
        return _texts(question, raw, save)
    if isinstance(question, Experiment) and question.lab.name == "keyword_rules":
        return keyword_bench(seed=store.seed, rules=raw, line=line)
    raise TypeError(f"no widget for {type(question).__name__}")


def _radio(question: ChooseOne, raw: object, save: OnAnswer) -> w.Widget:
    options = [(text, option) for option, text in question.options.items()]
    radio = w.RadioButtons(options=options, value=raw if raw in question.options else None, layout=_AUTO)
    radio.observe(lambda change: save(change.new), "value")
    return radio


def _ticks(question: ChooseMany, raw: object, save: OnAnswer) -> w.Widget:
    chosen = raw if isinstance(raw, list) else []
    ticks = {
        option: w.Checkbox(value=option in chosen, description=text, indent=False, layout=_FULL)
        for option, text in question.options.items()
    }

    def changed(_change: Any) -> None:
        save([option for option, tick in ticks.items() if tick.value] or None)

    for tick in ticks.values():
        tick.observe(changed, "value")
    box = w.VBox(list(ticks.values()))
    box.add_class("hocvu-ticks")
    return box


def _lists(question: Classify, raw: object, save: OnAnswer) -> w.Widget:
    given = raw if isinstance(raw, dict) else {}
    options = [(question.empty, ""), *((text, group) for group, text in question.groups.items())]
    lists = {
        card: w.Dropdown(
            options=options,
            value=given.get(card) if given.get(card) in question.groups else "",
            description=text,
            style={"description_width": "initial"},
            layout=_FULL,
        )
        for card, text in question.cards.items()
    }

    def changed(_change: Any) -> None:
        save({card: row.value for card, row in lists.items() if row.value} or None)

    for row in lists.values():
        row.observe(changed, "value")
    box = w.VBox(list(lists.values()))
    box.add_class("hocvu-lists")
    return box


def _typed(question: Number, raw: object, save: OnAnswer) -> w.Widget:
    typed = w.Text(
        value="" if raw is None else str(raw),
        description=f"Câu trả lời ({question.unit})" if question.unit else "Câu trả lời",
        continuous_update=False,
        style={"description_width": "initial"},
        layout=_FULL,
    )
    typed.add_class("hocvu-typed")
    typed.observe(lambda change: save(change.new.strip() or None), "value")
    return typed


def _texts(question: Blanks, raw: object, save: OnAnswer) -> w.Widget:
    given = raw if isinstance(raw, dict) else {}
    texts = {
        box: w.Textarea(
            value=str(given.get(box, "")),
            description=label,
            continuous_update=False,
            style={"description_width": "initial"},
            layout=_FULL,
        )
        for box, label in question.boxes.items()
    }

    def changed(_change: Any) -> None:
        save({box: text.value for box, text in texts.items() if text.value.strip()} or None)

    for text in texts.values():
        text.observe(changed, "value")
    box = w.VBox(list(texts.values()))
    box.add_class("hocvu-texts")
    return box
