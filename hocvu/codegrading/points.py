"""From how a test came out to points: nbgrader's determine_grade, closed where it is open."""

from dataclasses import dataclass
from typing import Any

from hocvu.codegrading.cells import SourceCell
from hocvu.codegrading.grades import CellGrade, Kind
from hocvu.codegrading.reassembly import Step


@dataclass(frozen=True)
class Outcome:
    """How a test cell came out. status: passed, failed, or review, for which `reason` says why.

    number and text: the value of its last expression, if it is a finite number, or what it is instead.
    """

    status: str
    reason: str = ""
    number: float | None = None
    text: str | None = None


def grade_test(cell: SourceCell, outcome: Outcome) -> CellGrade:
    """Return the grade of a test cell: all points, none, those that it names, or a person's decision."""
    points: float | None
    reason = outcome.reason
    if outcome.status == "failed":
        points, reason = 0.0, ""
    elif outcome.status != "passed":
        points = None
    elif outcome.text is not None or (outcome.number is not None and not 0 <= outcome.number <= cell.max_score):
        shown = outcome.number if outcome.text is None else outcome.text
        reason = f"Ô kiểm tra kết thúc bằng {shown!r}, không phải một số từ 0 đến {cell.max_score:g}."
        points = None
    else:
        points = cell.max_score if outcome.number is None else float(outcome.number)
    return CellGrade(cell.grade_id, Kind.TESTS, points, cell.max_score, points is None, None, reason)


def grade_by_hand(step: Step, cell: SourceCell) -> CellGrade:
    """Return the grade of an answer, a solution or a task cell: no points if untouched, else a person's decision."""
    kind = cell.kind or Kind.SOLUTION
    untouched = not step.is_missing and step.source == cell.released
    if kind is Kind.TASK:
        return CellGrade(cell.grade_id, kind, None, cell.max_score, True)
    comment = "No response." if untouched else None
    if kind is Kind.SOLUTION:
        return CellGrade(cell.grade_id, kind, None, 0.0, False, comment)
    return CellGrade(cell.grade_id, kind, 0.0 if untouched else None, cell.max_score, not untouched, comment)


def read_outcome(reply: dict[str, Any]) -> Outcome:
    """Return the outcome that the bench reports."""
    result = reply.get("result") or {}
    return Outcome(reply["status"], reply.get("reason", ""), result.get("number"), result.get("text"))
