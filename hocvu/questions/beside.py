"""Grading inside stock nbgrader: the answer is in answers.json beside the notebook, the points in its cell."""

import json
import sys
from html import escape
from pathlib import Path
from typing import Any

from hocvu.questions.judge import Gradable, judge
from hocvu.questions.text import show_number
from hocvu.questions.values import Context, Key
from hocvu.results import Result

ANSWERS_FILE = "answers.json"
# An instructor's try-out in source/, release/ or course/: nbgrader copies every other file of source/, so it is hidden.
TRIED_FILE = ".answers.json"


def answers_path(folder: Path) -> Path:
    """Return where the answers of the notebook in `folder` are kept."""
    return folder / (TRIED_FILE if folder.parent.name in ("source", "course", "release") else ANSWERS_FILE)


def read_answers(folder: Path) -> dict[str, Any]:
    """Return the answers kept in `folder`, empty answers if there is none. Raises ValueError if it is broken."""
    path = answers_path(folder)
    if not path.exists():
        return {"seed": 0, "answers": {}}
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not isinstance(found.get("answers", {}), dict):
        raise ValueError(f"{path.name}: expected an object with 'answers'")
    found = {"seed": 0, "answers": {}, **found}
    if type(found["seed"]) is not int:
        raise ValueError(f"{path.name}: seed is {found['seed']!r}, expected a whole number")
    return found


def max_points_in(folder: Path, item_id: str) -> float:
    """Return the points of the cell whose grade_id is `item_id`, from the notebooks in `folder`."""
    for path in sorted(folder.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8")).get("cells", []):
            marks = cell.get("metadata", {}).get("nbgrader", {})
            if marks.get("grade_id") == item_id and "points" in marks:
                return float(marks["points"])
    raise LookupError(f'no cell "{item_id}" with points in the notebooks of {folder.name}/')


def points_beside_notebook(question: Gradable, key: Key) -> float:
    """Return the points of the answer in ./answers.json, as one plain float, and display the answer as static text."""
    folder = Path.cwd()
    found = read_answers(folder)
    context = Context(found["answers"], found["seed"])
    raw = found["answers"].get(question.id)
    result = judge(question, key, raw, max_points_in(folder, question.id), context)
    _display(answer_line(result))
    return float(result.points)


def answer_line(result: Result) -> str:
    """Return the static, escaped line that formgrader and the feedback page show in the cell."""
    words = result.shown or result.message
    points, most = show_number(result.points), show_number(result.max_points)
    return f"<p>Trả lời: {escape(words)} — {points}/{most}</p>"


def _display(fragment: str) -> None:
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        ipython.display.display(ipython.display.HTML(fragment))
