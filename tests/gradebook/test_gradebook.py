"""Our bulk writing and nbgrader's own reading agree, on SQLite and PostgreSQL; a batch is recorded whole or not."""

import shutil
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import Engine, event, make_url, text
from sqlalchemy.exc import SAWarning

from hocvu.gradebook import (
    AssignmentRow,
    Entry,
    GradebookError,
    NotebookEntry,
    forget_marks,
    open_gradebook,
    read_assignment,
    read_marks,
    save_entries,
    writing,
)
from tests.autograde.courses import everything
from tests.postgresql import PostgreSQL

NOW = datetime(2027, 3, 1)
DUE = datetime(2027, 3, 1, 10)
TABLES = ("student", "submitted_assignment", "grade", "comment")


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    with PostgreSQL() as server:
        yield server


@pytest.fixture(scope="module")
def templates(postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A gradebook of each kind with one assignment: a question, a free text and a task, due at ten."""
    folder = tmp_path_factory.mktemp("gradebook")
    made = {"sqlite": f"sqlite:///{folder / 'gradebook.db'}", "postgresql": postgresql.new_database()}
    for url in made.values():
        open_gradebook(url, "hocvu-ai").dispose()
        with warnings.catch_warnings(), Gradebook(url, "hocvu-ai") as gradebook:
            warnings.simplefilter("ignore", SAWarning)
            gradebook.add_assignment("bai", duedate=DUE)
            gradebook.add_notebook("p1", "bai")
            gradebook.add_grade_cell("c-1", "p1", "bai", max_score=4, cell_type="code")
            gradebook.add_grade_cell("tl-1", "p1", "bai", max_score=3, cell_type="markdown")
            gradebook.add_solution_cell("tl-1", "p1", "bai")
            gradebook.add_task_cell("nv", "p1", "bai", max_score=2, cell_type="markdown")
            gradebook.add_source_cell("c-1", "p1", "bai", cell_type="code", locked=True, source="q", checksum="0" * 32)
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, templates: dict[str, str], postgresql: PostgreSQL) -> str:
    """A fresh copy."""
    if request.param == "postgresql":
        return postgresql.new_database(make_url(templates["postgresql"]).database or "")
    shutil.copy(templates["sqlite"].removeprefix("sqlite:///"), tmp_path / "gradebook.db")
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


@pytest.fixture
def engine(url: str) -> Engine:
    return open_gradebook(url, "hocvu-ai")


def the_assignment(engine: Engine) -> AssignmentRow:
    with writing(engine) as connection:
        found = read_assignment(connection, "bai")
    assert found is not None
    return found


def entry(student: str, points: float, fingerprint: str = "f", hour: int = 9) -> Entry:
    graded = NotebookEntry("p1", {"c-1": points, "tl-1": None}, {"tl-1": None, "nv": None})
    return Entry(student, datetime(2027, 3, 1, hour), (graded,), (), fingerprint)


def no_penalty(student: str, points: float, late_s: float) -> float | None:
    return None


def save(engine: Engine, *entries: Entry) -> None:
    with writing(engine) as connection:
        save_entries(connection, the_assignment(engine), entries, no_penalty, NOW)


def test_nbgrader_reads_what_we_wrote(url: str, engine: Engine) -> None:
    save(engine, entry("an", 2.0))
    row = everything(url, "bai")["bai an"]
    assert (row["score"], row["max_score"], row["needs_manual_grade"]) == (2.0, 9.0, True)
    assert row["timestamp"] == "2027-03-01T09:00:00" and row["late"] == 0
    grades = row["notebooks"]["p1"]["grades"]
    assert (grades["c-1"]["failed_tests"], grades["nv"]["auto_score"]) == (True, None)


def test_a_batch_may_be_larger_than_a_statement_may_have_variables(engine: Engine) -> None:
    entries = [entry(f"hv{number}", number % 5) for number in range(1100)]
    save(engine, *entries)
    save(engine, *entries)
    with writing(engine) as connection:
        counted = {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in TABLES}
    assert counted == {"student": 1100, "submitted_assignment": 1100, "grade": 3300, "comment": 2200}


def test_saving_again_changes_rows_and_adds_none(url: str, engine: Engine) -> None:
    save(engine, entry("an", 4), entry("binh", 1))
    before = everything(url, "bai")
    save(engine, entry("an", 4), entry("binh", 1))
    assert everything(url, "bai") == before
    save(engine, entry("an", 2))
    after = everything(url, "bai")
    assert after["bai an"]["score"] == 2.0 and after["bai binh"] == before["bai binh"]


def test_penalty_is_between_nothing_and_the_points(url: str, engine: Engine) -> None:
    asked = []

    def penalty(student: str, points: float, late_s: float) -> float | None:
        asked.append((student, points, late_s))
        return {"an": 99.0, "binh": -5.0, "chi": 1.5}.get(student)

    entries = [entry(student, 3.0, hour=11) for student in ("an", "binh", "chi", "dung")] + [entry("som", 3.0)]
    with writing(engine) as connection:
        save_entries(connection, the_assignment(engine), entries, penalty, NOW)
    rows = everything(url, "bai")
    taken = {key[4:]: row["notebooks"]["p1"]["penalty"] for key, row in rows.items() if key != "students"}
    assert taken == {"an": 3.0, "binh": 0.0, "chi": 1.5, "dung": None, "som": None}
    assert asked == [(student, 3.0, 3600.0) for student in ("an", "binh", "chi", "dung")]


def test_a_missing_notebook_gets_zero_and_waits_for_nobody(url: str, engine: Engine) -> None:
    save(engine, Entry("an", None, (), ("p1",), "f"))
    row = everything(url, "bai")["bai an"]
    assert row["needs_manual_grade"] is False and row["score"] == 0
    assert {grade["auto_score"] for grade in row["notebooks"]["p1"]["grades"].values()} == {0.0}


def test_marks_are_recorded_with_the_grades(engine: Engine) -> None:
    assignment = the_assignment(engine)
    with writing(engine) as connection:
        forget_marks(connection, assignment.id, ["an", "binh"], NOW)
    save(engine, entry("an", 4, "abc"))
    with writing(engine) as connection:
        assert read_marks(connection, assignment.id) == {"an": "abc", "binh": None}


def test_a_failure_in_a_batch_leaves_nothing_of_it(url: str, engine: Engine) -> None:
    save(engine, entry("an", 4))
    before = everything(url, "bai")
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        save_entries(connection, the_assignment(engine), [entry("an", 1), entry("binh", 2)], no_penalty, NOW)
        raise ZeroDivisionError
    assert everything(url, "bai") == before


def test_a_lost_connection_is_told_and_leaves_nothing(postgresql: PostgreSQL) -> None:
    url = postgresql.new_database()
    engine = open_gradebook(url, "hocvu-ai")
    with pytest.raises(GradebookError, match="đã được hủy trọn vẹn"), writing(engine) as connection:
        connection.execute(text("INSERT INTO student (id) VALUES ('an')"))
        postgresql.cut_connections(url)
        connection.execute(text("INSERT INTO student (id) VALUES ('binh')"))
    assert everything(url) == {"students": []}


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    engine = open_gradebook(url, "hocvu-ai")

    @event.listens_for(engine, "connect")
    def no_more_room(connection: object, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    students = [{"id": f"hv{number:05d}" * 10} for number in range(2000)]
    with pytest.raises(GradebookError, match="Đĩa đã đầy"), writing(engine) as connection:
        connection.execute(text("INSERT INTO student (id) VALUES (:id)"), students)
    assert everything(url) == {"students": []}
