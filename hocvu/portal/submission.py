"""The one way of a submission: stored, graded, results, evidence, score. Pages, API and the demo world all take it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hocvu.errors import HocvuError
from hocvu.grading import ENGINE_VERSION, Reporter, grade_answers, unreadable_answers
from hocvu.portal.attempt_gate import coming_attempt, let_in
from hocvu.portal.clean import clean_answers
from hocvu.portal.errors import not_found
from hocvu.portal.progress import person_score
from hocvu.portal.services import Assignment, Services
from hocvu.questions.assignment import AssignmentSpec
from hocvu.records import (
    Attempt,
    Draft,
    Records,
    add_audit,
    add_job,
    find_attempt,
    open_draft,
    results_of,
    save_draft,
    save_results,
    save_score,
    store_attempt,
    ungraded_attempts,
)
from hocvu.results import Result, Status

log = logging.getLogger("hocvu.portal.submission")


class CodeGrader(Protocol):
    """How a worker grades an assignment with code items: one Result per item, in the assignment's order.

    report: told of what could not be checked, which is then NOT_CHECKED and keeps the attempt waiting.
    """

    def __call__(
        self, spec: AssignmentSpec, answers: Mapping[str, Any], seed: int, report: Reporter
    ) -> Sequence[Result]: ...


@dataclass(frozen=True)
class Receipt:
    """Proof of a submission. points is None while the attempt still waits for grading."""

    id: str
    assignment: str
    attempt_no: int
    submitted_at: datetime
    sha256: str
    created: bool
    points: float | None
    max_points: float


class UnreadableAnswers(HocvuError):
    """Some answers must be asked again; nothing was handed in. items: what is expected, per item."""

    code = "unreadable"

    def __init__(self, items: Mapping[str, str]) -> None:
        super().__init__("Bài chưa được nộp: có câu trả lời chưa đọc được. Anh/chị sửa các câu được nêu rồi nộp lại.")
        self.items = dict(items)


class NothingAnswered(HocvuError):
    """There is no answer to hand in."""

    code = "nothing_answered"

    def __init__(self) -> None:
        super().__init__("Anh/chị chưa trả lời câu nào nên bài chưa được nộp. Hãy trả lời ít nhất một câu rồi nộp lại.")


def find_assignment(services: Services, slug: str) -> Assignment:
    """Return a published assignment; raises ApiError 404."""
    assignment = services.assignments.get(slug)
    if assignment is None:
        raise not_found()
    return assignment


def current_draft(s: Session, services: Services, person_id: str, assignment: Assignment) -> Draft:
    """Return the draft of the attempt the person is at, opened when there is none."""
    make_seed = services.seed_maker(person_id, assignment.slug)
    return open_draft(
        s, person_id, assignment.slug, make_seed=make_seed, now=services.clock(), fresh=assignment.fresh_items
    )


def keep_draft(
    services: Services,
    person_id: str,
    assignment: Assignment,
    changes: Mapping[str, Any],
    now: datetime,
    attempt_no: int | None = None,
) -> Draft:
    """Return the draft with the changed answers merged in. Raises UnknownItem; what is unreadable is kept as it is.

    attempt_no: keep them only if the person is still at this attempt.
    """
    clean = clean_answers(changes)
    for item_id in clean:
        assignment.spec.item(item_id)
    with services.records.session(durable=False) as s:
        draft = current_draft(s, services, person_id, assignment)
        if attempt_no not in (None, draft.attempt_no):
            return draft
        return save_draft(s, person_id, assignment.slug, clean, now)


def submit(
    services: Services,
    person_id: str,
    slug: str,
    answers: Mapping[str, Any] | None,
    idempotency_key: str,
    now: datetime,
    *,
    declared: bool = False,
) -> Receipt:
    """Return the receipt of a submission; the same key or the same content gives the same receipt.

    answers None hands in the draft. declared: the learner says that work scenarios are their own work.
    Raises UnknownItem, UnreadableAnswers, NothingAnswered, AttemptRefused, ApiError 404.
    Once the attempt is stored, no fault of grading can take it back: it then waits to be graded again.
    """
    assignment = find_assignment(services, slug)
    earlier = _find_by_key(services.records, person_id, idempotency_key)
    if earlier is not None:
        return make_receipt(services, earlier, created=False)
    attempt, created = _store(services, person_id, assignment, answers, idempotency_key, now, declared)
    if attempt.graded_at is None:
        _grade_or_queue(services, attempt, now)
    return make_receipt(services, attempt, created=created)


def _store(
    services: Services,
    person_id: str,
    assignment: Assignment,
    answers: Mapping[str, Any] | None,
    idempotency_key: str,
    now: datetime,
    declared: bool,
) -> tuple[Attempt, bool]:
    with services.records.session() as s:
        draft = current_draft(s, services, person_id, assignment)  # locks the draft: two windows cannot both be let in
        coming = coming_attempt(s, services, person_id, assignment, now)
        given = _given(assignment, draft, answers)
        unreadable = unreadable_answers(assignment.spec, given)
        if unreadable:
            raise UnreadableAnswers(unreadable)
        if not given:
            raise NothingAnswered
        attempt, created = store_attempt(
            s,
            person_id,
            services.period_id,
            assignment.slug,
            assignment.spec.version,
            given,
            draft.seed,
            draft.attempt_no,
            idempotency_key,
            now,
        )
        if created and assignment.is_limited:  # raising takes the attempt back; a repeated one keeps its receipt
            let_in(coming, declared)
            detail = {"attempt": attempt.id, "assignment": assignment.slug}
            add_audit(s, person_id, "attempt.declared", detail, now)
        if created and assignment.runs_code(given):  # with the attempt, in one transaction: accepted is on the list
            add_job(s, attempt.id, now)
        if created and answers is not None:  # the next attempt starts from what was handed in
            save_draft(s, person_id, assignment.slug, {item: given.get(item) for item in assignment.items}, now)
        return attempt, created


def _given(assignment: Assignment, draft: Draft, answers: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what is handed in. A draft may hold answers to items that a newer version no longer has."""
    if answers is None:
        answers = {item_id: raw for item_id, raw in draft.answers.items() if item_id in assignment.items}
    return {item_id: raw for item_id, raw in clean_answers(answers).items() if raw is not None}


