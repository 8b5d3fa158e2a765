"""The exercise as a form: answers out of fields, fields out of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from hocvu.portal.access import field
from hocvu.portal.benches import bench_of
from hocvu.portal.clean import clean_text
from hocvu.portal.lesson_parts import frame_tables
from hocvu.portal.services import Assignment
from hocvu.questions.confidence import STEPS, SURE
from hocvu.records import Window


@dataclass(frozen=True)
class Shown:
    """One piece of the page: text, or a question with its answer so far. bench: the words of the button to try it.

    sure: how sure the learner is, 1 to 5; 0: not said.
    """

    html: str
    item_id: str = ""
    bench: str = ""
    sure: int = 0


@dataclass(frozen=True)
class Given:
    """What a posted page says: every item's answer and confidence, None where nothing was given; and its window."""

    answers: dict[str, Any]
    confidence: dict[str, int | None]
    window: Window


def read_page(assignment: Assignment, form: FormData) -> Given:
    """Return what the page was filled in with."""
    page, base = field(form, "ma_nop")[:64], _read_base(field(form, "da_thay"))
    confidence = {item: _read_step(field(form, f"{SURE}{item}")) for item in assignment.items}
    return Given(read_answers(assignment, form), confidence, Window(page, base))


def read_answers(assignment: Assignment, form: FormData) -> dict[str, Any]:
    """Return every item's raw answer from the posted fields, None where nothing was given."""
    fields = {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form}
    return read_items(assignment, list(assignment.items), fields)


def read_items(assignment: Assignment, item_ids: Sequence[str], fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the raw answers of these items from a form's fields. Raises UnknownItem."""
    clean = {name: [_clean_field(value) for value in values] for name, values in fields.items()}
    return {item_id: assignment.spec.item(item_id).question.from_form(clean) for item_id in item_ids}


def _clean_field(text: str) -> str:
    return clean_text(text).replace("\r\n", "\n")  # a posted form and a script break lines differently


def _read_step(text: str) -> int | None:
    return int(text) if text in {str(step) for step in STEPS} else None


def _read_base(text: str) -> dict[str, int]:
    """Return the revisions that `write_base` wrote; what is not ours is left out."""
    pairs = (part.rpartition(":") for part in text.split())
    return {item_id: int(number) for item_id, _, number in pairs if item_id and number.isdecimal()}


def write_base(revisions: Mapping[str, int]) -> str:
    """Return the revisions as one hidden field's text: `1-2:3 1-4:1`."""
    return " ".join(f"{item_id}:{number}" for item_id, number in revisions.items())


def show_parts(
    assignment: Assignment,
    answers: Mapping[str, Any],
    seed: int,
    errors: Mapping[str, str],
    confidence: Mapping[str, int | None],
) -> list[Shown]:
    """Return the page's parts with the answers filled in, and the errors beside their questions."""
    shown = []
    for part in assignment.page.parts:
        if part.item is None:
            shown.append(Shown(frame_tables(part.html)))
            continue
        question = part.item.question
        html = question.html(answers.get(question.id), seed, errors.get(question.id, ""))
        bench = bench_of(question)
        sure = confidence.get(question.id) or 0
        shown.append(Shown(html, question.id, bench.invitation if bench else "", sure))
    return shown


def count_answered(assignment: Assignment, answers: Mapping[str, Any]) -> int:
    return sum(answers.get(item.id) is not None for item in assignment.spec.items)
