"""A number for units that need one: from the band, before the first band from coverage. Rules first, number second."""

from hocvu.course import Rule
from hocvu.scores import Score


def convert_score(score: Score, rule: Rule) -> float | None:
    """Return the converted number, None where the rule has no conversion."""
    if rule.conversion is None:
        return None
    if score.band:
        return rule.conversion.by_band[score.band - 1]
    return round(rule.conversion.below * score.coverage, 1)
