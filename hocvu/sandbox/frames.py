"""Length-prefixed JSON frames between us and a guest.

A guest shares its process with learner code, so a frame proves nothing about who wrote it. What is checked here only
keeps *us* safe: size, nesting and plain finite values; the identifier, fresh for each request, sees to it that what
was written before a question was asked is never taken for its answer. A reply is a claim, a value like any
other; whoever reads it compares it with what the guest was never told.
"""

import json
import re
import struct
from typing import Any, NoReturn

HEADER = struct.Struct(">I")
MAX_DEPTH = 64  # notebook outputs need about ten
MAX_CONTAINERS = 1_000_000  # an empty list costs 56 bytes of ours for 3 of theirs

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_HUGE_EXPONENT = re.compile(rb"[eE]\+?\d{3}")


class BadFrame(ValueError):
    """A frame is not the JSON we agreed on."""


def encode_frame(identifier: str, body: dict[str, Any]) -> bytes:
    """Return one frame; raises TypeError or ValueError if `body` is more than plain finite JSON.

    A lone surrogate, which UTF-8 cannot carry, becomes "?".
    """
    text = json.dumps({"id": identifier, "body": body}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    payload = text.encode("utf-8", "replace")
    return HEADER.pack(len(payload)) + payload


def decode_payload(payload: bytes) -> tuple[str, dict[str, Any]]:
    """Return identifier and body of a frame without its header; raises BadFrame for anything we did not agree on."""
    if payload.count(b"[") + payload.count(b"{") > MAX_CONTAINERS:
        raise BadFrame("too many lists or objects")
    parse_float = _finite if _HUGE_EXPONENT.search(payload) else None
    try:
        envelope = json.loads(payload.decode("utf-8"), parse_constant=_no_constant, parse_float=parse_float)
    except (ValueError, RecursionError) as error:
        raise BadFrame(str(error)) from None
    if type(envelope) is not dict or set(envelope) != {"id", "body"}:
        raise BadFrame("not an envelope")
    identifier, body = envelope["id"], envelope["body"]
    if type(identifier) is not str or type(body) is not dict:
        raise BadFrame("not an envelope")
    _check_depth(body)
    if _SURROGATE.search(payload):
        _check_text(body)
    return identifier, body


def _check_depth(body: dict[str, Any]) -> None:
    level: list[Any] = [body]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for parent in level
            for child in (parent.values() if type(parent) is dict else parent)
            if type(child) in (dict, list)
        ]
        if not level:
            return
    raise BadFrame(f"nested deeper than {MAX_DEPTH}")


def _check_text(body: dict[str, Any]) -> None:
    """Raise BadFrame if any text holds half a character: it could not be stored or shown."""
    try:
        json.dumps(body, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadFrame(str(error)) from None


def _no_constant(text: str) -> NoReturn:
    raise BadFrame(f"{text} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise BadFrame(f"{text[:20]} is not finite")
    return number
