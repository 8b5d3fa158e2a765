"""Cheat: end the process, cleanly or not, and hope that no answer counts as a right one."""

import pytest

from tests.attacks.story import Learner

ENDS = {
    "import os; os._exit(0)": {"exit"},
    "import os; os._exit(71)": {"memory"},  # the guest's own word for it; it gains nothing
    "import ctypes; ctypes.CDLL(None).exit(0)": {"exit"},
    "import os; os.abort()": {"killed"},
    "import ctypes; ctypes.string_at(0)": {"killed"},
    "import sys; sys.setrecursionlimit(1 << 30)\ndef f(): return f.__call__()\nf()": {"killed", "memory"},
    "import os; os.close(4); os.close(3)": {"exit", "protocol"},  # whether it ends before we look
    "import os, time; os.close(4); time.sleep(9)": {"protocol"},
    "import os; os.dup2(0, 4)": {"protocol"},
}


@pytest.mark.parametrize("code", ENDS)
def test_leaving_is_an_end_not_an_answer(learner: Learner, code: str) -> None:
    assert learner.dies_of(code, 5.0) in ENDS[code]
    assert learner.dies_of("answer = 1") == "killed"


def test_sys_exit_is_only_an_error_of_the_cell(learner: Learner) -> None:
    assert learner.error_of("import sys; sys.exit(0)") == "SystemExit: 0"
    assert learner.runs("answer = 1") == 1


def test_what_is_registered_for_the_end_runs_behind_the_walls_or_not_at_all(learner: Learner) -> None:
    learner.runs("import atexit; atexit.register(lambda: open('/written', 'w'))")
    assert learner.runs("answer = 1") == 1
