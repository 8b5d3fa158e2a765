"""Our own small table beside nbgrader's: which content was graded last. Written in the transaction of the grades."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Column, Connection, DateTime, MetaData, String, Table, bindparam, select

MARKS = Table(
    "hocvu_autograde",
    MetaData(),
    Column("assignment_id", String(32), primary_key=True),
    Column("student_id", String(128), primary_key=True),
    Column("fingerprint", String(64), nullable=True),  # empty: begun, and not known to have ended
    Column("changed_at", DateTime(), nullable=False),
)
_ONE_ROW = MARKS.delete().where(
    MARKS.c.assignment_id == bindparam("assignment"), MARKS.c.student_id == bindparam("student")
)


def read_marks(connection: Connection, assignment_id: str) -> dict[str, str | None]:
    """Return {student: fingerprint of what was graded}; None where a run began and did not record its end."""
    rows = select(MARKS.c.student_id, MARKS.c.fingerprint).where(MARKS.c.assignment_id == assignment_id)
    return {student: fingerprint for student, fingerprint in connection.execute(rows)}


def forget_marks(connection: Connection, assignment_id: str, students: Iterable[str], now: datetime) -> None:
    """Mark the students' submissions as begun: until their grades are recorded, a rerun grades them again."""
    write_marks(connection, assignment_id, dict.fromkeys(students), now)


def write_marks(
    connection: Connection, assignment_id: str, fingerprints: Mapping[str, str | None], now: datetime
) -> None:
    """Replace the marks of these students."""
    if not fingerprints:
        return
    connection.execute(_ONE_ROW, [{"assignment": assignment_id, "student": student} for student in fingerprints])
    rows = [
        {"assignment_id": assignment_id, "student_id": student, "fingerprint": fingerprint, "changed_at": now}
        for student, fingerprint in fingerprints.items()
    ]
    connection.execute(MARKS.insert(), rows)
