"""Learners' code with numpy, pandas, scikit-learn: stock `nbgrader autograde` beside ours with all walls standing."""

import shutil
import tempfile
from pathlib import Path

from benchmarks.autograde import AS_IT_COMES, fresh, ours, print_line, print_ratios, with_peak
from benchmarks.code_course import SLUG, WITH_FIGURE, hand_in_code, write_course
from benchmarks.timing import Cost, cost_of

STOCK = 10
OURS = {SLUG: (10, 100, 500), WITH_FIGURE: (10, 100)}
TITLES = {SLUG: "numpy, pandas, scikit-learn", WITH_FIGURE: "the same and one figure (matplotlib)"}


def report_autograde_code(root: Path) -> None:
    """Print cost, ratio, growth and memory of grading a class's code."""
    with tempfile.TemporaryDirectory() as scratch:
        course = Path(scratch)
        write_course(course)
        for slug in OURS:
            _report(root, course, slug)


def _report(root: Path, course: Path, slug: str) -> None:
    config = (root / "nbgrader_config.py").read_text(encoding="utf-8")
    (course / "nbgrader_config.py").write_text(config + AS_IT_COMES, encoding="utf-8")
    cost_of(["nbgrader", "generate_assignment", slug, "--create"], course)
    shutil.copy(course / "gradebook.db", course / "empty.db")
    hand_in_code(course, slug, STOCK)
    print(f"Autograding code: {TITLES[slug]}; ten tests; sandbox on; gradebook and files")
    stock = cost_of(["nbgrader", "autograde", slug], course)
    idle = cost_of(["nbgrader", "autograde", slug], course)
    print_line("nbgrader autograde", stock, STOCK)
    print_line("  again, nothing to do", idle, STOCK)
    (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
    costs: dict[int, Cost] = {}
    for size in OURS[slug]:
        hand_in_code(course, slug, size)
        costs[size] = fresh(course, ours(slug))
        print_line("hocvu autograde", costs[size], size)
    print_line("  again, nothing changed", cost_of(ours(slug), course), max(costs))
    print_ratios(stock, idle, STOCK, costs)
    hand_in_code(course, slug, STOCK)
    _, peak_mb = with_peak([*ours(slug), "--force"], course)
    print(f"  largest process (pages shared with its parent counted): {peak_mb:.0f} MB\n")
