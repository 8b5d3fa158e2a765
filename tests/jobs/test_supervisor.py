"""The worker that the portal keeps: started when there is something to do, and again when it dies."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

from hocvu.jobs.supervisor import EmbeddedQueue, WorkerProcess
from tests.jobs.office import Office


def test_a_dead_worker_is_started_again_and_ends_with_the_portal(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hocvu.db'}"
    command = ("-m", "tests.jobs.grading_worker", str(tmp_path), url, "may-1", "go")
    with Office(tmp_path, url) as office:
        worker = WorkerProcess(office.settings, command)
        queue = EmbeddedQueue(office.queue, worker)
        assert worker.pid is None
        first = office.stores(1)
        assert queue.enqueue(first)
        until_graded(office, first)
        pid = worker.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        second = office.stores(2)
        queue.enqueue(second)
        until_graded(office, second)
        assert worker.pid not in (None, pid)
        worker.stop()
        assert worker.pid is None
        assert office.written(first) == office.written(second) == (1, 1)


def test_a_worker_that_is_one_too_many_says_so_and_nothing_else(tmp_path: Path, root: Path) -> None:
    with (tmp_path / "worker.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        worker = subprocess.Popen(
            [sys.executable, "-m", "hocvu", "worker", "--with-parent"],
            cwd=root,
            env={**os.environ, "HOCVU_VAR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        status = worker.wait(60)  # our end of its input is open all the while, as the portal holds it
        _, said = worker.communicate()
    assert status == 1
    assert "a worker is running already" in said
    assert "Fatal" not in said


def until_graded(office: Office, attempt_id: str) -> None:
    """Look until it is; the test's own time limit ends the waiting."""
    pause = Event()
    while office.attempt(attempt_id).graded_at is None:
        pause.wait(0.05)
