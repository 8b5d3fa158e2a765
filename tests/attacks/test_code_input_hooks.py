"""Cheat: hook into IPython (input and AST transformers, events, display formatters) to rewrite later cells."""

import pytest

from tests.attacks.code_story import gains_nothing
from tests.codegrading.story import Classroom

WRONG = "def price(n): return 0\nlate = 0\nshell = get_ipython()\n"
HOOKS = [
    "shell.input_transformers_cleanup.append(lambda lines: [] if any('assert' in l for l in lines) else lines)",
    "shell.input_transformers_post.append(lambda lines: ['5.0\\n'])",
    "import ast\nclass NoAsserts(ast.NodeTransformer):\n    def visit_Assert(self, node):\n        return ast.Pass()\n"
    "shell.ast_transformers.append(NoAsserts())",
    "shell.events.register('pre_run_cell', lambda info: open('seen.txt', 'a').write(info.raw_cell))\n"
    "shell.events.register('post_run_cell', lambda result: print(open('seen.txt').read()))",
    "shell.run_cell = lambda *a, **k: type('R', (), {'error_before_exec': None, 'error_in_exec': None})()",
    "shell.display_formatter.formatters['text/plain'].for_type(object, lambda o, p, c: p.text('5.0'))",
    "shell.set_custom_exc((Exception,), lambda *a, **k: None)\nshell.showtraceback = lambda *a, **k: None",
    "import sys\nsys.displayhook = lambda value: None\nsys.excepthook = lambda *a: None",
]


@pytest.mark.parametrize("hook", HOOKS)
def test_hooks_see_only_the_learners_own_cells(room: Classroom, hook: str) -> None:
    gains_nothing(room, {"price": WRONG + hook}, extra={"t-hidden": "print(In)"})
