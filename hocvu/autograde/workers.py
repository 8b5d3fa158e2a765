"""Worker processes forked from the loaded parent. Jobs and replies are JSON lines; a killed worker loses one job."""

import ctypes
import gc
import json
import os
import selectors
import signal
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

Message = dict[str, Any]
AHEAD = 4  # jobs that wait at a worker, so that it never idles
_PR_SET_PDEATHSIG = 1


class _Worker:
    """One process, its socket, and the jobs it has been given, oldest first."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        self.pid = pid
        self.channel = channel
        self.given: deque[Message] = deque()
        self.received = bytearray()


class Workers:
    """A pool of `count` processes that call handle(job). Use as a context manager; leaving it ends the processes."""

    def __init__(self, count: int, start: Callable[[], None], handle: Callable[[Message], Message]) -> None:
        self._count, self._start, self._handle = count, start, handle
        self._workers: list[_Worker] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> "Workers":
        gc.collect()
        gc.freeze()  # so that the children's garbage collection does not copy what we share
        for _ in range(self._count):
            self._fork()
        return self

    def __exit__(self, *_: object) -> None:
        for worker in list(self._workers):
            self._end(worker)
        self._selector.close()
        gc.unfreeze()

    def replies(self, jobs: Iterable[Message]) -> Iterator[tuple[Message, Message | None]]:
        """Yield (job, reply) as they come, in any order; the reply is None if a worker died twice on that job."""
        waiting: deque[Message] = deque()
        more = iter(jobs)
        again: list[Message] = []  # jobs that a worker died on: once more, alone
        while True:
            for worker in self._workers:
                while len(worker.given) < AHEAD and (job := waiting.popleft() if waiting else next(more, None)):
                    self._give(worker, job)
            if not any(worker.given for worker in self._workers):
                if not again:
                    return
                self._give(self._workers[0], again.pop())
            for key, _ in self._selector.select():
                yield from self._read(key.data, waiting, again)

    def _read(
        self, worker: _Worker, waiting: deque[Message], again: list[Message]
    ) -> Iterator[tuple[Message, Message | None]]:
        try:
            data = worker.channel.recv(1 << 20)
        except ConnectionError:
            data = b""
        if data:
            worker.received += data
            *lines, rest = worker.received.split(b"\n")
            worker.received = bytearray(rest)
            for line in lines:
                yield worker.given.popleft(), json.loads(line)
            return
        lost = list(worker.given)
        self._end(worker)
        self._fork()
        if lost:
            first = lost[0]
            waiting.extend(lost[1:])
            if first.get("again"):
                yield first, None
            else:
                again.append({**first, "again": True})

    def _give(self, worker: _Worker, job: Message) -> None:
        worker.given.append(job)
        with suppress(ConnectionError):  # it died: the reading side finds out and gives the jobs to another
            worker.channel.sendall(json.dumps(job).encode() + b"\n")

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._child(parent, ours, theirs)
        theirs.close()
        worker = _Worker(pid, ours)
        self._workers.append(worker)
        self._selector.register(ours, selectors.EVENT_READ, worker)

    def _child(self, parent: int, ours: socket.socket, theirs: socket.socket) -> None:
        """Run in the new process; never returns, and never runs the parent's exit handlers."""
        status = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a run is broken off
            die_with(parent)
            ours.close()
            for worker in self._workers:
                worker.channel.close()
            self._start()
            with theirs.makefile("rb") as lines:
                for line in lines:
                    theirs.sendall(json.dumps(self._handle(json.loads(line))).encode() + b"\n")
            status = 0
        finally:
            os._exit(status)

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        self._selector.unregister(worker.channel)
        worker.channel.close()
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        os.waitpid(worker.pid, 0)


def die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent, however that ends (Linux; elsewhere at end of input)."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
