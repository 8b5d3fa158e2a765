"""`enqueue(attempt_id)`: the one way onto the queue. Which engine runs it (DBOS) is known in this package only."""

import fcntl
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSClient, EnqueueOptions, Serializer
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from hocvu.settings import QUEUE_FILE, Settings

log = logging.getLogger("hocvu.jobs")

APPLICATION = "hocvu"
QUEUE = "grading"
WORKFLOW = "grade_attempt"
# Pinned: the engine hands jobs only to workers of the version they were enqueued under, and a release must not strand
# them. Raise it only when an old job can no longer be run by new code.
APPLICATION_VERSION = "1"
POOL = 2  # connections of a process that only enqueues


class JsonSerializer(Serializer):
    """Arguments and outcomes as JSON: what comes out of the queue's database is never unpickled."""

    def serialize(self, data: Any) -> str:
        return json.dumps(_plain(data), ensure_ascii=False)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "hocvu_json"


class Queue:
    """The door to the queue, for any process. Nothing is run here."""

    def __init__(self, settings: Settings) -> None:
        self.url = queue_url(settings)
        with migrating(settings):
            DBOS.migrate(self.url)
        self._client = DBOSClient(
            system_database_url=self.url,
            serializer=JsonSerializer(),
            application_name=APPLICATION,
            system_database_pool_size=POOL,
            lazy=True,
            retry_connection_errors=False,
        )

    def enqueue(self, attempt_id: str, try_no: int = 1, delay_s: float = 0.0) -> bool:
        """Put an attempt on the queue, once however often it is said; return whether the queue could be reached.

        False loses nothing: the attempt is stored, and a worker looks for attempts that are on no queue.
        """
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": job_id(attempt_id, try_no),
            "app_version": APPLICATION_VERSION,
        }
        if delay_s > 0:
            options["delay_seconds"] = delay_s
        try:
            self._client.enqueue(options, attempt_id, try_no)
        except SQLAlchemyError:
            log.warning("attempt %s: the queue cannot be reached, a worker will find it", attempt_id, exc_info=True)
            return False
        return True

    def states(self, job_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the engine's state of the jobs that it knows."""
        found = self._client.list_workflows(workflow_ids=list(job_ids), load_input=False, load_output=False)
        return {status.workflow_id: status.status for status in found}

    def pending_of(self, worker: str) -> list[str]:
        """Return the jobs that a worker has in hand."""
        found = self._client.list_workflows(executor_id=worker, status="PENDING", load_input=False, load_output=False)
        return [status.workflow_id for status in found]

    def resume(self, job_ids: Sequence[str]) -> None:
        """Hand these jobs to whoever is free, at once."""
        if job_ids:
            self._client.resume_workflows(list(job_ids), queue_name=QUEUE)

    def close(self) -> None:
        self._client.destroy()


def job_id(attempt_id: str, try_no: int) -> str:
    """The attempt's id names its job, so that a second enqueueing is the same job; later tries add their number."""
    return attempt_id if try_no == 1 else f"{attempt_id}:{try_no}"


def queue_url(settings: Settings) -> str:
    """The queue's database: PostgreSQL's schema "dbos" beside the records, or a file of its own beside SQLite's."""
    url = make_url(settings.database)
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    settings.var.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{settings.var.resolve() / QUEUE_FILE}"


@contextmanager
def migrating(settings: Settings) -> Iterator[None]:
    """Let one process of this machine at a time make or migrate the queue's tables."""
    settings.var.mkdir(parents=True, exist_ok=True)
    with Path(settings.var / "queue.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _plain(data: Any) -> Any:
    """JSON for values; an exception becomes its name and text."""
    if isinstance(data, BaseException):
        return {"error": type(data).__name__, "message": str(data)}
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    return data
