"""Handing in: one receipt per Idempotency-Key, however often the call is repeated."""

from typing import Annotated

from fastapi import APIRouter, Header

from hocvu.portal.access import CheckedLearner, Running
from hocvu.portal.api_models import ReceiptAnswer, Submission, Submitted, errors
from hocvu.portal.errors import ApiError
from hocvu.portal.submission import NothingAnswered, UnreadableAnswers, submit
from hocvu.portal.words import iso

router = APIRouter(prefix="/api/v1", tags=["answers"], responses=errors(400, 401, 403, 404, 413, 422))

IdempotencyKey = Annotated[
    str,
    Header(alias="Idempotency-Key", pattern=r"^[A-Za-z0-9._-]{8,128}$", description="a fresh UUID per submission"),
]


@router.post("/submissions/{assignment}", status_code=201)
def post_submission(
    assignment: str, body: Submission, key: IdempotencyKey, me: CheckedLearner, services: Running
) -> Submitted:
    """Store, grade and count a submission. 422 `unreadable` names the answers to correct; nothing is lost then.

    Work scenarios: 422 `not_declared` without `declared`, `too_early` or `no_more_attempts` beyond the limits.
    """
    try:
        now = services.clock()
        receipt = submit(services, me.person.id, assignment, body.answers, key, now, declared=body.declared)
    except UnreadableAnswers as error:
        raise ApiError(422, error.code, error.message, error.items) from error
    except NothingAnswered as error:
        raise ApiError(422, error.code, error.message) from error
    return Submitted(
        receipt=ReceiptAnswer(id=receipt.id, submitted_at=iso(receipt.submitted_at), sha256=receipt.sha256),
        points=receipt.points,
        max_points=receipt.max_points,
        result_url=f"{services.settings.portal}/ket-qua/{receipt.id}",
    )
