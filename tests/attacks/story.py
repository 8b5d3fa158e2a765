"""The words that the cheats are told in.

    def test_a_learner_reads_the_passwords(learner: Learner) -> None:
        assert learner.is_refused("answer = open('/etc/shadow').read()", FileNotFoundError)

A learner runs code in one sandboxed session, as a notebook's cells would; what the code leaves in `answer` comes back.
"""

import builtins
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from hocvu.sandbox import GuestDied, GuestTimeout, Limits, Session, Warm

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="an ordinary user's sessions share one user, see docs/threat-model.md"
)
GUEST = "tests.sandbox.echo_guest:main"
PATIENCE_S = 10.0


class Learner:
    """Somebody who tries things in a session of their own."""

    def __init__(self, warm: Warm, files: Mapping[str, bytes] | None = None, **limits: Any) -> None:
        self.session: Session = warm.session(files, Limits(**limits))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.session.close()

    def runs(self, code: str, timeout_s: float = PATIENCE_S) -> Any:
        """Return what the code left in `answer`; fails the test if it raised."""
        reply = self.session.ask({"code": code}, timeout_s)
        assert "error" not in reply, reply
        return reply["answer"]

    def error_of(self, code: str, timeout_s: float = PATIENCE_S) -> str:
        """Return "Kind: text" of what the code raised, "" if it went well."""
        return str(self.session.ask({"code": code}, timeout_s).get("error", ""))

    def is_refused(self, code: str, *kinds: type[Exception]) -> bool:
        """Tell whether the code failed, and with one of these kinds of error (PermissionError if none is named)."""
        name = self.error_of(code).split(":")[0]
        kind = getattr(builtins, name.rsplit(".")[-1], None)
        if kind is None:
            return name in {wanted.__name__ for wanted in kinds}
        return issubclass(kind, kinds or (PermissionError,))

    def dies_of(self, code: str, timeout_s: float = PATIENCE_S) -> str:
        """Return the reason why the session ended during this code; "timeout" if it was killed for taking too long."""
        try:
            reply = self.session.ask({"code": code}, timeout_s)
        except GuestDied as error:
            return error.reason
        except GuestTimeout as error:
            return "timeout" if error.reply is None else f"interrupted: {error.reply}"
        return f"lived: {reply}"

    @property
    def uid(self) -> int:
        return int(self.runs("import os; answer = os.getuid()"))


def children_of(pid: int) -> list[int]:
    """Return the processes that `pid` started and that still run, theirs included."""
    try:
        direct = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []  # it ended while we looked
    return [*direct, *[below for child in direct for below in children_of(child)]]


def processes_of(warm: Warm) -> list[int]:
    """Return all processes of all its sessions, as this machine numbers them."""
    assert warm._process is not None
    _zygote, *sessions = children_of(warm._process.pid)
    return sessions
