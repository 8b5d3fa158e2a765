"""The course files: what they say, and how they complain when an author slips."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hocvu.course import Course, read_course
from hocvu.errors import AuthoringError


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A course root with the four files, free to be spoilt."""
    (tmp_path / "course").mkdir()
    for name in ("course.toml", "competencies.toml", "scoring.toml", "legal_facts.toml"):
        shutil.copy(root / "course" / name, tmp_path / "course" / name)
    (tmp_path / "docs").mkdir()
    shutil.copy(root / "docs" / "scoring.md", tmp_path / "docs" / "scoring.md")
    return tmp_path


@pytest.fixture
def complaint(copy: Path) -> Callable[[str, str, str], str]:
    """complaint(file, old, new): what read_course says once the first `old` in the file has become `new`."""

    def spoil(name: str, old: str, new: str) -> str:
        path = copy / "course" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(AuthoringError) as caught:
            read_course(copy)
        return caught.value.message

    return spoil


@pytest.fixture(scope="module")
def course(root: Path) -> Course:
    return read_course(root)


def test_the_course_has_a_start_up_ten_modules_and_the_capstone(course: Course) -> None:
    assert [module.number for module in course.modules] == [*map(str, range(11)), "T"]
    assert "01-ai-quanh-ta" in [module.slug for module in course.published]
    assert sum(module.minutes for module in course.modules[1:11]) == 430
    first = course.find_module("01-ai-quanh-ta")
    assert first is course.modules[1]
    assert course.find_module("no-such") is None


def test_the_period_is_the_evaluation_year(course: Course) -> None:
    assert (course.period.code, course.period.starts_on, course.period.ends_on) == (
        "2027",
        date(2026, 11, 16),
        date(2027, 11, 15),
    )


def test_six_competencies_have_four_levels_each_and_a_caution(course: Course) -> None:
    assert list(course.competencies) == ["NL1", "NL2", "NL3", "NL4", "NL5", "NL6"]
    assert {len(competency.levels) for competency in course.competencies.values()} == {4}
    assert course.competencies["NL5"].name == "Bảo vệ dữ liệu và an toàn"
    assert [level.label for level in course.framework.level_names] == [
        "M1 Nhận biết",
        "M2 Vận dụng",
        "M3 Thành thạo",
        "M4 Lan tỏa",
    ]
    assert "không phải quy đổi chính thức" in course.framework.note


def test_the_rule_says_that_nobody_has_signed_it(course: Course) -> None:
    assert (course.rule.version, course.rule.signed_by, course.rule.signed_on) == ("2027.1", "", None)
    assert "chưa ban hành" in course.rule.status
    assert [band.number for band in course.rule.bands if band.by_people] == [4]


def test_facts_know_when_they_hold_and_how_sure_they_are(course: Course) -> None:
    law = course.facts["luat-ttnt-134-2025-d4"]
    assert not law.is_in_force(date(2026, 2, 28))
    assert law.is_in_force(date(2026, 3, 1))
    assert law.citation == "Điều 4, Luật Trí tuệ nhân tạo số 134/2025/QH15 (kiểm tra ngày 23/11/2026)"
    assert "cần đối chiếu văn bản gốc" in course.facts["luat-ttnt-134-2025-khu-vuc-cong"].citation
    assert course.facts["tphcm-1022-thang-10-2025"].is_in_force(date(2020, 1, 1))


