"""Workers and what can happen to them: killed at any moment, started late, cut off from the database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hocvu.records.grading_jobs import beat
from hocvu.records.tables_jobs import Worker as WorkerRow
from tests.jobs.office import Office
from tests.postgresql import PostgreSQL

BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
SQLITE = pytest.mark.parametrize("kind", ["sqlite"])
POSTGRESQL = pytest.mark.parametrize("kind", ["postgresql"])


@pytest.fixture
def office(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = f"sqlite:///{tmp_path / 'hocvu.db'}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgresql").new_database()
    with Office(tmp_path, url) as office:
        yield office


@BOTH
def test_a_worker_killed_while_grading_leaves_the_attempt_to_its_successor(office: Office) -> None:
    attempt_id = office.hands_in()
    first = office.worker(hold="before")
    first.says("started", attempt_id)
    first.kill()
    assert office.attempt(attempt_id).graded_at is None and office.written(attempt_id) == (0, 0)
    second = office.worker()
    second.says("graded", attempt_id)
    assert office.written(attempt_id) == (1, 1)


@BOTH
def test_a_worker_killed_after_writing_the_result_does_not_write_it_again(office: Office) -> None:
    attempt_id, other = office.hands_in(1), office.hands_in(2)
    first = office.worker(hold="after")
    first.says("waiting", "after")
    first.says("waiting", "after")
    first.kill()
    graded_at = office.attempt(attempt_id).graded_at
    assert graded_at is not None and office.waiting(attempt_id) is not None
    third = office.hands_in(3)
    second = office.worker()
    second.says("graded", third)
    second.ends()
    assert office.attempt(attempt_id).graded_at == graded_at
    assert [office.written(one) for one in (attempt_id, other, third)] == [(1, 1)] * 3
    assert office.waiting(attempt_id) is office.waiting(other) is office.waiting(third) is None


@SQLITE
def test_an_attempt_that_never_reached_the_queue_is_found(office: Office) -> None:
    """The portal was killed between storing and enqueueing."""
    lost = office.stores()
    worker = office.worker()
    worker.says("graded", lost)
    assert office.written(lost) == (1, 1)


@POSTGRESQL
def test_enqueued_again_and_again_an_attempt_is_one_job(office: Office) -> None:
    attempt_id = office.hands_in()
    for _ in range(20):
        assert office.queue.enqueue(attempt_id)
    worker = office.worker()
    worker.says("graded", attempt_id)
    last = office.hands_in(2)
    line = worker.says("started")
    assert line.split() == ["started", last]
    worker.says("graded", last)
    assert office.written(attempt_id) == (1, 1)


@SQLITE
def test_what_cannot_be_graded_is_put_off_and_tried_again_when_a_worker_starts(office: Office) -> None:
    attempt_id = office.hands_in()
    failing = office.worker(hold="fail")
    failing.says("started", attempt_id)
    failing.says("started", attempt_id)  # the second try, a tenth of a second later; the third is ten minutes away
    failing.ends()
    waiting = office.waiting(attempt_id)
    assert waiting is not None and waiting.place == 0 and waiting.tries == 3 and waiting.wait_s is None
    assert waiting.next_try_at is not None and waiting.next_try_at > datetime.now(UTC) + timedelta(minutes=9)
    mended = office.worker()
    mended.says("graded", attempt_id)
    assert office.written(attempt_id) == (1, 1)


@POSTGRESQL
def test_the_jobs_of_a_silent_worker_are_taken_over(office: Office) -> None:
    attempt_id = office.hands_in()
    first = office.worker(hold="before", name="may-1")
    first.says("started", attempt_id)
    first.kill()
    with office.records.session() as s:  # its last sign of life is two minutes old
        beat(s, "may-1", 2, datetime.now(UTC) - timedelta(minutes=2))
    second = office.worker(name="may-2")
    second.says("graded", attempt_id)
    second.ends()
    assert office.written(attempt_id) == (1, 1)
    with office.records.reading() as s:
        assert s.get(WorkerRow, "may-1") is None and s.get(WorkerRow, "may-2") is None


@SQLITE
def test_a_second_worker_of_the_same_name_is_refused(office: Office) -> None:
    attempt_id = office.hands_in()
    first = office.worker()
    first.says("graded", attempt_id)
    second = office.worker()
    _, complaint = second.process.communicate()
    assert second.process.returncode == 1 and "HOCVU_WORKER_NAME" in complaint


def test_a_cut_connection_loses_nothing(tmp_path: Path, postgresql: PostgreSQL) -> None:
    with Office(tmp_path, postgresql.new_database()) as office:
        attempt_id = office.hands_in()
        worker = office.worker(hold="before")
        worker.says("waiting", "before")
        assert postgresql.cut_connections(office.url) > 2
        worker.go()
        worker.says("graded", attempt_id)
        later = office.hands_in(2)  # through the portal's own connections, which were cut as well
        worker.says("graded", later)
        assert office.written(attempt_id) == office.written(later) == (1, 1)
