"""The words that stories about graded notebooks are told in.

with Classroom() as room:
    graded = room.grade(FUNCTIONS, handed_in(FUNCTIONS, {"squares": "def squares(n): ..."}))
"""

import json
from types import TracebackType
from typing import Any, Self

from hocvu.codegrading import (
    GUEST,
    CodeAssignment,
    GradedNotebook,
    Kind,
    check_notebook,
    grade_notebook,
    learner_view,
    read_assignment,
)
from hocvu.sandbox import Limits, Warm
from tests.codegrading.notebooks import Notebook, as_bytes

LIGHT = ("numpy", "hocvu.codegrading.guest:warm_up")


class Classroom:
    """A grader with its warm process; the same one grades cheats and honest work."""

    def __init__(self, preload: tuple[str, ...] = LIGHT, **limits: Any) -> None:
        self._warm = Warm(guest=GUEST, preload=preload, limits=Limits(**limits))
        self._known: dict[int, tuple[Notebook, CodeAssignment]] = {}  # holds the notebook, so that its id stays its own

    def __enter__(self) -> Self:
        self._warm.__enter__()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._warm.__exit__(kind, error, trace)

    def grade(
        self, source: Notebook, submitted: Notebook | bytes, timeout_s: float = 10.0, **options: Any
    ) -> GradedNotebook:
        """Return the grade of a submission to an instructor's notebook."""
        if id(source) not in self._known:
            self._known[id(source)] = (source, read_assignment(source))
        assignment = self._known[id(source)][1]
        data = submitted if isinstance(submitted, bytes) else as_bytes(submitted)
        return grade_notebook(assignment, data, warm=self._warm, timeout_s=timeout_s, **options)

    def check(self, source: Notebook) -> tuple[str, ...]:
        """Return what `hocvu check` would say of an instructor's notebook."""
        return check_notebook(source, warm=self._warm)


def test_points(graded: GradedNotebook) -> dict[str, float | None]:
    """Return the points of the test cells."""
    return {cell.grade_id: cell.auto_score for cell in graded.cells if cell.kind is Kind.TESTS}


test_points.__test__ = False  # type: ignore[attr-defined]


def seen_by_learner(graded: GradedNotebook) -> str:
    """Return everything that a learner may be shown, as one text."""
    reasons = [cell.reason + (cell.comment or "") for cell in graded.cells]
    return json.dumps(learner_view(graded), ensure_ascii=False) + graded.reason + "".join(reasons)


def shown_text(graded: GradedNotebook, place: int | str) -> str:
    """Return the outputs of one cell of the autograded notebook as text, by id or by place."""
    cells = graded.autograded["cells"]
    cell = cells[place] if isinstance(place, int) else next(cell for cell in cells if cell["id"] == place)
    return json.dumps(cell.get("outputs", []), ensure_ascii=False)
