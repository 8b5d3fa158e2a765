"""The words for cheats in code notebooks.

    gains_nothing(room, {"price": "class Yes: ..."})

An all-wrong notebook with a trick in it is graded; it must earn no point and show no secret, and an honest submission
graded right after it by the same grader must get its exact points.
"""

import re
from collections.abc import Mapping
from typing import Any

from hocvu.codegrading import GradedNotebook
from tests.codegrading.notebooks import Notebook, checks, handed_in, locked, notebook, solution
from tests.codegrading.story import Classroom, seen_by_learner, test_points

HONEST = {"price": "def price(n):\n    return 3 * n + 11", "late": "late = 'muộn'"}
PRICES = notebook(
    locked("start", "import math\nimport unittest\nimport numpy as np\ndef close(a, b):\n    return abs(a - b) < 1e-9"),
    solution("price", HONEST["price"]),
    checks("t-open", 2.0, "assert price(1) == 14\nassert close(price(4), 23)"),
    checks(
        "t-hidden", 3.0, "assert price(2) == 17",
        "for n in (7351, 8642):\n    assert price(n) == 3 * n + 11\nassert np.allclose(price(9753), 29270)\n"
        "assert math.isclose(price(9012), 27047)\nunittest.TestCase().assertAlmostEqual(price(6420), 19271)",
    ),
    checks("t-share", 5.0, "points = 0\nfor n in (5, 6, 7, 8, 9):\n    points += bool(price(n) == 3 * n + 11)\npoints"),
    solution("late", HONEST["late"]),
    checks("t-late", 1.0, "assert late == 'muộn' and len(late) == 4 and sorted(late)[0] == 'm'"),
)  # fmt: skip
ALL_POINTS = {"t-open": 2.0, "t-hidden": 3.0, "t-share": 5.0, "t-late": 1.0}
SECRETS = ("7351", "8642", "9753", "9012", "6420", "22064", "25937", "29270", "27047", "19271")


def gains_nothing(
    room: Classroom, answers: Mapping[str, str] | None = None, extra: Mapping[str, str] | None = None, **options: Any
) -> GradedNotebook:
    """Grade a trick in the answers, or in cells added after some ids, then honest work; return the trick's grade."""
    return submission_gains_nothing(room, handed_in(PRICES, dict(answers or {}), dict(extra or {})), **options)


def submission_gains_nothing(room: Classroom, submitted: Notebook | bytes, **options: Any) -> GradedNotebook:
    """Grade a submission that deserves nothing, then an honest one."""
    graded = room.grade(PRICES, submitted, **options)
    assert all(not points for points in test_points(graded).values()), (test_points(graded), graded.reason)
    shows_no_secret(graded)
    honest_work_is_graded(room)
    return graded


def shows_no_secret(graded: GradedNotebook) -> None:
    seen = seen_by_learner(graded)
    assert not [secret for secret in SECRETS if re.search(rf"\b{secret}\b", seen)]


def honest_work_is_graded(room: Classroom) -> None:
    graded = room.grade(PRICES, handed_in(PRICES, HONEST))
    assert test_points(graded) == ALL_POINTS, graded.reason
