"""The published scoring rule as pure functions: item results → competency levels → band, and the unit index.

Deterministic, no AI, no clock: the same evidence, items and rule give the same score. docs/scoring.md explains it.
"""

from hocvu.scores import Contribution, ItemInfo, LedgerLine, LevelProgress, LevelResult, Score
from hocvu.scoring.bands import Band, find_band
from hocvu.scoring.conversion import convert_score
from hocvu.scoring.eligibility import Membership, has_risen, why_not_counted
from hocvu.scoring.explain import LevelExplanation, explain_level
from hocvu.scoring.floors import Floor, check_floor, find_track
from hocvu.scoring.item_set import ItemSet, prepare_items
from hocvu.scoring.levels import competency_levels
from hocvu.scoring.person import score_person
from hocvu.scoring.publication import Cell, Named, UnitRow, UnitTable, choose_named, publish_units
from hocvu.scoring.small_units import UnitCounts
from hocvu.scoring.units import (
    Prior,
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
    "Cell",
    "Contribution",
    "Floor",
    "ItemInfo",
    "ItemSet",
    "LedgerLine",
    "LevelExplanation",
    "LevelProgress",
    "LevelResult",
    "Membership",
    "Named",
    "Prior",
    "Score",
    "UnitCounts",
    "UnitIndex",
    "UnitRow",
    "UnitTable",
    "Visibility",
    "adjusted_rate",
    "bloc_prior",
    "check_floor",
    "choose_named",
    "competency_levels",
    "convert_score",
    "explain_level",
    "find_band",
    "find_track",
    "first_prior",
    "has_risen",
    "prepare_items",
    "publish_units",
    "rank_units",
    "score_person",
    "unit_index",
    "why_not_counted",
]
