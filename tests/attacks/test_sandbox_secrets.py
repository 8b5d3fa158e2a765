"""Cheat: find keys and tokens in the environment, in memory or in what an earlier session left there."""

import os

import pytest

from hocvu.sandbox import Warm
from tests.attacks.story import GUEST, Learner

SEARCH = """
import ctypes, gc, sys
def search():
    needle = bytes(byte ^ 1 for byte in {mask!r})  # never whole in this source
    things = gc.get_objects() + list(vars(sys).values())
    return [repr(type(thing)) for thing in things if needle in repr(thing).encode("utf-8", "replace")]
answer = search()
"""


def search_for(secret: str) -> str:
    return SEARCH.format(mask=bytes(byte ^ 1 for byte in secret.encode()))


def test_nothing_of_our_environment_goes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOCVU_SECRET_HEX", "0123456789abcdef")
    monkeypatch.setenv("DATABASE_PASSWORD", "mật khẩu")
    with Warm(guest=GUEST) as warm, Learner(warm) as learner:
        seen = learner.runs("import os; answer = dict(os.environ)")
        raw = learner.runs(
            "import ctypes; e = ctypes.c_void_p.in_dll(ctypes.CDLL(None), 'environ').value; answer = e != 0"
        )
    assert raw
    assert "HOCVU_SECRET_HEX" not in seen and "DATABASE_PASSWORD" not in seen
    assert not set(seen.values()) & {value for value in os.environ.values() if len(value) > 8}


def test_the_command_line_tells_nothing(learner: Learner) -> None:
    assert learner.runs("import sys; answer = [a for a in sys.argv if 'secret' in a or 'key' in a]") == []


def test_what_one_session_was_given_is_in_no_later_memory(warm: Warm) -> None:
    secret = "khoa-bi-mat-7391"
    with Learner(warm, {"a.txt": secret.encode()}) as first:
        assert first.runs(f"kept = open('a.txt').read(); {secret!r}; answer = kept") == secret
        assert first.runs(search_for(secret)) != []
    with Learner(warm) as second:
        assert second.runs(search_for(secret)) == []
        assert second.is_refused("kept", NameError)


def test_sessions_side_by_side_do_not_hold_each_other_s_lines(warm: Warm) -> None:
    look = """
import os
answer = []
for number in range(256):
    try:
        os.fstat(number)
        answer.append(number)
    except OSError:
        pass
"""
    with Learner(warm), Learner(warm), Learner(warm) as third:
        assert third.runs(look) == [0, 1, 2, 3, 4]
