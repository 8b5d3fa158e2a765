"""The sums of a re-grading: what a person decides by before it is done, and what the record says after."""

from collections import Counter
from collections.abc import Iterable, Mapping

from hocvu.ledger.regrade import Direction, PersonPlan

COUNTS = (
    "people",  # who get another result
    "up",
    "down",  # written, by decision
    "down_left",  # would be lower; listed, not written
    "same",  # only feedback, wording or weight
    "unchanged",
    "level_up",  # crossings, person by person and competency by competency
    "level_down",
    "band_up",
    "band_down",
    "question_changed",
    "needs_person",
    "not_checked",
    "code",
)


def count_plans(plans: Iterable[PersonPlan], before: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return the sums over these plans, added to `before`."""
    counts = Counter({name: 0 for name in COUNTS})
    counts.update(before or {})
    for plan in plans:
        counts["people"] += any(change.applies for change in plan.changes)
        counts["unchanged"] += len(plan.same)
        for change in plan.changes:
            lower = change.direction is Direction.DOWN and not change.applies
            counts["down_left" if lower else change.direction.value] += 1
        for _, reason in plan.left:
            counts[reason.value] += 1
        for old, new in plan.crossings.values():
            counts["level_up" if new > old else "level_down"] += 1
        if plan.before.band != plan.after.band:
            counts["band_up" if plan.after.band > plan.before.band else "band_down"] += 1
    return dict(counts)
