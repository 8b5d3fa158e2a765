"""When several units may be told as one sum without telling on any single one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from hocvu.course import UnitRule

MEASURES = ("participating", "advanced", "rising")
FEWEST_TOGETHER = 3  # of two, each would know the other


@dataclass(frozen=True)
class UnitCounts:
    """People of a unit: eligible, participating (coverage), advanced (band) and risen by a level."""

    people: int
    participating: int
    advanced: int
    rising: int


def sum_counts(units: Sequence[UnitCounts]) -> UnitCounts:
    return UnitCounts(
        sum(unit.people for unit in units),
        sum(unit.participating for unit in units),
        sum(unit.advanced for unit in units),
        sum(unit.rising for unit in units),
    )


def safe_to_pool(units: Sequence[UnitCounts], rule: UnitRule) -> bool:
    """Whether there are enough units and people to be one row. Only sizes decide, which are no secret.

    Units where nobody is eligible hide nothing and nobody, so they do not count.
    """
    filled = [unit for unit in units if unit.people]
    return len(filled) >= FEWEST_TOGETHER and sum(unit.people for unit in filled) >= rule.rank_from


def safe_to_tell(units: Sequence[UnitCounts], measure: str) -> bool:
    """Whether the sum leaves every unit at least two possible values, even to one of them that knows its own.

    "Everybody" or "nobody" of a sum is everybody or nobody of each part, however many parts there are.
    """
    filled = [(unit.people, int(getattr(unit, measure))) for unit in units if unit.people]
    people, count = sum(size for size, _ in filled), sum(number for _, number in filled)
    return all(
        _is_open(size, people - own_size, count - own)
        for insider, (own_size, own) in enumerate(filled)
        for place, (size, _) in enumerate(filled)
        if place != insider
    )


def _is_open(size: int, people: int, count: int) -> bool:
    """Whether `count` of `people` leaves more than one value for a part of `size` of them."""
    lowest, highest = max(0, count - (people - size)), min(size, count)
    return highest > lowest
