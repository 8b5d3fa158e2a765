"""Outputs as they may be stored and shown: what a guest sent, rebuilt from text, checked pictures and bare tables.

Formgrader and feedback put text/html, SVG, Markdown and JavaScript into a page as they are; so none of these is kept
from a learner, except tables of which only the table tags remain.
"""

import base64
import binascii
import re
from functools import lru_cache
from typing import Any

import bleach

from hocvu.codegrading.grades import Output

MAX_LINES = 1000  # nbgrader's LimitOutput
MAX_TRACEBACK = 100
MAX_OUTPUTS = 200
MAX_TEXT = 210_000
MAX_HTML = 60_000
MAX_PICTURE = 1_500_000
TRUNCATED = "... Output truncated ..."
TABLE_TAGS = frozenset(
    {"table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "b", "i", "em", "strong", "br", "p"}
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_ESCAPE = re.compile(r"\x1b(?!\[[0-9;]{0,20}m)")
_INVISIBLE = re.compile(r"<(style|script|head|title|template|svg|math)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def clean_outputs(claimed: Any, count: int | None = None) -> list[Output]:
    """Return well-formed, bounded, harmless nbformat outputs of whatever a guest sent. count: the cell's In[number]."""
    cleaned: list[Output] = []
    for output in (claimed if isinstance(claimed, list) else [])[:MAX_OUTPUTS]:
        made = _clean(output, count) if isinstance(output, dict) else None
        if made is not None:
            cleaned.append(made)
    return _limit_lines(cleaned)


def _clean(output: dict[str, Any], count: int | None) -> Output | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(output.get("text"))}
    if kind == "error":
        lines = output.get("traceback")
        trace = [_text(line) for line in lines[: 4 * MAX_TRACEBACK]] if isinstance(lines, list) else []
        told = {"ename": _text(output.get("ename"))[:200], "evalue": _text(output.get("evalue"))[:5000]}
        return {"output_type": "error", **told, "traceback": _limit_trace(trace)}
    if kind not in ("display_data", "execute_result") or not isinstance(output.get("data"), dict):
        return None
    made: Output = {"output_type": kind, "data": _clean_data(output["data"]), "metadata": {}}
    return made | ({"execution_count": count} if kind == "execute_result" else {})


def _clean_data(data: dict[str, Any]) -> dict[str, str]:
    made: dict[str, str] = {}
    for kind, magic in _MAGIC.items():
        picture = data.get(kind)
        if isinstance(picture, str) and _is_picture(picture, magic):
            made[kind] = "".join(picture.split())
    table = clean_table(data.get("text/html"))
    if table:
        made["text/html"] = table
    made["text/plain"] = _text(data.get("text/plain"))
    return made


def clean_table(html: Any) -> str:
    """Return a table with nothing but table tags and text; "" if there is no table in it or it is too long."""
    return _bare_table(html) if isinstance(html, str) and "<table" in html and len(html) <= MAX_HTML else ""


@lru_cache(maxsize=32)  # a class shows the same table again and again: the data that everybody was given
def _bare_table(html: str) -> str:
    cleaned: str = bleach.clean(_INVISIBLE.sub("", _text(html)), tags=TABLE_TAGS, attributes={}, strip=True)
    return cleaned.strip()


def _is_picture(text: str, magic: bytes) -> bool:
    if len(text) > MAX_PICTURE:
        return False
    try:
        return base64.b64decode("".join(text.split()), validate=True).startswith(magic)
    except (binascii.Error, ValueError):
        return False


def _text(value: Any) -> str:
    """Return text without control characters, except colours, and without bidirectional overrides."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "".join(value)
    if not isinstance(value, str):
        return ""
    if len(value) > MAX_TEXT:
        value = value[:MAX_TEXT] + "\n" + TRUNCATED
    return _ESCAPE.sub("", _CONTROL.sub("", value)).encode("utf-8", "replace").decode()


def _limit_lines(outputs: list[Output]) -> list[Output]:
    """Keep the first 1,000 lines of streams, as nbgrader's LimitOutput does."""
    kept, length = [], 0
    for output in outputs:
        if output["output_type"] == "stream":
            if length == MAX_LINES:
                continue
            lines = output["text"].split("\n")
            if len(lines) + length > MAX_LINES:
                lines = [*lines[: MAX_LINES - length - 1], TRUNCATED]
            length += len(lines)
            output = output | {"text": "\n".join(lines)}
        kept.append(output)
    return kept


def _limit_trace(trace: list[str]) -> list[str]:
    if len(trace) <= MAX_TRACEBACK:
        return trace
    half = MAX_TRACEBACK // 2
    return [*trace[:half], "... Traceback truncated ...", *trace[-(MAX_TRACEBACK - half - 1) :]]
