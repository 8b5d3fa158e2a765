"""Without a sandbox: only on demand, and loud."""

import pytest

from hocvu.sandbox import Warm
from tests.attacks.story import GUEST, Learner


def test_it_warns_in_both_languages(capfd: pytest.CaptureFixture[str]) -> None:
    with Warm(guest=GUEST, unsafe=True) as warm:
        assert warm.layers == ()
    said = capfd.readouterr().err
    assert "KHÔNG CÓ HỘP CÁT" in said and "WITHOUT A SANDBOX" in said


def test_the_sandbox_itself_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with Warm(guest=GUEST) as warm, Learner(warm) as learner:
        learner.error_of("import sys; print(1); print(2, file=sys.__stderr__); import os; os.write(2, b'3')")
    assert capfd.readouterr() == ("", "")


def test_it_speaks_the_same_protocol() -> None:
    with Warm(guest=GUEST, unsafe=True) as warm:
        with Learner(warm, {"a/b": b"x"}, grace_s=0.1) as learner:
            assert learner.runs("answer = open('a/b').read()") == "x"
            assert learner.dies_of("while True: pass", 0.2) == "interrupted: {'error': 'KeyboardInterrupt'}"
            assert learner.dies_of("import os; os._exit(3)") == "exit"
        with Learner(warm, memory_mb=64) as learner:
            folder = learner.runs("import os; answer = os.getcwd()")
            assert learner.is_refused("x = bytearray(1 << 30)", MemoryError)
    with Warm(guest=GUEST, unsafe=True) as warm, Learner(warm) as learner:
        assert learner.runs(f"import os; answer = os.path.exists({folder!r})") is False
