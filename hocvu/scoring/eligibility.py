"""Who counts in a unit's N at the freeze, and who rose: facts in, yes or no with the reason out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hocvu.course import Rule, UnitRule
from hocvu.scores import Score


@dataclass(frozen=True)
class Membership:
    """One person on the roster on freeze day. leave_days: maternity, sickness, study, inside the period."""

    joined_on: date
    leave_days: int = 0
    exempt_reason: str = ""  # of a decision; choosing whom to exempt is never automated


def why_not_counted(person: Membership, starts_on: date, freeze_on: date, rule: UnitRule) -> str:
    """Return in Vietnamese why a person is left out of N; empty when they count."""
    days = (freeze_on - starts_on).days + 1
    if person.exempt_reason.strip():
        return f"miễn theo quyết định: {person.exempt_reason.strip()}"
    if (freeze_on - person.joined_on).days < rule.joined_days:
        return f"mới về đơn vị dưới {rule.joined_days} ngày"
    if person.leave_days > rule.leave_share * days:
        return "nghỉ thai sản, ốm hoặc đi học quá nửa kỳ" if rule.leave_share == 0.5 else "nghỉ quá thời gian quy định"
    return ""


def has_risen(score: Score, before: Mapping[str, int] | None, rule: Rule) -> bool:
    """Whether a person rose a level in a competency since the last freeze; in the first year: reached the band.

    before: levels at the last freeze, None in the first year of all; a person who was not there then had none.
    """
    if before is None:
        return score.band >= rule.unit.advanced_band
    return any(level > before.get(code, 0) for code, level in score.levels.items())
