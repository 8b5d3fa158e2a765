"""Cheat: drown the grader in output."""

from hocvu.sandbox import Warm
from tests.attacks.story import Learner


def test_the_standard_streams_lead_nowhere(learner: Learner) -> None:
    flood = "import os\nfor _ in range(100): os.write(1, bytes(1 << 20)); os.write(2, bytes(1 << 20))\nanswer = 'done'"
    assert learner.runs(flood) == "done"


def test_a_reply_over_the_limit_is_not_sent_by_an_honest_guest(warm: Warm) -> None:
    with Learner(warm, reply_bytes=10_000) as learner:
        assert learner.is_refused("answer = 'x' * 20_000", ValueError, type("ReplyTooLarge", (ValueError,), {}))
        assert learner.runs("answer = 1") == 1


def test_a_frame_that_announces_gigabytes_ends_the_session_at_once(learner: Learner) -> None:
    assert learner.dies_of("import os; os.write(4, b'\\xff\\xff\\xff\\xff')") == "output"


def test_a_flood_into_the_line_ends_the_session(warm: Warm) -> None:
    with Learner(warm, grace_s=0.1) as learner:
        assert learner.dies_of("import os\nwhile True: os.write(4, bytes(1 << 16))", 2.0) in ("protocol", "output")


def test_half_a_frame_is_waited_for_no_longer_than_any_reply(warm: Warm) -> None:
    with Learner(warm, grace_s=0.1) as learner:
        trickle = (
            "import os, time\nos.write(4, b'\\x00\\x00\\x10\\x00')\nwhile True: os.write(4, b' '); time.sleep(0.05)"
        )
        assert learner.dies_of(trickle, 0.4) == "timeout"
