"""Learners' code with numpy, pandas, scikit-learn: stock `nbgrader autograde` beside ours with all walls standing."""

import shutil
import tempfile
from pathlib import Path

from benchmarks.autograde import AS_IT_COMES, fresh, ours, print_line, print_ratios, with_peak
from benchmarks.code_course import SLUG, hand_in_code, write_course
from benchmarks.timing import cost_of

STOCK = 10
OURS = (10, 50, 200)


def report_autograde_code(root: Path) -> None:
    """Print cost, ratio, growth and memory of grading a class's code."""
    with tempfile.TemporaryDirectory() as scratch:
        _report(root, Path(scratch))


def _report(root: Path, course: Path) -> None:
    config = (root / "nbgrader_config.py").read_text(encoding="utf-8")
    (course / "nbgrader_config.py").write_text(config + AS_IT_COMES, encoding="utf-8")
    write_course(course)
    cost_of(["nbgrader", "generate_assignment", SLUG, "--create"], course)
    shutil.copy(course / "gradebook.db", course / "empty.db")
    hand_in_code(course, STOCK)
    print(
        "Autograding code: 24 cells, 10 tests, numpy, pandas, scikit-learn, a figure; sandbox on; gradebook and files"
    )
    stock = cost_of(["nbgrader", "autograde", SLUG], course)
    idle = cost_of(["nbgrader", "autograde", SLUG], course)
    print_line("nbgrader autograde", stock, STOCK)
    print_line("  again, nothing to do", idle, STOCK)
    (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
    costs = {}
    for size in OURS:
        hand_in_code(course, size)
        costs[size] = fresh(course, ours(SLUG))
        print_line("hocvu autograde", costs[size], size)
    print_line("  again, nothing changed", cost_of(ours(SLUG), course), max(OURS))
    print_ratios(stock, idle, STOCK, costs)
    hand_in_code(course, STOCK)
    _, peak_mb = with_peak([*ours(SLUG), "--force"], course)
    print(f"  largest process (pages shared with its parent counted): {peak_mb:.0f} MB\n")