def _find_by_key(records: Records, person_id: str, idempotency_key: str) -> Attempt | None:
    with records.reading() as s:
        return s.scalar(select(Attempt).filter_by(person_id=person_id, idempotency_key=idempotency_key))


def _grade_or_queue(services: Services, attempt: Attempt, now: datetime) -> None:
    """Grade a stored attempt at once, or leave it to a worker: learners' code, and what cannot be graded now."""
    assignment = services.assignments.get(attempt.assignment)
    if assignment is None or not assignment.runs_code(attempt.answers):
        try:
            if grade_attempt(services, attempt.id, now):
                return
        except SQLAlchemyError:  # the attempt is stored; a full disk or a lost connection now costs only time
            log.exception("attempt %s: stored, grading could not be written", attempt.id)
    if services.queue is not None:
        services.queue.enqueue(attempt.id)


def grade_attempt(services: Services, attempt_id: str, now: datetime, grade_code: CodeGrader | None = None) -> bool:
    """Grade a stored attempt and bring evidence and score up to date; return whether it is graded now.

    An item that we could not check keeps the whole attempt waiting: a fault of ours is never the learner's zero.
    Called twice, even by two processes at once, it writes once. grade_code: only a worker has it.
    """
    with services.records.reading() as s:
        attempt = find_attempt(s, attempt_id)
    if attempt is None:
        raise not_found()
    if attempt.graded_at is not None:
        return True
    results = _grade(services, attempt, grade_code)
    if results is None:
        return False
    with services.records.session() as s:
        stored = s.get(Attempt, attempt_id, with_for_update=True)
        if stored is None:
            raise not_found()
        if stored.graded_at is None:  # else another worker was faster
            save_results(s, stored, results, ENGINE_VERSION, now)
            save_score(s, stored.person_id, stored.period_id, person_score(s, services, stored.person_id), now)
    return True


def _grade(services: Services, attempt: Attempt, grade_code: CodeGrader | None) -> tuple[Result, ...] | None:
    assignment = services.assignments.get(attempt.assignment)
    if assignment is None or assignment.spec.version != attempt.version:
        log.warning("attempt %s: version %s is not loaded, left waiting", attempt.id, attempt.version)
        return None
    runs_code = assignment.runs_code(attempt.answers)
    if runs_code and grade_code is None:
        return None

    def report(item_id: str, fault: BaseException) -> None:
        log.error("attempt %s, item %s: grading failed", attempt.id, item_id, exc_info=fault)

    if runs_code and grade_code is not None:
        results = tuple(grade_code(assignment.spec, attempt.answers, attempt.seed, report))
    else:
        results = grade_answers(assignment.spec, attempt.answers, attempt.seed, report)
    return None if any(result.status is Status.NOT_CHECKED for result in results) else results


def grade_waiting(services: Services) -> int:
    """Grade or queue what an earlier run stored and did not grade; return how many are graded. Called at start."""
    with services.records.reading() as s:
        waiting = ungraded_attempts(s)
    for attempt in waiting:
        _grade_or_queue(services, attempt, services.clock())
    with services.records.reading() as s:
        left = {attempt.id for attempt in ungraded_attempts(s)}
    return sum(attempt.id not in left for attempt in waiting)


def make_receipt(services: Services, attempt: Attempt, *, created: bool) -> Receipt:
    """Return the receipt of a stored attempt, with its points if it has been graded."""
    with services.records.reading() as s:
        results = results_of(s, attempt.id)
    assignment = services.assignments.get(attempt.assignment)
    most = sum(result.max_points for result in results) if results else assignment.spec.max_points if assignment else 0
    return Receipt(
        id=attempt.id,
        assignment=attempt.assignment,
        attempt_no=attempt.attempt_no,
        submitted_at=attempt.submitted_at,
        sha256=attempt.sha256,
        created=created,
        points=sum(result.points for result in results) if results else None,
        max_points=most,
    )
