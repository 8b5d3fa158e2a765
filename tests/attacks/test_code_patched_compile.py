"""Cheat: patch compile, exec, eval, the parser or the warnings, so that tests are compiled into nothing."""

import pytest

from tests.attacks.code_story import gains_nothing
from tests.codegrading.story import Classroom

WRONG = "def price(n): return 0\nlate = 0\nimport builtins\n"
PATCHES = [
    "real = builtins.compile\nbuiltins.compile = lambda s, *a, **k: real('5.0', '<x>', 'exec')",
    "builtins.exec = lambda *a, **k: None\nbuiltins.eval = lambda *a, **k: 5.0",
    "import ast\nast.parse = lambda *a, **k: ast.Module([], [])\nast.walk = lambda n: []",
    "import traceback, sys\nsys.exc_info = lambda: (None, None, None)\ntraceback.format_exc = lambda: ''",
    "builtins.__build_class__ = lambda f, n, *a, **k: int\nbuiltins.print = lambda *a, **k: None",
    "builtins.__import__ = lambda *a, **k: type('M', (), {'__getattr__': lambda s, n: (lambda *a, **k: True)})()",
]


@pytest.mark.parametrize("patch", PATCHES)
def test_tests_are_compiled_elsewhere(room: Classroom, patch: str) -> None:
    gains_nothing(room, {"price": WRONG + patch})
