"""Cheat: nest without end: brackets, operators, values, exceptions, texts of themselves. What breaks is one's own."""

import pytest

from tests.attacks.code_story import gains_nothing
from tests.codegrading.story import Classroom

SOURCES = {
    "brackets": "late = " + "(" * 50_000 + ")" * 50_000,
    "lists": "late = " + "[" * 3_000 + "]" * 3_000,
    "minuses": "late = " + "-" * 200_000 + "1",
    "attributes": "late = 'x'" + ".lower()" * 50_000,
    "additions": "late = " + "+".join("1" * 60_000),
    "functions": "".join(" " * depth + f"def f{depth}():\n" for depth in range(95)) + " " * 95 + "pass",
    "lambdas": "late = " + "lambda: " * 20_000 + "0",
    "f-strings": "late = " + "f'{" * 3 + "1" + "}'" * 3 + " + '" + "{" * 100_000 + "'",
}
VALUES = {
    "a list in a list": "x = []\n    for _ in range(200_000): x = [x]\n    return x",
    "a list in itself": "x = []\n    x.append(x)\n    return x",
    "a dict in itself": "x = {}\n    x['x'] = x\n    return x",
    "a tuple of one list": "x = [0] * 1000\n    for _ in range(40): x = (x, x)\n    return x",
    "causes": "error = None\n    for _ in range(100_000):\n        made = ValueError()\n"
    "        made.__cause__ = error\n        error = made\n    raise error",
    "a group in a group": "error = ValueError()\n    for _ in range(50_000): error = ExceptionGroup('x', [error])\n"
    "    raise error",
    "a text of itself": "class T:\n        def __repr__(self): return repr(self)\n    return T()",
    "an attribute of itself": "class T:\n        def __getattr__(self, name): return getattr(self, name + 'x')\n"
    "    return T()",
    "recursion": "return price(n + 1)",
    "recursion in C": "return sorted([1, 2], key=price) or price(n)",
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_deep_text_ends_in_the_learners_own_process(room: Classroom, name: str) -> None:
    gains_nothing(room, {"price": SOURCES[name]}, extra={"start": SOURCES[name]}, timeout_s=5)


@pytest.mark.parametrize("name", VALUES)
def test_a_deep_value_is_not_carried(room: Classroom, name: str) -> None:
    gains_nothing(room, {"price": f"def price(n):\n    {VALUES[name]}", "late": "late = price(1)"}, timeout_s=5)
