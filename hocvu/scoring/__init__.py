"""The published scoring rule as pure functions: item results → competency levels → band, and the unit index.

Deterministic, no AI, no clock: the same evidence, items and rule give the same score. docs/scoring.md explains it.
"""

from hocvu.scores import ItemInfo, LevelProgress, LevelResult, Score
from hocvu.scoring.bands import Band, find_band
from hocvu.scoring.item_set import ItemSet, prepare_items
from hocvu.scoring.levels import competency_levels
from hocvu.scoring.person import score_person
from hocvu.scoring.units import (
    Prior,
    UnitCounts,
    UnitIndex,
    Visibility,
    adjusted_rate,
    bloc_prior,
    first_prior,
    rank_units,
    unit_index,
)

__all__ = [
    "Band",
    "ItemInfo",
    "ItemSet",
    "LevelProgress",
    "LevelResult",
    "Prior",
    "Score",
    "UnitCounts",
    "UnitIndex",
    "Visibility",
    "adjusted_rate",
    "bloc_prior",
    "competency_levels",
    "find_band",
    "first_prior",
    "prepare_items",
    "rank_units",
    "score_person",
    "unit_index",
]
