"""The gradebook's rows of some students in memory: read with one query a table, written with one statement a table."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from nbgrader.api import Comment, Grade, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Connection, Table, bindparam, select

from hocvu.gradebook.assignments import AssignmentRow, CellRow, NotebookRow

STUDENTS: Table = Student.__table__
SUBMISSIONS: Table = SubmittedAssignment.__table__
NOTEBOOKS: Table = SubmittedNotebook.__table__
GRADES: Table = Grade.__table__
COMMENTS: Table = Comment.__table__
CHUNK = 400  # SQLite's oldest limit is 999 variables a statement


class Row(dict[str, Any]):
    """A row that knows whether it is new, and which columns were changed."""

    def __init__(self, values: dict[str, Any], new: bool) -> None:
        super().__init__(values)
        self.new = new
        self.changed: set[str] = set()

    def set(self, **values: Any) -> None:
        for column, value in values.items():
            if self[column] != value:
                self[column] = value
                self.changed.add(column)


class Rows:
    """All rows of one assignment for some students; a row that is missing is made when it is asked for."""

    def __init__(self, assignment: AssignmentRow) -> None:
        self._assignment = assignment
        self._students: dict[str, Row] = {}
        self._submissions: dict[str, Row] = {}
        self._notebooks: dict[tuple[str, str], Row] = {}
        self._grades: dict[str, dict[str, Row]] = {}  # submitted notebook -> cell -> row
        self._comments: dict[str, dict[str, Row]] = {}

    @classmethod
    def read(cls, connection: Connection, assignment: AssignmentRow, students: Sequence[str]) -> "Rows":
        """Return what the gradebook has. The queries use nbgrader's unique indices: no table is read as a whole."""
        rows = cls(assignment)
        for start in range(0, len(students), CHUNK):
            rows._read_chunk(connection, list(students[start : start + CHUNK]))
        return rows

    def _read_chunk(self, connection: Connection, students: list[str]) -> None:
        for row in _select(connection, STUDENTS, STUDENTS.c.id.in_(students)):
            self._students[row["id"]] = row
        mine = SUBMISSIONS.c.assignment_id == self._assignment.id
        submissions = _select(connection, SUBMISSIONS, mine, SUBMISSIONS.c.student_id.in_(students))
        self._submissions |= {row["student_id"]: row for row in submissions}
        books = [book.id for book in self._assignment.notebooks]
        ids = [row["id"] for row in submissions]
        submitted = _select(
            connection, NOTEBOOKS, NOTEBOOKS.c.notebook_id.in_(books), NOTEBOOKS.c.assignment_id.in_(ids)
        )
        self._notebooks |= {(row["assignment_id"], row["notebook_id"]): row for row in submitted}
        cells = [cell.id for book in self._assignment.notebooks for cell in book.cells]
        for start in range(0, len(submitted), CHUNK):
            self._read_cells(connection, cells, [row["id"] for row in submitted[start : start + CHUNK]])

    def _read_cells(self, connection: Connection, cells: list[str], notebooks: list[str]) -> None:
        for table, kept in ((GRADES, self._grades), (COMMENTS, self._comments)):
            for row in _select(connection, table, table.c.cell_id.in_(cells), table.c.notebook_id.in_(notebooks)):
                kept.setdefault(row["notebook_id"], {})[row["cell_id"]] = row

    def submission(self, student_id: str) -> Row:
        """Return the student's submission with all its notebooks, grades and comments, made if need be."""
        if student_id not in self._students:
            names = dict.fromkeys(("first_name", "last_name", "email", "lms_user_id"))
            self._students[student_id] = Row({"id": student_id, **names}, new=True)
        found = self._submissions.get(student_id)
        if found is None:
            ids = {"id": uuid4().hex, "assignment_id": self._assignment.id, "student_id": student_id}
            found = self._submissions[student_id] = Row({**ids, "timestamp": None, "extension": None}, new=True)
        for book in self._assignment.notebooks:
            self._fill(self.notebook(found, book), book)
        return found

    def notebook(self, submission: Row, book: NotebookRow) -> Row:
        """Return the submitted notebook's row."""
        key = (submission["id"], book.id)
        if key not in self._notebooks:
            ids = {"id": uuid4().hex, "assignment_id": submission["id"], "notebook_id": book.id}
            self._notebooks[key] = Row({**ids, "flagged": False, "late_submission_penalty": None}, new=True)
        return self._notebooks[key]

    def _fill(self, submitted: Row, book: NotebookRow) -> None:
        for cell in book.cells:
            if cell.kind != "SolutionCell":
                self.grade(submitted, cell)
            if cell.kind != "GradeCell":
                self.comment(submitted, cell)

    def grade(self, submitted: Row, cell: CellRow) -> Row:
        """Return the grade's row."""
        rows = self._grades.setdefault(submitted["id"], {})
        if cell.id not in rows:
            ids = {"id": uuid4().hex, "notebook_id": submitted["id"], "cell_id": cell.id}
            scores = dict.fromkeys(("auto_score", "manual_score", "extra_credit"))
            rows[cell.id] = Row({**ids, **scores, "needs_manual_grade": True}, new=True)
        return rows[cell.id]

    def comment(self, submitted: Row, cell: CellRow) -> Row:
        """Return the comment's row."""
        rows = self._comments.setdefault(submitted["id"], {})
        if cell.id not in rows:
            ids = {"id": uuid4().hex, "notebook_id": submitted["id"], "cell_id": cell.id}
            rows[cell.id] = Row({**ids, "auto_comment": None, "manual_comment": None}, new=True)
        return rows[cell.id]

    def grades_of(self, submitted: Row) -> list[Row]:
        """Return all grades of a submitted notebook."""
        return list(self._grades.get(submitted["id"], {}).values())

    def write(self, connection: Connection) -> None:
        """Insert what is new and update what changed, parents before children."""
        _write(connection, STUDENTS, list(self._students.values()))
        _write(connection, SUBMISSIONS, list(self._submissions.values()))
        _write(connection, NOTEBOOKS, list(self._notebooks.values()))
        _write(connection, GRADES, [row for rows in self._grades.values() for row in rows.values()])
        _write(connection, COMMENTS, [row for rows in self._comments.values() for row in rows.values()])


def _select(connection: Connection, table: Table, *conditions: Any) -> list[Row]:
    found = connection.execute(select(table).where(*conditions)).mappings()
    return [Row(dict(row), new=False) for row in found]


def _write(connection: Connection, table: Table, rows: list[Row]) -> None:
    new = [dict(row) for row in rows if row.new]
    if new:
        connection.execute(table.insert(), new)
    by_columns: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row.changed and not row.new:
            by_columns.setdefault(tuple(sorted(row.changed)), []).append(row)
    for columns, changed in by_columns.items():
        statement = table.update().where(table.c.id == bindparam("which"))
        statement = statement.values({column: bindparam(f"to_{column}") for column in columns})
        values = [{"which": row["id"], **{f"to_{column}": row[column] for column in columns}} for row in changed]
        connection.execute(statement, values)
