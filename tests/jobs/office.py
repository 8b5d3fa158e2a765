"""The words of the queue's tests: an office whose attempts wait, and workers that can be killed."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import func, select

from hocvu.jobs.queue import Queue
from hocvu.records import (
    Attempt,
    AuditEntry,
    ItemResult,
    ItemRow,
    add_job,
    add_person,
    add_unit,
    ensure_period,
    find_attempt,
    find_waiting,
    open_records,
    register_items,
    store_attempt,
)
from hocvu.records.grading_jobs import Waiting
from hocvu.settings import Settings

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SLUG, VERSION, PERIOD = "05-ma", "0123456789ab", "2027"
ROOT = Path(__file__).parent.parent.parent


class Office:
    """A store with one person and one assignment that only workers grade."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.settings = Settings(var=folder, database_url=url)
        self.records = open_records(url)
        self.queue = Queue(self.settings)
        with self.records.session() as s:
            unit = add_unit(s, "P01", "Phường Bình Minh", "Phường")
            ensure_period(s, PERIOD, date(2026, 11, 16), date(2027, 11, 15))
            register_items(s, [ItemRow(SLUG, VERSION, "5-1", "5", "COD", "NL2", 2, 4.0)], now=NOW, period_id=PERIOD)
            self.person = add_person(s, staff_code="CB1", name="Ada", unit_id=unit.id).id
        self._workers: list[Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self._workers:
            worker.kill()
        self.queue.close()
        self.records.close()

    def stores(self, number: int = 1) -> str:
        """An attempt as the portal keeps it: with its job, in one transaction."""
        now = NOW + timedelta(seconds=number)
        with self.records.session() as s:
            attempt, _ = store_attempt(
                s, self.person, PERIOD, SLUG, VERSION, {"5-1": f"x = {number}"}, 7, number, f"key-{number:06d}", now
            )
            add_job(s, attempt.id, now)
        return attempt.id

    def hands_in(self, number: int = 1) -> str:
        attempt_id = self.stores(number)
        assert self.queue.enqueue(attempt_id)
        return attempt_id

    def worker(self, hold: str = "go", name: str = "may-cham-1") -> "Worker":
        worker = Worker(self.folder, self.url, name, hold)
        self._workers.append(worker)
        return worker

    def attempt(self, attempt_id: str) -> Attempt:
        with self.records.reading() as s:
            attempt = find_attempt(s, attempt_id)
        assert attempt is not None
        return attempt

    def waiting(self, attempt_id: str, now: datetime | None = None) -> Waiting | None:
        with self.records.reading() as s:
            return find_waiting(s, attempt_id, now or datetime.now(UTC))

    def written(self, attempt_id: str) -> tuple[int, int]:
        """How many results the attempt has, and how often its grading was written."""
        with self.records.reading() as s:
            results = s.scalar(select(func.count()).select_from(ItemResult).filter_by(attempt_id=attempt_id))
            entries = s.scalars(select(AuditEntry).filter_by(action="graded")).all()
        return results or 0, sum(entry.detail["attempt"] == attempt_id for entry in entries)


class Worker:
    """A worker process; its words come line by line."""

    def __init__(self, folder: Path, url: str, name: str, hold: str) -> None:
        command = [sys.executable, "-m", "tests.jobs.grading_worker", str(folder), url, name, hold]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def says(self, *words: str) -> str:
        """Wait for a line that begins with these words and return it."""
        assert self.process.stdout is not None and self.process.stderr is not None
        for line in self.process.stdout:
            if line.split()[: len(words)] == list(words):
                return line
        raise AssertionError(f"the worker ended without saying {words}: {self.process.stderr.read()}")

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self._forget()

    def ends(self) -> None:
        """Let it stop in order."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.says("stopped")
        self._forget()

    def _forget(self) -> None:
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None and not pipe.closed:
                pipe.close()
