"""One person's score: levels, band and what to do next."""

from collections.abc import Mapping, Sequence

from hocvu.course import Rule
from hocvu.scores import CAPSTONE, ItemInfo, LevelResult, Score
from hocvu.scoring.bands import find_band
from hocvu.scoring.levels import competency_levels
from hocvu.scoring.sums import DIGITS, coverage_of, max_points_of, points_of, share_of


def score_person(evidence: Mapping[str, float], items: Sequence[ItemInfo], rule: Rule) -> Score:
    """Return the score of one person.

    evidence: item id → best share in 0..1, absent = not attempted. items: the published items of the period (set I).
    Neither the order of the items nor that of the evidence matters; a better share never lowers anything.
    Source: docs/scoring.md, worked examples there.
    """
    graded = [item for item in items if item.is_graded]
    details = competency_levels(evidence, graded, rule)
    levels = {code: result.level for code, result in details.items()}
    coverage = round(coverage_of(evidence, graded), DIGITS)
    band = find_band(
        levels,
        coverage,
        rule,
        level_coverage=_level_coverage(evidence, graded, rule),
        capstone_share=share_of(evidence, [item for item in graded if item.module == CAPSTONE]),
    )
    return Score(
        coverage=coverage,
        levels=levels,
        band=band.number,
        points=points_of(evidence, graded),
        max_points=max_points_of(graded),
        rule_version=rule.version,
        enough_data=band.enough_data,
        band_name=band.name,
        band_message=band.message,
        messages=_messages(details),
        details=details,
    )


def _level_coverage(evidence: Mapping[str, float], graded: Sequence[ItemInfo], rule: Rule) -> dict[int, float]:
    levels = range(1, rule.levels.highest + 1)
    return {level: coverage_of(evidence, [item for item in graded if item.level == level]) for level in levels}


def _messages(details: Mapping[str, LevelResult]) -> tuple[str, ...]:
    return tuple(f"{code}: {result.message}." for code, result in details.items())
