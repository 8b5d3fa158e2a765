"""What a learner may be shown of a graded notebook: nothing hidden, nothing said after hidden inputs were used."""

from typing import Any

from hocvu.codegrading.cells import Marks
from hocvu.codegrading.grades import GradedNotebook, Kind
from hocvu.notebooks import Notebook

PASSED, FAILED, WAITING = "Kiểm tra: đạt.", "Kiểm tra: chưa đạt.", "Kiểm tra: chờ người xem."
NOT_SHOWN = "Kết quả của ô này không hiện, vì ô chạy sau một phần kiểm tra ẩn."


def learner_view(graded: GradedNotebook, marks: Marks | None = None) -> Notebook:
    """Return the autograded notebook without hidden tests.

    From the first cell on that ran after learner code had been called by a hidden test, outputs are left out: the
    code may have kept the hidden inputs to print them later.
    """
    marks = marks or Marks()
    verdicts = {cell.grade_id: _verdict(cell.auto_score, cell.max_score) for cell in graded.cells if _is_test(cell)}
    cells = []
    for place, cell in enumerate(graded.autograded["cells"]):
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        made = cell | ({"source": without_hidden(cell["source"], marks)} if grade_id in verdicts else {})
        if cell.get("outputs") and graded.hidden_after is not None and place >= graded.hidden_after:
            made["outputs"] = [_line(verdicts.get(grade_id, NOT_SHOWN))]
        cells.append(made)
    return graded.autograded | {"cells": cells}


def without_hidden(source: str, marks: Marks) -> str:
    """Return a test cell's text without its hidden parts, as nbgrader's ClearHiddenTests does."""
    lines: list[str] = []
    hidden = False
    for line in source.split("\n"):
        hidden = hidden or marks.begin_hidden in line
        if not hidden:
            lines.append(line)
        hidden = hidden and marks.end_hidden not in line
    return "\n".join(lines)


def _is_test(cell: Any) -> bool:
    return cell.kind is Kind.TESTS


def _verdict(points: float | None, max_points: float) -> str:
    if points is None:
        return WAITING
    return PASSED if points >= max_points else FAILED


def _line(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text + "\n"}
