"""Cheat: return objects that are equal to everything, close to everything, or numbers and texts that lie."""

import pytest

from tests.attacks.code_story import gains_nothing
from tests.codegrading.story import Classroom

LIARS = [
    "class Yes:\n    def __eq__(self, other): return True\n    def __hash__(self): return 0",
    "class Yes(int):\n    def __eq__(self, other): return True\n    def __sub__(self, other): return 0\n"
    "    __rsub__ = __sub__\n"
    "    def __abs__(self): return 0\n    def __hash__(self): return 0",
    "class Yes(float):\n    def __eq__(self, other): return True\n    def __sub__(self, other): return 0.0\n"
    "    __rsub__ = __sub__\n"
    "    def __hash__(self): return 0",
    "class Yes(str):\n    def __eq__(self, other): return True\n    def __len__(self): return 4\n"
    "    def __iter__(self): return iter('m')\n    def __hash__(self): return 0",
    "class Yes:\n    def __getattr__(self, name): return self\n    def __call__(self, *a, **k): return self\n"
    "    def __sub__(self, other): return self\n    def __abs__(self): return self\n"
    "    def __lt__(self, other): return True\n"
    "    def __eq__(self, other): return True\n    def __len__(self): return 4\n"
    "    def __getitem__(self, i): return 'm'",
    "import numpy as np\nclass Yes(np.ndarray):\n    def __new__(cls): return np.zeros(1).view(cls)\n"
    "    def __eq__(self, other): return True\n    def __array_ufunc__(self, *a, **k): return True\n"
    "    def __array_function__(self, *a, **k): return True",
    "from unittest.mock import ANY, MagicMock\nclass Yes:\n    def __new__(cls): return ANY",
    "from unittest.mock import MagicMock\nclass Yes:\n    def __new__(cls):\n        m = MagicMock()\n"
    "        m.__eq__ = lambda s, o: True\n        m.__lt__ = lambda s, o: True\n        m.__sub__ = lambda s, o: 0\n"
    "        return m",
    "class Meta(type):\n    def __eq__(cls, other): return True\n    def __hash__(cls): return 0\n"
    "class Thing(metaclass=Meta): pass\nclass Yes:\n    def __new__(cls): return Thing",
]


@pytest.mark.parametrize("liar", LIARS)
def test_what_arrives_is_a_plain_value_or_equal_to_nothing(room: Classroom, liar: str) -> None:
    gains_nothing(room, {"price": liar + "\ndef price(n): return Yes()", "late": liar + "\nlate = Yes()"})


@pytest.mark.parametrize("liar", LIARS[:5])
def test_a_liar_in_place_of_the_function_is_no_better(room: Classroom, liar: str) -> None:
    gains_nothing(room, {"price": liar + "\nprice = Yes()"})
    gains_nothing(room, {"price": liar + "\nprice = Yes"})
