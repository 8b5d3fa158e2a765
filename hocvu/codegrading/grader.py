"""Grade one submitted notebook of code: the one way in."""

from collections.abc import Mapping
from typing import Any

from hocvu.codegrading.assignment import CodeAssignment, read_assignment
from hocvu.codegrading.cells import Marks, checksum
from hocvu.codegrading.grades import CellGrade, GradedNotebook, Kind, NotebookStatus, Output
from hocvu.codegrading.intake import read_submission
from hocvu.codegrading.points import Outcome, grade_by_hand, grade_test
from hocvu.codegrading.reassembly import Plan, Step, reassemble
from hocvu.codegrading.running import Run
from hocvu.errors import BadNotebook
from hocvu.notebooks import Notebook
from hocvu.sandbox import SandboxUnavailable, Warm

GUEST = "hocvu.codegrading.guest:main"
PRELOAD = (
    "numpy", "pandas", "matplotlib", "matplotlib.pyplot", "matplotlib_inline.backend_inline", "sklearn.linear_model",
    "sklearn.ensemble", "sklearn.tree", "sklearn.neighbors", "sklearn.naive_bayes", "sklearn.svm", "sklearn.cluster",
    "sklearn.model_selection", "sklearn.metrics", "sklearn.preprocessing", "sklearn.pipeline", "sklearn.datasets",
    "sklearn.feature_extraction.text", "sklearn.decomposition", "hocvu.codegrading.guest:warm_up",
)  # fmt: skip
BARE_PRELOAD = ("hocvu.codegrading.guest:warm_up",)  # for courses that need the standard library only
TWICE = "Ô {} có hai bản khác nhau trong bài nộp; bản cuối được chấm. Cần người xem lại."


def grade_notebook(
    source: CodeAssignment | Notebook,
    submitted: bytes | dict[str, Any],
    *,
    warm: Warm,
    marks: Marks | None = None,
    files: Mapping[str, bytes] | None = None,
    seed: int = 0,
    timeout_s: float = 10.0,
) -> GradedNotebook:
    """Return the grade of one submission. Whatever was submitted, this returns.

    source: the instructor's notebook, or what `read_assignment` made of it (do that once for a batch).
    warm: opened with guest=GUEST and preload=PRELOAD. files: the instructor's files beside the notebook, never the
    learner's. timeout_s: of each cell; the whole is bounded by warm's limits.
    Raises AuthoringError if the instructor's notebook is wrong.
    """
    assignment = source if isinstance(source, CodeAssignment) else read_assignment(source, marks)
    try:
        plan = reassemble(assignment, read_submission(submitted))
    except BadNotebook as error:
        return _not_checked(assignment, error.message)
    try:
        with Run(warm, assignment, files or {}, seed, timeout_s) as run:
            return _grade(assignment, plan, run)
    except SandboxUnavailable as error:
        return _not_checked(assignment, error.message)


def _grade(assignment: CodeAssignment, plan: Plan, run: Run) -> GradedNotebook:
    grades: list[CellGrade] = []
    cells: list[dict[str, Any]] = []
    hidden_after: int | None = None
    for step in plan.steps:
        outputs: list[Output] = []
        cell = step.cell
        if cell is not None:
            run.set_up_before(cell.index)
        if cell is not None and cell.kind is Kind.TESTS:
            outcome, outputs = run.test_cell(cell)
            grades.append(grade_test(cell, outcome))
        elif step.runs_with_learner and step.source.strip():
            outputs = run.learner_cell(step)
        if cell is not None and cell.kind not in (None, Kind.TESTS):
            grades.append(grade_by_hand(step, cell))
        cells.append(_made(step, outputs, len(cells), run.count))
        if run.told_hidden and hidden_after is None:
            hidden_after = len(cells)
    reason = run.learner_gone or run.bench_gone
    if plan.duplicated:
        reason = reason or TWICE.format(", ".join(plan.duplicated))
    reason = reason or next((grade.reason for grade in grades if grade.reason), "")
    status = NotebookStatus.NEEDS_REVIEW if reason else NotebookStatus.GRADED
    return GradedNotebook(status, tuple(grades), _notebook(assignment, cells), reason, hidden_after)


def _made(step: Step, outputs: list[Output], place: int, count: int) -> dict[str, Any]:
    """Return one cell of the autograded notebook: the instructor's metadata or none, never the learner's."""
    cell = step.cell
    metadata: dict[str, Any] = {}
    if cell is not None:
        metadata = {"nbgrader": cell.marks | {"checksum": checksum(cell, cell.released)}}
        if cell.is_locked:
            metadata |= {"deletable": False, "editable": False}
    identifier = cell.grade_id if cell is not None else f"o-{place + 1:02d}"
    made: dict[str, Any] = {
        "cell_type": step.cell_type,
        "id": identifier[:64],
        "metadata": metadata,
        "source": step.source,
    }
    if step.cell_type == "code":
        ran = step.runs_with_learner or (cell is not None and cell.kind is Kind.TESTS)
        made |= {"execution_count": count if ran else None, "outputs": outputs}
    return made


def _notebook(assignment: CodeAssignment, cells: list[dict[str, Any]]) -> Notebook:
    metadata = {"kernelspec": assignment.kernelspec, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _not_checked(assignment: CodeAssignment, reason: str) -> GradedNotebook:
    """Return what is said of a submission that cannot be graded: no points, no zeros."""
    steps = [Step(cell.cell_type, cell.released, cell, True) for cell in assignment.cells if cell.is_anchor]
    grades = []
    for step in steps:
        if step.cell is not None and step.cell.kind is not None:
            test = grade_test(step.cell, Outcome("review", reason))
            hand = grade_by_hand(step, step.cell)
            grades.append(test if step.cell.kind is Kind.TESTS else hand)
    cells = [_made(step, [], place, 0) for place, step in enumerate(steps)]
    return GradedNotebook(NotebookStatus.NOT_CHECKED, tuple(grades), _notebook(assignment, cells), reason)
