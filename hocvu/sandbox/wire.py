"""Two pipes to a process we do not trust: every read and write has a deadline and a bound."""

import os
import select
import time

from hocvu.sandbox.frames import HEADER

CHUNK = 1 << 18


class TooMuch(ValueError):
    """A frame announces more bytes than it may have."""


class Wire:
    """Non-blocking writes to `requests` and reads from `replies`, which it owns."""

    def __init__(self, requests: int, replies: int) -> None:
        self._requests = requests
        self._replies = replies
        self._unread = bytearray()
        os.set_blocking(requests, False)
        os.set_blocking(replies, False)
        self._writable, self._readable = select.poll(), select.poll()
        self._writable.register(requests, select.POLLOUT)
        self._readable.register(replies, select.POLLIN)

    def write(self, data: bytes, deadline: float) -> None:
        """Write all of `data`; raises TimeoutError, or BrokenPipeError when nobody listens any more."""
        view = memoryview(data)
        if time.monotonic() >= deadline:
            raise TimeoutError
        while view:
            try:
                view = view[os.write(self._requests, view) :]
            except BlockingIOError:
                _wait(self._writable, deadline)

    def read_payload(self, most: int, deadline: float) -> bytes:
        """Return the payload of the next frame; raises TimeoutError, EOFError, or TooMuch beyond `most` bytes."""
        (length,) = HEADER.unpack(self._read(HEADER.size, deadline))
        if length > most:
            raise TooMuch(f"{length} bytes")
        return self._read(length, deadline)

    def has_unread(self) -> bool:
        """Tell whether bytes are waiting although nothing was asked."""
        if self._unread:
            return True
        return any(event & select.POLLIN for _, event in self._readable.poll(0))

    def close(self) -> None:
        os.close(self._requests)
        os.close(self._replies)

    def _read(self, count: int, deadline: float) -> bytes:
        while len(self._unread) < count:
            _wait(self._readable, deadline)
            try:
                part = os.read(self._replies, CHUNK)
            except BlockingIOError:
                continue
            if not part:
                raise EOFError
            self._unread += part
        data = bytes(self._unread[:count])
        del self._unread[:count]
        return data


def _wait(poll: select.poll, deadline: float) -> None:
    """Return when the one descriptor of `poll` is ready or hung up; raises TimeoutError at `deadline` (monotonic)."""
    left_s = deadline - time.monotonic()
    if left_s <= 0 or not poll.poll(left_s * 1000):
        raise TimeoutError
