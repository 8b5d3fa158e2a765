"""Running learners' code behind walls: a warm process, single-use children, JSON messages over two pipes.

    with Warm(guest="package.module:main", preload=("numpy",)) as warm, warm.session({"a.csv": b"1"}) as session:
        reply = session.ask({"op": "run", "source": "1 + 1"}, timeout_s=5)

Knows nothing of notebooks. Linux x86_64, standard library only. What stands around a child, what it stops and what
it does not: docs/threat-model.md.
"""

from hocvu.sandbox.errors import GuestDied, GuestTimeout, SandboxLost, SandboxUnavailable
from hocvu.sandbox.host import check_host
from hocvu.sandbox.limits import Limits, Usage
from hocvu.sandbox.missing import Missing
from hocvu.sandbox.session import Session
from hocvu.sandbox.warm import BadSessionFile, Warm

__all__ = [
    "BadSessionFile", "GuestDied", "GuestTimeout", "Limits", "Missing", "SandboxLost", "SandboxUnavailable", "Session",
    "Usage", "Warm", "check_host",
]  # fmt: skip
