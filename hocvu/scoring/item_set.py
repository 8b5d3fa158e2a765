"""The items of a period sorted once for scoring many people: set I of the rule, by competency and level."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hocvu.scores import CAPSTONE, ItemInfo
from hocvu.scoring.sums import max_points_of


@dataclass(frozen=True)
class Group:
    """The published graded items of one competency and level."""

    items: tuple[ItemInfo, ...]
    max_points: float
    modules: int
    cases: tuple[ItemInfo, ...]


@dataclass(frozen=True)
class ItemSet:
    """Graded items only; completion items carry no points and do not count."""

    graded: tuple[ItemInfo, ...]
    max_points: float
    groups: Mapping[tuple[str, int], Group]
    by_level: Mapping[int, tuple[ItemInfo, ...]]
    capstone: tuple[ItemInfo, ...]
    withdrawn: tuple[ItemInfo, ...] = ()

    def counted_for(self, evidence: Mapping[str, float]) -> "ItemSet":
        """The set of one person: a withdrawn item counts for those who tried it, so that nobody loses by its going."""
        tried = [item for item in self.withdrawn if item.item_id in evidence]
        return _prepare([*self.graded, *tried]) if tried else self

    def group(self, competency: str, level: int) -> Group:
        return self.groups.get((competency, level), EMPTY)


EMPTY = Group((), 0.0, 0, ())


def prepare_items(items: Sequence[ItemInfo] | ItemSet) -> ItemSet:
    """Return the items ready for scoring, in an order that does not depend on the one given."""
    return items if isinstance(items, ItemSet) else _prepared(tuple(items))


@lru_cache(maxsize=8)  # a period has one set for months, and every submission asks for it
def _prepared(items: tuple[ItemInfo, ...]) -> ItemSet:
    return _prepare([item for item in items if item.is_graded and not item.is_withdrawn], withdrawn=items)


def _prepare(items: Sequence[ItemInfo], withdrawn: Sequence[ItemInfo] = ()) -> ItemSet:
    graded = tuple(sorted(items, key=_natural))
    groups: dict[tuple[str, int], list[ItemInfo]] = {}
    by_level: dict[int, list[ItemInfo]] = {}
    for item in graded:
        groups.setdefault((item.competency, item.level), []).append(item)
        by_level.setdefault(item.level, []).append(item)
    return ItemSet(
        graded=graded,
        max_points=max_points_of(graded),
        groups={key: _group(tuple(members)) for key, members in groups.items()},
        by_level={level: tuple(members) for level, members in by_level.items()},
        capstone=tuple(item for item in graded if item.module == CAPSTONE),
        withdrawn=tuple(sorted((item for item in withdrawn if item.is_withdrawn and item.is_graded), key=_natural)),
    )


def _group(items: tuple[ItemInfo, ...]) -> Group:
    cases = tuple(item for item in items if item.is_case)
    return Group(items, max_points_of(items), len({item.module for item in items}), cases)


def _natural(item: ItemInfo) -> tuple[tuple[int, str], ...]:
    """Sorts 2-1 before 10-1."""
    return tuple((int(part), "") if part.isdecimal() else (10**6, part) for part in re.split(r"[-_.]", item.item_id))
