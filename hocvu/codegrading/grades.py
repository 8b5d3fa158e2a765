"""What grading one notebook says: points per cell, why a person must look, and the notebook with its outputs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hocvu.notebooks import Notebook


class NotebookStatus(StrEnum):
    """How a notebook came out. Only GRADED can be final; a fault of ours is never a zero."""

    GRADED = "graded"
    NEEDS_REVIEW = "needs_review"
    NOT_CHECKED = "could_not_be_checked"


class Kind(StrEnum):
    """What nbgrader's toolbar calls a cell."""

    TESTS = "tests"
    MANUAL = "manual"
    TASK = "task"
    SOLUTION = "solution"


@dataclass(frozen=True)
class CellGrade:
    """One cell with a grade id. auto_score in 0..max_score, None where a person decides.

    comment is nbgrader's auto comment ("No response."); reason says, in Vietnamese, why a person must look.
    """

    grade_id: str
    kind: Kind
    auto_score: float | None
    max_score: float
    needs_manual: bool
    comment: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class GradedNotebook:
    """The outcome of one submitted notebook.

    autograded is for instructors (it holds the hidden tests, as nbgrader's does); learners may be shown only what
    `learner_view` leaves. hidden_after: index of the first cell that ran after learner code was given hidden inputs.
    """

    status: NotebookStatus
    cells: tuple[CellGrade, ...]
    autograded: Notebook
    reason: str = ""
    hidden_after: int | None = None

    def cell(self, grade_id: str) -> CellGrade:
        """Return the grade of one cell; KeyError if the notebook has none of that id."""
        return {cell.grade_id: cell for cell in self.cells}[grade_id]

    @property
    def points(self) -> dict[str, float | None]:
        """Points per grade id of the cells that have any; None where a person decides."""
        return {cell.grade_id: cell.auto_score for cell in self.cells if cell.kind is not Kind.SOLUTION}


Output = dict[str, Any]
