"""Grading a notebook without learner code: answers are data, free text waits for a person, nothing is executed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hocvu.autograde.grader import Graded, Work
from hocvu.autograde.learner_cells import parse_submitted, read_learner_cells
from hocvu.autograde.problems import BadSubmission, Problem
from hocvu.autograde.template import LOST, Shown, Template, build_template
from hocvu.codegrading.items import CodeItems
from hocvu.errors import AuthoringError
from hocvu.gradebook import CellRow, NotebookRow
from hocvu.gradebook.entries import UNCHANGED
from hocvu.grading import ENGINE_VERSION, grade_answers
from hocvu.notebooks import Notebook, cells_of, read_notebook
from hocvu.publishing.code_items import code_tests, is_of
from hocvu.publishing.specs import HIDDEN_BEGIN, compile_assignment
from hocvu.questions.assignment import AssignmentSpec
from hocvu.questions.beside import ANSWERS_FILE, answer_line
from hocvu.questions.code import Code
from hocvu.results import Result, Status

MAX_ANSWERS_BYTES = 1_000_000
WAITING = (Status.NOT_CHECKED, Status.NEEDS_REVIEW)  # for a person


class DataGrader:
    """Grades one notebook whose graded code cells are all our questions."""

    def __init__(self, spec: AssignmentSpec | None, book: NotebookRow, source: Notebook) -> None:
        self._spec = spec
        self._code = code_cells(spec, source) if spec else {}
        self._sandbox = CodeItems()  # opens nothing before there is code to run
        self._items = {item.id for item in spec.items} if spec else set()
        self._book = book
        self._free_text = {name: cell for name, cell in book.graded.items() if name not in self._items}
        self._template: Template = build_template(
            source, book, self._items, self._free_text, [cell for cell, _ in self._code.values()]
        )

    @property
    def version(self) -> str:
        return f"data-{ENGINE_VERSION}-{self._spec.version if self._spec else ''}"

    def start(self) -> None:
        """Nothing to prepare: everything was compiled before the workers were forked."""

    def grade(self, work: Work) -> Graded:
        """Return points of the questions and of untouched free text, and the autograded notebook."""
        name = f"{work.name}.ipynb"
        cells = read_learner_cells(parse_submitted(work.data, name), self._template.places, name)
        results, notes = self._judge(work.files)
        code = {cell: cells.answers.get(cell, starter) for cell, starter in self._code.values()}
        results = [(name, self._run(name, code) if name in self._code else result) for name, result in results]
        grades, comments, lost = self._free_text_grades(cells.answers)
        comments |= {cell: UNCHANGED if code[cell] == starter else None for cell, starter in self._code.values()}
        grades |= {item: None if result.status in WAITING else result.points for item, result in results}
        shown = {item: Shown(answer_line(result), result.points) for item, result in results}
        texts = {cell: cells.answers.get(cell, self._put_back(cell)) for cell in self._free_text}
        text = self._template.fill(shown, texts, cells.own, code)
        return Graded(text, grades, comments, (*notes, *lost))

    def close(self) -> None:
        """End the sandbox, if a code item opened it."""
        self._sandbox.close()

    def _run(self, name: str, code: Mapping[str, str]) -> Result:
        assert self._spec is not None
        return self._sandbox.grade(self._spec, self._spec.item(name), code[self._code[name][0]])

    def _judge(self, files: Mapping[str, bytes]) -> tuple[list[tuple[str, Result]], list[Problem]]:
        if self._spec is None:
            return [], []
        given = parse_answers(files.get(ANSWERS_FILE, b"{}"))
        known = {item: raw for item, raw in given.answers.items() if item in self._items - set(self._code)}
        notes = []
        if unknown := sorted(set(given.answers) - self._items):
            notes.append(Problem("unknown_answers", {"items": ", ".join(unknown)[:120]}))
        results = [(result.item_id, result) for result in grade_answers(self._spec, known, given.seed)]
        if faults := [item for item, result in results if result.status is Status.NOT_CHECKED]:
            notes.append(Problem("not_checked", {"count": len(faults), "items": ", ".join(faults)}))
        return results, notes

    def _free_text_grades(
        self, answers: Mapping[str, str]
    ) -> tuple[dict[str, float | None], dict[str, str | None], list[Problem]]:
        grades: dict[str, float | None] = {}
        comments: dict[str, str | None] = {name: None for name in self._book.tasks}
        lost = []
        for name, cell in self._free_text.items():
            if name not in answers:  # deleted: nobody but a person can say what that means
                grades[name] = comments[name] = None
                lost.append(Problem("lost_cell", {"cell": name}))
                continue
            untouched = checksum_of_free_text(answers[name], cell) == self._book.sources[name].checksum
            grades[name] = 0.0 if untouched else None
            comments[name] = UNCHANGED if untouched else None
        return grades, comments, lost

    def _put_back(self, name: str) -> str:
        return LOST.format(name=name) + self._book.sources[name].source


@dataclass(frozen=True)
class Answers:
    """What a learner's answers.json says."""

    answers: Mapping[str, Any]
    seed: int


