"""The scoring rule as settings: every threshold has a place in course/scoring.toml, none in the code."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path

from hocvu.course.toml import Table, read_table


@dataclass(frozen=True)
class LevelRule:
    """When a competency reaches a level. Shares in 0..1, over all published graded items of that level."""

    coverage: float
    min_items: int
    min_modules: int
    share: float
    case_from_level: int  # from this level on a work scenario is asked for
    case_share: float
    highest: int  # levels above are confirmed by people

    def needed(self, published: int) -> int:
        """How many of so many published items coverage and the least number ask for."""
        return max(ceil(round(self.coverage * published, 9)), min(self.min_items, published))


@dataclass(frozen=True)
class BandRule:
    """When a person reaches a band; the lower bands must be reached too. A 0 asks for nothing."""

    number: int
    name: str
    certificate: str
    by_people: bool = False  # never given by the machine
    coverage_level: int = 0
    coverage: float = 0.0  # of the items of coverage_level
    all_at_least: int = 0  # level of every competency
    count: int = 0
    count_at_least: int = 0  # level of at least `count` competencies, those of `among` included
    among: tuple[str, ...] = ()
    capstone_share: float = 0.0
    contributions: tuple[str, ...] = ()  # of a band given by people: what a person may confirm, one is enough


@dataclass(frozen=True)
class UnitRule:
    """The unit index. prior_*: expected rates of the first year; prior_weight: how many people they count for."""

    covered: float  # coverage from which a person counts as participating
    advanced_band: int
    weight_participating: float
    weight_advanced: float
    weight_rising: float
    prior_participating: float
    prior_advanced: float
    prior_rising: float
    prior_weight: float
    hide_below: int  # fewer people: no rates shown
    rank_from: int  # fewer people: no ranking
    same_rank_within: float  # points of the index
    top_one_in: int  # 3: the top third of a bloc is named
    reached_index: float  # "đạt ngưỡng": named without a number
    joined_days: int  # who joined later than so many days before the freeze is not counted
    leave_share: float  # who was on leave for more than this share of the period is not counted


@dataclass(frozen=True)
class Track:
    """A group of positions and the levels it asks for. words: phrases of a position; leaders: every leader is in it."""

    code: str
    name: str
    who: str
    floors: tuple[tuple[str, int], ...]  # (competency, level)
    words: tuple[str, ...] = ()
    leaders: bool = False
    note: str = ""


@dataclass(frozen=True)
class Conversion:
    """Numbers for units that need one: by band, and up to `below` by coverage before the first band."""

    by_band: tuple[float, ...]
    below: float


@dataclass(frozen=True)
class Rule:
    """One version of the rule. status, signed_by and based_on are printed next to every result."""

    version: str
    status: str
    signed_by: str
    signed_on: date | None
    based_on: tuple[str, ...]
    competencies: tuple[str, ...]  # the codes that "all competencies" means
    enough_data: float  # coverage of all graded items below which there is no band
    levels: LevelRule
    bands: tuple[BandRule, ...]
    unit: UnitRule
    signed_text: str = ""  # the text that puts the rule in force
    opening_days: int = 0  # after a period's items are first registered, so long new items still enter it
    tracks: tuple[Track, ...] = ()
    conversion: Conversion | None = None

    @property
    def is_signed(self) -> bool:
        """Whether a person put it in force; until then every result says that the rule is a draft."""
        return bool(self.signed_by and self.signed_on and self.signed_text)

    @property
    def label(self) -> str:
        """The rule as every result names it."""
        name = f"Quy tắc tính điểm {self.version}"
        if not self.is_signed or self.signed_on is None:
            return f"{name} ({self.status})"
        return f"{name}, ban hành ngày {self.signed_on:%d/%m/%Y} theo {self.signed_text}, người ký: {self.signed_by}"


def read_rule(root: Path, competencies: Collection[str]) -> Rule:
    """The rule of course/scoring.toml; competencies: the codes that bands may name."""
    top = read_table(root, "scoring.toml")
    rule = Rule(
        version=top.text("version"),
        status=top.text("status"),
        signed_by=top.text("signed_by", default=""),
        signed_on=top.day_or_none("signed_on"),
        based_on=top.texts("based_on"),
        competencies=tuple(competencies),
        enough_data=top.share("enough_data"),
        levels=_read_levels(top.table("levels")),
        bands=tuple(_read_band(one, competencies) for one in top.tables("band", "number")),
        unit=_read_unit(top.table("unit")),
        signed_text=top.text("signed_text", default=""),
        opening_days=top.integer("opening_days", low=0, high=366, default=0),
        tracks=_read_tracks(top, competencies),
        conversion=_read_conversion(top.table("conversion")) if "conversion" in top.keys else None,
    )
    signature = (rule.signed_by, rule.signed_on, rule.signed_text)
    if any(signature) and not all(signature):
        top.fail("signed_by, signed_on, signed_text", signature, "Write all three, or none while it is a draft.")
    if rule.conversion and len(rule.conversion.by_band) != len(rule.bands):
        top.fail("conversion", rule.conversion.by_band, f"Write one number for each of the {len(rule.bands)} bands.")
    numbers = [band.number for band in rule.bands]
    if numbers != list(range(1, len(numbers) + 1)):
        top.fail("band", numbers, "Number the bands 1, 2, 3, … in order.")
    top.finish()
    return rule


def _read_levels(table: Table) -> LevelRule:
    levels = LevelRule(
        coverage=table.share("coverage"),
        min_items=table.integer("min_items", low=1, high=100),
        min_modules=table.integer("min_modules", low=1, high=11),
        share=table.share("share"),
        case_from_level=table.integer("case_from_level", low=1, high=4),
        case_share=table.share("case_share"),
        highest=table.integer("highest", low=1, high=3),
    )
    table.finish()
    return levels


def _read_band(table: Table, competencies: Collection[str]) -> BandRule:
    band = BandRule(
        number=table.integer("number", low=1, high=9),
        name=table.text("name"),
        certificate=table.text("certificate"),
        by_people=table.flag("by_people", default=False),
        coverage_level=table.integer("coverage_level", low=0, high=3, default=0),
        coverage=table.share("coverage", default=0.0),
        all_at_least=table.integer("all_at_least", low=0, high=3, default=0),
        count=table.integer("count", low=0, high=len(competencies), default=0),
        count_at_least=table.integer("count_at_least", low=0, high=3, default=0),
        among=table.texts("among", default=()),
        capstone_share=table.share("capstone_share", default=0.0),
        contributions=table.texts("contributions", default=()),
    )
    if band.by_people != bool(band.contributions):
        table.fail("contributions", band.contributions, "Write what people may confirm, only for by_people = true.")
    for code in band.among:
        if code not in competencies:
            table.fail("among", code, f"Write codes of course/competencies.toml: {', '.join(competencies)}.")
    table.finish()
    return band


def _read_unit(table: Table) -> UnitRule:
    unit = UnitRule(
        covered=table.share("covered"),
        advanced_band=table.integer("advanced_band", low=1, high=4),
        weight_participating=table.share("weight_participating"),
        weight_advanced=table.share("weight_advanced"),
        weight_rising=table.share("weight_rising"),
        prior_participating=table.share("prior_participating"),
        prior_advanced=table.share("prior_advanced"),
        prior_rising=table.share("prior_rising"),
        prior_weight=table.number("prior_weight", low=0, high=1000),
        hide_below=table.integer("hide_below", low=1, high=100),
        rank_from=table.integer("rank_from", low=1, high=1000),
        same_rank_within=table.number("same_rank_within", low=0, high=100),
        top_one_in=table.integer("top_one_in", low=1, high=10),
        reached_index=table.number("reached_index", low=0, high=100),
        joined_days=table.integer("joined_days", low=0, high=366),
        leave_share=table.share("leave_share"),
    )
    total = unit.weight_participating + unit.weight_advanced + unit.weight_rising
    if abs(total - 1) > 1e-9:
        table.fail("weight_…", f"{total:g} in all", "Write three weights that add up to 1.")
    if unit.rank_from < unit.hide_below:
        table.fail("rank_from", unit.rank_from, f"Write at least hide_below, {unit.hide_below}.")
    table.finish()
    return unit


def _read_tracks(top: Table, competencies: Collection[str]) -> tuple[Track, ...]:
    if "track" not in top.keys:
        return ()
    tracks = tuple(_read_track(one, competencies) for one in top.tables("track", "code"))
    codes = [track.code for track in tracks]
    if len(set(codes)) < len(codes):
        top.fail("track", codes, "Give each track a code of its own.")
    return tracks


def _read_track(table: Table, competencies: Collection[str]) -> Track:
    floors = table.table("floors")
    track = Track(
        code=table.text("code"),
        name=table.text("name"),
        who=table.text("who"),
        floors=tuple((code, floors.integer(code, low=1, high=3)) for code in floors.keys),
        words=table.texts("words", default=()),
        leaders=table.flag("leaders", default=False),
        note=table.text("note", default=""),
    )
    for code, _ in track.floors:
        if code not in competencies:
            floors.fail(code, code, f"Write codes of course/competencies.toml: {', '.join(competencies)}.")
    floors.finish()
    table.finish()
    return track


def _read_conversion(table: Table) -> Conversion:
    conversion = Conversion(
        tuple(table.number(key, low=0, high=100) for key in table.keys if key.startswith("band_")),
        table.number("below", low=0, high=100),
    )
    steps = (conversion.below, *conversion.by_band)
    if list(steps) != sorted(steps):
        table.fail("band_…", steps, "Write numbers that do not fall from below to the last band.")
    table.finish()
    return conversion
