"""Days out of a person's stays and leaves: when they joined, how long they were away. Pure; (from, to), None = open."""

from collections.abc import Sequence
from datetime import date, timedelta

Span = tuple[date | None, date | None]


def leave_days(starts_on: date, ends_on: date, leaves: Sequence[Span]) -> int:
    """Return the days from starts_on to ends_on that somebody was on leave; days in two leaves are counted once."""
    total, counted_to = 0, starts_on - timedelta(days=1)
    for first, last in sorted((first or date.min, last or date.max) for first, last in leaves):
        begin, end = max(first, counted_to + timedelta(days=1)), min(last, ends_on)
        if end >= begin:
            total += (end - begin).days + 1
            counted_to = end
    return total


def joined_on(stays: Sequence[Span], longest_gap: int) -> date:
    """Return the first day of the last stay without a gap of more days than that; date.min: before the records.

    Moving between units is not joining, nor is a short break: nobody drops out of N by a day off.
    """
    joined, before = date.min, date.min
    for first, last in sorted((first or date.min, last or date.max) for first, last in stays):
        if before == date.min or (first - before).days - 1 > longest_gap:
            joined = first
        before = max(before, last)
    return joined
