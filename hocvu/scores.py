"""What scoring says about one person: levels, coverage, band. The store keeps it, scoring computes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

CASE_KIND = "CASE"
CAPSTONE = "T"  # module number of the capstone (bài tổng hợp); all of its items are work scenarios


@dataclass(frozen=True)
class ItemInfo:
    """One published item as scoring sees it. level in 1..3, max_points 0 = completion only, not graded.

    is_withdrawn: taken out of the set by decision; it counts, with its full share, only for those who tried it.
    """

    item_id: str
    module: str
    competency: str
    level: int
    max_points: float
    kind: str = ""
    is_withdrawn: bool = False

    @property
    def is_graded(self) -> bool:
        return self.max_points > 0

    @property
    def is_case(self) -> bool:
        """Whether the item is a work scenario, the evidence that M2 and M3 ask for."""
        return self.kind == CASE_KIND or self.module == CAPSTONE

    @property
    def label(self) -> str:
        """The item's name as learners read it: câu 1.2, nhiệm vụ T.10."""
        noun = "nhiệm vụ" if self.is_case else "câu"
        return f"{noun} {self.item_id.replace('-', '.')}"


@dataclass(frozen=True)
class Contribution:
    """What a person did for others, confirmed by a person: the way to a band that no machine gives."""

    kind: str  # in the words of the rule
    confirmed_by: str
    confirmed_on: date
    note: str = ""


@dataclass(frozen=True)
class LedgerLine:
    """The best outcome of one item, and where it comes from: enough to grade it again."""

    item_id: str
    share: float
    points: float
    max_points: float
    assignment: str
    attempt_id: str
    attempt_no: int
    submitted_at: datetime
    version: str  # of the assignment that was answered
    content_hash: str  # of question, key and points; "" where it was not kept yet
    seed: int
    engine_version: str
    competency: str


@dataclass(frozen=True)
class LevelProgress:
    """How far one competency is at one level. coverage and share in 0..1 over all published graded items."""

    level: int
    items: int  # published graded items of this competency and level
    attempted: int
    modules: int  # different modules among the attempted items
    coverage: float
    share: float
    reached: bool
    missing: tuple[str, ...] = ()  # Vietnamese: what is still missing; empty when reached
    next_item: str = ""  # id of the cheapest item to do next; empty when none helps
    is_enough: bool = False  # that item alone, done well, reaches the level


@dataclass(frozen=True)
class LevelResult:
    """One competency: the level reached (0..3), and the way to the next one."""

    competency: str
    level: int
    coverage: float  # at the next level, or at the last one when all are reached
    share: float
    message: str  # Vietnamese: distance and the cheapest next item
    next_item: str
    progress: tuple[LevelProgress, ...]


@dataclass(frozen=True)
class Score:
    """One person in one period. levels: competency code → 0..3; band 0 = none (yet), 1..3 by rule, 4 only by people.

    The store keeps coverage, levels, band, points, max_points and rule_version; the rest explains them on the page.
    """

    coverage: float
    levels: Mapping[str, int]
    band: int
    points: float
    max_points: float
    rule_version: str
    enough_data: bool = False
    band_name: str = ""
    band_message: str = ""
    messages: tuple[str, ...] = ()
    details: Mapping[str, LevelResult] = field(default_factory=dict)
