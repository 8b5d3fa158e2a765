"""Grading a notebook with learner code: the adapter to `codegrading`, one warm process for all workers."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hocvu.autograde.data_grader import SourceChanged
from hocvu.autograde.grader import Graded, Work
from hocvu.autograde.learner_cells import Places, parse_submitted, read_learner_cells
from hocvu.autograde.problems import BadSubmission, Problem
from hocvu.autograde.template import harmless
from hocvu.codegrading import (
    BARE_PRELOAD,
    GUEST,
    PRELOAD,
    CodeAssignment,
    GradedNotebook,
    Kind,
    Marks,
    NotebookStatus,
    grade_notebook,
    read_assignment,
)
from hocvu.gradebook import NotebookRow
from hocvu.notebooks import Notebook, cells_of, read_notebook
from hocvu.sandbox import Warm

_STACK = ("numpy", "pandas", "sklearn", "matplotlib")


@dataclass(frozen=True)
class CodeOptions:
    """How learner code is run. cell_timeout_s: nbgrader's Execute.timeout. marks: the course's stubs and marks."""

    cell_timeout_s: float
    unsafe: bool
    marks: Marks


class WarmRoom:
    """The warm process of a run, opened before its workers are forked: they share it. It ends when closed."""

    def __init__(self, unsafe: bool) -> None:
        self._unsafe = unsafe
        self._preload: tuple[str, ...] = BARE_PRELOAD
        self._warm: Warm | None = None

    def needs(self, source: str) -> None:
        """Note what a notebook imports: the scientific stack is loaded only for courses that use it."""
        if any(name in source for name in _STACK):
            self._preload = PRELOAD

    def open(self) -> Warm:
        """Return the warm process, started by the first call."""
        if self._warm is None:
            self._warm = Warm(guest=GUEST, preload=self._preload, unsafe=self._unsafe).__enter__()
        return self._warm

    def close(self) -> None:
        """End the warm process; the next `open` starts another one."""
        if self._warm is not None:
            self._warm.__exit__(None, None, None)
            self._warm = None


class CodeGrader:
    """Grades one notebook of code."""

    def __init__(
        self, source: CodeAssignment, book: NotebookRow, room: WarmRoom, options: CodeOptions, text: str
    ) -> None:
        self._source, self._book, self._room, self._options = source, book, room, options
        self._own_texts = {cell.source for cell in source.cells} | {cell.released for cell in source.cells}
        self._sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def version(self) -> str:
        return f"code-{self._sha256}-{self._options.cell_timeout_s}"

    def start(self) -> None:
        """Start the warm process, or find it started by another notebook's grader."""
        self._room.open()

    def grade(self, work: Work) -> Graded:
        """Return points per cell; a cell that cannot be decided waits for a person."""
        graded = grade_notebook(
            self._source,
            work.data,
            warm=self._room.open(),
            files=work.instructor_files,
            timeout_s=self._options.cell_timeout_s,
        )
        if graded.status is NotebookStatus.NOT_CHECKED and self._has_known_cell(work):
            raise BadSubmission("not_graded", path=f"{work.name}.ipynb", said=graded.reason)
        return self._outcome(work.name, graded)  # all cells deleted: a person is to look, as in nbgrader

    def close(self) -> None:
        """End the warm process, if it runs."""
        self._room.close()

    def _has_known_cell(self, work: Work) -> bool:
        name = f"{work.name}.ipynb"
        places = Places({cell: place for place, cell in enumerate(self._book.sources)})
        return bool(read_learner_cells(parse_submitted(work.data, name), places, name).answers)

    def _outcome(self, name: str, graded: GradedNotebook) -> Graded:
        by_hand = (Kind.MANUAL, Kind.TESTS)
        grades = {cell.grade_id: cell.auto_score for cell in graded.cells if cell.kind in by_hand}
        comments = {cell.grade_id: cell.comment for cell in graded.cells if cell.kind is not Kind.TESTS}
        notes = [Problem("needs_review", {"path": f"{name}.ipynb", "said": graded.reason})] if graded.reason else []
        known = {**self._book.solutions, **self._book.tasks}
        return Graded(
            json.dumps(self._harmless(graded.autograded), ensure_ascii=False) + "\n",
            {name: points for name, points in grades.items() if name in self._book.graded},
            {name: comment for name, comment in comments.items() if name in known},
            tuple(notes),
        )

    def _harmless(self, notebook: Notebook) -> Notebook:
        """Return the notebook with HTML in learners' Markdown shown as text: formgrader would run it."""
        cells = [
            cell if cell["cell_type"] == "code" or cell["source"] in self._own_texts
            else cell | {"source": harmless(cell["source"])}
            for cell in notebook["cells"]
        ]  # fmt: skip
        return notebook | {"cells": cells}


def code_grader(assignment: str, path: Path, book: NotebookRow, room: WarmRoom, options: CodeOptions) -> CodeGrader:
    """Return the grader of the source notebook at `path`. Raises AuthoringError if it cannot be, or has changed.

    What the gradebook has of locked cells goes before the file: nbgrader fills in AUTOTEST lines there.
    """
    notebook = read_notebook(path)
    saved = {cell.name: cell.source for cell in book.sources.values() if cell.locked}
    source = read_assignment(notebook, replace(options.marks, saved=saved))
    _check_same(assignment, source.anchors, book)
    text = json.dumps([cell.source for cell in cells_of(notebook)])
    room.needs(text)
    return CodeGrader(source, book, room, options, text)


def _check_same(assignment: str, anchors: Mapping[str, object], book: NotebookRow) -> None:
    for name in sorted(set(anchors) ^ set(book.sources)):
        raise SourceChanged(assignment, name)
