"""The warm process: imports once, walls itself in, then forks a child for every session and watches over it.

It holds nothing that a child, which starts as its copy, may not see: no key, no answer, no other session's file. It
reads nothing from learners: their replies go from the child to our other end directly.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from hocvu.sandbox.channel import Channel
from hocvu.sandbox.failure import Failure
from hocvu.sandbox.large_pages import gather_heap
from hocvu.sandbox.learner import be_learner
from hocvu.sandbox.no_walls import NoWalls
from hocvu.sandbox.private_root import is_package_folder
from hocvu.sandbox.walls import Walls, raise_walls

Guest = Callable[[Channel], None]
SLACK_S = 2.0  # our own end counts the wall time too, from a little later


@dataclass
class Child:
    """A running session, as the zygote sees it."""

    pid: int
    pidfd: int
    leash: socket.socket
    folder: str
    ends_at: float
    ended_by: str = ""


def main(control_number: int) -> NoReturn:
    """Become the zygote that the other end of `control_number` orders; never returns."""
    control = socket.socket(fileno=control_number)
    order = json.loads(control.recv(1 << 16))
    try:
        watch = os.pidfd_open(os.getppid())
        gc.disable()  # what is being imported stays
        walls: Walls | NoWalls = NoWalls() if order["unsafe"] else raise_walls(order["room"])
        guest = load(order["guest"], order["preload"], order["room"])
        gc.collect()
        gc.freeze()
        gc.enable()
        gather_heap()
        walls.close_behind()
    except Failure as failure:
        control.send(json.dumps({"missing": failure.missing, "detail": failure.detail}).encode())
        sys.exit(1)
    used_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    control.send(json.dumps({"layers": walls.layers, "memory_mb": used_mb}).encode())
    if not order["unsafe"]:
        os.dup2(0, 2)  # from here on nothing of ours is for the terminal
    Zygote(control, watch, guest, walls).serve()


def load(guest: str, preload: list[str], room: str) -> Guest:
    """Import everything, while the host's files are still in sight, and return the guest's function."""
    with tempfile.TemporaryDirectory(prefix="hocvu-home-") as home, _home(home):
        try:
            for name in preload:
                loaded = _find(name)
                if callable(loaded):
                    loaded()
            found: Guest = _find(guest)
        except Exception as error:
            raise Failure("import", f"{type(error).__name__}: {error}") from error
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise Failure("threads", f"{threads} luồng")
    if not is_package_folder(room):  # a checkout, which will be out of sight
        sys.path[:] = [entry for entry in sys.path if entry != room]
    sys.path_importer_cache.clear()
    return found


def _find(name: str) -> Any:
    """Import "module" or "module:function" and return it."""
    module, _, function = name.partition(":")
    loaded = importlib.import_module(module)
    return getattr(loaded, function) if function else loaded


@contextlib.contextmanager
def _home(folder: str) -> Iterator[None]:
    """Let modules that look for settings or keep caches at home find an empty one: /tmp may hold anybody's files."""
    before = {name: os.environ[name] for name in ("HOME", "MPLCONFIGDIR")}
    os.environ.update(dict.fromkeys(before, folder))
    yield
    os.environ.update(before)


class Zygote:
    """Forks, watches and buries children until our other end hangs up or dies."""

    def __init__(self, control: socket.socket, watch: int, guest: Guest, walls: Walls | NoWalls) -> None:
        self._control = control
        self._watch = watch
        self._guest = guest
        self._walls = walls
        self._children: list[Child] = []

    def serve(self) -> NoReturn:
        while True:
            ready = self._wait()
            for child in [*self._children]:
                if child.leash.fileno() in ready:
                    self._obey(child)
                if time.monotonic() > child.ends_at:
                    self._kill(child, "wall")
                if child.pidfd in ready:
                    self._bury(child)
            if self._watch in ready or (self._control.fileno() in ready and not self._open_session()):
                self._leave()

    def _wait(self) -> set[int]:
        """Return the descriptors with news, or none when a child's time is up."""
        poll = select.poll()
        for descriptor in [self._watch, self._control.fileno()]:
            poll.register(descriptor, select.POLLIN)
        for child in self._children:
            poll.register(child.pidfd, select.POLLIN)
            if not child.ended_by:
                poll.register(child.leash.fileno(), select.POLLIN)
        alive = [child.ends_at for child in self._children if not child.ended_by]
        left_s = max(0.0, min(alive) - time.monotonic()) + 0.001 if alive else None
        return {descriptor for descriptor, _ in poll.poll(None if left_s is None else left_s * 1000)}

    def _open_session(self) -> bool:
        """Fork a child for the order that waits; False when our other end has hung up."""
        data, descriptors, _, _ = socket.recv_fds(self._control, 4096, 3)
        if not data:
            return False
        limits: dict[str, Any] = json.loads(data)
        incoming, outgoing, leash = descriptors[0], descriptors[1], socket.socket(fileno=descriptors[2])
        try:
            self._children.append(self._fork(incoming, outgoing, leash, limits))
        except OSError as error:  # the machine has no room for another process or namespace
            with leash, contextlib.suppress(BrokenPipeError, ConnectionResetError):
                leash.send(json.dumps({"error": str(error)}).encode())
        os.close(incoming)
        os.close(outgoing)
        return True

    def _fork(self, incoming: int, outgoing: int, leash: socket.socket, limits: dict[str, Any]) -> Child:
        folder = self._walls.prepare_child()
        pid = os.fork()
        if pid == 0:
            be_learner(self._walls, self._guest, folder, incoming, outgoing, limits)
        ends_at = time.monotonic() + limits["wall_s"] + limits["grace_s"] + SLACK_S
        return Child(pid, os.pidfd_open(pid), leash, folder, ends_at)

    def _obey(self, child: Child) -> None:
        """Interrupt the child, or kill it on demand or when nobody holds the other end of its leash."""
        try:
            word = child.leash.recv(1)
        except ConnectionResetError:
            word = b""
        if word == b"I":
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(child.pidfd, signal.SIGINT)
        else:
            self._kill(child, "asked")

    def _kill(self, child: Child, ended_by: str) -> None:
        if not child.ended_by:
            child.ended_by = ended_by
            with contextlib.suppress(ProcessLookupError):  # it ended by itself, a moment ago
                signal.pidfd_send_signal(child.pidfd, signal.SIGKILL)

    def _bury(self, child: Child) -> None:
        """Reap a dead child and tell our other end how it ended."""
        _, status, usage = os.wait4(child.pid, 0)
        self._walls.sweep(child.pid)
        code = os.waitstatus_to_exitcode(status)
        report = {
            "exit": code if code >= 0 else None,
            "signal": -code if code < 0 else None,
            "ended_by": child.ended_by if code == -signal.SIGKILL else "",  # else it was faster than our kill
            "cpu_s": usage.ru_utime + usage.ru_stime,
            "memory_mb": usage.ru_maxrss / 1024,
        }
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # nobody waits for it
            child.leash.send(json.dumps(report).encode())
        child.leash.close()
        os.close(child.pidfd)
        self._children.remove(child)
        if child.folder:
            shutil.rmtree(Path(child.folder), ignore_errors=True)

    def _leave(self) -> NoReturn:
        for child in [*self._children]:
            self._kill(child, "asked")
            self._bury(child)
        os._exit(0)
