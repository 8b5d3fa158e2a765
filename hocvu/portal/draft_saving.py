"""Saving from one of several windows: the last save wins, the other window's answer is kept and can be brought back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hocvu.portal.clean import clean_answers
from hocvu.portal.errors import ApiError
from hocvu.portal.services import Assignment, Services
from hocvu.portal.submission import current_draft
from hocvu.records import Draft, Kept, Window, find_overwritten, last_kept, save_draft


class OtherAttempt(ApiError):
    """The window still shows an attempt that has been handed in; nothing of it goes into the next one unasked."""

    def __init__(self) -> None:
        super().__init__(
            409,
            "other_attempt",
            "Bài này đã được nộp ở một cửa sổ khác nên phần vừa sửa chưa được lưu. "
            "Anh/chị tải lại trang để sang lượt mới.",
        )


@dataclass(frozen=True)
class Changes:
    """What a window sends. attempt_no: the attempt it shows, None if it does not say; window None: no window at all."""

    answers: Mapping[str, Any]
    confidence: Mapping[str, int | None] = field(default_factory=dict)
    window: Window | None = None
    attempt_no: int | None = None


def save_changes(
    services: Services, person_id: str, assignment: Assignment, changes: Changes, now: datetime
) -> tuple[Draft, tuple[Kept, ...]]:
    """Return the draft as it is now, and the answers of other windows that gave way.

    Raises OtherAttempt, UnknownItem, ApiError 422.
    """
    clean = clean_answers(changes.answers)
    for item_id in (*clean, *changes.confidence):
        assignment.spec.item(item_id)
    with services.records.session(durable=False) as s:
        draft = current_draft(s, services, person_id, assignment)
        if changes.attempt_no not in (None, draft.attempt_no):
            raise OtherAttempt
        overwritten = find_overwritten(draft, clean, changes.window) if changes.window else ()
        saved = save_draft(
            s, person_id, assignment.slug, clean, now, window=changes.window, confidence=changes.confidence
        )
        return saved, overwritten


def restore_kept(
    services: Services, person_id: str, assignment: Assignment, item_id: str, page: str, now: datetime
) -> bool:
    """Bring back the item's answer that gave way last; the one it replaces is kept in its stead."""
    with services.records.session(durable=False) as s:
        draft = current_draft(s, services, person_id, assignment)
        kept = last_kept(draft, item_id)
        if kept is None:
            return False
        stranger = Window(f"{page}:before")  # so that the answer of this very window counts as another's
        save_draft(s, person_id, assignment.slug, {item_id: kept.answer}, now, window=stranger)
    return True
