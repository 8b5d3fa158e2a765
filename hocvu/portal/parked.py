"""Answers that arrive when the session has ended: they travel through the log-in form and come back to their owner."""

from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

_SALT_PAGE, _SALT_PARKED = "exercise-page", "parked-answers"


@dataclass(frozen=True)
class Parked:
    """Whose answers these are, of which attempt of which assignment."""

    person_id: str
    assignment: str
    attempt_no: int
    answers: dict[str, Any]


def page_stamp(secret: bytes, person_id: str, assignment: str, attempt_no: int) -> str:
    """Return what an exercise page carries, so that it can say later whose it was."""
    return str(URLSafeSerializer(secret, salt=_SALT_PAGE).dumps([person_id, assignment, attempt_no]))


def read_stamp(secret: bytes, stamp: str) -> tuple[str, str, int] | None:
    """Return (person id, assignment, attempt number), None if the stamp is not ours."""
    try:
        person_id, assignment, attempt_no = URLSafeSerializer(secret, salt=_SALT_PAGE).loads(stamp)
    except (BadData, ValueError):
        return None
    return person_id, assignment, attempt_no


def park(secret: bytes, stamp: str, answers: dict[str, Any]) -> str:
    """Return the answers as a signed text for a hidden field; "" if the page's stamp is not ours."""
    owner = read_stamp(secret, stamp)
    return str(URLSafeSerializer(secret, salt=_SALT_PARKED).dumps([*owner, answers])) if owner else ""


def unpark(secret: bytes, text: str) -> Parked | None:
    """Return the parked answers, None if there are none or the text is not ours."""
    if not text:
        return None
    try:
        return Parked(*URLSafeSerializer(secret, salt=_SALT_PARKED).loads(text))
    except (BadData, ValueError, TypeError):
        return None
