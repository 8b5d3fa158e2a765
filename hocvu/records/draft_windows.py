"""Several windows on one draft: which window changed what, and the answers that another window's save took over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hocvu.records.tables import Draft

MAX_KEPT = 20  # answers kept per draft
MAX_KEPT_CHARACTERS = 100_000  # of all of them as JSON


@dataclass(frozen=True)
class Window:
    """Who saves. page: the window's own name; base: the revision of each item that it last saw."""

    page: str
    base: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """An answer that another window saved and that gave way to a later save. answer None: there was none."""

    item_id: str
    answer: Any
    saved_at: datetime


def revision_numbers(draft: Draft) -> dict[str, int]:
    """Return how often each item has been changed so far; an item never changed is not named."""
    return {item_id: int(mark["number"]) for item_id, mark in (draft.revisions or {}).items()}


def find_overwritten(draft: Draft, changes: Mapping[str, Any], window: Window) -> tuple[Kept, ...]:
    """Return what these changes would take away from another window, seen by nobody in this one."""
    found = []
    for item_id in _differing(draft, changes):
        mark = (draft.revisions or {}).get(item_id)
        if mark and mark["number"] > window.base.get(item_id, 0) and mark["page"] != window.page:
            found.append(Kept(item_id, draft.answers.get(item_id), datetime.fromisoformat(mark["at"])))
    return tuple(found)


def last_kept(draft: Draft, item_id: str) -> Kept | None:
    """Return the newest answer of the item that had to give way, None if there is none."""
    for one in reversed(draft.history or []):
        if one["item"] == item_id:
            return Kept(item_id, one["answer"], datetime.fromisoformat(one["at"]))
    return None


def mark_changes(draft: Draft, changes: Mapping[str, Any], page: str, now: datetime) -> None:
    """Give every item that really changes its next revision. Before the draft's answers are replaced."""
    numbers, at = revision_numbers(draft), now.astimezone(UTC).isoformat()
    marks = {
        item_id: {"number": numbers.get(item_id, 0) + 1, "at": at, "page": page}
        for item_id in _differing(draft, changes)
    }
    if marks:
        draft.revisions = {**(draft.revisions or {}), **marks}


def keep_overwritten(draft: Draft, kept: tuple[Kept, ...]) -> None:
    """Put these answers into the draft's history; the oldest make room."""
    if not kept:
        return
    new = [{"item": one.item_id, "answer": one.answer, "at": one.saved_at.isoformat()} for one in kept]
    history = [*(draft.history or []), *new][-MAX_KEPT:]
    while len(history) > 1 and len(json.dumps(history)) > MAX_KEPT_CHARACTERS:
        history = history[1:]
    draft.history = history


def _differing(draft: Draft, changes: Mapping[str, Any]) -> list[str]:
    return [item_id for item_id, raw in changes.items() if raw != draft.answers.get(item_id)]
