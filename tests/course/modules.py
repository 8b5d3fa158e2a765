"""What tests of the course ask of every open module: its items, its texts, its lesson."""

import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hocvu.course import Course, Module, read_course
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.base import Question
from hocvu.questions.blanks import Blanks
from hocvu.questions.choice import ChooseMany, ChooseOne
from hocvu.questions.experiment import Experiment
from hocvu.questions.number import Number
from hocvu.questions.order import Order
from hocvu.questions.sorting import Classify
from hocvu.questions.values import Context

ROOT = Path(__file__).parents[2]
OUTLINE = Path(__file__).parent / "outline.csv"
SEED = 5


@cache
def course() -> Course:
    return read_course(ROOT)


OPEN = tuple(course().published)
SLUGS = tuple(module.slug for module in OPEN)


def module_of(slug: str) -> Module:
    return next(module for module in OPEN if module.slug == slug)


@cache
def assignment_of(slug: str) -> AssignmentSpec:
    return compile_assignment(ROOT / "source" / slug / "exercises.ipynb")


def lesson_of(slug: str) -> Path:
    return ROOT / "course" / slug / "lesson.ipynb"


def cells_of_lesson(slug: str) -> list[dict[str, object]]:
    return list(json.loads(lesson_of(slug).read_text(encoding="utf-8"))["cells"])


def printed_in(path: Path) -> str:
    """Return every cell's source as one line, so that a printed figure is found wherever lines break."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return " ".join("\n".join("".join(cell["source"]) for cell in cells).split())


def outline_of(module: str) -> dict[str, tuple[str, str, int, float]]:
    """Return item → (kind, competency, level, points) of the course outline."""
    with OUTLINE.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["module"] == module]
    return {row["item"]: (row["kind"], row["competency"], int(row["level"]), float(row["points"] or 0)) for row in rows}


# Optional code is tried in the sandbox: test_code_item.py.
ITEMS = [(slug, item.id) for slug in SLUGS for item in assignment_of(slug).items if item.question.kind != "COD"]


def item_of(slug: str, item_id: str) -> ItemSpec:
    return assignment_of(slug).item(item_id)


def context_of(slug: str, seed: int = SEED) -> Context:
    """A learner whose experiments are all well done: numbers may ask about them."""
    answers = {
        item.id: item.key.answer.reference_for(seed)
        for item in assignment_of(slug).items
        if isinstance(item.question, Experiment)
    }
    return Context(answers, seed)


def parts_of(question: Question) -> dict[str, str]:
    """Return what a learner reads and answers, by the name that its feedback must have."""
    if isinstance(question, (ChooseOne, ChooseMany)):
        return dict(question.options)
    if isinstance(question, Classify):
        return dict(question.cards)
    if isinstance(question, Order):
        return dict(question.items)
    if isinstance(question, Experiment):
        return dict.fromkeys(("right", "half", "wrong"), "")
    if isinstance(question, Number):
        return dict.fromkeys(("right", "wrong"), question.unit)
    return {}


def texts_of(item: ItemSpec) -> Iterator[str]:
    """Return every text of an item that a learner reads, before or after handing in."""
    question = item.question
    yield question.prompt
    yield from parts_of(question).values()
    yield from item.key.feedback.values()
    if isinstance(question, Classify):
        yield from question.groups.values()
    if isinstance(question, Blanks):
        yield from question.boxes.values()
