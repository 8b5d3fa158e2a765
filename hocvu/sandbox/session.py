"""Our end of one session: ask, and never wait longer, read more or believe more than agreed."""

import json
import os
import secrets
import signal
import socket
import time
from types import TracebackType
from typing import Any, Self

from hocvu.sandbox.errors import GuestDied, GuestTimeout, SandboxLost, SandboxUnavailable
from hocvu.sandbox.frames import BadFrame, decode_payload, encode_frame
from hocvu.sandbox.limits import Limits, Usage
from hocvu.sandbox.missing import explain
from hocvu.sandbox.wire import TooMuch, Wire

HANDSHAKE_S = 10.0  # a machine under load may take long to fork; a learner has no say in this
STATUS_S = 5.0
MEMORY_EXIT = 71  # what a guest exits with that ran out of memory outside any cell
NEARLY = 0.8


class Session:
    """One single-use child. `with warm.session(files) as session: session.ask({...}, timeout_s=5)`."""

    def __init__(self, wire: Wire, leash: socket.socket, limits: Limits, warm_mb: float) -> None:
        self.limits = limits
        self.usage: Usage | None = None
        self._wire = wire
        self._leash = leash
        self._warm_mb = warm_mb
        self._ends_at = time.monotonic() + limits.wall_s
        self._identifier = ""
        self._open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def begin(self, files: dict[str, bytes]) -> None:
        """Hand over the files and wait until the child says that every wall stands."""
        hello = {"files": [[name, len(data)] for name, data in files.items()], "limits": self.limits.as_json()}
        try:
            answer = self._exchange(hello, b"".join(files.values()), time.monotonic() + HANDSHAKE_S)
        except (TimeoutError, GuestDied) as error:
            self.close()
            raise SandboxUnavailable(explain("session", repr(error)), "session") from error
        if "missing" in answer:
            self.close()
            raise SandboxUnavailable(explain(answer["missing"], answer["detail"]), answer["missing"])
        self._ends_at = time.monotonic() + self.limits.wall_s

    def ask(self, message: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        """Return the guest's reply, a value that learner code may have made up.

        Raises GuestTimeout when it takes longer than `timeout_s` or the session has used up its wall_s, GuestDied
        when there is no guest any more; after either the session is over, unless the timeout brought a `reply`.
        """
        if not self._open:
            raise GuestDied("killed")
        if self._wire.has_unread():
            raise self._end("protocol")
        try:
            return self._exchange(message, b"", min(time.monotonic() + timeout_s, self._ends_at))
        except TimeoutError:
            raise self._interrupt(timeout_s) from None

    def close(self) -> None:
        """End the session; returns when the child is gone."""
        if self._open:
            self._open = False
            self._read_status()
            self._wire.close()
            self._leash.close()

    def _exchange(self, message: dict[str, Any], extra: bytes, deadline: float) -> dict[str, Any]:
        self._identifier = secrets.token_hex(16)
        try:
            self._wire.write(encode_frame(self._identifier, message) + extra, deadline)
            return self._read_reply(deadline)
        except (EOFError, BrokenPipeError):
            raise self._say_why_gone() from None

    def _read_reply(self, deadline: float) -> dict[str, Any]:
        try:
            identifier, body = decode_payload(self._wire.read_payload(self.limits.reply_bytes, deadline))
        except TooMuch:
            raise self._end("output") from None
        except BadFrame:
            raise self._end("protocol") from None
        if not secrets.compare_digest(identifier.encode(), self._identifier.encode()):
            raise self._end("protocol")
        return body

    def _interrupt(self, timeout_s: float) -> GuestTimeout:
        """Give a slow guest one chance to come back, then kill it."""
        self._tell(b"I")
        try:
            return GuestTimeout(timeout_s, self._read_reply(time.monotonic() + self.limits.grace_s))
        except (TimeoutError, EOFError, GuestDied):
            self.close()
            return GuestTimeout(timeout_s)

    def _end(self, reason: str) -> GuestDied:
        self.close()
        return GuestDied(reason)

    def _tell(self, word: bytes) -> None:
        try:
            self._leash.send(word)
        except (BrokenPipeError, ConnectionResetError):
            return  # the child is gone already; its status waits to be read

    def _read_status(self) -> dict[str, Any]:
        """Have the child killed if it is not dead yet; return how it ended, {} if nobody is left to tell."""
        self._leash.settimeout(STATUS_S)
        self._tell(b"K")
        try:
            data = self._hear()
        except TimeoutError:
            data = b""
        status: dict[str, Any] = json.loads(data) if data else {}
        if "cpu_s" in status:
            self.usage = Usage(status["cpu_s"], status["memory_mb"])
        return status

    def _hear(self) -> bytes:
        try:
            return self._leash.recv(4096)
        except ConnectionResetError:  # it closed without reading our last word; what it said before is still there
            return self._leash.recv(4096)

    def _say_why_gone(self) -> GuestDied | GuestTimeout | SandboxUnavailable:
        """Close, and return the error that tells how the child ended."""
        self._open = False
        status = self._read_status()
        self._wire.close()
        self._leash.close()
        if not status:
            return SandboxLost()
        if "error" in status:
            return SandboxUnavailable(explain("session", status["error"]), "session")
        if status["ended_by"] == "wall":
            return GuestTimeout(self.limits.wall_s)
        return GuestDied(self._reason(status))

    def _reason(self, status: dict[str, Any]) -> str:
        if status["exit"] is not None:
            return "memory" if status["exit"] == MEMORY_EXIT else "exit"
        if status["signal"] in (signal.SIGXCPU, signal.SIGKILL) and status["cpu_s"] > self.limits.cpu_s - 0.5:
            return "cpu"
        full_mb = self._warm_mb + NEARLY * self.limits.memory_mb
        if status["memory_mb"] > full_mb:
            return "memory"
        return "protocol" if status["ended_by"] == "asked" else "killed"  # asked: it closed the line and lived on


def open_lines() -> tuple[Wire, socket.socket, tuple[int, int, socket.socket]]:
    """Return our ends (wire, leash) and theirs (incoming, outgoing, leash)."""
    their_incoming, requests = os.pipe()
    replies, their_outgoing = os.pipe()
    leash, their_leash = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    return Wire(requests, replies), leash, (their_incoming, their_outgoing, their_leash)
