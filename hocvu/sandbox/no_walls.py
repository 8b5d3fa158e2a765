"""The child without isolation, for machines that hold nothing real: a temporary folder and limits, no walls."""

import contextlib
import os
import signal
import tempfile
from pathlib import Path
from typing import Any

from hocvu.sandbox.rlimits import set_limits


class NoWalls:
    """The interface of Walls, isolating nothing."""

    layers: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._warm_bytes = 0

    def close_behind(self) -> None:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        self._warm_bytes = pages * os.sysconf("SC_PAGE_SIZE")

    def prepare_child(self) -> str:
        return tempfile.mkdtemp(prefix="hocvu-unsafe-", dir="/tmp")

    def confine(self, folder: str, limits: dict[str, Any]) -> None:
        os.setsid()
        os.chdir(folder)
        set_limits(limits, self._warm_bytes)

    def sweep(self, pid: int) -> None:
        """Kill what the child left behind in its process group; what made its own group escapes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
