"""The exercise as a form: answers out of fields, fields out of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from hocvu.portal.benches import bench_of
from hocvu.portal.clean import clean_text
from hocvu.portal.lesson_parts import frame_tables
from hocvu.portal.services import Assignment


@dataclass(frozen=True)
class Shown:
    """One piece of the page: text, or a question with its answer so far. bench: the words of the button to try it."""

    html: str
    item_id: str = ""
    bench: str = ""


def read_answers(assignment: Assignment, form: FormData) -> dict[str, Any]:
    """Return every item's raw answer from the posted fields, None where nothing was given."""
    fields: dict[str, Sequence[str]] = {
        name: [clean_text(value) for value in form.getlist(name) if isinstance(value, str)] for name in form
    }
    return {item.id: item.question.from_form(fields) for item in assignment.spec.items}


def show_parts(assignment: Assignment, answers: Mapping[str, Any], seed: int, errors: Mapping[str, str]) -> list[Shown]:
    """Return the page's parts with the answers filled in, and the errors beside their questions."""
    shown = []
    for part in assignment.page.parts:
        if part.item is None:
            shown.append(Shown(frame_tables(part.html)))
            continue
        question = part.item.question
        html = question.html(answers.get(question.id), seed, errors.get(question.id, ""))
        bench = bench_of(question)
        shown.append(Shown(html, question.id, bench.invitation if bench else ""))
    return shown


def count_answered(assignment: Assignment, answers: Mapping[str, Any]) -> int:
    return sum(answers.get(item.id) is not None for item in assignment.spec.items)
