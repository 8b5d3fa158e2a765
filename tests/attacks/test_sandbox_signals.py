"""Cheat: stop or kill the processes that watch over me."""

import os

import pytest

from hocvu.sandbox import Warm
from tests.attacks.story import Learner

KILLS = [
    "import os, signal; os.kill(os.getppid(), signal.{name})",
    "import os, signal; os.kill(1, signal.{name})",
    "import os, signal; os.kill(-1, signal.{name})",
    "import os, signal; os.kill(0, signal.{name})",
    "import os, signal; os.killpg(0, signal.{name})",
    "import os, signal; os.kill({ours}, signal.{name})",
]


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSTOP", "SIGTERM"])
@pytest.mark.parametrize("code", KILLS)
def test_no_signal_leaves_the_process(learner: Learner, code: str, name: str) -> None:
    assert learner.is_refused(code.format(name=name, ours=os.getpid()), PermissionError, ProcessLookupError)


def test_signals_by_other_calls_are_refused_too(learner: Learner) -> None:
    code = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
tkill, tgkill, sigqueue, pidfd_open, pidfd_signal = 200, 234, 129, 434, 424
answer = [libc.syscall(tkill, 1, 9), libc.syscall(tgkill, 2, 2, 9), libc.syscall(sigqueue, 1, 9, None),
          libc.syscall(pidfd_open, 1, 0), libc.syscall(pidfd_signal, 3, 9, None, 0)]
"""
    assert learner.runs(code) == [-1] * 5


def test_the_parent_cannot_even_be_named(learner: Learner) -> None:
    assert learner.runs("import os; answer = [os.getpid(), os.getppid()]") == [1, 0]


def test_the_others_go_on(warm: Warm) -> None:
    with Learner(warm) as cheat, Learner(warm) as honest:
        cheat.error_of("import os; os.kill(-1, 9)")
        assert cheat.dies_of("import os; os.abort()") == "killed"
        assert honest.runs("answer = 'còn đây'") == "còn đây"
