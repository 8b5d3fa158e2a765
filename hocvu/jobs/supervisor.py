"""The worker that `hocvu serve` keeps beside itself: its own process, started when needed, and again when dead."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import fields
from threading import Event, Lock, Thread

from hocvu.jobs.queue import Queue
from hocvu.settings import Settings

log = logging.getLogger("hocvu.jobs")

PAUSES_S = (0.5, 1, 2, 5, 15, 60)  # before a dead worker is started again; the last one goes on
STEADY_S = 120  # a worker that lived this long begins with the first pause again
GOODBYE_S = 40


class WorkerProcess:
    """One worker process. It ends with this process, even when this one is killed: its standard input closes."""

    def __init__(self, settings: Settings, command: Sequence[str] = ("-m", "hocvu", "worker", "--with-parent")) -> None:
        self._command = [sys.executable, *command]
        self._environment = {**os.environ, **_environment(settings)}
        self._lock = Lock()
        self._stop = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: Thread | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process id, None when none is running."""
        with self._lock:
            process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def wake(self) -> None:
        """Start the worker unless it has been started."""
        with self._lock:
            if self._watcher is None and not self._stop.is_set():
                self._watcher = Thread(target=self._keep_running, name="hocvu-worker", daemon=True)
                self._watcher.start()

    def stop(self) -> None:
        """Let the worker finish what it has in hand, and end it."""
        self._stop.set()
        with self._lock:
            process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                process.wait(GOODBYE_S)
            except subprocess.TimeoutExpired:  # what it had in hand is run again at the next start
                process.kill()
                process.wait()
        if self._watcher is not None:
            self._watcher.join(GOODBYE_S)

    def _keep_running(self) -> None:
        deaths = 0
        while not self._stop.is_set():
            began = time.monotonic()
            with self._lock:
                process = subprocess.Popen(self._command, stdin=subprocess.PIPE, env=self._environment)
                self._process = process
            status = process.wait()
            if process.stdin is not None:
                process.stdin.close()
            if self._stop.is_set():
                return
            deaths = 0 if time.monotonic() - began > STEADY_S else deaths
            pause_s = PAUSES_S[min(deaths, len(PAUSES_S) - 1)]
            log.error("the worker ended with status %s; starting it again in %s s", status, pause_s)
            deaths += 1
            self._stop.wait(pause_s)


class EmbeddedQueue:
    """The queue of a portal that keeps its own worker."""

    def __init__(self, queue: Queue, worker: WorkerProcess) -> None:
        self._queue = queue
        self._worker = worker

    def enqueue(self, attempt_id: str) -> bool:
        """Put a stored attempt on the queue and see that somebody works on it."""
        reached = self._queue.enqueue(attempt_id)
        self._worker.wake()
        return reached


def _environment(settings: Settings) -> dict[str, str]:
    return {f"HOCVU_{field.name.upper()}": str(getattr(settings, field.name)) for field in fields(settings)}
