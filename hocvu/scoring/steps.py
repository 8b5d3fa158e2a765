"""Who is one item away from the next band: the cheapest item that, done in full, would give it. Exact: it is tried.

Uses numpy, so hocvu.scoring itself does not import it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hocvu.course import BandRule, Rule
from hocvu.scores import ItemInfo
from hocvu.scoring.item_set import ItemSet
from hocvu.scoring.matrix import CHUNK, Floats, Numbers, ScoreArrays, columns_of, score_matrix


@dataclass(frozen=True)
class Step:
    """The cheapest item, and the band it would give. is_again: it was tried before, without its full share."""

    item: ItemInfo
    band: int
    is_again: bool


def next_steps(
    shares: Floats, items: ItemSet, rule: Rule, confirmed: Sequence[bool], scores: ScoreArrays | None = None
) -> list[Step | None]:
    """Return each person's step, None for who needs more than one item. Arguments as score_matrix takes them.

    scores: what score_matrix says of the same people, if it is known already.
    """
    known = scores or score_matrix(shares, items, rule, confirmed)
    graded = sorted(enumerate(columns_of(items)[: len(items.graded)]), key=lambda pair: pair[1].max_points)
    found: list[Step | None] = [None] * len(shares)
    hopeful = [row for row in range(len(shares)) if _may_rise(known.levels[row], int(known.band[row]), rule)]
    for rows, columns in _trials(hopeful, shares, [column for column, _ in graded]):
        tried = shares[rows].copy()
        tried[np.arange(len(rows)), columns] = 1.0
        bands = score_matrix(tried, items, rule, [confirmed[row] for row in rows]).band
        for place in np.flatnonzero(bands > known.band[rows]):
            row, column = int(rows[place]), int(columns[place])
            if found[row] is None:  # the cheapest comes first
                again = not bool(np.isnan(shares[row, column]))
                found[row] = Step(columns_of(items)[column], int(bands[place]), again)
    return found


def _trials(people: Sequence[int], shares: Floats, by_price: Sequence[int]) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield (rows, columns): each person with each item that is not full yet, whole people at a time."""
    rows: list[int] = []
    columns: list[int] = []
    for row in people:
        still = [column for column in by_price if not shares[row, column] >= 1]
        rows += [row] * len(still)
        columns += still
        if len(rows) >= CHUNK:
            yield np.array(rows), np.array(columns)
            rows, columns = [], []
    if rows:
        yield np.array(rows), np.array(columns)


def _may_rise(levels: Numbers, band: int, rule: Rule) -> bool:
    """Whether one competency more could be enough: an item belongs to one competency, so this leaves out nobody."""
    next_band = next((one for one in rule.bands if one.number > band), None)
    if next_band is None or next_band.by_people:
        return False
    own = dict(zip(rule.competencies, map(int, levels), strict=True))
    return any(_fits({**own, code: rule.levels.highest}, next_band) for code in rule.competencies)


def _fits(levels: Mapping[str, int], band: BandRule) -> bool:
    reached = sum(level >= band.count_at_least for level in levels.values())
    return (
        all(level >= band.all_at_least for level in levels.values())
        and all(levels.get(code, 0) >= band.count_at_least for code in band.among)
        and reached >= band.count
    )
