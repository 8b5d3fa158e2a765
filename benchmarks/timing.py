"""Times of calls and of whole processes."""

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


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
    """Run a command to its end and return what it cost. Raises CalledProcessError."""
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
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.perf_counter() - began)
