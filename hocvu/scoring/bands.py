"""Bands of completion (mức hoàn thành): rules over levels, not sums of points. The machine only proposes 1 to 3."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hocvu.course import BandRule, Rule
from hocvu.scores import Contribution
from hocvu.scoring.sums import percent, reaches

NOT_ENOUGH_DATA = "Chưa đủ dữ liệu"
NO_BAND_YET = "Chưa có mức"


@dataclass(frozen=True)
class Band:
    """number 0 = none (yet). name and message are Vietnamese; message says what the next band still needs."""

    number: int
    name: str
    enough_data: bool
    message: str


def find_band(
    levels: Mapping[str, int],
    coverage: float,
    rule: Rule,
    *,
    level_coverage: Mapping[int, float],
    capstone_share: float,
    contributions: Sequence[Contribution] = (),
) -> Band:
    """Return the highest band whose rule and all lower ones are met; a band of people's only by their confirmation.

    coverage: of all graded items; level_coverage: of the items of each level; capstone_share: points of the capstone.
    """
    if not reaches(coverage, rule.enough_data):
        message = f"đã làm {percent(coverage)} số câu có điểm, cần từ {percent(rule.enough_data)} để xét mức hoàn thành"
        return Band(0, NOT_ENOUGH_DATA, False, message)
    number, name = 0, NO_BAND_YET
    for band in rule.bands:
        if band.by_people and not any(confirms(one, band) for one in contributions):
            return Band(number, name, True, f"mức {band.name} do người có thẩm quyền xác nhận, máy không tự xét")
        missing = list(_missing(band, levels, level_coverage, capstone_share, rule))
        if missing:
            return Band(number, name, True, f"để đạt mức {band.name}: {'; '.join(missing)}")
        number, name = band.number, band.name
    return Band(number, name, True, "đã đạt mức cao nhất")


def confirms(contribution: Contribution, band: BandRule) -> bool:
    """Whether a person confirmed one of the contributions that the band asks for."""
    return contribution.kind in band.contributions and bool(contribution.confirmed_by.strip())


def is_confirmed(contributions: Sequence[Contribution], rule: Rule) -> bool:
    """Whether one of them is what a band of people's asks for."""
    return any(confirms(one, band) for one in contributions for band in rule.bands if band.by_people)


def _missing(
    band: BandRule, levels: Mapping[str, int], level_coverage: Mapping[int, float], capstone_share: float, rule: Rule
) -> Iterator[str]:
    covered = level_coverage.get(band.coverage_level, 0.0)
    if band.coverage_level and not reaches(covered, band.coverage):
        yield f"đã làm {percent(covered)} số câu M{band.coverage_level}, cần từ {percent(band.coverage)}"
    low = _below(rule.competencies, levels, band.all_at_least)
    if low:
        yield f"{', '.join(low)} cần đạt M{band.all_at_least}"
    gate = _below(band.among, levels, band.count_at_least)
    if gate:
        yield f"{', '.join(gate)} cần đạt M{band.count_at_least}"
    reached = len(rule.competencies) - len(_below(rule.competencies, levels, band.count_at_least))
    if reached < band.count:
        yield f"mới có {reached} năng lực đạt M{band.count_at_least}, cần {band.count}"
    if band.capstone_share and not reaches(capstone_share, band.capstone_share):
        yield f"bài tổng hợp đạt {percent(capstone_share)}, cần từ {percent(band.capstone_share)}"


def _below(codes: tuple[str, ...], levels: Mapping[str, int], level: int) -> list[str]:
    return [code for code in codes if levels.get(code, 0) < level]
