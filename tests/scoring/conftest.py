"""The words of scoring tests: the rule of the course, items, and the whole planned item set."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hocvu.course import Rule, read_course
from hocvu.scores import ItemInfo

# Published graded items per competency and level of the full course: (module, max_points). The capstone is T.
PLAN = {
    1: (("1", 12), ("2", 4), ("3", 10)),
    2: (("2", 8), ("4", 6), ("6", 12), ("T", 6)),
    3: (("3", 8), ("5", 10), ("T", 6), ("T", 6)),
}


@pytest.fixture(scope="session")
def rule(root: Path) -> Rule:
    return read_course(root).rule


@pytest.fixture(scope="session")
def items_of() -> Callable[[str, int, Sequence[tuple[str, float]]], list[ItemInfo]]:
    """items_of("NL4", 2, [("3", 4), ("T", 6)]): items of one competency and level, in modules, with points."""

    def make(competency: str, level: int, plan: Sequence[tuple[str, float]]) -> list[ItemInfo]:
        kinds = {"T": "CASE"}
        return [
            ItemInfo(
                f"{module}-{competency}{level}{number}", module, competency, level, points, kinds.get(module, "MC1")
            )
            for number, (module, points) in enumerate(plan)
        ]

    return make


@pytest.fixture(scope="session")
def full_course(items_of: Callable[..., list[ItemInfo]], rule: Rule) -> list[ItemInfo]:
    """Six competencies with items of every level from several modules and the capstone."""
    return [item for code in rule.competencies for level, plan in PLAN.items() for item in items_of(code, level, plan)]


@pytest.fixture(scope="session")
def planned(root: Path) -> list[ItemInfo]:
    """The 91 items of the whole planned course, 88 of them graded."""
    with (root / "benchmarks" / "data" / "course_items.csv").open(encoding="utf-8", newline="") as file:
        return [
            ItemInfo(
                row["item_id"],
                row["module"],
                row["competency"],
                int(row["level"]),
                float(row["max_points"]),
                row["kind"],
            )
            for row in csv.DictReader(file)
        ]
