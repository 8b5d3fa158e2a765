"""Where a person stands: the state of each module, and the score that follows from the evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from hocvu.course import Module
from hocvu.portal.services import Assignment, Services
from hocvu.records import (
    contributions_of_people,
    find_draft,
    list_attempts,
    list_evidence,
    list_items,
    person_evidence,
)
from hocvu.scores import Score
from hocvu.scoring import score_person


class State(StrEnum):
    """How far a person is in a module."""

    CLOSED = "closed"
    NEW = "new"
    WORKING = "working"
    HANDED_IN = "handed_in"


@dataclass(frozen=True)
class ModuleProgress:
    """One module as the course page shows it. points: the best of all attempts, item by item."""

    module: Module
    state: State
    answered: int = 0
    items: int = 0
    points: float = 0.0
    max_points: float = 0.0


def person_score(s: Session, services: Services, person_id: str) -> Score:
    """Return the person's levels and band by the rule, from their best results of the period."""
    period = services.period_id
    signed = contributions_of_people(s, period, [person_id]).get(person_id, ())
    return score_person(person_evidence(s, person_id, period), list_items(s, period), services.course.rule, signed)


def module_progress(s: Session, services: Services, person_id: str) -> list[ModuleProgress]:
    """Return the state of every module, in the course's order."""
    best: dict[str, float] = {}
    for row in list_evidence(s, person_id, services.period_id):
        best[row.assignment] = best.get(row.assignment, 0.0) + row.points
    handed_in = {attempt.assignment for attempt in list_attempts(s, person_id)}
    return [
        _module_state(s, person_id, module, services.assignments.get(module.slug), best, handed_in)
        for module in services.course.modules
    ]


def _module_state(
    s: Session,
    person_id: str,
    module: Module,
    assignment: Assignment | None,
    best: Mapping[str, float],
    handed_in: set[str],
) -> ModuleProgress:
    if assignment is None:
        return ModuleProgress(module, State.CLOSED)
    items, most = len(assignment.spec.items), assignment.spec.max_points
    if module.slug in handed_in:
        return ModuleProgress(module, State.HANDED_IN, items, items, best.get(module.slug, 0.0), most)
    draft = find_draft(s, person_id, module.slug)
    answered = sum(item_id in assignment.items for item_id in draft.answers) if draft else 0
    return ModuleProgress(module, State.WORKING if answered else State.NEW, answered, items, 0.0, most)
