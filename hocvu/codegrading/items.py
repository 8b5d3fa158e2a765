"""Code items among data items: one learner's text for one item, run and tested by itself in the sandbox.

Only the item's own cells are put together: its set-up, the learner's text in the place of the solution, its tests.
"""

import ast
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from hocvu.codegrading.assignment import CodeAssignment, read_assignment
from hocvu.codegrading.cells import Marks
from hocvu.codegrading.grader import BARE_PRELOAD, GUEST, grade_notebook
from hocvu.codegrading.grades import GradedNotebook, NotebookStatus
from hocvu.codegrading.views import learner_view
from hocvu.notebooks import Notebook
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.code import Code
from hocvu.questions.values import Unreadable
from hocvu.results import Feedback, Result, Status
from hocvu.sandbox import SandboxUnavailable, Warm

Reporter = Callable[[str, BaseException], None]
SHOWN = 2_000  # characters of what the code printed
TIMEOUT_S = 10.0
MARKS = Marks(code_stub="# Anh/chị viết câu trả lời ở đây")
PASSED = "Mã chạy và đạt mọi kiểm tra: anh/chị nhận huy hiệu mã nhẹ."
NOT_PASSED = "Chưa đạt huy hiệu. Câu này tự nguyện, không tính điểm; anh/chị sửa rồi nộp lại bao nhiêu lần cũng được."
LOOKED_AT = "Máy chưa xét được huy hiệu của câu này, cần người xem. Điểm của các câu khác không bị ảnh hưởng."
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_BROKEN = re.compile("[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f]")


class CodeItems:
    """Grades code items; keeps a warm process for each set of imports until closed. Use it from several threads."""

    def __init__(self, open_warm: Callable[..., Warm] = Warm) -> None:
        self._open_warm = open_warm
        self._stack = ExitStack()
        self._warm: dict[tuple[str, ...], Warm] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """End the warm processes."""
        with self._lock:
            self._warm.clear()
            self._stack.close()

    def grade(self, spec: AssignmentSpec, item: ItemSpec, raw: object, report: Reporter | None = None) -> Result:
        """Return the result of one code item: GRADED is the badge; a fault of ours is told and left to a person."""
        assert isinstance(item.question, Code)
        try:
            text = item.question.parse(raw)
        except Unreadable as error:
            return Result(item.id, 0.0, 0.0, Status.UNREADABLE, message=str(error))
        if text is None:
            return Result(item.id, 0.0, 0.0, Status.BLANK, message="Chưa trả lời.")
        try:
            graded = self._run(spec.notebook, item.id, text)
        except Exception as fault:  # the worker's edge: a badge must not keep the points of the other items waiting
            if report:
                report(item.id, fault)
            return Result(item.id, 0.0, 0.0, Status.NEEDS_REVIEW, item.question.show(text), message=LOOKED_AT)
        return _result(item.id, item.question.show(text), graded)

    def _run(self, notebook: Notebook, item_id: str, text: str) -> GradedNotebook:
        source = item_notebook(notebook, item_id)
        assignment = read_assignment(source, MARKS)
        warm = self._warm_for(preload_of(assignment))
        submitted = {**source, "cells": [_with_text(cell, text) for cell in source["cells"]]}
        graded = grade_notebook(assignment, submitted, warm=warm, timeout_s=TIMEOUT_S)
        if graded.status is NotebookStatus.NOT_CHECKED:
            raise SandboxUnavailable(graded.reason)
        return graded

    def _warm_for(self, preload: tuple[str, ...]) -> Warm:
        with self._lock:
            if preload not in self._warm:
                warm = self._open_warm(guest=GUEST, preload=preload)
                self._warm[preload] = self._stack.enter_context(warm)
            return self._warm[preload]


def item_notebook(notebook: Notebook, item_id: str) -> Notebook:
    """Return the item's cells alone. The tests are worth a point here, so that passed and failed differ."""
    cells = []
    for cell in notebook["cells"]:
        marks = cell.get("metadata", {}).get("nbgrader") or {}
        grade_id = str(marks.get("grade_id", ""))
        if cell["cell_type"] == "code" and (grade_id == item_id or grade_id.startswith(f"{item_id}-")):
            points = {"points": 1.0} if marks.get("grade") else {}
            cells.append({**cell, "metadata": {"nbgrader": marks | points}})
    return {**notebook, "cells": cells}


def preload_of(assignment: CodeAssignment) -> tuple[str, ...]:
    """Return what the warm process imports: just the modules that the instructor's own cells name."""
    named = {name for cell in assignment.cells for name in _modules(cell.source)}
    return (*sorted(named), *BARE_PRELOAD)


def _modules(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _with_text(cell: dict[str, Any], text: str) -> dict[str, Any]:
    return {**cell, "source": text} if cell["metadata"]["nbgrader"].get("solution") else cell


def _result(item_id: str, text: str, graded: GradedNotebook) -> Result:
    points = graded.cell(item_id).auto_score
    said = tuple(_said(graded, item_id))
    if points is None:
        reason = Feedback("Kiểm tra", _clean(graded.reason), None)
        return Result(item_id, 0.0, 0.0, Status.NEEDS_REVIEW, text, (*said, reason), LOOKED_AT)
    if points < 1:
        why = said if any(line.right is False for line in said) else (*said, Feedback("Kiểm tra", "Chưa đạt.", False))
        return Result(item_id, 0.0, 0.0, Status.BLANK, text, why, NOT_PASSED)
    return Result(item_id, 0.0, 0.0, Status.GRADED, text, (*said, Feedback("Kiểm tra", PASSED, True)))


def _said(graded: GradedNotebook, item_id: str) -> Iterator[Feedback]:
    """Yield what the learner's own cell printed, and the errors of it and of the visible tests."""
    for cell in learner_view(graded, MARKS)["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        is_test = marks.get("grade_id") == item_id
        if not is_test and not marks.get("solution"):
            continue
        outputs = cell.get("outputs", [])
        printed = _clean("".join(_text(one.get("text", "")) for one in outputs if one["output_type"] == "stream"))
        if printed and not is_test:
            yield Feedback("Mã in ra", printed, None)
        for one in outputs:
            if one["output_type"] == "error":
                value = _clean(one.get("evalue", "")) or one.get("ename", "")
                ours = is_test and one.get("ename") == "AssertionError"
                words = value if ours else f"{one.get('ename', '')}: {value}"
                yield Feedback("Kiểm tra" if is_test else "Mã báo lỗi", words, False)


def _text(text: Any) -> str:
    return text if isinstance(text, str) else "".join(text)


def _clean(text: str) -> str:
    return _BROKEN.sub("", _ANSI.sub("", text)).strip()[:SHOWN]
