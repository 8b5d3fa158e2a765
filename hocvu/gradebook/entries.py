"""Recording many graded submissions at once, row for row what nbgrader's own autograding would have written."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from hocvu.gradebook.assignments import AssignmentRow, NotebookRow
from hocvu.gradebook.marks import write_marks
from hocvu.gradebook.rows import Row, Rows

Penalty = Callable[[str, float, float], float | None]  # student, points of the notebook, seconds late
UNCHANGED = "No response."  # nbgrader's words; formgrader compares nothing with them, people read them


@dataclass(frozen=True)
class NotebookEntry:
    """What autograding says of one notebook. A grade of None waits for a person."""

    name: str
    grades: Mapping[str, float | None]
    comments: Mapping[str, str | None]


@dataclass(frozen=True)
class Entry:
    """One submission. timestamp: naive UTC; None keeps what the gradebook has. fingerprint None: not graded to its end.

    missing: notebooks that were not handed in; they get zero, and wait for nobody.
    """

    student_id: str
    timestamp: datetime | None
    notebooks: tuple[NotebookEntry, ...]
    missing: tuple[str, ...]
    fingerprint: str | None


@dataclass(frozen=True)
class Saved:
    """How a submission stands in the gradebook now."""

    points: float
    needs_manual_grade: bool
    seconds_late: float


def save_entries(
    connection: Connection, assignment: AssignmentRow, entries: Sequence[Entry], penalty: Penalty, now: datetime
) -> dict[str, Saved]:
    """Record the entries with few statements, whatever their number, and return how each student stands.

    Points and comments given by hand are kept; a cell that has such points needs a person's look again, as in nbgrader.
    """
    rows = Rows.read(connection, assignment, [entry.student_id for entry in entries])
    saved = {entry.student_id: _record(rows, assignment, entry, penalty) for entry in entries}
    rows.write(connection)
    write_marks(connection, assignment.id, {entry.student_id: entry.fingerprint for entry in entries}, now)
    return saved


def _record(rows: Rows, assignment: AssignmentRow, entry: Entry, penalty: Penalty) -> Saved:
    submission = rows.submission(entry.student_id)
    if entry.timestamp is not None:
        submission.set(timestamp=entry.timestamp)
    late = _seconds_late(submission, assignment.duedate)
    books = {book.name: rows.notebook(submission, book) for book in assignment.notebooks}
    for name in entry.missing:
        for grade in rows.grades_of(books[name]):
            grade.set(auto_score=0.0, needs_manual_grade=False)
    by_name = {book.name: book for book in assignment.notebooks}
    for graded in entry.notebooks:
        _record_notebook(rows, by_name[graded.name], books[graded.name], graded)
        _record_penalty(rows, books[graded.name], entry.student_id, late, penalty)
    grades = [grade for book in books.values() for grade in rows.grades_of(book)]
    return Saved(points_of(grades), any(grade["needs_manual_grade"] for grade in grades), late)


def _record_notebook(rows: Rows, book: NotebookRow, submitted: Row, entry: NotebookEntry) -> None:
    for name, points in entry.grades.items():
        grade = rows.grade(submitted, book.graded[name])
        waits = points is None or grade["manual_score"] is not None
        grade.set(auto_score=points, needs_manual_grade=waits)
    commented = {**book.solutions, **book.tasks}
    for name, comment in entry.comments.items():
        rows.comment(submitted, commented[name]).set(auto_comment=comment)


def _record_penalty(rows: Rows, submitted: Row, student_id: str, late: float, penalty: Penalty) -> None:
    taken = None
    if late > 0:
        points = points_of(rows.grades_of(submitted))
        taken = penalty(student_id, points, late)
        if taken is not None:
            taken = min(max(taken, 0.0), points)
    submitted.set(late_submission_penalty=taken)


def points_of(grades: Sequence[Mapping[str, Any]]) -> float:
    """Return the sum of points, by hand before automatic, extra credit on top of either: nbgrader's Grade.score."""
    return math.fsum(_points(grade) for grade in grades)


def _points(grade: Mapping[str, Any]) -> float:
    given = grade["auto_score"] if grade["manual_score"] is None else grade["manual_score"]
    return 0.0 if given is None else given + (grade["extra_credit"] or 0.0)


def _seconds_late(submission: Row, duedate: datetime | None) -> float:
    if duedate is None or submission["timestamp"] is None:
        return 0.0
    due = duedate + (submission["extension"] or timedelta())
    return float(max(0.0, (submission["timestamp"] - due).total_seconds()))
