"""How sure people were of an item when they were right and when they were not; no names, nothing from few answers."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.portal.services import Assignment
from hocvu.questions.confidence import read_confidence
from hocvu.records import Attempt, ItemResult
from hocvu.results import Status

FEWEST = 10  # answers behind a figure before it is shown
NEWEST = 2_000  # attempts looked at, so that the page stays quick
SURE = 4  # from this step on somebody is sure


@dataclass(frozen=True)
class Sureness:
    """Steps 1 to 5 that people gave an item, apart for answers that earned all points and those that did not."""

    right: tuple[int, ...] = ()
    wrong: tuple[int, ...] = ()

    @property
    def is_shown(self) -> bool:
        return len(self.right) + len(self.wrong) >= FEWEST

    @property
    def mean_right(self) -> float | None:
        return _mean(self.right)

    @property
    def mean_wrong(self) -> float | None:
        return _mean(self.wrong)

    @property
    def sure_and_wrong(self) -> float:
        """The share of all answers whose learner was sure and not right: what people believe that is not so."""
        return sum(step >= SURE for step in self.wrong) / (len(self.right) + len(self.wrong))


def sureness_of(s: Session, assignment: Assignment) -> dict[str, Sureness]:
    """Return item → how sure people were, over the newest attempts of the current version that say so."""
    newest = (
        select(Attempt.id, Attempt.confidence)
        .where(
            Attempt.assignment == assignment.slug,
            Attempt.version == assignment.spec.version,
            Attempt.graded_at.is_not(None),
            Attempt.confidence.is_not(None),
        )
        .order_by(Attempt.submitted_at.desc())
        .limit(NEWEST)
    )
    said = {attempt_id: read_confidence(confidence) for attempt_id, confidence in s.execute(newest)}
    outcomes = (
        select(ItemResult.attempt_id, ItemResult.item_id, ItemResult.points >= ItemResult.max_points)
        .where(ItemResult.attempt_id.in_(newest.with_only_columns(Attempt.id).subquery().select()))
        .where(ItemResult.max_points > 0, ItemResult.status == Status.GRADED.value)
    )
    steps = ((item, bool(right), said.get(attempt, {}).get(item)) for attempt, item, right in s.execute(outcomes))
    return _apart((item, right, step) for item, right, step in steps if step is not None)


def _apart(steps: Iterable[tuple[str, bool, int]]) -> dict[str, Sureness]:
    found: dict[str, tuple[list[int], list[int]]] = {}
    for item_id, right, step in steps:
        found.setdefault(item_id, ([], []))[0 if right else 1].append(step)
    return {item_id: Sureness(tuple(right), tuple(wrong)) for item_id, (right, wrong) in found.items()}


def _mean(steps: tuple[int, ...]) -> float | None:
    return sum(steps) / len(steps) if steps else None
