"""Answers as they come from outside, made storable: no broken characters, no bottomless nesting."""

import re
from collections.abc import Mapping
from typing import Any

from hocvu.portal.errors import ApiError

MAX_DEPTH = 6
MAX_ITEMS = 2_000  # list entries or fields in one answer
# Lone surrogates cannot be written as UTF-8; NUL and other controls no database or page can show.
_BROKEN = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean_text(text: str) -> str:
    """Return the text without characters that cannot be stored or shown."""
    return _BROKEN.sub("", text)


def clean_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with clean texts. Raises ApiError 422 for what no question could have sent."""
    return {clean_text(item_id): _clean(raw, MAX_DEPTH) for item_id, raw in answers.items()}


def _clean(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 2**53:
        return value
    if isinstance(value, float) and abs(value) < 1e300:  # also refuses NaN and the infinities
        return value
    if isinstance(value, list) and depth and len(value) <= MAX_ITEMS:
        return [_clean(part, depth - 1) for part in value]
    if isinstance(value, dict) and depth and len(value) <= MAX_ITEMS:
        return {clean_text(name): _clean(part, depth - 1) for name, part in value.items()}
    raise ApiError(422, "bad_answers", "Có câu trả lời không đúng dạng nên chưa được lưu. Anh/chị trả lời lại câu đó.")
