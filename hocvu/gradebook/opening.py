"""Opening the gradebook as nbgrader does, and one transaction at a time."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from nbgrader.api import Gradebook, Student
from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, select
from sqlalchemy.exc import DBAPIError, SAWarning

from hocvu.errors import HocvuError
from hocvu.gradebook.marks import MARKS

BUSY_TIMEOUT_S = 30


class GradebookError(HocvuError):
    """The gradebook cannot be read or written; the message says what the database said and what to do next."""

    code = "gradebook"


def open_gradebook(url: str, course_id: str) -> Engine:
    """Return an engine on the gradebook at `url`; nbgrader makes missing tables, its version stamp and the course.

    No connection outlives a transaction, so that worker processes may be forked in between.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # nbgrader 0.9.6's mappings under SQLAlchemy 2.1
            Gradebook(url, course_id).close()
        lock_wait = {"timeout": BUSY_TIMEOUT_S} if make_url(url).get_backend_name() == "sqlite" else {}
        engine = create_engine(url, poolclass=NullPool, connect_args=lock_wait)
        MARKS.metadata.create_all(engine)
    except DBAPIError as error:
        raise _explained(error) from error
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: everything in it is recorded, or nothing."""
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise _explained(error) from error


def known_students(connection: Connection) -> set[str]:
    """Return the ids of all students in the gradebook."""
    return set(connection.execute(select(Student.__table__.c.id)).scalars())


def _explained(error: DBAPIError) -> GradebookError:
    said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error).__name__
    if "full" in said or "No space left" in said:
        todo = "Đĩa đã đầy: giải phóng dung lượng rồi chạy lại cùng lệnh; bài chưa ghi sẽ được chấm tiếp."
    elif "no such column" in said or "does not exist" in said:
        todo = "Sổ điểm có thể của bản nbgrader cũ: sao lưu rồi chạy `nbgrader db upgrade`."
    else:
        todo = "Kiểm tra --db và kết nối rồi chạy lại cùng lệnh; lượt ghi dở đã được hủy trọn vẹn."
    return GradebookError(f"Sổ điểm nbgrader: {said}. {todo}")
