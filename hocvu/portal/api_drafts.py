"""Saving answers while they are given: acknowledged only once they are stored."""

from fastapi import APIRouter, Request

from hocvu.portal import csrf
from hocvu.portal.access import CheckedLearner, Learner, Running
from hocvu.portal.api_models import DraftAnswer, DraftChanges, Saved, Token, errors
from hocvu.portal.submission import current_draft, find_assignment, keep_draft
from hocvu.portal.words import iso

router = APIRouter(prefix="/api/v1", tags=["answers"], responses=errors(401, 404))


@router.get("/csrf")
def get_csrf(me: Learner) -> Token:
    """The token to send as X-CSRF-Token with every change."""
    return Token(token=csrf.make_token(me.session.csrf))


@router.get("/drafts/{assignment}")
def get_draft(assignment: str, me: Learner, services: Running) -> DraftAnswer:
    """The answers so far, and the seed of this attempt's data. Opens the draft if there is none."""
    found = find_assignment(services, assignment)
    with services.records.session(durable=False) as s:
        draft = current_draft(s, services, me.person.id, found)
    return DraftAnswer(
        assignment=found.slug,
        version=found.spec.version,
        seed=draft.seed,
        answers={item_id: raw for item_id, raw in draft.answers.items() if item_id in found.items},
        saved_at=iso(draft.saved_at) if draft.saved_at else None,
        attempt=draft.attempt_no,
    )


@router.put("/drafts/{assignment}", responses=errors(400, 403, 413, 422))
def put_draft(assignment: str, body: DraftChanges, request: Request, me: CheckedLearner, services: Running) -> Saved:
    """Merge the named answers into the draft. What cannot be understood yet is kept and asked again on submission."""
    found = find_assignment(services, assignment)
    now = services.clock()
    keep_draft(services, me.person.id, found, body.answers, now)
    return Saved(saved_at=iso(now))
