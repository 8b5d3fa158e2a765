"""The result of a submission: points, receipt, what was right and why; and all attempts so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hocvu.portal.access import Learner, Running
from hocvu.portal.attempt_gate import attempt_note
from hocvu.portal.citations import with_citations
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import not_found
from hocvu.portal.progress import person_score
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.waiting import waiting_note
from hocvu.records import Attempt, ItemResult, ItemVersion, find_attempt, item_versions_of, list_attempts, results_of
from hocvu.records.regrades import changes_of_attempt
from hocvu.results import Result

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ShownItem:
    """One item of an attempt as it was then: the question's version, the result."""

    version: ItemVersion
    result: Result
    told: str = ""  # the story or text that the feedback speaks of, as HTML


@dataclass(frozen=True)
class ShownAttempt:
    """One line in the list of attempts. points None: not graded yet."""

    attempt: Attempt
    title: str
    points: float | None
    max_points: float


@router.get("/ket-qua")
def show_attempts(request: Request, me: Learner, services: Running) -> Response:
    """All attempts of the person, newest first."""
    with services.records.reading() as s:
        attempts = _summaries(s, services, list_attempts(s, me.person.id))
    return render(request, "attempts.html", {"attempts": attempts})


@router.get("/ket-qua/{attempt_id}")
def show_result(request: Request, attempt_id: str, me: Learner, services: Running) -> Response:
    """One attempt. Somebody else's attempt looks exactly like one that does not exist."""
    with services.records.reading() as s:
        attempt = find_attempt(s, clean_text(attempt_id))
        if attempt is None or attempt.person_id != me.person.id:
            raise not_found()
        items = _items(s, services, attempt)
        score = person_score(s, services, me.person.id)
        earlier = _summaries(s, services, list_attempts(s, me.person.id, attempt.assignment))
        regraded = {change.item_id: (change, run) for change, run in changes_of_attempt(s, attempt.id)}
    assignment = services.assignments.get(attempt.assignment)
    note = attempt_note(services, me.person.id, assignment) if assignment else None
    context = {
        "attempt": attempt,
        "title": _title(services, attempt.assignment),
        "can_redo": assignment is not None and (note is None or note.may_submit),
        "attempt_note": note,
        "items": items,
        "points": sum(item.result.points for item in items),
        "max_points": sum(item.result.max_points for item in items),
        "score": score,
        "course": services.course,
        "cite": with_citations,
        "competencies": sorted({item.version.competency for item in items}),
        "attempts": earlier,
        "regraded": regraded,
        "waiting": None if items else waiting_note(services, attempt.id),
        "looks_again": "dung" not in request.query_params,
    }
    return render(request, "result.html", context)


def _items(s: Session, services: Services, attempt: Attempt) -> list[ShownItem]:
    versions = item_versions_of(s, attempt.assignment, attempt.version)
    order = {item_id: version.id for item_id, version in versions.items()}
    results = sorted(results_of(s, attempt.id), key=lambda result: order.get(result.item_id, 0))
    told = _told(services, attempt)
    return [
        ShownItem(versions[result.item_id], result, told.get(result.item_id, ""))
        for result in results
        if result.item_id in versions
    ]


def _told(services: Services, attempt: Attempt) -> dict[str, str]:
    """Return item → what must be told again; nothing once the assignment has a newer version with other texts."""
    assignment = services.assignments.get(attempt.assignment)
    if assignment is None or assignment.spec.version != attempt.version:
        return {}
    return {item.id: item.question.told_again(attempt.seed) for item in assignment.spec.items}


def _summaries(s: Session, services: Services, attempts: Sequence[Attempt]) -> list[ShownAttempt]:
    sums = (
        select(ItemResult.attempt_id, func.sum(ItemResult.points), func.sum(ItemResult.max_points))
        .where(ItemResult.attempt_id.in_([attempt.id for attempt in attempts]))
        .group_by(ItemResult.attempt_id)
    )
    totals = {attempt_id: (points, most) for attempt_id, points, most in s.execute(sums)}
    shown = []
    for attempt in attempts:
        points, most = totals.get(attempt.id, (None, 0.0))
        shown.append(ShownAttempt(attempt, _title(services, attempt.assignment), points, most))
    return shown


def _title(services: Services, slug: str) -> str:
    module = services.course.find_module(slug)
    return module.heading if module else slug
