"""Questions drawn with ipywidgets, one form per type, each with its own line saying whether the answer is saved."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from html import escape
from typing import Any

import ipywidgets as w

from hocvu.labs.bench import Bench
from hocvu.questions.base import Question, number_of
from hocvu.questions.blanks import Blanks
from hocvu.questions.case import Case
from hocvu.questions.choice import ChooseMany, ChooseOne
from hocvu.questions.experiment import Experiment
from hocvu.questions.number import Number
from hocvu.questions.order import Order
from hocvu.questions.prompt import Prompt
from hocvu.questions.sorting import Classify
from hocvu.questions.spans import Spans
from hocvu.questions.values import Unreadable
from hocvu.widgets import bench as bench_face
from hocvu.widgets.forms_css import FORM_CSS
from hocvu.widgets.keyword_bench import NOT_KEPT, keyword_bench
from hocvu.widgets.save_line import SaveLine
from hocvu.widgets.stores import AnswerStore
from hocvu.widgets.sure import sure_choice

OnAnswer = Callable[[object], None]
_AUTO = w.Layout(width="auto", height="auto")
_FULL = w.Layout(width="100%")


def question_form(question: Question, store: AnswerStore) -> w.Widget:
    """Return the question as a form that saves each change to `store` and says so."""
    is_bench = isinstance(question, Experiment)
    line = SaveLine(store, question.id, question.parse, _blank_line(question))
    head = w.HTML(f"<style>{FORM_CSS}</style>{_head(f'Câu {number_of(question.id)}.', question)}")
    parts = [head, _form(question, store, line)]
    if not is_bench:  # a bench has the line beside its button
        parts.append(line.widget)
    parts.append(sure_choice(store, question.id))
    box = w.VBox(parts, layout=w.Layout(width="auto"))
    box.add_class("hocvu-question")
    box.add_class(f"hocvu-item-{question.id}")
    return box


def _blank_line(question: Question) -> str:
    """Return what stands under a question that has no answer yet."""
    if not isinstance(question, Experiment):
        return "Chưa trả lời."
    return bench_face.NOT_KEPT if isinstance(question.lab, Bench) else NOT_KEPT


def _form(question: Question, store: AnswerStore, line: SaveLine) -> w.Widget:
    raw = store.answers.get(question.id)
    if isinstance(question, Experiment) and question.lab.name == "keyword_rules":
        return keyword_bench(seed=store.seed, rules=raw, line=line)
    if isinstance(question, Experiment) and isinstance(question.lab, Bench):
        number = number_of(question.id)
        return bench_face.bench_widget(question.lab, seed=store.seed, raw=raw, item=number, line=line)
    return _controls(question, raw, line.save, store.seed)


def _controls(question: Question, raw: object, save: OnAnswer, seed: int) -> w.Widget:
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
    if isinstance(question, Order):
        return _positions(question, raw, save, seed)
    if isinstance(question, Spans):
        return _pieces(question, raw, save)
    if isinstance(question, Prompt):
        return _request(question, raw, save)
    if isinstance(question, Case):
        return _case(question, raw, save, seed)
    raise TypeError(f"no widget for {type(question).__name__}")


def _radio(question: ChooseOne, raw: object, save: OnAnswer) -> w.Widget:
    options = [(text, option) for option, text in question.options.items()]
    radio = w.RadioButtons(options=options, value=raw if raw in question.options else None, layout=_AUTO)
    radio.observe(lambda change: save(change.new), "value")
    return radio


def _ticks(question: ChooseMany, raw: object, save: OnAnswer) -> w.Widget:
    chosen = raw if isinstance(raw, list) else []
    return _tick_list(question.options, chosen, lambda options: save(options or None))


def _tick_list(labels: Mapping[str, str], chosen: Collection[str], save: Callable[[list[str]], None]) -> w.Widget:
    ticks = {
        option: w.Checkbox(value=option in chosen, description=text, indent=False, layout=_FULL)
        for option, text in labels.items()
    }

    def changed(_change: Any) -> None:
        save([option for option, tick in ticks.items() if tick.value])

    return _stacked(ticks.values(), changed, "hocvu-ticks")


def _lists(question: Classify, raw: object, save: OnAnswer) -> w.Widget:
    given = raw if isinstance(raw, dict) else {}
    return _drop_downs(question.cards, question.groups, given, question.empty, lambda groups: save(groups or None))


def _drop_downs(
    labels: Mapping[str, str],
    choices: Mapping[str, str],
    given: Mapping[str, object],
    empty: str,
    save: Callable[[dict[str, str]], None],
) -> w.Widget:
    options = [(empty, ""), *((text, choice) for choice, text in choices.items())]
    lists = {
        part: w.Dropdown(
            options=options,
            value=given.get(part) if given.get(part) in choices else "",
            description=text,
            style={"description_width": "initial"},
            layout=_FULL,
        )
        for part, text in labels.items()
    }

    def changed(_change: Any) -> None:
        save({part: row.value for part, row in lists.items() if row.value})

    return _stacked(lists.values(), changed, "hocvu-lists")


def _positions(question: Order, raw: object, save: OnAnswer, seed: int) -> w.Widget:
    given = {str(item): str(place) for place, item in enumerate(raw, start=1)} if isinstance(raw, list) else raw

    def chosen(positions: dict[str, str]) -> None:
        save(question.from_form({f"{question.id}.{item}": [position] for item, position in positions.items()}))

    labels = {item: question.items[item] for item in question.shuffled(seed)}
    numbers = {str(place): str(place) for place in range(1, len(labels) + 1)}
    return _drop_downs(labels, numbers, given if isinstance(given, dict) else {}, "– vị trí –", chosen)


def _pieces(question: Spans, raw: object, save: OnAnswer) -> w.Widget:
    labels = {
        f"{start}-{end}": f"{number}. {question.text[start:end]}"
        for number, (start, end) in enumerate(question.pieces, start=1)
    }
    try:
        marked = question.parse(raw) or frozenset()
    except Unreadable:
        marked = frozenset()
    chosen = [f"{start}-{end}" for start, end in marked]
    return _tick_list(labels, chosen, lambda spans: save(question.from_form({question.id: spans})))


def _request(question: Prompt, raw: object, save: OnAnswer) -> w.Widget:
    listed = "".join(f"<li><strong>{escape(rule.name)}.</strong> {escape(rule.why())}</li>" for rule in question.rules)
    text = _area("Yêu cầu của anh/chị", raw if isinstance(raw, str) else "", rows=8)
    text.observe(lambda change: save(change.new.strip() or None), "value")
    box = w.VBox([w.HTML(f"<ol>{listed}</ol>"), text])
    box.add_class("hocvu-texts")
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
    texts = {box: _area(label, str(given.get(box, ""))) for box, label in question.boxes.items()}

    def changed(_change: Any) -> None:
        save({box: text.value for box, text in texts.items() if text.value.strip()} or None)

    return _stacked(texts.values(), changed, "hocvu-texts")


def _area(label: str, value: str, rows: int | None = None) -> w.Textarea:
    style = {"description_width": "initial"}
    return w.Textarea(
        value=value, description=label, continuous_update=False, rows=rows, style=style, layout=w.Layout(width="100%")
    )


def _stacked(controls: Iterable[w.Widget], changed: Callable[[Any], None], css: str) -> w.Widget:
    box = w.VBox(list(controls))
    for control in box.children:
        control.observe(changed, "value")
    box.add_class(css)
    return box


def _case(question: Case, raw: object, save: OnAnswer, seed: int) -> w.Widget:
    """The learner's variant: its story, then each part with its own controls; a change saves the whole answer."""
    variant = question.variants[question.variant_of(seed)]
    given: dict[str, object] = dict(raw) if isinstance(raw, dict) else {}

    def save_part(part: str, value: object) -> None:
        given.pop(part, None)
        if value is not None:
            given[part] = value
        save({name: given[name] for name in variant.parts if name in given} or None)

    story = w.HTML("".join(f"<p>{escape(paragraph)}</p>" for paragraph in variant.paragraphs))
    story.add_class("hocvu-story")
    shown: list[w.Widget] = [story]
    for place, (part, inner) in enumerate(variant.parts.items(), start=1):
        head = w.HTML(_head(f"Phần {place}.", inner))
        box = w.VBox([head, _controls(inner, given.get(part), partial(save_part, part), seed)], layout=_FULL)
        box.add_class("hocvu-part")
        shown.append(box)
    return w.VBox(shown, layout=_FULL)


def _head(number: str, question: Question) -> str:
    hint = f'<p class="hocvu-hint">{escape(question.hint)}</p>' if question.hint else ""
    return f'<p class="hocvu-prompt"><strong>{number}</strong> {escape(question.prompt)}</p>{hint}'
