"""What the gradebook knows of an assignment: its notebooks, cells, points and master texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nbgrader.api import Assignment, BaseCell, GradeCell, Notebook, SourceCell, TaskCell
from sqlalchemy import Connection, func, select


@dataclass(frozen=True)
class CellRow:
    """A cell that holds a grade or a comment. kind: GradeCell, SolutionCell or TaskCell."""

    id: str
    name: str
    kind: str
    max_score: float | None


@dataclass(frozen=True)
class SourceCellRow:
    """The master version of a cell, hidden tests included."""

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str


@dataclass(frozen=True)
class NotebookRow:
    """A notebook of the assignment. kernelspec: JSON text, or None."""

    id: str
    name: str
    kernelspec: str | None
    cells: tuple[CellRow, ...]
    sources: Mapping[str, SourceCellRow]

    def of_kind(self, kind: str) -> dict[str, CellRow]:
        """Return {cell name: cell} of one kind."""
        return {cell.name: cell for cell in self.cells if cell.kind == kind}

    @property
    def graded(self) -> dict[str, CellRow]:
        return self.of_kind("GradeCell")

    @property
    def solutions(self) -> dict[str, CellRow]:
        return self.of_kind("SolutionCell")

    @property
    def tasks(self) -> dict[str, CellRow]:
        return self.of_kind("TaskCell")


@dataclass(frozen=True)
class AssignmentRow:
    """An assignment; notebooks by name. duedate: naive UTC, as nbgrader keeps it."""

    id: str
    name: str
    duedate: datetime | None
    notebooks: tuple[NotebookRow, ...]


def read_assignment(connection: Connection, name: str) -> AssignmentRow | None:
    """Return the assignment, or None if the gradebook has none of that name."""
    table = Assignment.__table__
    found = connection.execute(select(table.c.id, table.c.duedate).where(table.c.name == name)).first()
    if found is None:
        return None
    books = Notebook.__table__
    query = select(books.c.id, books.c.name, books.c.kernelspec).where(books.c.assignment_id == found.id)
    notebooks = [
        NotebookRow(row.id, row.name, row.kernelspec, _cells(connection, row.id), _sources(connection, row.id))
        for row in connection.execute(query.order_by(books.c.name)).all()
    ]
    return AssignmentRow(found.id, name, found.duedate, tuple(notebooks))


def _cells(connection: Connection, notebook_id: str) -> tuple[CellRow, ...]:
    base, graded, tasks = BaseCell.__table__, GradeCell.__table__, TaskCell.__table__
    joined = base.outerjoin(graded, graded.c.id == base.c.id).outerjoin(tasks, tasks.c.id == base.c.id)
    points = func.coalesce(graded.c.max_score, tasks.c.max_score)
    query = select(base.c.id, base.c.name, base.c.type, points).select_from(joined)
    rows = connection.execute(query.where(base.c.notebook_id == notebook_id)).all()
    return tuple(CellRow(*row) for row in rows)


def _sources(connection: Connection, notebook_id: str) -> dict[str, SourceCellRow]:
    table = SourceCell.__table__
    columns = (table.c.name, table.c.cell_type, table.c.locked, table.c.source, table.c.checksum)
    rows = connection.execute(select(*columns).where(table.c.notebook_id == notebook_id)).all()
    return {
        row.name: SourceCellRow(row.name, row.cell_type, row.locked, row.source or "", row.checksum) for row in rows
    }
