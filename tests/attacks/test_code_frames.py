"""Cheat: walk frames, the garbage collector and the modules for the tests, their callers and the expected values."""

import pytest

from tests.attacks.code_story import PRICES, SECRETS, gains_nothing, shows_no_secret
from tests.codegrading.notebooks import handed_in
from tests.codegrading.story import Classroom, seen_by_learner

WALKS = [
    "import sys\ndef price(n):\n    frame, seen = sys._getframe(), []\n    while frame:\n"
    "        seen.append((frame.f_code.co_consts, list(frame.f_locals)))\n        frame = frame.f_back\n"
    "    globals().setdefault('seen', []).append(repr(seen))\n    return 3 * n + 11 if n < 5 else 0",
    "import gc, types\nwanted = int('07292'[::-1])\ndef price(n):\n"
    "    seen = [o.co_consts for o in gc.get_objects() if isinstance(o, types.CodeType)]\n"
    "    globals()['seen'] = [c for c in seen if wanted in c]\n    return 3 * n + 11 if n < 5 else 0",
    "import gc\ndef price(n):\n"
    "    globals()['seen'] = [s for s in gc.get_objects() if isinstance(s, (str, dict, list))\n"
    "        and ('HIDDEN' in s or 'first_hidden' in s)][:5]\n    return 3 * n + 11 if n < 5 else 0",
    "import linecache, sys\ndef price(n):\n"
    "    globals()['seen'] = repr(linecache.cache)[:100000] + repr(sorted(sys.modules))\n"
    "    return 3 * n + 11 if n < 5 else 0",
    "import ctypes, sys\ndef price(n):\n    try:\n        globals()['seen'] = open('/proc/self/mem', 'rb').read(9)\n"
    "    except OSError as e:\n        globals()['seen'] = e\n    return 3 * n + 11 if n < 5 else 0",
]


@pytest.mark.parametrize("walk", WALKS)
def test_there_is_no_test_to_be_found_in_the_learners_process(room: Classroom, walk: str) -> None:
    graded = room.grade(PRICES, handed_in(PRICES, {"price": walk}, {"t-late": "print(seen)\nseen"}))
    assert graded.points["t-hidden"] == 0.0 and graded.points["t-open"] == 2.0
    shows_no_secret(graded)
    for expected in SECRETS[5:]:  # expected values are nowhere, not even in what only instructors see
        assert expected not in str([cell.get("outputs") for cell in graded.autograded["cells"]])
    assert "BEGIN HIDDEN" not in seen_by_learner(graded)


def test_a_caller_cannot_be_patched(room: Classroom) -> None:
    patch = (
        "import sys, ctypes\ndef price(n):\n    frame = sys._getframe()\n    while frame:\n"
        "        frame.f_globals.update(close=lambda a, b: True, bool=lambda x: True, points=5)\n"
        "        frame.f_locals.update(reply={'value': 3 * n})\n"
        "        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(1))\n"
        "        frame = frame.f_back\n    return 0"
    )
    gains_nothing(room, {"price": patch})
