"""Cheat: have the function under test note the hidden inputs and show them: print, raise, warn, keep for later."""

import pytest

from tests.attacks.code_story import ALL_POINTS, HONEST, PRICES, SECRETS, honest_work_is_graded, shows_no_secret
from tests.codegrading.notebooks import Notebook, checks, handed_in, notebook, solution
from tests.codegrading.story import Classroom, seen_by_learner, test_points

NOTE = "import sys\nseen = []\ndef price(n):\n    seen.append(n)\n    {leak}\n    return 3 * n + 11 if n < 100 else 0\n"
LEAKS = [
    "print('thấy', n)",
    "print(n, file=sys.stderr) if n > 100 else 0",
    "if n > 100: raise ValueError(n)",
    "if n > 100: raise type(f'E{n}', (Exception,), {})(n)",
    "if n > 100: raise SystemExit(n)",
    "if n > 100: assert not n, n",
    "import warnings; n > 100 and warnings.warn(str(n))",
    "from IPython.display import display; display(n)",
    "open('seen.txt', 'a').write(f'{n} ')",
    "import os; os.environ['SEEN'] = str(seen)",
    "if n > 100: return type(f'T{n}', (), {'__add__': 1, '__sub__': 1})()",
    "if n > 100: return f'{n}'",
    "import time; n > 100 and time.sleep(99)",
]
LATER = "print(seen)\nprint(open('seen.txt').read())\nimport os; print(os.environ.get('SEEN'))"


@pytest.mark.parametrize("leak", LEAKS)
def test_hidden_inputs_never_come_back(room: Classroom, leak: str) -> None:
    tricky = {"price": NOTE.format(leak=leak), "late": LATER + "\nlate = seen"}
    graded = room.grade(PRICES, handed_in(PRICES, tricky, {"t-hidden": LATER, "t-late": "seen"}), timeout_s=2)
    assert not graded.points["t-hidden"]
    shows_no_secret(graded)
    assert "7351" in str(graded.autograded["cells"])  # the trick did get it; instructors may see that
    honest_work_is_graded(room)


def later_visible_test() -> Notebook:
    return notebook(
        solution("price", HONEST["price"]),
        checks("t-hidden", 1.0, "assert price(2) == 17", "assert price(7351) == 22064"),
        checks("t-next", 1.0, "assert price(1) == 14, price(1)"),
        checks("t-last", 1.0, "str(price(1))"),
        checks("t-minus", 1.0, "assert price(3) - 14 == 6"),
    )


def test_a_later_visible_test_does_not_say_what_was_kept(room: Classroom) -> None:
    source = later_visible_test()
    keep = (
        "seen = []\ndef price(n):\n    seen.append(n)\n    print(seen)\n"
        "    return 17 if n == 2 else type(f'T{seen}', (), {'__sub__': 1})() if n == 3 else str(seen)"
    )
    graded = room.grade(source, handed_in(source, {"price": keep}))
    assert test_points(graded) == {"t-hidden": 0.0, "t-next": 0.0, "t-last": None, "t-minus": None}
    assert "7351" not in seen_by_learner(graded)


def test_nothing_is_kept_for_the_next_submission(room: Classroom) -> None:
    keep = "import builtins, os\n" + NOTE.format(leak="builtins.kept = n; open('/tmp/kept', 'a').write(str(n))")
    room.grade(PRICES, handed_in(PRICES, {"price": keep}))
    look = "import builtins, os\nprint(getattr(builtins, 'kept', None), os.path.exists('/tmp/kept'))"
    graded = room.grade(PRICES, handed_in(PRICES, HONEST | {"price": look + "\n" + HONEST["price"]}))
    assert test_points(graded) == ALL_POINTS
    assert "None False" in str(graded.autograded["cells"])


def test_the_learner_is_never_told_the_hidden_lines(room: Classroom) -> None:
    graded = room.grade(PRICES, handed_in(PRICES, HONEST))
    assert "HIDDEN" not in seen_by_learner(graded) and not any(secret in seen_by_learner(graded) for secret in SECRETS)
