"""The unit index: shrunken rates, small units protected, compared only inside a bloc (khối)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hocvu.course import UnitRule
from hocvu.scoring.small_units import MEASURES, UnitCounts, safe_to_pool, safe_to_tell


class Visibility(StrEnum):
    """Who may see a unit's rates, by its size."""

    HIDDEN = "hidden"  # only "đã đủ / chưa đủ" to the unit's head
    OWN = "own"  # the unit sees its own rates; no ranking, reported inside its bloc
    RANKED = "ranked"


@dataclass(frozen=True)
class Prior:
    """The rates p0 that small units are drawn towards, in 0..1."""

    participating: float
    advanced: float
    rising: float


@dataclass(frozen=True)
class UnitIndex:
    """Adjusted rates in 0..1 and the index 0..100; None where the unit is too small to show or to rank."""

    visibility: Visibility
    participating: float | None
    advanced: float | None
    rising: float | None
    index: float | None


def adjusted_rate(count: int, people: int, prior: float, weight: float) -> float:
    """(x + k·p0) / (n + k): the fewer people, the nearer to the prior."""
    return (count + weight * prior) / (people + weight)


def first_prior(rule: UnitRule) -> Prior:
    """The rates expected in the first year."""
    return Prior(rule.prior_participating, rule.prior_advanced, rule.prior_rising)


def bloc_prior(units: Iterable[UnitCounts], rule: UnitRule) -> Prior:
    """The mean rates over the people of a bloc; the first year's where nobody is eligible.

    An adjusted rate gives its prior away to whoever can divide. So only what may be published goes into it: units that
    are ranked, and the small ones together where safe_to_pool says that no single one can be worked out.
    """
    counts = list(units)
    ranked = [unit for unit in counts if unit.people >= rule.rank_from]
    small = [unit for unit in counts if unit.people < rule.rank_from]
    first = first_prior(rule)
    rates = []
    for measure in MEASURES:
        known = ranked + (small if safe_to_pool(small, rule) and safe_to_tell(small, measure) else [])
        people = sum(unit.people for unit in known)
        rates.append(sum(getattr(unit, measure) for unit in known) / people if people else getattr(first, measure))
    return Prior(*rates)


def unit_index(counts: UnitCounts, rule: UnitRule, prior: Prior | None = None) -> UnitIndex:
    """Return a unit's index; prior None: the first year's rates."""
    if counts.people < rule.hide_below:
        return UnitIndex(Visibility.HIDDEN, None, None, None, None)
    base = prior or first_prior(rule)
    participating = adjusted_rate(counts.participating, counts.people, base.participating, rule.prior_weight)
    advanced = adjusted_rate(counts.advanced, counts.people, base.advanced, rule.prior_weight)
    rising = adjusted_rate(counts.rising, counts.people, base.rising, rule.prior_weight)
    if counts.people < rule.rank_from:
        return UnitIndex(Visibility.OWN, participating, advanced, rising, None)
    index = 100 * (
        rule.weight_participating * participating + rule.weight_advanced * advanced + rule.weight_rising * rising
    )
    return UnitIndex(Visibility.RANKED, participating, advanced, rising, index)


def rank_units(indexes: Mapping[str, UnitIndex], rule: UnitRule) -> dict[str, int]:
    """Return the rank of each ranked unit of one bloc, best first; 1, 1, 3 for ties.

    Units within same_rank_within points of the best of their group share its rank.
    """
    ranked = [(result.index, code) for code, result in indexes.items() if result.index is not None]
    ranked.sort(key=lambda pair: (-pair[0], pair[1]))
    ranks: dict[str, int] = {}
    best, rank = 0.0, 0
    for place, (index, code) in enumerate(ranked, 1):
        if not rank or best - index > rule.same_rank_within:
            best, rank = index, place
        ranks[code] = rank
    return ranks
