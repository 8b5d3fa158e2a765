"""Cheat: wear the grader out: loops that swallow interrupts, slow cells, floods, hostile values, early ends."""

import json

import pytest

from hocvu.codegrading import NotebookStatus
from tests.attacks.code_story import PRICES, gains_nothing, honest_work_is_graded, submission_gains_nothing
from tests.codegrading.notebooks import code, handed_in
from tests.codegrading.story import Classroom

ENDINGS = [
    "import os; os._exit(0)",
    "import sys; sys.exit(0)",
    "raise SystemExit",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "import os, signal; os.kill(os.getppid(), signal.SIGKILL)",
    "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    "import os\nos.close(3); os.close(4)",
    "x = bytearray(1 << 40)",
    "x = []\nwhile True: x.append(bytearray(1 << 24))",
    "import sys; sys.setrecursionlimit(10 ** 9)\ndef f(): f()\nf()",
    "import threading\n"
    "threads = [threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True) for _ in range(500)]\n"
    "[t.start() for t in threads]",
]


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_end_in_a_cell_or_in_a_call_is_nobodys_points(room: Classroom, ending: str) -> None:
    body = "\n".join("    " + line for line in ending.split("\n"))
    submission_gains_nothing(room, handed_in(PRICES, {"price": f"def price(n):\n{body}", "late": ending}), timeout_s=1)


FLOODS = [
    "print('x' * 100_000_000)",
    "for i in range(300_000): print(i)",
    "import sys\nfor i in range(100_000): print('x', file=(sys.stdout, sys.stderr)[i % 2])",
    "from IPython.display import HTML, display\nfor i in range(2_000): display(HTML('<b>' * 1000))",
    "import os\nfor fd in (1, 2):\n    for _ in range(1000): os.write(fd, b'x' * 100_000)",
    "raise ValueError('x' * 10_000_000)",
    "'x' * 50_000_000",
    "def f(n): return f(n - 1) if n else 1 / 0\nf(900)",
]


@pytest.mark.parametrize("flood", FLOODS)
def test_floods_are_cut(room: Classroom, flood: str) -> None:
    graded = gains_nothing(room, {"price": flood}, timeout_s=5)
    assert len(json.dumps(graded.autograded)) < 3_000_000


VALUES = [
    "x = []\nfor _ in range(100_000): x = [x]",
    "x = {}\nx['x'] = x",
    "x = 'x' * 3_900_000",
    "x = list(range(1_000_000))",
    "x = 10 ** 1_000_000",
    "import numpy as np\nx = np.zeros((3000, 3000))",
    "import numpy as np\nx = np.broadcast_to(np.zeros(1), (10 ** 9, 10 ** 9))",
    "x = range(10 ** 18)",
    "x = ''.join(map(chr, range(0xd800, 0xdfff)))",
    "x = {i * (2 ** 61 - 1) for i in range(20_000)}",
    "class R:\n    def __repr__(self):\n        while True: pass\n    __str__ = __iter__ = __len__ = __repr__\nx = R()",
    "class R:\n    def __repr__(self): return 7\n    def __getattribute__(self, name): raise KeyError(name)\nx = R()",
    "class R(Exception):\n    def __str__(self): raise self\nx = R()",
    "x = (i for i in iter(int, 1))",
]


@pytest.mark.parametrize("value", VALUES)
def test_values_that_are_costly_to_carry_are_not_carried(room: Classroom, value: str) -> None:
    gains_nothing(
        room, {"price": value + "\ndef price(n): return x", "late": "late = x"}, extra={"t-late": "x"}, timeout_s=3
    )


def test_many_slow_cells_meet_the_limit_of_the_whole(room: Classroom) -> None:
    with Classroom(wall_s=3.0) as short:
        made = handed_in(PRICES, {"price": "def price(n): return 0"})
        made["cells"][1:1] = [code(f"import time\ntime.sleep(0.5)  # {n}") for n in range(200)]
        graded = submission_gains_nothing(short, made, timeout_s=1)
        assert graded.status is NotebookStatus.NEEDS_REVIEW
    honest_work_is_graded(room)
