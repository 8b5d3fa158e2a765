"""Cheat: take all the memory there is."""

import pytest

from hocvu.sandbox import Warm
from tests.attacks.story import Learner

BOMBS = [
    "x = bytearray(2 << 30)",
    "x = 'a' * (1 << 31)",
    "x = []\nwhile True: x.append(bytearray(16 << 20))",
    "x = 1 << (8 << 30)",
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_too_much_memory_is_an_error_of_the_cell(warm: Warm, bomb: str) -> None:
    with Learner(warm, memory_mb=128) as learner:
        assert learner.is_refused(bomb, MemoryError)
        assert learner.runs("x = None; answer = 'lives'") == "lives"


def test_memory_taken_behind_python_s_back_meets_the_same_limit(warm: Warm) -> None:
    bomb = """
import mmap
x = []
while True:
    x.append(mmap.mmap(-1, 64 << 20))
"""
    with Learner(warm, memory_mb=128) as learner:
        assert learner.is_refused(bomb, OSError, MemoryError)


def test_a_grab_that_ignores_errors_only_ends_its_own_session(warm: Warm) -> None:
    bomb = """
x = []
while True:
    try:
        x.append(bytearray(1 << 20))
    except MemoryError:
        pass
"""
    with Learner(warm, memory_mb=64, grace_s=0.1) as bomber, Learner(warm) as neighbour:
        assert bomber.dies_of(bomb, 1.0).startswith(("timeout", "memory", "exit", "interrupted"))
        assert neighbour.runs("answer = 1") == 1
