"""Times of calls and of whole processes."""

import os
import resource
import statistics
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hocvu.sandbox.linux import prctl

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Spread:
    """Milliseconds over many calls."""

    p50: float
    p95: float
    runs: int

    def __str__(self) -> str:
        return f"p50 {self.p50:8.3f} ms   p95 {self.p95:8.3f} ms   ({self.runs} runs)"


def spread_of(call: Callable[[int], object], runs: int, warm_up: int = 3) -> Spread:
    """Return how long call(0), call(1), … take, after some warm-up calls with negative numbers."""
    for number in range(warm_up):
        call(-1 - number)
    times = []
    for number in range(runs):
        began = time.perf_counter()
        call(number)
        times.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(times, n=20)
    return Spread(statistics.median(times), cuts[18], runs)


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds of a process with all its children."""

    cpu_s: float
    wall_s: float


def cost_of(command: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> Cost:
    """Run a command to its end and return what it cost. Raises CalledProcessError.

    Sandboxes may outlive who started them by a moment: what is left without a parent comes to us and is counted.
    """
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        check=True,
        timeout=3600,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wall_s = time.perf_counter() - began
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, wall_s)


@dataclass(frozen=True)
class Spent:
    """CPU and wall seconds of some work in a process of its own, and the most memory that it had."""

    cpu_s: float
    wall_s: float
    peak_mb: float


def in_a_process(work: Callable[[], object]) -> Spent:
    """Do the work in a forked process, which starts with our memory and ends with it. Raises if the work failed."""
    sys.stdout.flush()
    began = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            sys.stdout.flush()
            status = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, status, used = os.wait4(pid, 0)
    if status:
        raise RuntimeError(f"the measured work ended with status {status}")
    return Spent(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 1024)
