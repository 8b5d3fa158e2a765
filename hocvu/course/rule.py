"""The scoring rule as settings: every threshold has a place in course/scoring.toml, none in the code."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
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
    )
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
    )
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
    )
    total = unit.weight_participating + unit.weight_advanced + unit.weight_rising
    if abs(total - 1) > 1e-9:
        table.fail("weight_…", f"{total:g} in all", "Write three weights that add up to 1.")
    if unit.rank_from < unit.hide_below:
        table.fail("rank_from", unit.rank_from, f"Write at least hide_below, {unit.hide_below}.")
    table.finish()
    return unit
