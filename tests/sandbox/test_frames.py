"""Frames: whatever is plain JSON comes back as it was; whatever is not is refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.sandbox.frames import HEADER, MAX_DEPTH, BadFrame, decode_payload, encode_frame

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=10)


def decode(frame: bytes) -> tuple[str, dict[str, Any]]:
    (length,) = HEADER.unpack(frame[: HEADER.size])
    assert length == len(frame) - HEADER.size
    return decode_payload(frame[HEADER.size :])


@settings(max_examples=60, deadline=None)  # the machine may be busy
@given(st.dictionaries(TEXTS, VALUES))
def test_plain_json_comes_back_as_it_was(body: dict[str, Any]) -> None:
    assert decode(encode_frame("số-1", body)) == ("số-1", body)


@settings(max_examples=60, deadline=None)  # the machine may be busy
@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_refused(payload: bytes) -> None:
    try:
        identifier, body = decode_payload(payload)
    except BadFrame:
        return
    assert type(identifier) is str and type(body) is dict


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"x", object()])
def test_what_json_cannot_say_is_not_sent(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        encode_frame("1", {"value": value})


def nested(depth: int) -> dict[str, Any]:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return {"value": value}


def test_nesting_is_bounded() -> None:
    assert decode(encode_frame("1", nested(MAX_DEPTH - 1)))[1] == nested(MAX_DEPTH - 1)
    with pytest.raises(BadFrame, match="nested"):
        decode(encode_frame("1", nested(MAX_DEPTH)))


def test_a_small_frame_cannot_cost_us_much_memory() -> None:
    with pytest.raises(BadFrame, match="too many"):
        decode_payload(b'{"id":"1","body":{"a":[' + b"[]," * 1_100_000 + b"1]}}")


def test_half_a_character_becomes_a_question_mark() -> None:
    assert decode(encode_frame("1", {"text": "a\ud800b"}))[1] == {"text": "a?b"}
