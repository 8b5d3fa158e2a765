"""Cheat: take over our own code in the learner's process, and answer whatever is asked as one likes."""

import json

import pytest

from hocvu.codegrading import NotebookStatus
from tests.attacks.code_story import gains_nothing
from tests.codegrading.story import Classroom

TAKE_OVER = (
    "import hocvu.codegrading.learner_side as side\ndef answer(self, message): return {reply}\n"
    "side.LearnerSide.answer = answer\nside.LearnerSide.run = answer"
)
REPLIES = [
    "{'ok': True}",
    "{'status': 'passed', 'result': {'number': 5.0}}",
    "{'value': True, 'ok': True, 'outputs': []}",
    "{'value': 14, 'ok': True}",
    "{'ask': {'op': 'lookup', 'name': 'x'}, 'hidden': False}",
    "{'callback': 0, 'args': [], 'kwargs': {}}",
    "{'value': {'t': 'handle', 'id': 1, 'type': 'function', 'kind': 'function', 'callable': True, 'operators': []}}",
    "{'value': {'t': 'handle', 'id': 1, 'kind': 'class', 'exception': {'name': 'E', 'base': 'AssertionError'}}}",
    "{'error': {'base': 'NotByValue', 'evalue': 'x'}}",
    "{'error': {'base': 'KeyboardInterrupt'}, 'absent': True}",
    "{'error': 5}",
    "{'outputs': 5, 'value': {'t': 'frame'}, 'changed': {'0': 5, 'x': []}}",
    "{'value': {'t': 'tuple', 'v': [1] * 150000}}",
    "{'value': {'t': 'nd', 'dtype': '<f8', 'shape': [2000000], 'v': ''}}",
    "{'value': {'t': 'int', 'v': '0x' + 'f' * 500000}}",
    "{'value': {'t': 'decimal', 'v': '1e999999'}}",
]


@pytest.mark.parametrize("reply", REPLIES)
def test_a_guest_that_answers_at_will_gains_nothing(room: Classroom, reply: str) -> None:
    gains_nothing(room, {"price": TAKE_OVER.format(reply=reply)}, timeout_s=3)


FRAMES = [
    b"5.0",
    json.dumps({"id": "", "body": {"ok": True}}).encode(),
    json.dumps({"id": "", "body": {"status": "passed", "result": {"number": 5}}}).encode(),
]


@pytest.mark.parametrize("frame", FRAMES)
def test_frames_written_before_anything_was_asked_end_the_session(room: Classroom, frame: bytes) -> None:
    send = "os.write(4, struct.pack('>I', len(frame)) + frame)\ndef price(n): return 0"
    write = f"import os, struct\nframe = {frame!r}\n{send}"
    graded = gains_nothing(room, {"price": write})
    assert graded.status is NotebookStatus.NEEDS_REVIEW
