"""For instructors: how the items do, recent submissions without names, and the way to the workshop."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from hocvu.portal.access import Instructor, Running
from hocvu.portal.item_confidence import sureness_of
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.questions.base import Question
from hocvu.records import Attempt, ItemResult
from hocvu.results import Status

router = APIRouter(include_in_schema=False)

RECENT = 20
FEWEST = 5  # attempts behind a rate before it is called hard or easy
HARD, EASY = 0.4, 0.95


@dataclass(frozen=True)
class ItemStatistics:
    """One item over all graded attempts of the current version. share None: nobody answered it yet."""

    question: Question
    max_points: float
    answered: int
    blank: int
    share: float | None
    full: float | None

    @property
    def verdict(self) -> str:
        if self.share is None or self.answered < FEWEST or not self.max_points:
            return ""
        return "khó" if self.share < HARD else "rất dễ" if self.share > EASY else "vừa"


@dataclass(frozen=True)
class RecentAttempt:
    """A submission without a name."""

    title: str
    attempt_no: int
    submitted_at: datetime
    points: float | None
    max_points: float | None


@router.get("/giang-vien")
def show_statistics(request: Request, me: Instructor, services: Running) -> Response:
    """Item statistics per published assignment."""
    with services.records.reading() as s:
        statistics = {slug: _statistics(s, services, slug) for slug in services.assignments}
        sureness = {slug: sureness_of(s, assignment) for slug, assignment in services.assignments.items()}
        recent = _recent(s, services)
    context = {"services": services, "statistics": statistics, "sureness": sureness, "recent": recent}
    return render(request, "instructor.html", context)


def _statistics(s: Session, services: Services, slug: str) -> list[ItemStatistics]:
    assignment = services.assignments[slug]
    answered = case((ItemResult.status != Status.BLANK.value, 1), else_=0)
    full = case((ItemResult.points >= ItemResult.max_points, answered), else_=0)
    query = (
        select(
            ItemResult.item_id,
            func.sum(answered),
            func.sum(1 - answered),
            func.sum(ItemResult.points * answered),
            func.sum(full),
        )
        .join(Attempt, Attempt.id == ItemResult.attempt_id)
        .where(Attempt.assignment == slug, Attempt.version == assignment.spec.version)
        .group_by(ItemResult.item_id)
    )
    sums = {item_id: numbers for item_id, *numbers in s.execute(query)}
    shown = []
    for item in assignment.spec.items:
        count, blank, points, right = sums.get(item.id, (0, 0, 0.0, 0))
        share = points / (count * item.max_points) if count and item.max_points else None
        shown.append(
            ItemStatistics(item.question, item.max_points, count, blank, share, right / count if count else None)
        )
    return shown


def _recent(s: Session, services: Services) -> list[RecentAttempt]:
    query = (
        select(Attempt, func.sum(ItemResult.points), func.sum(ItemResult.max_points))
        .outerjoin(ItemResult, ItemResult.attempt_id == Attempt.id)
        .group_by(Attempt.id)
        .order_by(Attempt.submitted_at.desc())
        .limit(RECENT)
    )
    shown = []
    for attempt, points, most in s.execute(query):
        module = services.course.find_module(attempt.assignment)
        title = module.kind if module else attempt.assignment
        shown.append(RecentAttempt(title, attempt.attempt_no, attempt.submitted_at, points, most))
    return shown
