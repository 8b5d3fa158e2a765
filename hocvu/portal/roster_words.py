"""What happened to the roster, in words for HR."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hocvu.roster.columns import COLUMNS
from hocvu.roster.values import EXEMPTION_NAMES, STATUS_NAMES

TITLES = {column.name: column.title for column in COLUMNS}
WORDS = STATUS_NAMES | EXEMPTION_NAMES


def detail_words(detail: Mapping[str, Sequence[Any]]) -> str:
    """Return {column: [before, after]} as "Chức vụ: trống → Trưởng phòng; …"."""
    return "; ".join(
        f"{TITLES.get(column, column)}: {_word(column, before)} → {_word(column, after)}"
        for column, (before, after) in detail.items()
    )


def day_words(day: date | str | None) -> str:
    """Return a day, or its ISO text, as dd/mm/yyyy; "" for none."""
    if not day:
        return ""
    return f"{date.fromisoformat(day) if isinstance(day, str) else day:%d/%m/%Y}"


def _word(column: str, value: Any) -> str:
    if value in ("", None):
        return "trống"
    if column in ("tu_ngay", "den_ngay"):
        return day_words(value)
    if isinstance(value, bool):
        return "có" if value else "không"
    return WORDS.get(value, str(value))
