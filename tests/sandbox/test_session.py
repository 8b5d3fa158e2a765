"""A session: ask, answer, files, limits, and an end that says why."""

import pytest

from hocvu.sandbox import BadSessionFile, GuestDied, GuestTimeout, Limits, Warm
from tests.attacks.story import Learner


def test_values_cross_both_ways(warm: Warm) -> None:
    value = {"chữ": "Bình dân học vụ số", "số": [1, 2.5, -3, 1e300], "không": None, "đúng": True, "": {}}
    with warm.session() as session:
        assert session.ask({"echo": value}, 5) == {"answer": value}


def test_large_values_cross_in_one_frame(warm: Warm) -> None:
    text = "ă" * 900_000
    with warm.session() as session:
        assert session.ask({"echo": text}, 10) == {"answer": text}


def test_a_session_remembers_until_it_ends(warm: Warm) -> None:
    with Learner(warm) as learner:
        learner.runs("count = 1")
        assert learner.runs("count += 1; answer = count") == 2


def test_files_lie_in_the_working_folder(warm: Warm) -> None:
    files = {"so-lieu.csv": b"a,b\n1,2\n", "thu-muc/con/x.bin": bytes(range(256)), "rong": b""}
    with Learner(warm, files) as learner:
        assert learner.runs("import os; answer = [os.getcwd(), open('so-lieu.csv').read()]") == ["/tmp", "a,b\n1,2\n"]
        assert learner.runs("answer = list(open('thu-muc/con/x.bin', 'rb').read())") == list(range(256))


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", "", "a\0b"])
def test_a_file_outside_the_folder_is_refused(warm: Warm, name: str) -> None:
    with pytest.raises(BadSessionFile, match="không hợp lệ"):
        warm.session({name: b"x"})


def test_files_that_fill_the_folder_are_refused(warm: Warm) -> None:
    with pytest.raises(BadSessionFile, match="quá nhiều"):
        warm.session({"a": bytes(20_000_000)})


def test_an_interrupted_guest_answers_and_goes_on(warm: Warm) -> None:
    with warm.session() as session:
        with pytest.raises(GuestTimeout) as caught:
            session.ask({"code": "while True: pass"}, 0.2)
        assert caught.value.reply == {"error": "KeyboardInterrupt"}
        assert session.ask({"code": "answer = 1"}, 5) == {"answer": 1}


def test_a_killed_session_stays_unusable_and_says_so(warm: Warm) -> None:
    with warm.session(limits=Limits(grace_s=0.1)) as session:
        with pytest.raises(GuestTimeout) as caught:
            session.ask({"code": "import signal; signal.signal(2, signal.SIG_IGN)\nwhile True: pass"}, 0.2)
        assert caught.value.reply is None
        assert "quá thời gian" in caught.value.message
        with pytest.raises(GuestDied):
            session.ask({"code": "answer = 1"}, 5)


def test_a_session_tells_what_it_used(warm: Warm) -> None:
    session = warm.session()
    session.ask({"code": "import time\nt = time.process_time()\nwhile time.process_time() - t < 0.1: pass"}, 5)
    session.close()
    session.close()
    assert session.usage is not None
    assert session.usage.cpu_s >= 0.1
    assert session.usage.memory_mb > 5


def test_a_session_s_own_time_bounds_every_question(warm: Warm) -> None:
    with warm.session(limits=Limits(wall_s=0.3, grace_s=0.1)) as session, pytest.raises(GuestTimeout):
        session.ask({"code": "import signal; signal.signal(2, signal.SIG_IGN)\nwhile True: pass"}, 60)


def test_a_session_that_nobody_asks_anything_ends_by_itself(warm: Warm) -> None:
    with warm.session(limits=Limits(wall_s=0.1, grace_s=0.1)) as session:
        session._leash.settimeout(20)
        assert b'"ended_by": "wall"' in session._leash.recv(4096, 2)  # MSG_PEEK
