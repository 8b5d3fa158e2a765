"""Questions drawn with ipywidgets, one form per type, each with its own line saying whether the answer is saved."""

from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Any

import ipywidgets as w

from hocvu.questions.base import Question, number_of
from hocvu.questions.blanks import Blanks
from hocvu.questions.choice import ChooseMany, ChooseOne
from hocvu.questions.experiment import Experiment
from hocvu.questions.number import Number
from hocvu.questions.sorting import Classify
from hocvu.questions.values import Unreadable
from hocvu.widgets.keyword_bench import keyword_bench
from hocvu.widgets.stores import AnswerStore, NotSaved

OnAnswer = Callable[[object], None]
_WIDE = w.Layout(width="100%", max_width="46rem")
_AUTO = w.Layout(width="auto", height="auto")


def question_form(question: Question, store: AnswerStore) -> w.Widget:
    """Return the question as a form that saves each change to `store` and says so."""
    status = w.HTML(_status_html("", "Chưa trả lời." if question.id not in store.answers else "✔ Đã lưu trước đó."))
    status.add_class("hocvu-status")

    def save(raw: object) -> None:
        status.value = _status_html("", "Đang lưu…")
        status.value = _save(question, store, raw)

    form = _form(question, store, save)
    head = w.HTML(
        f"<p><strong>Câu {number_of(question.id)}.</strong> {escape(question.prompt)}</p>"
        f'<p class="hocvu-hint">{escape(question.hint)}</p>'
    )
    box = w.VBox([head, form, status], layout=w.Layout(max_width="100%", margin="0 0 1.5rem 0"))
    box.add_class("hocvu-question")
    box.add_class(f"hocvu-item-{question.id}")
    return box


def _save(question: Question, store: AnswerStore, raw: object) -> str:
    try:
        question.parse(raw)
        asked_again = ""
    except Unreadable as error:
        asked_again = str(error)
    try:
        store.save({question.id: raw})
    except NotSaved as error:
        return _status_html("hocvu-not-saved", f"✖ {error}")
    if asked_again:
        return _status_html("hocvu-asked-again", f"Cần sửa: {asked_again}")
    return _status_html("hocvu-saved", f"✔ Đã lưu {datetime.now():%H:%M}")


def _status_html(css: str, text: str) -> str:
    return f'<p role="status" class="{css}">{escape(text)}</p>'


def _form(question: Question, store: AnswerStore, save: OnAnswer) -> w.Widget:
    raw = store.answers.get(question.id)
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
        return keyword_bench(seed=store.seed, rules=raw, save=lambda _item, value: save(value), acknowledge=False)
    raise TypeError(f"no widget for {type(question).__name__}")


def _radio(question: ChooseOne, raw: object, save: OnAnswer) -> w.Widget:
    options = [(text, option) for option, text in question.options.items()]
    radio = w.RadioButtons(options=options, value=raw if raw in question.options else None, layout=_AUTO)
    radio.observe(lambda change: save(change.new), "value")
    return radio


def _ticks(question: ChooseMany, raw: object, save: OnAnswer) -> w.Widget:
    chosen = raw if isinstance(raw, list) else []
    ticks = {
        option: w.Checkbox(value=option in chosen, description=text, indent=False, layout=_WIDE)
        for option, text in question.options.items()
    }

    def changed(_change: Any) -> None:
        save([option for option, tick in ticks.items() if tick.value] or None)

    for tick in ticks.values():
        tick.observe(changed, "value")
    return w.VBox(list(ticks.values()))


def _lists(question: Classify, raw: object, save: OnAnswer) -> w.Widget:
    given = raw if isinstance(raw, dict) else {}
    options = [(question.empty, ""), *((text, group) for group, text in question.groups.items())]
    lists = {
        card: w.Dropdown(
            options=options,
            value=given.get(card) if given.get(card) in question.groups else "",
            description=text,
            style={"description_width": "initial"},
            layout=_WIDE,
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
        layout=w.Layout(width="100%", max_width="24rem"),
    )
    typed.observe(lambda change: save(change.new.strip() or None), "value")
    return typed


def _texts(question: Blanks, raw: object, save: OnAnswer) -> w.Widget:
    given = raw if isinstance(raw, dict) else {}
    texts = {
        box: w.Textarea(
            value=str(given.get(box, "")),
            placeholder=label,
            description=label,
            continuous_update=False,
            style={"description_width": "initial"},
            layout=_WIDE,
        )
        for box, label in question.boxes.items()
    }

    def changed(_change: Any) -> None:
        save({box: text.value for box, text in texts.items() if text.value.strip()} or None)

    for text in texts.values():
        text.observe(changed, "value")
    return w.VBox(list(texts.values()))
