"""Cheat: change the instructor's cells and metadata: points, types, tags, ids, order, schema versions, kernelspec."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.attacks.code_story import ALL_POINTS, HONEST, PRICES, honest_work_is_graded, submission_gains_nothing
from tests.codegrading.notebooks import Notebook, cell_of, code, handed_in
from tests.codegrading.story import Classroom, test_points

TESTS = tuple(ALL_POINTS)
Tamper = Callable[[Notebook], object]


def each_test(change: Callable[[dict[str, Any]], object]) -> Tamper:
    return lambda made: [change(cell) for cell in made["cells"] if cell["id"] in TESTS]


def marks(**told: Any) -> Tamper:
    return each_test(lambda cell: cell["metadata"]["nbgrader"].update(told))


def delete_tests(made: Notebook) -> None:
    made["cells"] = [cell for cell in made["cells"] if cell["id"] not in TESTS]


def move_tests_to_the_top(made: Notebook) -> None:
    made["cells"].sort(key=lambda cell: cell["id"] not in TESTS)


def double_tests(made: Notebook) -> None:
    made["cells"] += [dict(copy.deepcopy(cell), source="5.0") for cell in made["cells"] if cell["id"] in TESTS]


def swap_ids(made: Notebook) -> None:
    cell_of(made, "t-open")["metadata"]["nbgrader"]["grade_id"] = "price"


def forge_outputs(cell: dict[str, Any]) -> None:
    output = {"output_type": "execute_result", "data": {"text/plain": "5.0"}, "metadata": {}, "execution_count": 1}
    cell.update(outputs=[output], execution_count=1)


TAMPERINGS: dict[str, Tamper] = {
    "sources": each_test(lambda cell: cell.update(source="5.0")),
    "empty sources": each_test(lambda cell: cell.update(source="")),
    "outputs": each_test(forge_outputs),
    "points": marks(points=0.0),
    "points of another type": marks(points={"a": []}),
    "negative points": marks(points=-100),
    "grade off": marks(grade=False),
    "solution on": marks(solution=True),
    "unlocked": marks(locked=False, grade=False, solution=True),
    "schema version": marks(schema_version=99),
    "schema version of another type": marks(schema_version="x"),
    "checksum": marks(checksum="0" * 32),
    "nbgrader marks of another type": each_test(lambda cell: cell["metadata"].update(nbgrader=[1])),
    "metadata of another type": each_test(lambda cell: cell.update(metadata=7)),
    "grade_id of another type": marks(grade_id=["t-open"]),
    "skip-execution": each_test(lambda cell: cell["metadata"].update(tags=["skip-execution", "raises-exception"])),
    "cell type": each_test(lambda cell: cell.update(cell_type="markdown")),
    "deleted": delete_tests,
    "moved": move_tests_to_the_top,
    "doubled": double_tests,
    "swapped": swap_ids,
    "set-up": lambda made: cell_of(made, "start").update(source="close = lambda a, b: True\nbool = lambda x: True"),
    "kernelspec": lambda made: made["metadata"].update(kernelspec={"name": "../../bin/sh", "language": "R"}),
    "no kernelspec": lambda made: made.update(metadata={}),
    "metadata": lambda made: made.update(metadata=[]),
    "attachments": each_test(lambda cell: cell.update(attachments={"../x": {"text/html": "<script>"}})),
    "cell ids": each_test(lambda cell: cell.update(id="<script>")),
    "minor version": lambda made: made.update(nbformat_minor=99),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_gains_nothing(room: Classroom, name: str) -> None:
    made = handed_in(PRICES, {"price": "def price(n): return 0"})
    TAMPERINGS[name](made)
    submission_gains_nothing(room, made)


@pytest.mark.parametrize("name", [name for name in TAMPERINGS if name != "swapped"])
def test_tampering_costs_honest_answers_nothing(room: Classroom, name: str) -> None:
    made = handed_in(PRICES, HONEST)
    TAMPERINGS[name](made)
    assert test_points(room.grade(PRICES, made)) == ALL_POINTS


def test_cells_that_pretend_to_be_graded_add_no_points(room: Classroom) -> None:
    made = handed_in(PRICES)
    made["cells"].append(code("1000.0", "bonus", grade=True, locked=True, points=1000.0))
    graded = submission_gains_nothing(room, made)
    assert set(test_points(graded)) == set(TESTS)
    assert all(cell["metadata"] == {} for cell in graded.autograded["cells"] if cell["source"] == "1000.0")
    honest_work_is_graded(room)
