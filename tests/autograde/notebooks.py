"""Notebooks in words: instructor's cells, and what a learner does to a released notebook."""

import json
from pathlib import Path
from typing import Any

Cell = dict[str, Any]


def _cell(cell_type: str, cell_id: str, source: str, marks: dict[str, Any] | None) -> Cell:
    made: Cell = {"cell_type": cell_type, "id": cell_id, "metadata": {"nbgrader": marks} if marks else {}}
    if cell_type == "code":
        made |= {"execution_count": None, "outputs": []}
    return made | {"source": source}


def _marks(grade_id: str, **flags: Any) -> dict[str, Any]:
    all_off = {"grade": False, "locked": False, "solution": False, "task": False}
    return {**all_off, "grade_id": grade_id, "schema_version": 3, **flags}


def text(cell_id: str, source: str) -> Cell:
    return _cell("markdown", cell_id, source, None)


def free_text(grade_id: str, points: float, source: str = "Đáp án mẫu của giảng viên.") -> Cell:
    """A graded free-text answer: nbgrader's 'manually graded answer'."""
    return _cell("markdown", grade_id, source, _marks(grade_id, grade=True, solution=True, points=points))


def task(grade_id: str, points: float) -> Cell:
    """A task: nbgrader's 'manually graded task', with a mark scheme that learners do not see."""
    scheme = "### BEGIN MARK SCHEME\nMỗi ý một điểm.\n### END MARK SCHEME"
    source = f"Nhiệm vụ {grade_id}: thêm ô bên dưới và trình bày.\n{scheme}"
    return _cell("markdown", grade_id, source, _marks(grade_id, task=True, locked=True, points=points))


def locked_code(grade_id: str, source: str) -> Cell:
    return _cell("code", grade_id, source, _marks(grade_id, locked=True))


def solution_code(grade_id: str, source: str) -> Cell:
    return _cell("code", grade_id, source, _marks(grade_id, solution=True))


def test_code(grade_id: str, points: float, source: str) -> Cell:
    return _cell("code", grade_id, source, _marks(grade_id, grade=True, locked=True, points=points))


test_code.__test__ = False  # type: ignore[attr-defined]


def choice(grade_id: str, points: float, right: str = "a") -> Cell:
    """One of our questions as instructors write it."""
    question = f'q = choose_one("{grade_id}", "Câu {grade_id}?", competency="NL1", level=1, a="Một", b="Hai", c="Ba")'
    hidden = (
        f'### BEGIN HIDDEN TESTS\nq.key("{right}", feedback={{"a": "A.", "b": "B.", "c": "C."}})\n### END HIDDEN TESTS'
    )
    return test_code(grade_id, points, f"{question}\nq\n{hidden}")


QUESTIONS = locked_code("chuan-bi", "from hocvu.questions import *")


def notebook(*cells: Cell) -> dict[str, Any]:
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": spec, "language_info": {"name": "python"}}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def rewrite(content: dict[str, Any], grade_id: str, source: str) -> None:
    """Type `source` into the cell, as a learner does."""
    cell_of(content, grade_id)["source"] = source


def cell_of(content: dict[str, Any], grade_id: str) -> Cell:
    (found,) = [c for c in content["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id]
    return found
