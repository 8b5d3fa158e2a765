"""The guest's end of the line: receive a message, send its reply.

Both descriptors are open in a process that also runs learner code, and so are these objects. Nothing here guards
against that code; our end treats each reply as a value that the learner's code may have chosen (see frames.py).
"""

import os
import signal
from types import FrameType
from typing import Any

from hocvu.sandbox.frames import HEADER, decode_payload, encode_frame


class ChannelClosed(EOFError):
    """The other side hung up: the guest's loop may end."""


class ReplyTooLarge(ValueError):
    """A reply is larger than one frame may be; nothing was sent, the guest may send a smaller one."""


class Channel:
    """Messages in, replies out; between the two the guest works, and only then an interrupt reaches it."""

    def __init__(self, incoming: int, outgoing: int, reply_bytes: int = 4_000_000) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._reply_bytes = reply_bytes
        self._identifier = ""
        self._working = False

    def receive(self) -> dict[str, Any]:
        """Return the next message; raises ChannelClosed when there are no more."""
        (length,) = HEADER.unpack(self.receive_bytes(HEADER.size))
        self._identifier, body = decode_payload(self.receive_bytes(length))
        self._working = True
        return body

    def send(self, reply: dict[str, Any]) -> None:
        """Send the reply to the last message; TypeError or ValueError if it is not plain finite JSON or too large."""
        frame = encode_frame(self._identifier, reply)
        if len(frame) > self._reply_bytes:
            raise ReplyTooLarge(f"a reply of {len(frame)} bytes; a frame holds {self._reply_bytes}")
        self._working = False
        view = memoryview(frame)
        while view:
            view = view[os.write(self._outgoing, view) :]

    def receive_bytes(self, count: int) -> bytes:
        """Return exactly `count` bytes."""
        parts = []
        while count:
            part = os.read(self._incoming, min(count, 1 << 20))
            if not part:
                raise ChannelClosed
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def interrupt_work(self, _number: int, _frame: FrameType | None) -> None:
        """Handle SIGINT: a late one, after the reply has left, must not end the wait for the next message."""
        if self._working:
            raise KeyboardInterrupt

    def watch_interrupts(self) -> None:
        signal.signal(signal.SIGINT, self.interrupt_work)
