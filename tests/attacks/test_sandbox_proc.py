"""Cheat: find out about other processes, their memory, environment and files through /proc."""

import pytest

from tests.attacks.story import Learner


@pytest.mark.parametrize(
    "path", ["/proc", "/proc/self/mem", "/proc/self/fd", "/proc/self/maps", "/proc/1/root", "/sys"]
)
def test_there_is_no_proc_and_no_sys(learner: Learner, path: str) -> None:
    assert learner.runs(f"import os; answer = os.path.lexists({path!r})") is False


def test_nobody_mounts_one(learner: Learner) -> None:
    code = "import ctypes; answer = ctypes.CDLL(None).mount(b'proc', b'/tmp', b'proc', 0, None)"
    assert learner.runs(code) == -1


def test_there_are_four_devices(learner: Learner) -> None:
    assert learner.runs("import os; answer = sorted(os.listdir('/dev'))") == ["null", "random", "urandom", "zero"]
