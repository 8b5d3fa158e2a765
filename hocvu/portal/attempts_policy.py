"""How often an assignment may be handed in: practice without end, work scenarios three times a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hocvu.portal.words import local


@dataclass(frozen=True)
class Limits:
    """Of an assignment with work scenarios. max_attempts: in one period; min_gap: from one submission to the next."""

    max_attempts: int = 3
    min_gap: timedelta = timedelta(hours=24)


LIMITS = Limits()


@dataclass(frozen=True)
class Allowed:
    """The next attempt may be handed in now. left: how many are left in this period, None without limit."""

    left: int | None = None


@dataclass(frozen=True)
class Wait:
    """The next attempt may be handed in from `until` on (aware)."""

    until: datetime

    @property
    def when(self) -> str:
        """`14:05, 25/11` on a Vietnamese clock, never earlier than `until`."""
        full = self.until.replace(second=0, microsecond=0)
        return local(full if full == self.until else full + timedelta(minutes=1)).strftime("%H:%M, %d/%m")


@dataclass(frozen=True)
class NoMore:
    """All attempts of this period have been used."""


Next = Allowed | Wait | NoMore


def next_attempt(attempts: Sequence[datetime], now: datetime, limited: bool, limits: Limits = LIMITS) -> Next:
    """Return whether another attempt may be handed in now.

    attempts: when those of this period were handed in, in any order. limited: the assignment has a work scenario.
    """
    if not limited:
        return Allowed()
    if len(attempts) >= limits.max_attempts:
        return NoMore()
    until = max(attempts) + limits.min_gap if attempts else now
    return Allowed(limits.max_attempts - len(attempts)) if now >= until else Wait(until)
