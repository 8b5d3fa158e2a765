"""Tests that delete or replace a learner's name, to see what depends on it: as in a notebook, or a person looks."""

import pytest

from tests.codegrading.notebooks import Notebook, checks, handed_in, notebook, solution
from tests.codegrading.story import Classroom, test_points

SQUARES = "def squares(n):\n    return [i * i for i in range(1, n + 1)]"
SUM = "def total(n):\n    return sum(squares(n))"
ALONE = "def total(n):\n    return sum(i * i for i in range(1, n + 1))"
# nbgrader's own example of such a test
RELIES = (
    "orig_squares = squares\ndel squares\ntry:\n    total(1)\nexcept NameError:\n    pass\nelse:\n"
    "    raise AssertionError('total does not use squares')\nfinally:\n    squares = orig_squares"
)


def with_tests(*tests: str) -> Notebook:
    cells = [checks(f"t-{number}", 1.0, test) for number, test in enumerate(tests, 1)]
    return notebook(solution("squares", SQUARES + "\nrate = 2"), solution("total", SUM), *cells)


def earned(room: Classroom, answers: dict[str, str], *tests: str) -> list[float | None]:
    source = with_tests(*tests)
    return list(test_points(room.grade(source, handed_in(source, answers))).values())


def test_deleted_and_put_back_shows_who_relies_on_it(room: Classroom) -> None:
    after = "assert squares(2) == [1, 4] and total(2) == 5"
    assert earned(room, {"squares": SQUARES, "total": SUM}, RELIES, after) == [1.0, 1.0]
    assert earned(room, {"squares": SQUARES, "total": ALONE}, RELIES, after) == [0.0, 1.0]
    assert earned(room, {"squares": "", "total": SUM}, RELIES, after) == [0.0, 0.0]


def test_deleted_for_good_it_is_missing_in_later_tests(room: Classroom) -> None:
    later = "assert total(2) == 5"
    assert earned(room, {"squares": SQUARES, "total": SUM}, later, "del squares", later) == [1.0, 1.0, 0.0]
    assert earned(room, {"squares": SQUARES, "total": ALONE}, "del squares", later, "squares") == [1.0, 1.0, 0.0]


@pytest.mark.parametrize(
    "change", ["def squares(n): return [7]", "squares = lambda n: [7]", "del squares; squares = 7"]
)
def test_another_value_in_its_place_is_for_a_person_once_it_is_looked_up(room: Classroom, change: str) -> None:
    both = {"squares": SQUARES, "total": SUM}
    assert earned(room, both, f"{change}\nassert total(3) == 7") == [None]
    assert earned(room, both, change, "assert total(3) == 14") == [1.0, None]  # a later test sees it too
    assert earned(room, {"squares": SQUARES, "total": ALONE}, change, "assert total(3) == 14") == [1.0, 1.0]


def test_put_back_it_is_the_learners_again(room: Classroom) -> None:
    mocked = "old = squares\nsquares = lambda n: [7]\nsquares = old\nassert total(3) == 14 and squares(1) == [1]"
    assert earned(room, {"squares": SQUARES, "total": SUM}, mocked, "assert total(1) == 1") == [1.0, 1.0]
    swapped = "squares, total = total, squares\nassert squares.__name__ == 'total'"
    assert earned(room, {"squares": SQUARES, "total": ALONE}, swapped, "assert squares(2) == 5") == [1.0, 1.0]


def test_a_name_that_no_function_looks_up_is_the_tests_own(room: Classroom) -> None:
    both = {"squares": SQUARES + "\nrate = 3", "total": SUM}
    assert earned(room, both, "assert rate == 3\nrate = 5\nassert total(2) == rate", "assert rate == 5") == [1.0, 1.0]


def test_a_learner_who_ignores_the_deletion_gains_nothing(room: Classroom) -> None:
    keeps = "kept = squares\ndef total(n):\n    return sum(kept(n))"
    stubborn = (
        "import hocvu.codegrading.learner_side as side\nside.LearnerSide._unbind = lambda self, m: {'value': None}\n"
        + SUM
    )
    for cheat in (keeps, stubborn):
        assert earned(room, {"squares": SQUARES, "total": cheat}, RELIES)[0] == 0.0
    deep = "def total(n): return " + "-" * 200_000 + "n"
    assert not earned(room, {"squares": SQUARES, "total": deep}, RELIES, "assert total(2) == 5")[1]
