"""What we take from a learner's notebook: the texts of the learner's own cells, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hocvu.autograde.problems import BadSubmission
from hocvu.errors import BadNotebook
from hocvu.notebooks import Notebook, parse_notebook


@dataclass(frozen=True)
class OwnCell:
    """A cell that the learner added or rewrote. after: the instructor's cell above it, by place; -1 on top."""

    after: int
    cell_type: str
    source: str


@dataclass(frozen=True)
class LearnerCells:
    """answers: {grade_id: text of the last cell with that id}. own: other cells, top to bottom."""

    answers: Mapping[str, str]
    own: tuple[OwnCell, ...]


@dataclass(frozen=True)
class Places:
    """Where the instructor's cells are: by grade id, by text, by cell id."""

    by_grade_id: Mapping[str, int]
    by_text: Mapping[tuple[str, str], int] = field(default_factory=dict)
    by_id: Mapping[str, int] = field(default_factory=dict)


def parse_submitted(data: bytes, name: str) -> Notebook:
    """Return the notebook; raises BadSubmission with what is wrong with it."""
    try:
        return parse_notebook(data, name)
    except (BadNotebook, ValueError) as error:
        raise BadSubmission("bad_notebook", path=name, said=str(error).removeprefix(f"{name}: ")[:160]) from error


def read_learner_cells(notebook: Notebook, places: Places, name: str) -> LearnerCells:
    """Return the learner's cells. Raises BadSubmission for a graded cell of another assignment.

    Two cells with one grade id: the last one counts, as in nbgrader.
    """
    answers: dict[str, str] = {}
    own: list[OwnCell] = []
    above = -1
    for cell in notebook["cells"]:
        cell_type, source = _type_and_source(cell)
        grade_id = _grade_id(cell, places, name)
        if grade_id is not None:
            answers[grade_id] = source
            above = places.by_grade_id[grade_id]
            continue
        place = places.by_text.get((cell_type, source))
        if place is None and source.strip():
            above = max(above, places.by_id.get(str(cell.get("id")), -1))
            own.append(OwnCell(above, cell_type, source))
        elif place is not None:
            above = place
    return LearnerCells(answers, tuple(own))


def _type_and_source(cell: dict[str, Any]) -> tuple[str, str]:
    cell_type, source = cell.get("cell_type"), cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return ("code" if cell_type == "code" else "markdown", source if isinstance(source, str) else "")


def _grade_id(cell: dict[str, Any], places: Places, name: str) -> str | None:
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    marks: dict[str, Any] = found if isinstance(found, dict) else {}
    grade_id = marks.get("grade_id")
    if not isinstance(grade_id, str) or not grade_id:
        return None
    if grade_id in places.by_grade_id:
        return grade_id
    if any(marks.get(flag) for flag in ("grade", "solution", "locked", "task")):
        raise BadSubmission("foreign_cell", path=name, cell=grade_id[:60])
    return None
