"""One person's score: levels, band and what to do next."""

from collections.abc import Mapping, Sequence

from hocvu.course import Rule
from hocvu.scores import Contribution, ItemInfo, LevelResult, Score
from hocvu.scoring.bands import find_band
from hocvu.scoring.item_set import ItemSet, prepare_items
from hocvu.scoring.levels import competency_levels
from hocvu.scoring.sums import coverage_of, nine, points_of, share_of


def score_person(
    evidence: Mapping[str, float],
    items: Sequence[ItemInfo] | ItemSet,
    rule: Rule,
    contributions: Sequence[Contribution] = (),
) -> Score:
    """Return the score of one person.

    evidence: item id → best share in 0..1, absent = not attempted. items: the published items of the period (set I);
    for many people prepare them once with prepare_items. contributions: confirmed by people in the period. Neither the
    order of the items nor that of the evidence matters; a better share never lowers anything.
    Source: docs/scoring.md, worked examples there.
    """
    item_set = prepare_items(items).counted_for(evidence)
    details = competency_levels(evidence, item_set, rule)
    levels = {code: result.level for code, result in details.items()}
    coverage = nine(coverage_of(evidence, item_set.graded))
    band = find_band(
        levels,
        coverage,
        rule,
        level_coverage={level: coverage_of(evidence, group) for level, group in item_set.by_level.items()},
        capstone_share=share_of(evidence, item_set.capstone),
        contributions=contributions,
    )
    return Score(
        coverage=coverage,
        levels=levels,
        band=band.number,
        points=points_of(evidence, item_set.graded),
        max_points=item_set.max_points,
        rule_version=rule.version,
        enough_data=band.enough_data,
        band_name=band.name,
        band_message=band.message,
        messages=_messages(details),
        details=details,
    )


def _messages(details: Mapping[str, LevelResult]) -> tuple[str, ...]:
    return tuple(f"{code}: {result.message}." for code, result in details.items())
