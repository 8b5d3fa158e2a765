"""Saving answers while they are given: acknowledged only once they are stored."""

from dataclasses import asdict

from fastapi import APIRouter, Request

from hocvu.portal import csrf
from hocvu.portal.access import CheckedLearner, Learner, Running
from hocvu.portal.api_models import DraftAnswer, DraftChanges, Limits, Overwritten, Saved, Token, errors
from hocvu.portal.attempt_gate import attempt_note
from hocvu.portal.draft_saving import Changes, save_changes
from hocvu.portal.exercise_form import read_items
from hocvu.portal.submission import current_draft, find_assignment
from hocvu.portal.words import iso
from hocvu.records import Window, revision_numbers

router = APIRouter(prefix="/api/v1", tags=["answers"], responses=errors(401, 404))


@router.get("/csrf")
def get_csrf(me: Learner) -> Token:
    """The token to send as X-CSRF-Token with every change."""
    return Token(token=csrf.make_token(me.session.csrf), person=me.person.id)


@router.get("/drafts/{assignment}")
def get_draft(assignment: str, me: Learner, services: Running) -> DraftAnswer:
    """The answers so far, and the seed of this attempt's data. Opens the draft if there is none."""
    found = find_assignment(services, assignment)
    with services.records.session(durable=False) as s:
        draft = current_draft(s, services, me.person.id, found)
    note = attempt_note(services, me.person.id, found)
    return DraftAnswer(
        assignment=found.slug,
        version=found.spec.version,
        seed=draft.seed,
        answers={item_id: raw for item_id, raw in draft.answers.items() if item_id in found.items},
        saved_at=iso(draft.saved_at) if draft.saved_at else None,
        attempt=draft.attempt_no,
        revisions=revision_numbers(draft),
        confidence=draft.confidence or {},
        limits=Limits(**asdict(note)) if note else None,
    )


@router.put("/drafts/{assignment}", responses=errors(400, 403, 409, 413, 422), response_model_exclude_unset=True)
def put_draft(assignment: str, body: DraftChanges, request: Request, me: CheckedLearner, services: Running) -> Saved:
    """Merge the named answers into the draft. What cannot be understood yet is kept and asked again on submission.

    409 `other_attempt`: the window shows an attempt that has been handed in.
    """
    found = find_assignment(services, assignment)
    now = services.clock()
    changes = Changes(
        answers={**read_items(found, body.items, body.fields), **body.answers},
        confidence=body.confidence,
        window=Window(body.page, body.base) if body.base is not None else None,
        attempt_no=body.attempt,
    )
    draft, overwritten = save_changes(services, me.person.id, found, changes, now)
    if changes.window is None:
        return Saved(ok=True, saved_at=iso(now))
    numbers = revision_numbers(draft)
    return Saved(
        ok=True,
        saved_at=iso(now),
        revisions={item_id: numbers.get(item_id, 0) for item_id in changes.answers},
        overwrite={one.item_id: Overwritten(answer=one.answer, saved_at=iso(one.saved_at)) for one in overwritten},
    )