def parse_answers(data: bytes) -> Answers:
    """Return the answers; raises BadSubmission if they cannot be read. The rules are those of questions/beside.py."""
    if len(data) > MAX_ANSWERS_BYTES:
        raise BadSubmission("too_large", path=ANSWERS_FILE, size=len(data), most=MAX_ANSWERS_BYTES)
    try:
        found = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadSubmission("bad_answers", path=ANSWERS_FILE, said=str(error)[:120]) from error
    answers = found.get("answers", {}) if isinstance(found, dict) else None
    seed = found.get("seed", 0) if isinstance(found, dict) else None
    if not isinstance(answers, dict) or type(seed) is not int:
        said = "expected an object with 'answers' and a whole number 'seed'"
        raise BadSubmission("bad_answers", path=ANSWERS_FILE, said=said)
    return Answers(answers, seed)


def checksum_of_free_text(source: str, cell: CellRow) -> str:
    """Return nbgrader's checksum of a graded free-text cell: source, type, grade, solution, locked, id, points."""
    parts = (source, "markdown", "True", "True", "False", cell.name, str(float(cell.max_score or 0)))
    return hashlib.md5("".join(parts).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def is_data_notebook(source: Notebook) -> bool:
    """Tell whether there is no learner code to run: each graded code cell asks one of our questions.

    Nothing is executed to find out. A notebook without any code is data too; one with plain code only is not.
    """
    code = [
        (cell, raw) for cell, raw in zip(cells_of(source), source["cells"], strict=True) if cell.cell_type == "code"
    ]
    if not code:
        return True
    if any(raw.get("metadata", {}).get("nbgrader", {}).get("solution") for _, raw in code):
        return False
    graded = [cell for cell, _ in code if cell.is_grade]
    uses_questions = any("hocvu.questions" in cell.source for cell, _ in code)
    return bool(graded) and uses_questions and all(HIDDEN_BEGIN in c.source and ".key(" in c.source for c in graded)


def is_mixed_notebook(source: Notebook) -> bool:
    """Tell whether it is a data notebook but for optional code items, whose cells are run one item at a time."""
    code = code_tests(source)
    rest = [
        raw
        for cell, raw in zip(cells_of(source), source["cells"], strict=True)
        if not any(is_of(item_id, cell) for item_id in code)
    ]
    kept: Notebook = {**source, "cells": rest}
    return bool(code) and any(cell.is_grade for cell in cells_of(kept)) and is_data_notebook(kept)


def code_cells(spec: AssignmentSpec, source: Notebook) -> dict[str, tuple[str, str]]:
    """Return, for each code item, the id of the cell that learners write in, and what it holds at first."""
    return {
        item.id: (cell.grade_id, item.question.starter)
        for item in spec.items
        if isinstance(item.question, Code)
        for cell in cells_of(source)
        if is_of(item.id, cell) and cell.source == item.key.answer.solution
    }


def data_grader(assignment: str, path: Path, book: NotebookRow) -> DataGrader:
    """Return the grader of the source notebook at `path`. Raises AuthoringError if it is not what was released."""
    source = read_notebook(path)
    has_code = any(cell.cell_type == "code" for cell in cells_of(source))
    spec = compile_assignment(path) if has_code else None
    _check_same(assignment, source, book, spec)
    return DataGrader(spec, book, source)


def _check_same(assignment: str, source: Notebook, book: NotebookRow, spec: AssignmentSpec | None) -> None:
    in_source = {cell.grade_id: cell for cell in cells_of(source) if cell.grade_id}
    for name, master in book.sources.items():
        cell = in_source.get(name)
        changed = cell is None or cell.cell_type != master.cell_type or (master.locked and cell.source != master.source)
        if changed or (name in book.graded and cell is not None and cell.points != book.graded[name].max_score):
            raise SourceChanged(assignment, name)
    items = {item.id for item in spec.items} if spec else set()
    for name in items - set(book.graded) | {cell.grade_id for cell in in_source.values() if cell.is_grade} - set(
        book.graded
    ):
        raise SourceChanged(assignment, name)


class SourceChanged(AuthoringError):
    """source/ is not what the gradebook was told by the last release: points would be decided by other questions."""

    def __init__(self, assignment: str, cell: str) -> None:
        super().__init__(f'source/{assignment}, cell "{cell}": not what the gradebook has. Run `hocvu release`.')
        self.assignment, self.cell = assignment, cell
