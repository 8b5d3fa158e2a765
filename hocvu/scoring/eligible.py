"""Who counts in a unit's N: everybody on the roster at the freeze, minus the exempt, long leave, and who just joined."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from hocvu.course import UnitRule

Span = tuple[date | None, date | None]


class LeftOut(StrEnum):
    """Why a person is not counted."""

    EXEMPT = "exempt"
    LEAVE = "leave"
    JOINED_LATE = "joined_late"


LEFT_OUT_NAMES = {
    LeftOut.EXEMPT: "miễn, hoãn theo quyết định",
    LeftOut.LEAVE: "nghỉ hoặc đi học quá nửa kỳ",
    LeftOut.JOINED_LATE: "mới vào",
}


def left_out(
    starts_on: date, ends_on: date, rule: UnitRule, *, exempt: bool, leaves: Sequence[Span], stays: Sequence[Span]
) -> LeftOut | None:
    """Return why a person is not counted in the period, None if they are.

    leaves, stays: (first day, last day), None = open. Source: scoring rule, units; docs/scoring.md.
    """
    if exempt:
        return LeftOut.EXEMPT
    if leave_days(starts_on, ends_on, leaves) > rule.leave_share * ((ends_on - starts_on).days + 1):
        return LeftOut.LEAVE
    joined = joined_on(stays, rule.joined_days)
    if joined is not None and (ends_on - joined).days < rule.joined_days:
        return LeftOut.JOINED_LATE
    return None


def leave_days(starts_on: date, ends_on: date, leaves: Sequence[Span]) -> int:
    """Return the days of the period that somebody was on leave; days in two leaves are counted once."""
    total, counted_to = 0, starts_on - timedelta(days=1)
    for first, last in sorted((first or date.min, last or date.max) for first, last in leaves):
        begin, end = max(first, counted_to + timedelta(days=1)), min(last, ends_on)
        if end >= begin:
            total += (end - begin).days + 1
            counted_to = end
    return total


def joined_on(stays: Sequence[Span], longest_gap: int) -> date | None:
    """Return the first day of the last stay without a gap of more days than that; None: before the records.

    Moving between units is not joining, nor is a short break: a unit must not lose a person from N by a day off.
    """
    joined: date | None = None
    before = date.min
    for first, last in sorted((first or date.min, last or date.max) for first, last in stays):
        if before == date.min or (first - before).days - 1 > longest_gap:
            joined = None if first == date.min else first
        before = max(before, last)
    return joined
