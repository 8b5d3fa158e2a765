"""nbgrader's gradebook, SQLite or PostgreSQL. The only room that opens it; the tables are nbgrader's own."""

from hocvu.gradebook.assignments import AssignmentRow, CellRow, NotebookRow, SourceCellRow, read_assignment
from hocvu.gradebook.entries import Entry, NotebookEntry, Saved, save_entries
from hocvu.gradebook.marks import forget_marks, read_marks
from hocvu.gradebook.opening import GradebookError, known_students, open_gradebook, writing

__all__ = [
    "AssignmentRow",
    "CellRow",
    "Entry",
    "GradebookError",
    "NotebookEntry",
    "NotebookRow",
    "Saved",
    "SourceCellRow",
    "forget_marks",
    "known_students",
    "open_gradebook",
    "read_assignment",
    "read_marks",
    "save_entries",
    "writing",
]
