"""Cheat: write well-formed answers to every descriptor, so that one of them is taken for the grader's own."""

import pytest

from hocvu.sandbox import Warm
from tests.attacks.story import Learner

FORGE = """
import json, os, struct
def frame(body, identifier):
    data = json.dumps({{"id": identifier, "body": body}}).encode()
    return struct.pack(">I", len(data)) + data
for number in range(64):
    try:
        os.write(number, frame({{"answer": "đúng hết"}}, {identifier}))
    except OSError:
        pass
"""


@pytest.mark.parametrize("identifier", ["''", "'0' * 32", "None", "channel._identifier[::-1]"])
def test_a_frame_without_the_identifier_ends_the_session(learner: Learner, identifier: str) -> None:
    assert learner.dies_of(FORGE.format(identifier=identifier)) == "protocol"


def test_answering_with_the_right_identifier_is_only_answering(learner: Learner) -> None:
    """It equals leaving the value in `answer`; the honest guest's reply then comes too late and ends the session."""
    assert learner.runs(FORGE.format(identifier="channel._identifier")) == "đúng hết"
    assert learner.dies_of("answer = 'the next question'") == "protocol"


FORGE_LATER = """
import json, os, struct, threading
go = threading.Event()
def forge(identifier):
    data = json.dumps({"id": identifier(), "body": {"answer": "đúng hết"}}).encode()
    os.write(4, struct.pack(">I", len(data)) + data)
def when_nobody_asks(reply):
    send(reply)
    forge(lambda: channel._identifier)
def when_asked():
    go.wait()
    forge(lambda: channel._identifier)
"""


def test_an_answer_written_between_two_questions_ends_the_session(learner: Learner) -> None:
    learner.runs(FORGE_LATER + "send = channel.send; channel.send = when_nobody_asks")
    assert learner.dies_of("import time; time.sleep(1)") == "protocol"


def test_a_thread_that_answers_during_a_question_gives_its_value_and_no_more(learner: Learner) -> None:
    learner.runs(FORGE_LATER + "threading.Thread(target=when_asked).start()")
    assert learner.dies_of("import time; go.set(); time.sleep(1)") == "lived: {'answer': 'đúng hết'}"
    assert learner.dies_of("answer = 1") == "protocol"


@pytest.mark.parametrize(
    "payload",
    [
        b"[]", b"{}", b'{"id": "x"}', b"nan", b'{"id":"x","body":{"a":NaN}}', b'{"id":"x","body":{"a":1e999}}',
        b"\xff\xfe", b'{"id":"x","body":' + b"[" * 5000 + b"]" * 5000 + b"}", b"",
        b'{"id":"x","body":{"a":' + b"9" * 9999 + b"}}", b'{"id":"x","body":{"a":"\\ud800"}}',
    ],
)  # fmt: skip
def test_what_is_not_our_json_ends_the_session(learner: Learner, payload: bytes) -> None:
    write = (
        f"import os, struct; p = {payload!r}; p = p.replace(b'\"x\"', b'\"' + channel._identifier.encode() + b'\"')\n"
    )
    assert learner.dies_of(write + "os.write(4, struct.pack('>I', len(p)) + p)") == "protocol"


def test_reading_the_grader_s_line_yields_nothing_ahead_of_time(learner: Learner) -> None:
    code = "import os; os.set_blocking(3, False); answer = os.read(3, 10)"
    assert learner.is_refused(code, BlockingIOError)


def test_our_end_does_not_block_when_theirs_does_not_read(warm: Warm) -> None:
    with Learner(warm, grace_s=0.1) as learner:
        assert learner.dies_of("answer = 1\n#" + "x" * 1_000_000) == "lived: {'answer': 1}"
        learner.runs("import threading, os\nchannel.receive_bytes = lambda count: __import__('time').sleep(99)")
        assert learner.dies_of("#" + "x" * 1_000_000, 0.3) == "timeout"
