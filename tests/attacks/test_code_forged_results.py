"""Cheat: show a number or a text as the result before failing, as nbgrader takes the first one that it finds."""

import pytest

from tests.attacks.code_story import gains_nothing
from tests.codegrading.story import Classroom

EMIT = [
    "import sys\nsys.displayhook(5.0)",
    "print(5.0)",
    "from IPython.display import display\ndisplay(5.0)",
    "get_ipython().displayhook(5.0)",
    "get_ipython().display_pub.publish({'text/plain': '5.0'}, {})",
    "get_ipython().displayhook.write_format_data({'text/plain': 'all correct'})",
    "get_ipython().run_cell('5.0')",
]


@pytest.mark.parametrize("emit", EMIT)
def test_a_result_that_the_learners_code_shows_is_no_result_of_the_test(room: Classroom, emit: str) -> None:
    body = "\n".join("    " + line for line in emit.split("\n"))
    gains_nothing(room, {"price": f"def price(n):\n{body}\n    raise RuntimeError('x')", "late": emit})
    gains_nothing(room, {"price": f"def price(n):\n{body}\n    return 0"}, extra={"t-open": emit, "t-share": emit})


@pytest.mark.parametrize("value", ["-1", "float('nan')", "float('inf')", "'all'", "True", "10 ** 400", "1e308"])
def test_a_strange_value_is_not_partial_credit(room: Classroom, value: str) -> None:
    gains_nothing(room, {"price": f"def price(n): return {value}", "late": f"late = {value}"})
