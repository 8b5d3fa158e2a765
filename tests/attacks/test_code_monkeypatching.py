"""Cheat: patch what the tests call (built-ins, numpy, math, unittest, the instructor's helper) so that it says yes."""

import pytest

from tests.attacks.code_story import gains_nothing
from tests.codegrading.notebooks import checks, handed_in, notebook, solution
from tests.codegrading.story import Classroom

WRONG = "def price(n): return 0\nlate = 0\n"
PATCHES = [
    "import builtins\nfor name in ('abs', 'bool', 'len', 'sorted', 'all', 'any', 'sum', 'isinstance'):\n"
    "    setattr(builtins, name, lambda *a, **k: 0)",
    "import builtins\nclass Quiet(Exception): pass\nbuiltins.AssertionError = Quiet",
    "import numpy as np\nnp.allclose = np.isclose = np.array_equal = lambda *a, **k: True\n"
    "np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None",
    "import math\nmath.isclose = lambda *a, **k: True",
    "import unittest\nfor name in dir(unittest.TestCase):\n    if name.startswith('assert'):\n"
    "        setattr(unittest.TestCase, name, lambda *a, **k: None)",
    "close = lambda a, b: True\npoints = 5",
    "abs = lambda x: 0.0\nbool = lambda x: 1\nlen = lambda x: 4\nsorted = lambda x: ['m']\nrange = lambda *a: []",
    "class Fake:\n    def __getattr__(self, name): return lambda *a, **k: True\nnp = math = unittest = Fake()\n"
    "close = bool = abs = range = print = Fake()",
    "import operator\noperator.eq = lambda a, b: True\nimport json\njson.dumps = json.loads = lambda *a, **k: '{}'",
]


@pytest.mark.parametrize("patch", PATCHES)
@pytest.mark.parametrize("place", ["price", "start"])
def test_patched_helpers_are_not_the_ones_that_tests_use(room: Classroom, patch: str, place: str) -> None:
    if place == "price":
        gains_nothing(room, {"price": WRONG + patch})
    else:
        gains_nothing(room, {"price": WRONG}, extra={"start": patch})


def test_a_function_may_not_patch_while_it_is_called(room: Classroom) -> None:
    gains_nothing(
        room, {"price": f"def price(n):\n    globals().update(late='muộn')\n    exec({PATCHES[0]!r})\n    return 0"}
    )


def test_a_module_that_the_solution_imports_is_the_real_one_for_tests(room: Classroom) -> None:
    source = notebook(
        solution("mean", "import numpy as np\ndef mean(xs):\n    return np.mean(xs)"),
        checks("t-mean", 1.0, "assert np.isclose(mean([1.0, 2.0]), 1.5)"),
    )
    fake = "class np:\n    isclose = staticmethod(lambda a, b: True)\ndef mean(xs): return 0"
    assert room.grade(source, handed_in(source, {"mean": fake})).points == {"t-mean": 0.0}
    assert room.grade(source, source).points == {"t-mean": 1.0}
