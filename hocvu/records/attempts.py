"""Drafts and attempts: stored before graded, the same submission stored once, every attempt kept."""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hocvu.records.draft_windows import Window, find_overwritten, keep_overwritten, mark_changes
from hocvu.records.failures import BadAnswers, UnknownRecord
from hocvu.records.tables import Attempt, Draft


def open_draft(
    s: Session,
    person_id: str,
    assignment: str,
    *,
    make_seed: Callable[[int], int],
    now: datetime,
    fresh: frozenset[str] = frozenset(),
) -> Draft:
    """Return the person's draft, made when there is none.

    Once the draft's attempt has been graded the next attempt begins: a new seed, the old answers as a start, without
    those of the items in `fresh` (items whose data depend on the seed). make_seed takes the attempt number.
    """
    draft = s.get(Draft, (person_id, assignment), with_for_update=True)
    if draft is None:
        return _first_draft(s, person_id, assignment, make_seed)
    if _is_graded(s, draft):
        draft.attempt_no = _last_attempt_no(s, person_id, assignment) + 1
        draft.seed = make_seed(draft.attempt_no)
        draft.answers = {item: raw for item, raw in draft.answers.items() if item not in fresh}
        draft.saved_at = now if draft.answers else None
        draft.confidence = draft.history = None
        s.flush()
    return draft


def save_draft(
    s: Session,
    person_id: str,
    assignment: str,
    changes: Mapping[str, Any],
    now: datetime,
    *,
    window: Window | None = None,
    confidence: Mapping[str, int | None] | None = None,
) -> Draft:
    """Return the draft with these items changed; None deletes an item's answer, other items stay.

    window: who saves; what another window saved meanwhile goes into the draft's history. confidence: merged likewise.
    Raises UnknownRecord if open_draft was never called, BadAnswers for what JSON cannot hold.
    """
    draft = s.get(Draft, (person_id, assignment), with_for_update=True, populate_existing=True)
    if draft is None:
        raise UnknownRecord(f"{assignment}: this person has no draft. Call open_draft first.")
    canonical_json(dict(changes))
    if window is not None:
        keep_overwritten(draft, find_overwritten(draft, changes, window))
    mark_changes(draft, changes, window.page if window else "", now)
    if confidence:
        sure = {**(draft.confidence or {}), **confidence}
        draft.confidence = {item: step for item, step in sure.items() if step is not None}
    merged = {**draft.answers, **changes}
    draft.answers = {item: raw for item, raw in merged.items() if raw is not None}
    draft.saved_at = now
    s.flush()
    return draft


def store_attempt(
    s: Session,
    person_id: str,
    period_id: str,
    assignment: str,
    version: str,
    answers: Mapping[str, Any],
    seed: int,
    attempt_no: int,
    idempotency_key: str,
    now: datetime,
) -> tuple[Attempt, bool]:
    """Return the stored attempt and whether it is new: the same key or the same content is one attempt.

    Commit before grading. Raises BadAnswers for what JSON cannot hold.
    """
    sha256 = attempt_sha256(assignment, version, seed, answers)
    stored = _find_same(s, person_id, idempotency_key, sha256)
    if stored is not None:
        return stored, False
    attempt = Attempt(
        id=str(uuid.uuid4()),
        person_id=person_id,
        period_id=period_id,
        assignment=assignment,
        version=version,
        attempt_no=attempt_no,
        seed=seed,
        answers=dict(answers),
        confidence=_confidence(s, person_id, assignment, attempt_no, answers),
        sha256=sha256,
        idempotency_key=idempotency_key,
        submitted_at=now,
        graded_at=None,
        engine_version="",
    )
    try:
        with s.begin_nested():
            s.add(attempt)
    except IntegrityError:  # on PostgreSQL another request may have been first; anything else is a real error
        stored = _find_same(s, person_id, idempotency_key, sha256)
        if stored is None:
            raise
        return stored, False
    return attempt, True


