"""The instructor's notebook, in nbgrader's terms: what each cell is, what it was at release, what is hidden."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hocvu.codegrading.grades import Kind
from hocvu.codegrading.names import Names, read_names
from hocvu.errors import AuthoringError
from hocvu.notebooks import Notebook

AUTOTEST = re.compile(r"^\s*#{2,}\s*(?:HASHED )?AUTOTEST\b", re.MULTILINE)


@dataclass(frozen=True)
class Marks:
    """How this course writes stubs and hidden parts; the defaults are nbgrader's (ClearSolutions, ClearHiddenTests).

    saved: texts that nbgrader's gradebook holds for cells (find_source_cell), where they should win over the file.
    """

    code_stub: str = "# YOUR CODE HERE\nraise NotImplementedError()"
    text_stub: str = "YOUR ANSWER HERE"
    begin_solution: str = "BEGIN SOLUTION"
    end_solution: str = "END SOLUTION"
    begin_hidden: str = "BEGIN HIDDEN TESTS"
    end_hidden: str = "END HIDDEN TESTS"
    saved: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceCell:
    """One cell of the instructor's notebook.

    kind is None for cells that nbgrader does not know or only locks. source is what runs; released is the text that
    learners start from. first_hidden counts lines of source from 1. names: of source, of the instructor's solution too.
    """

    index: int
    cell_type: str
    kind: Kind | None
    grade_id: str
    is_locked: bool
    source: str
    released: str
    max_score: float
    marks: dict[str, Any]
    first_hidden: int | None
    names: Names

    @property
    def is_anchor(self) -> bool:
        """Tell whether a submitted cell is matched with this one by its id."""
        return self.grade_id != ""

    @property
    def is_learners(self) -> bool:
        """Tell whether its text comes from the learner."""
        return self.kind in (Kind.SOLUTION, Kind.MANUAL)

    @property
    def visible(self) -> str:
        """The lines before the first hidden one."""
        lines = self.source.split("\n")
        return "\n".join(lines if self.first_hidden is None else lines[: self.first_hidden - 1])


def read_cells(notebook: Notebook, marks: Marks) -> tuple[SourceCell, ...]:
    """Return the cells of the instructor's notebook. Raises AuthoringError."""
    cells = tuple(_read_cell(index, cell, marks) for index, cell in enumerate(notebook["cells"]))
    seen: set[str] = set()
    for cell in cells:
        if cell.is_anchor and cell.grade_id in seen:
            raise AuthoringError(f"Ô {cell.grade_id!r}: id này có hai lần. Đổi một id trong Create Assignment.")
        seen.add(cell.grade_id)
    return cells


def _read_cell(index: int, cell: dict[str, Any], marks: Marks) -> SourceCell:
    told = cell.get("metadata", {}).get("nbgrader") or {}
    is_grade, is_solution = bool(told.get("grade", False)), bool(told.get("solution", False))
    is_task = bool(told.get("task", False))
    is_locked = is_task or (not is_solution and (is_grade or bool(told.get("locked", False))))
    grade_id = str(told.get("grade_id", "")) if is_grade or is_solution or is_locked else ""
    where = f"Ô {index + 1} ({grade_id or 'không có id'})"
    if (is_grade or is_solution or is_locked) and not grade_id:
        raise AuthoringError(f"{where}: ô được chấm hoặc bị khoá cần có id. Đặt id trong Create Assignment.")
    source = cell.get("source", "")
    text = source if isinstance(source, str) else "".join(source)
    text = marks.saved.get(grade_id, text)
    kind = _kind(is_grade, is_solution, is_task)
    if kind is Kind.TESTS and cell["cell_type"] != "code":
        raise AuthoringError(f"{where}: ô văn bản được chấm phải là ô trả lời (Manually graded answer).")
    if kind is Kind.TESTS and AUTOTEST.search(text):
        raise AuthoringError(
            f"{where}: AUTOTEST chưa được thay bằng kiểm tra. Chạy `nbgrader generate_assignment` trước."
        )
    return SourceCell(
        index, cell["cell_type"], kind, grade_id, is_locked, text, release_text(text, cell["cell_type"], kind, marks),
        _points(told, where) if is_grade or is_task else 0.0, dict(told), _first_hidden(text, marks),
        read_names(text) if cell["cell_type"] == "code" else Names(),
    )  # fmt: skip


def _kind(is_grade: bool, is_solution: bool, is_task: bool) -> Kind | None:
    if is_task:
        return Kind.TASK
    if is_grade:
        return Kind.MANUAL if is_solution else Kind.TESTS
    return Kind.SOLUTION if is_solution else None


def _points(told: dict[str, Any], where: str) -> float:
    try:
        points = float(told["points"])
    except (KeyError, TypeError, ValueError):
        points = -1.0
    if not 0 <= points < 1e9:
        raise AuthoringError(
            f"{where}: points là {told.get('points')!r}, cần một số từ 0. Sửa trong Create Assignment."
        )
    return points


def release_text(text: str, cell_type: str, kind: Kind | None, marks: Marks) -> str:
    """Return what `generate_assignment` leaves of a solution: a stub for each solution region, or for it all."""
    if kind not in (Kind.SOLUTION, Kind.MANUAL):
        return text
    stub = marks.code_stub if cell_type == "code" else marks.text_stub
    lines: list[str] = []
    inside = replaced = False
    for line in text.split("\n"):
        if marks.begin_solution in line:
            inside = replaced = True
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + part for part in stub.split("\n")]
        elif marks.end_solution in line:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines) if replaced else stub


def _first_hidden(text: str, marks: Marks) -> int | None:
    for number, line in enumerate(text.split("\n"), 1):
        if marks.begin_hidden in line:
            return number
    return None


def checksum(cell: SourceCell, text: str) -> str:
    """Return nbgrader's checksum of a cell with this text (nbgrader.utils.compute_checksum)."""
    is_grade = cell.kind in (Kind.TESTS, Kind.MANUAL)
    is_locked = not cell.is_learners and (is_grade or bool(cell.marks.get("locked", False)))
    parts = [text, cell.cell_type, str(is_grade), str(cell.is_learners), str(is_locked), cell.grade_id]
    if is_grade:
        parts.append(str(cell.max_score))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()
