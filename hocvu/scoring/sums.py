"""Sums over items that do not depend on their order, and comparisons that do not depend on the last binary digit."""

from collections.abc import Mapping, Sequence

from hocvu.scores import ItemInfo

DIGITS = 9  # shares and points are rounded here: 0.7 made of tenths must count as 0.7
NANO = 1e9
# A sum is added up in whole 10⁻¹² points: exact, in any order, and the same in numpy (scoring/matrix.py).
PICO, PICO_TO_NANO = 1e12, 1e3


def nine(value: float) -> float:
    """The value to nine digits, by operations that numpy does bit for bit alike."""
    return round(value * NANO) / NANO


def reaches(value: float, threshold: float) -> bool:
    return nine(value) >= nine(threshold)


def coverage_of(evidence: Mapping[str, float], items: Sequence[ItemInfo]) -> float:
    """Attempted items / items; 0 when there are none."""
    return sum(item.item_id in evidence for item in items) / len(items) if items else 0.0


def points_of(evidence: Mapping[str, float], items: Sequence[ItemInfo]) -> float:
    """Σ max_points · best share; not attempted = 0."""
    return (
        round(sum(round(item.max_points * evidence.get(item.item_id, 0.0) * PICO) for item in items) / PICO_TO_NANO)
        / NANO
    )


def max_points_of(items: Sequence[ItemInfo]) -> float:
    return round(sum(round(item.max_points * PICO) for item in items) / PICO_TO_NANO) / NANO


def share_of(evidence: Mapping[str, float], items: Sequence[ItemInfo]) -> float:
    """Points / max_points over all of the items; 0 when there are none."""
    return nine(points_of(evidence, items) / max_points_of(items)) if items else 0.0


def decimal(value: float, digits: int = 3) -> str:
    """A number as Vietnamese readers write it: 0,008; never 0 for something that is missing."""
    shown = max(round(value, digits), 10**-digits)
    return f"{shown:.{digits}f}".rstrip("0").rstrip(".").replace(".", ",")


def percent(share: float) -> str:
    """A share reached, rounded down: 59.9% is not yet 60%."""
    return f"{int(round(share * 100, DIGITS))}%"
