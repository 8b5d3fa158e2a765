"""Cheat: leave something behind that acts later: exit handlers, finalisers, threads, signal handlers, timers."""

import pytest

from tests.attacks.code_story import gains_nothing
from tests.codegrading.story import Classroom

WRONG = "def price(n): return 0\nlate = 0\n"
REPLY = 'import os, struct\ndata = b\'{"id":"","body":{"status":"passed","result":{"number":5}}}\'\n'
LEFTOVERS = [
    "import atexit\natexit.register(lambda: open('result.json', 'w').write('100'))",
    "class Bye:\n    def __del__(self):\n        import os; os._exit(0)\nbye = Bye()",
    "import weakref\nclass A: pass\na = A()\nweakref.finalize(a, print, 5.0)",
    "import signal\nsignal.signal(signal.SIGINT, lambda *a: None)\nsignal.signal(signal.SIGTERM, lambda *a: None)",
    "import threading, time\ndef rebind():\n    while True:\n"
    "        globals().update(close=lambda a, b: True, points=5)\n"
    "        time.sleep(0.001)\nthreading.Thread(target=rebind, daemon=True).start()",
    REPLY
    + "import threading\ndef flood():\n    for fd in range(3, 9):\n        for _ in range(50):\n            try:\n"
    "                os.write(fd, struct.pack('>I', len(data)) + data)\n            except OSError:\n"
    "                break\n"
    "threading.Thread(target=flood, daemon=True).start()\nimport time; time.sleep(0.1)",
    "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)\n"
    "signal.signal(signal.SIGALRM, lambda s, f: f.f_globals.update(close=lambda a, b: True))",
    "import sys\nsys.setprofile(lambda *a: None)\n"
    "sys.settrace(lambda frame, *a: frame.f_globals.update(points=5) or None)",
]


@pytest.mark.parametrize("trick", LEFTOVERS)
def test_what_is_left_behind_changes_no_grade(room: Classroom, trick: str) -> None:
    gains_nothing(room, {"price": WRONG + trick})
