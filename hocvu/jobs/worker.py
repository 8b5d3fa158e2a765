"""A worker: takes attempts off the queue, has each graded, and comes back to those that could not be."""

import fcntl
import logging
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from os import cpu_count
from threading import Event, Semaphore

from dbos import DBOS, DBOSConfig, StepOptions
from sqlalchemy.exc import SQLAlchemyError

from hocvu.errors import HocvuError
from hocvu.jobs.janitor import Janitor
from hocvu.jobs.queue import APPLICATION, APPLICATION_VERSION, QUEUE, WORKFLOW, JsonSerializer, Queue, migrating
from hocvu.records import Records, find_attempt
from hocvu.records.grading_jobs import beat, finish_job, forget_worker, put_off_job, start_job
from hocvu.settings import Settings

log = logging.getLogger("hocvu.jobs")

# An attempt that cannot be graded is tried again after a minute, five, thirty, two hours, then every six hours.
RETRY_DELAYS_S = (60.0, 300.0, 1800.0, 7200.0, 21600.0)
POLL_S = 0.2
AHEAD = 2  # jobs in hand for each slot, so that a slot need not wait for the next look at the queue
STORE_TRIES = 6  # with pauses of 1, 2, 4, 8, 16 s: a restart of the database passes unnoticed
DEATHS = 3  # a job that took its worker down this often is put aside, so that the others get on
PATIENCE_S = 30  # how long a stopping worker lets its jobs finish


class WorkerRunning(HocvuError):
    """A second worker of the same name, or a second one on SQLite."""

    code = "worker_running"


@dataclass(frozen=True)
class Duty:
    """How a worker works. name: fixed, as its unfinished jobs are found by it after a crash. slots: jobs at once."""

    name: str
    slots: int
    retry_delays_s: Sequence[float] = RETRY_DELAYS_S
    beat_s: float = 10.0


def duty_of(settings: Settings) -> Duty:
    """Return what the settings say; by default this machine's name and one slot per core."""
    return Duty(settings.worker_name or socket.gethostname(), settings.worker_slots or cpu_count() or 1)


def _is_of_the_store(error: BaseException) -> bool:
    return isinstance(error, SQLAlchemyError)


STUBBORN: StepOptions = {
    "name": "grade",
    "retries_allowed": True,
    "interval_seconds": 1.0,
    "backoff_rate": 2.0,
    "max_attempts": STORE_TRIES,
    "should_retry": _is_of_the_store,
}


@dataclass(frozen=True)
class Grading:
    """One worker's way of grading. grade: attempt id → whether it is graded now."""

    records: Records
    queue: Queue
    duty: Duty
    grade: Callable[[str], bool]
    turns: Semaphore

    def run(self, attempt_id: str, try_no: int) -> bool:
        """Grade one attempt, or put it off; return whether it is graded. Running it twice changes nothing more."""
        try:
            graded = DBOS.run_step(STUBBORN, lambda: self.grade_once(attempt_id))
        except Exception:  # the worker's edge: a fault of ours must leave the attempt waiting, whatever it is
            log.exception("attempt %s: grading failed", attempt_id)
            graded = False
        if not graded:
            DBOS.run_step({"name": "put_off"}, lambda: self.put_off(attempt_id, try_no))
        return graded

    def grade_once(self, attempt_id: str) -> bool:
        with self.turns:
            return self._grade_once(attempt_id)

    def _grade_once(self, attempt_id: str) -> bool:
        with self.records.session() as s:
            attempt = find_attempt(s, attempt_id)
            if attempt is not None and attempt.graded_at is not None:  # killed after the result was written
                finish_job(s, attempt_id, attempt.graded_at, None)
                return True
            start_job(s, attempt_id, self.duty.name, _now())
        began = time.monotonic()
        graded = self.grade(attempt_id)
        seconds = time.monotonic() - began
        if graded:
            with self.records.session() as s:
                finish_job(s, attempt_id, _now(), seconds)
        return graded

    def put_off(self, attempt_id: str, try_no: int) -> None:
        delays = self.duty.retry_delays_s
        delay_s = delays[min(try_no, len(delays)) - 1]
        self.queue.enqueue(attempt_id, try_no + 1, delay_s)  # first: the janitor must not find it on no queue
        with self.records.session() as s:
            put_off_job(s, attempt_id, try_no + 1, _now() + timedelta(seconds=delay_s))


def work(settings: Settings, records: Records, grade: Callable[[str], bool], stop: Event, duty: Duty) -> None:
    """Run a worker until `stop` is set. grade(attempt id) returns whether the attempt is graded now.

    It must be safe to call twice and must write its effect once: a killed worker's job runs again.
    Raises WorkerRunning when another worker has this name, or when there is one already on SQLite.
    """
    with _only_one(settings, records, duty.name):
        queue = Queue(settings)
        DBOS(config=_config(queue.url, duty))
        grading = Grading(records, queue, duty, grade, Semaphore(duty.slots))

        def run(attempt_id: str, try_no: int) -> bool:  # the engine marks functions; a method cannot be marked
            return grading.run(attempt_id, try_no)

        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=DEATHS)(run)
        try:
            with migrating(settings):
                DBOS.launch()
            DBOS.register_queue(QUEUE, worker_concurrency=AHEAD * duty.slots, polling_interval_sec=POLL_S)
            _keep_house(records, Janitor(records, queue, duty.name), duty, stop)
        finally:
            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=PATIENCE_S)
            queue.close()
        with records.session() as s:
            forget_worker(s, duty.name)


def _keep_house(records: Records, janitor: Janitor, duty: Duty, stop: Event) -> None:
    """Beat the heart and look for forgotten jobs until `stop`; a database that is away is waited for."""
    is_new = True
    while True:
        try:
            with records.session(durable=False) as s:
                beat(s, duty.name, duty.slots, _now())
            janitor.look_around(_now(), is_new=is_new)
            is_new = False
        except SQLAlchemyError:
            log.warning("worker %s: the database cannot be reached, trying again", duty.name, exc_info=True)
        if stop.wait(duty.beat_s):
            return


def _config(url: str, duty: Duty) -> DBOSConfig:
    return {
        "name": APPLICATION,
        "system_database_url": url,
        "application_version": APPLICATION_VERSION,
        "executor_id": duty.name,
        "serializer": JsonSerializer(),
        "log_level": "WARNING",
        "enable_otlp": False,
    }


@contextmanager
def _only_one(settings: Settings, records: Records, name: str) -> Iterator[None]:
    """Hold the lock of this worker's name; on SQLite there is one name, as one process writes."""
    is_sqlite = records.engine.dialect.name == "sqlite"
    settings.var.mkdir(parents=True, exist_ok=True)
    path = settings.var / ("worker.lock" if is_sqlite else f"worker-{name}.lock")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WorkerRunning(
                f"{path}: a worker is running already. On SQLite one is enough (it uses every core); "
                "for a second one use PostgreSQL and give it a name of its own in HOCVU_WORKER_NAME."
            ) from error
        yield


def _now() -> datetime:
    return datetime.now(UTC)