FACT = 'source = "https://pbgdpl.cantho.gov.vn/mot-so-quy-dinh-cua-luat-tri-tue-nhan-tao-nam-2025"'


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "course.toml",
            "minutes = 35",
            'minutes = "35"',
            "module 1: minutes is '35'. Write a whole number from 1 to 240.",
        ),
        ("course.toml", "minutes = 35", "minutes = 0", "module 1: minutes is 0. Write a whole number from 1 to 240."),
        (
            "course.toml",
            "minutes = 35",
            "minutes = true",
            "module 1: minutes is True. Write a whole number from 1 to 240.",
        ),
        ("course.toml", "minutes = 35\n", "", "module 1: minutes is missing. Write a whole number from 1 to 240."),
        ("course.toml", "minutes = 35", "minutes = 35\nminuets = 3", "module 1: minuets is 3. This key is not known."),
        ("course.toml", "published = true", 'published = "yes"', "published is 'yes'. Write true or false."),
        (
            "course.toml",
            "01-ai-quanh-ta",
            "01-AI quanh ta",
            "slug is '01-AI quanh ta'. Use a-z, 0-9 and single hyphens",
        ),
        (
            "course.toml",
            "02-may-hoc-tu-du-lieu",
            "01-ai-quanh-ta",
            "module 2: slug is '01-ai-quanh-ta'. Module 1 has this",
        ),
        ("course.toml", 'number = "2"', 'number = "1"', "module 1: number is '1'. Two modules have this number."),
        ("course.toml", 'number = "2"', 'number = "hai"', 'number is \'hai\'. Write "1" to "99"'),
        (
            "course.toml",
            '["NL1", "NL2"]',
            '["NL1", "NL9"]',
            "competencies is 'NL9'. Write codes of course/competencies",
        ),
        ("course.toml", '["NL1", "NL2"]', '"NL1"', "competencies is 'NL1'. Write a list of texts"),
        (
            "course.toml",
            'title = "AI trong',
            'title = ""\nold = "AI trong',
            "course/course.toml: title is ''. Write a text that",
        ),
        (
            "course.toml",
            "title = ",
            "title = 3\nold = ",
            "course/course.toml: title is 3. Write a text in double quotes.",
        ),
        ("course.toml", "2026-11-16", '"16/11/2026"', "period: starts_on is '16/11/2026'. Write a date without quotes"),
        ("course.toml", "starts_on = 2026-11-16", "", "period: starts_on is missing. Write a date"),
        (
            "course.toml",
            "2027-11-15",
            "2025-11-15",
            "period: ends_on is '2025-11-15'. Write a day after starts_on, 2026",
        ),
        ("course.toml", "[period]", "[years]", "course/course.toml: period is missing. Write a table [period]."),
        ("course.toml", "title =", "title", "course/course.toml: not TOML"),
        ("competencies.toml", 'code = "NL2"', 'code = "NL1"', "code is 'NL1'. Two competencies have this code."),
        ("competencies.toml", "levels = [\n", 'levels = [\n"thêm",\n', "NL1: levels is 5. Write 4 texts, M1 to M4."),
        (
            "competencies.toml",
            'us_dol = "Understand"',
            'us_dl = "x"',
            "mappings is 'us_dl'. Name it under [mapping_names]",
        ),
        ("competencies.toml", 'us_dol = "Understand"', "us_dol = 3", "mappings is {"),
        ("competencies.toml", "number = 2", "number = 1", "level is [1, 1, 3, 4]. Write the levels 1 to 4 in order."),
        ("scoring.toml", "coverage = 0.80", "coverage = 80", "levels: coverage is 80. Write a number from 0 to 1."),
        (
            "scoring.toml",
            "coverage = 0.80",
            'coverage = "0,8"',
            "levels: coverage is '0,8'. Write a number from 0 to 1.",
        ),
        (
            "scoring.toml",
            '"NL5", "NL6"',
            '"NL5", "NL7"',
            "band 2: among is 'NL7'. Write codes of course/competencies.toml",
        ),
        ("scoring.toml", "number = 2", "number = 5", "band is [1, 5, 3, 4]. Number the bands 1, 2, 3"),
        (
            "scoring.toml",
            "weight_rising = 0.2",
            "weight_rising = 0.3",
            "is '1.1 in all'. Write three weights that add up to 1",
        ),
        ("scoring.toml", "rank_from = 10", "rank_from = 4", "unit: rank_from is 4. Write at least hide_below, 5."),
        ("legal_facts.toml", 'status = "F1"', 'status = "R"', "luat-ttnt-134-2025-d4: status is 'R'. Write F1"),
        ("legal_facts.toml", FACT, 'source = "nghe nói"', "source is 'nghe nói'. Write a web address"),
        ("legal_facts.toml", FACT, 'source = "docs/none.md"', "source is 'docs/none.md'. Write a web address"),
        ("legal_facts.toml", "checked_on = 2026-11-23", "", "checked_on is missing. Write a date"),
        ("legal_facts.toml", 'status = "F1"', 'in_force_to = 2026-01-01\nstatus = "F1"', "in_force_to is '2026-01-01'"),
        ("legal_facts.toml", "luat-ttnt-134-2025-khu-vuc-cong", "luat-ttnt-134-2025-d4", "Two facts have this id."),
        ("legal_facts.toml", "[[fact]]", "[[other]]", "course/legal_facts.toml: other is"),
    ],
)
def test_a_slip_is_told_with_file_key_value_and_mend(
    complaint: Callable[[str, str, str], str], name: str, old: str, new: str, message: str
) -> None:
    said = complaint(name, old, new)
    assert said.startswith(f"course/{name}")
    assert message in said


def test_no_table_at_all_is_told(copy: Path) -> None:
    (copy / "course" / "legal_facts.toml").write_text("", encoding="utf-8")
    with pytest.raises(AuthoringError, match=r"fact is missing. Write at least one table \[\[fact\]\]"):
        read_course(copy)


def test_a_missing_file_is_told_with_the_way_out(copy: Path) -> None:
    (copy / "course" / "scoring.toml").unlink()
    with pytest.raises(
        AuthoringError, match="course/scoring.toml: there is no such file. Start hocvu in the course root"
    ):
        read_course(copy)


def test_a_file_in_another_encoding_is_told(copy: Path) -> None:
    (copy / "course" / "course.toml").write_bytes('title = "Khóa"'.encode("latin-1"))
    with pytest.raises(AuthoringError, match="course/course.toml: byte 11 is not UTF-8. Save the file as UTF-8."):
        read_course(copy)
