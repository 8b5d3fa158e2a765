"""Beside the band: what a position asks for, the number a unit may want, and the band that only people give."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hocvu.course import Rule, read_course
from hocvu.errors import AuthoringError
from hocvu.scores import Contribution, ItemInfo
from hocvu.scoring import (
    Membership,
    check_floor,
    convert_score,
    find_track,
    has_risen,
    score_person,
    why_not_counted,
)

SIGNED = Contribution("Có sáng kiến được công nhận", "Nguyễn Thị Thủ Trưởng", date(2027, 6, 1))


@pytest.mark.parametrize(
    ("code", "floors"),
    [
        ("A", {"NL4": 2, "NL5": 2, "NL6": 2}),
        ("B", {"NL3": 2, "NL4": 2, "NL5": 2, "NL6": 2}),
        ("C", {"NL2": 2, "NL6": 2}),
        ("D", {"NL1": 1, "NL2": 1, "NL3": 1, "NL4": 1, "NL5": 2, "NL6": 1}),
    ],
)
def test_each_track_asks_for_its_floor_and_no_more(rule: Rule, code: str, floors: dict[str, int]) -> None:
    track = next(track for track in rule.tracks if track.code == code)
    assert dict(track.floors) == floors
    assert check_floor(floors, track).text == "đủ yêu cầu vị trí"
    for competency, level in floors.items():
        lower = check_floor({**floors, competency: level - 1}, track)
        assert not lower.is_enough
        assert lower.text == f"chưa đủ yêu cầu vị trí: {competency} cần đạt M{level}"


@pytest.mark.parametrize(
    ("position", "is_leader", "code"),
    [
        ("Tiếp nhận hồ sơ", False, "A"),
        ("tiep nhan ho so bo phan mot cua", False, "A"),
        ("Tư pháp – hộ tịch", False, "B"),
        ("Chuyên viên", True, "C"),
        ("Phó Giám đốc Sở", False, "C"),
        ("Giáo viên", False, "D"),
        ("Nhân viên lái xe", False, "D"),
        ("Nghệ nhân hoa kiểng", False, None),
        ("", False, None),
    ],
)
def test_a_position_is_in_a_track_by_its_words_or_in_none(
    rule: Rule, position: str, is_leader: bool, code: str | None
) -> None:
    track = find_track(position, is_leader, rule)
    assert (track.code if track else None) == code


def test_the_number_of_each_band_and_below_the_first(planned: list[ItemInfo], rule: Rule) -> None:
    score = score_person({}, planned, rule)
    assert [convert_score(replace(score, band=band), rule) for band in (1, 2, 3, 4)] == [6, 8, 9, 10]
    assert [convert_score(replace(score, coverage=share), rule) for share in (0.0, 0.5, 1.0)] == [0.0, 2.5, 5.0]
    assert convert_score(score, replace(rule, conversion=None)) is None


def test_band_4_is_given_by_a_person_on_top_of_band_3_only(planned: list[ItemInfo], rule: Rule) -> None:
    everything = {item.item_id: 1.0 for item in planned}
    assert score_person(everything, planned, rule).band == 3
    top = score_person(everything, planned, rule, [SIGNED])
    assert (top.band, top.band_name) == (4, "Lan tỏa")
    half = {item.item_id: 1.0 for item in planned if item.level == 1}
    assert score_person(half, planned, rule, [SIGNED]).band == 0


@pytest.mark.parametrize(
    "claimed", [replace(SIGNED, confirmed_by=" "), replace(SIGNED, kind="Học rất chăm"), replace(SIGNED, kind="")]
)
def test_a_contribution_that_nobody_signed_or_no_rule_names_gives_nothing(
    planned: list[ItemInfo], rule: Rule, claimed: Contribution
) -> None:
    assert score_person({item.item_id: 1.0 for item in planned}, planned, rule, [claimed]).band == 3


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (Membership(date(2020, 1, 1)), ""),
        (Membership(date(2027, 9, 16)), ""),  # 60 days before the freeze
        (Membership(date(2027, 9, 17)), "mới về đơn vị dưới 60 ngày"),
        (Membership(date(2020, 1, 1), leave_days=182), ""),
        (Membership(date(2020, 1, 1), leave_days=183), "nghỉ thai sản, ốm hoặc đi học quá nửa kỳ"),
        (Membership(date(2020, 1, 1), exempt_reason="Quyết định 12"), "miễn theo quyết định: Quyết định 12"),
    ],
)
def test_who_counts_in_a_unit(rule: Rule, person: Membership, reason: str) -> None:
    assert why_not_counted(person, date(2026, 11, 16), date(2027, 11, 15), rule.unit) == reason


def test_rising_is_a_level_more_and_in_the_first_year_the_band(planned: list[ItemInfo], rule: Rule) -> None:
    score = score_person({item.item_id: 1.0 for item in planned}, planned, rule)
    same = dict(score.levels)
    assert not has_risen(score, same, rule)
    assert has_risen(score, {**same, "NL3": 2}, rule)
    assert has_risen(score, {}, rule)
    assert has_risen(score, None, rule) and not has_risen(replace(score, band=1), None, rule)


def test_a_rule_is_a_draft_until_somebody_signed_it(rule: Rule) -> None:
    assert not rule.is_signed
    assert rule.label == "Quy tắc tính điểm 2027.1 (đề xuất, chưa ban hành)"
    signed = replace(rule, signed_by="Trần Văn Ký", signed_on=date(2026, 12, 5), signed_text="Quyết định 99/QĐ-SNV")
    assert signed.label == (
        "Quy tắc tính điểm 2027.1, ban hành ngày 05/12/2026 theo Quyết định 99/QĐ-SNV, người ký: Trần Văn Ký"
    )


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('signed_by = ""', 'signed_by = "Trần Văn Ký"', "signed_by, signed_on, signed_text"),
        ("band_4 = 10\n", "", "conversion"),
        ("band_4 = 10\n", "band_4 = 7\n", "band_…"),
        ("NL2 = 2\nNL6 = 2", "NL9 = 2", "NL9"),
        ('code = "A"', 'code = "C"', "track"),
        ("by_people = true", "by_people = false", "contributions"),
    ],
)
def test_a_slip_in_the_rule_is_told_with_its_key(root: Path, tmp_path: Path, old: str, new: str, key: str) -> None:
    (tmp_path / "course").mkdir()
    for file in (root / "course").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        if file.name == "scoring.toml":
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / "course" / file.name).write_text(text, encoding="utf-8")
    with pytest.raises(AuthoringError, match=r"scoring\.toml") as caught:
        read_course(tmp_path)
    assert key in str(caught.value)
