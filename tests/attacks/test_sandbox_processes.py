"""Cheat: start programs, outlive the session as a daemon, or exhaust the machine with processes and threads."""

import pytest

from hocvu.sandbox import Warm
from tests.attacks.story import Learner, needs_root, processes_of

STARTS = [
    "import os; os.fork()",
    "import os; os.forkpty()",
    "import os; os.execv('/lib64/ld-linux-x86-64.so.2', ['x'])",
    "import os; os.posix_spawn('/lib64/ld-linux-x86-64.so.2', ['x'], {})",
    "import subprocess, sys; subprocess.run(['/lib64/ld-linux-x86-64.so.2'])",
    "import multiprocessing as m; m.get_context('fork').Process(target=print).start()",
]


@pytest.mark.parametrize("start", STARTS)
def test_no_second_process(learner: Learner, start: str) -> None:
    assert learner.is_refused(start, PermissionError, OSError)


def test_a_fork_bomb_stays_one_process(warm: Warm) -> None:
    bomb = """
import os
answer = 0
for _ in range(500):
    try:
        os.fork()
        answer += 1
    except OSError:
        pass
"""
    with Learner(warm) as learner:
        assert learner.runs(bomb) == 0
        assert len(processes_of(warm)) == 1


@needs_root
def test_a_thread_bomb_meets_the_limit_and_its_session_only(warm: Warm) -> None:
    bomb = """
import threading
threading.stack_size(65536)
gate = threading.Event()
answer = 0
try:
    for _ in range(2000):
        threading.Thread(target=gate.wait, daemon=True).start()
        answer += 1
except RuntimeError:
    pass
"""
    with Learner(warm, threads=64) as bomber, Learner(warm) as neighbour:
        assert 30 < bomber.runs(bomb) < 64
        assert neighbour.runs(bomb.replace("2000", "10")) == 10


def test_a_daemon_does_not_get_off_the_ground(warm: Warm) -> None:
    with Learner(warm) as learner:
        assert learner.is_refused("import os; os.setsid()")
        assert learner.is_refused("import os; os.fork()")
        assert len(processes_of(warm)) == 1
    assert processes_of(warm) == []


def test_when_a_session_ends_everything_of_it_has_ended(warm: Warm) -> None:
    threads = "import threading, time\nfor _ in range(20): threading.Thread(target=time.sleep, args=(99,)).start()"
    with Learner(warm) as learner:
        learner.runs(threads)
        assert len(processes_of(warm)) == 1
    assert processes_of(warm) == []


def test_when_a_session_is_killed_everything_of_it_has_ended(warm: Warm) -> None:
    stubborn = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile 1: pass"
    with Learner(warm, grace_s=0.1) as learner:
        assert learner.dies_of(stubborn, 0.2) == "timeout"
        assert processes_of(warm) == []
