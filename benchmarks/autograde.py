"""`hocvu autograde` beside stock `nbgrader autograde`: the same files and gradebook rows, whole processes, CPU of the
whole tree (workers and kernels are children that were waited for)."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.grading import hand_in
from benchmarks.timing import Cost, cost_of
from hocvu.publishing.specs import compile_assignment

SLUG = "01-ai-quanh-ta"
STOCK = 10
OURS = (10, 100, 1_000)
LONG = 10_000
# The course's own configuration spares stock nbgrader the kernel; here it is to work as it comes.
AS_IT_COMES = """
del c.Autograde["sanitize_preprocessors"], c.Autograde["autograde_preprocessors"]
"""


def report_autograde(root: Path) -> None:
    """Print cost and ratio without learner code, growth, and memory."""
    with tempfile.TemporaryDirectory() as scratch:
        _report(root, Path(scratch), OURS)


def report_autograde_long(root: Path) -> None:
    """The same, up to 10,000 submissions."""
    with tempfile.TemporaryDirectory() as scratch:
        _report(root, Path(scratch), (*OURS, LONG))


def _report(root: Path, course: Path, sizes: tuple[int, ...]) -> None:
    config = (root / "nbgrader_config.py").read_text(encoding="utf-8")
    (course / "nbgrader_config.py").write_text(config + AS_IT_COMES, encoding="utf-8")
    shutil.copytree(root / "source" / SLUG, course / "source" / SLUG, ignore=shutil.ignore_patterns(".*"))
    cost_of(["nbgrader", "generate_assignment", SLUG, "--create"], course)
    shutil.copy(course / "gradebook.db", course / "empty.db")
    spec = compile_assignment(course / "source" / SLUG / "exercises.ipynb")
    hand_in(course, spec, STOCK)
    print("Autograding: submitted/ to autograded/ and the gradebook, whole process, no learner code")
    stock = cost_of(["nbgrader", "autograde", SLUG], course)
    idle = cost_of(["nbgrader", "autograde", SLUG], course)
    print_line("nbgrader autograde", stock, STOCK)
    print_line("  again, nothing to do", idle, STOCK)
    (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
    print_line("nbgrader with our hook", fresh(course, ["nbgrader", "autograde", SLUG]), STOCK)
    costs = {size: _grade(course, spec, size) for size in sizes}
    for size, cost in costs.items():
        print_line("hocvu autograde", cost, size)
    print_line("  again, nothing changed", cost_of(ours(SLUG), course), max(sizes))
    _, peak_mb = with_peak([*ours(SLUG), "--force"], course)
    print_ratios(stock, idle, STOCK, costs)
    print(f"  largest process of a run over {max(sizes)} (pages shared with its parent counted): {peak_mb:.0f} MB\n")


def _grade(course: Path, spec: object, size: int) -> Cost:
    hand_in(course, spec, size)  # type: ignore[arg-type]
    return fresh(course, ours(SLUG))


def ours(slug: str) -> list[str]:
    return [sys.executable, "-m", "hocvu", "autograde", slug]


def fresh(course: Path, command: list[str]) -> Cost:
    shutil.rmtree(course / "autograded", ignore_errors=True)
    shutil.copy(course / "empty.db", course / "gradebook.db")
    return cost_of(command, course)


def with_peak(command: list[str], course: Path) -> tuple[Cost, float]:
    """Run and return the cost, and the largest resident size of any process in it in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - began), used.ru_maxrss / 1024


def print_ratios(stock: Cost, idle: Cost, few_of_stock: int, costs: dict[int, Cost]) -> None:
    """nbgrader is let off its start-up, which ten submissions would bear alone; ours is counted with it."""
    each = (stock.cpu_s - idle.cpu_s) / few_of_stock
    for size in sorted(costs)[-2:]:
        ratio = each / (costs[size].cpu_s / size)
        print(f"  CPU per submission, nbgrader without its start-up / hocvu with it, {size:,}: {ratio:.0f}x")
    few = min(costs)
    start = costs[few].cpu_s
    print(f"  start-up (imports, compiling the source) is most of a run of {few}: {start:.1f} s")
    for size in sorted(costs)[1:]:
        print(f"  beyond that, each of {size}: {(costs[size].cpu_s - start) / (size - few) * 1000:.2f} ms of CPU")


def print_line(name: str, cost: Cost, submissions: int) -> None:
    each = cost.cpu_s / submissions * 1000
    print(f"  {name:26} {submissions:6,} CPU {cost.cpu_s:7.2f} s   wall {cost.wall_s:7.2f} s   each {each:9.2f} ms")