def attempt_sha256(assignment: str, version: str, seed: int, answers: Mapping[str, Any]) -> str:
    """The receipt's hash: SHA-256 over the canonical JSON of what was handed in."""
    content = {"answers": dict(answers), "assignment": assignment, "seed": seed, "version": version}
    return hashlib.sha256(canonical_json(content)).hexdigest()


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_json(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: the same value gives the same bytes."""
    try:
        return _CANONICAL.encode(value).encode()
    except (TypeError, ValueError) as error:  # UnicodeEncodeError, a lone surrogate, is a ValueError
        raise BadAnswers(
            "Câu trả lời có ký tự hoặc con số mà hệ thống không lưu được. Anh/chị vui lòng nhập lại."
        ) from error


def find_draft(s: Session, person_id: str, assignment: str) -> Draft | None:
    """The draft as it is, for pages that only look; open_draft is for those that begin or go on."""
    return s.get(Draft, (person_id, assignment))


def find_attempt(s: Session, attempt_id: str) -> Attempt | None:
    return s.get(Attempt, attempt_id)


def list_attempts(s: Session, person_id: str, assignment: str | None = None) -> Sequence[Attempt]:
    """A person's attempts, newest first."""
    query = select(Attempt).where(Attempt.person_id == person_id)
    if assignment is not None:
        query = query.where(Attempt.assignment == assignment)
    return s.scalars(query.order_by(Attempt.submitted_at.desc(), Attempt.attempt_no.desc())).all()


def attempts_of(period_id: str, person_ids: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    """The conditions for these people's attempts in a period, to be put into a query.

    The period is no bare column: without statistics SQLite takes its index, which is the whole city for every batch.
    """
    return (Attempt.person_id.in_(person_ids), Attempt.period_id.concat("") == period_id)


def ungraded_attempts(s: Session, *, limit: int = 1000) -> list[Attempt]:
    """Stored but not graded yet, oldest first: what a restart after a crash has to finish."""
    query = select(Attempt).where(Attempt.graded_at.is_(None)).order_by(Attempt.submitted_at, Attempt.id).limit(limit)
    return list(s.scalars(query))


def _first_draft(s: Session, person_id: str, assignment: str, make_seed: Callable[[int], int]) -> Draft:
    attempt_no = _last_attempt_no(s, person_id, assignment) + 1
    draft = Draft(
        person_id=person_id,
        assignment=assignment,
        attempt_no=attempt_no,
        seed=make_seed(attempt_no),
        answers={},
        saved_at=None,
    )
    try:
        with s.begin_nested():
            s.add(draft)
    except IntegrityError:  # another request opened it first, or the person is unknown
        stored = s.get(Draft, (person_id, assignment))
        if stored is None:
            raise
        return stored
    return draft


def _confidence(
    s: Session, person_id: str, assignment: str, attempt_no: int, answers: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return how sure the person is of what is handed in, as the draft of this attempt says."""
    draft = s.get(Draft, (person_id, assignment))
    if draft is None or draft.attempt_no != attempt_no or not draft.confidence:
        return None
    return {item: step for item, step in draft.confidence.items() if item in answers} or None


def _is_graded(s: Session, draft: Draft) -> bool:
    query = select(Attempt.id).where(
        Attempt.person_id == draft.person_id,
        Attempt.assignment == draft.assignment,
        Attempt.attempt_no >= draft.attempt_no,
        Attempt.graded_at.is_not(None),
    )
    return s.scalars(query.limit(1)).first() is not None


def _last_attempt_no(s: Session, person_id: str, assignment: str) -> int:
    query = select(func.max(Attempt.attempt_no)).where(Attempt.person_id == person_id, Attempt.assignment == assignment)
    return s.scalar(query) or 0


def _find_same(s: Session, person_id: str, idempotency_key: str, sha256: str) -> Attempt | None:
    query = select(Attempt).where(
        Attempt.person_id == person_id,
        or_(Attempt.idempotency_key == idempotency_key, Attempt.sha256 == sha256),
    )
    same = s.scalars(query).all()  # at most two: one by key, another by content; the key decides
    return next((attempt for attempt in same if attempt.idempotency_key == idempotency_key), same[0] if same else None)
