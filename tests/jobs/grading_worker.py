"""A worker process for tests: the real queue and store, a grader that says what it does and waits where it is told.

python -m tests.jobs.grading_worker FOLDER DATABASE_URL NAME HOLD      HOLD: go, before, after, fail
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from hocvu.jobs.worker import Duty, work
from hocvu.records import Attempt, Records, add_audit, open_records, save_results
from hocvu.results import Result, Status
from hocvu.settings import Settings


def say(*words: str) -> None:
    """One write for the whole line: two jobs may speak at once."""
    os.write(sys.stdout.fileno(), f"{' '.join(words)}\n".encode())


class Grader:
    """One point for each answer. hold: wait for a line on standard input before or after the result is written."""

    def __init__(self, records: Records, hold: str) -> None:
        self.records, self.hold = records, hold

    def __call__(self, attempt_id: str) -> bool:
        say("started", attempt_id)
        if self.hold == "fail":
            return False
        self._wait("before")
        with self.records.session() as s:
            attempt = s.get(Attempt, attempt_id, with_for_update=True)
            assert attempt is not None
            if attempt.graded_at is None:
                results = [Result(item, 1.0, 4.0, Status.GRADED) for item in attempt.answers]
                save_results(s, attempt, results, "1", datetime.now(UTC))
                add_audit(s, "worker", "graded", {"attempt": attempt_id}, datetime.now(UTC))
        self._wait("after")
        say("graded", attempt_id)
        return True

    def _wait(self, moment: str) -> None:
        if self.hold == moment:
            say("waiting", moment)
            gate.wait()


gate, stop = Event(), Event()


def listen() -> None:
    """`go` opens the gate; the end of standard input ends the worker."""
    for line in sys.stdin:
        if line.strip() == "go":
            gate.set()
    stop.set()


def main(folder: str, url: str, name: str, hold: str) -> None:
    Thread(target=listen, daemon=True).start()
    records = open_records(url)
    duty = Duty(name, slots=2, retry_delays_s=(0.1, 600), beat_s=0.5)
    work(Settings(var=Path(folder), database_url=url), records, Grader(records, hold), stop, duty)
    records.close()
    say("stopped")


if __name__ == "__main__":
    main(*sys.argv[1:])
