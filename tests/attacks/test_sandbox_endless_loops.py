"""Cheat: never come back."""

import pytest

from hocvu.sandbox import Warm
from tests.attacks.story import Learner

STUBBORN = [
    "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    "while True:\n    try:\n        y = 2\n        while True: x = 1\n    except BaseException: pass",
    "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\nwhile True: pass",
    "import time\nwhile True:\n    try: time.sleep(99)\n    except BaseException: pass",
    "import threading\nwhile True:\n    try: threading.Event().wait()\n    except BaseException: pass",
]


@pytest.mark.parametrize("code", STUBBORN)
def test_who_ignores_the_interrupt_is_killed(warm: Warm, code: str) -> None:
    with Learner(warm, grace_s=0.1) as learner:
        assert learner.dies_of(code, 0.2) == "timeout"
        assert learner.dies_of("answer = 1") == "killed"


@pytest.mark.parametrize("code", ["x = 7 ** (10 ** 9)", "import re; re.match('(a+)+$', 'a' * 40 + 'b')"])
def test_long_work_in_c_comes_back_or_is_killed(warm: Warm, code: str) -> None:
    with Learner(warm, grace_s=0.1) as learner:
        assert learner.dies_of(code, 0.2) in ("timeout", "interrupted: {'error': 'KeyboardInterrupt'}")


def test_a_plain_loop_is_interrupted_and_the_session_goes_on(learner: Learner) -> None:
    assert learner.dies_of("while True: pass", 0.2) == "interrupted: {'error': 'KeyboardInterrupt'}"
    assert learner.runs("answer = 1") == 1


def test_processor_time_is_limited_for_all_cells_together(warm: Warm) -> None:
    with Learner(warm, cpu_s=1, grace_s=0.1) as learner:
        assert learner.dies_of("while True: pass", 8.0) == "cpu"


def test_threads_share_the_processor_time(warm: Warm) -> None:
    spin = "import threading\ndef f():\n    while True: pass\nfor _ in range(4): threading.Thread(target=f).start()"
    with Learner(warm, cpu_s=1) as learner:
        learner.runs(spin)
        assert learner.dies_of("import time; time.sleep(9)", 9.0) == "cpu"


def test_many_short_sleeps_end_with_the_session_s_time(warm: Warm) -> None:
    with Learner(warm, wall_s=0.5, grace_s=0.1) as learner:
        reasons = {learner.dies_of("import time; time.sleep(0.2)", 5.0) for _ in range(6)}
    assert "killed" in reasons and not any(reason.startswith("lived: {'error'") for reason in reasons)
