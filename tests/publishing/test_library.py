"""The library: each open module gives a lesson, a card, a poster, slides and a picture to share."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from hocvu.course import read_course
from hocvu.errors import AuthoringError
from hocvu.publishing.handouts import LessonParts, handouts_of
from hocvu.publishing.library import build_library, find_chromium

NAMES = {"bai-hoc", "the-nho", "do-hoa", "trinh-chieu"}


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Module 4 only, whose poster is the fullest: its files say what the others' would."""
    var, course = tmp_path_factory.mktemp("var"), read_course(root)
    modules = tuple(module for module in course.modules if module.number == "4")
    report = build_library(root, var, replace(course, modules=modules), lambda _line: None)
    assert report.printed == 5 and find_chromium()
    return var / "library/04-ai-tao-sinh"


def test_every_handout_is_there_as_page_and_as_print(built: Path) -> None:
    found = {path.name for path in built.iterdir()}
    assert found == {f"{name}.{end}" for name in NAMES for end in ("html", "pdf")} | {"chia-se.html", "chia-se.png"}


def test_a_handout_needs_no_other_file_and_runs_nothing(built: Path) -> None:
    for page in built.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text and not re.search(r'(src|href)="(?!#|data:|https?:)', text), page
        assert 'lang="vi"' in text and ("CC BY 4.0" in text or page.stem == "chia-se")


def test_prints_have_the_sizes_they_promise(built: Path) -> None:
    def boxes(name: str) -> set[tuple[int, int]]:
        found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", (built / name).read_bytes())
        return {(round(float(width)), round(float(height))) for width, height in found}

    assert boxes("the-nho.pdf") == {(420, 595)} or boxes("the-nho.pdf") == {(420, 596)}
    assert {width for width, _ in boxes("bai-hoc.pdf")} <= {595, 596}
    assert len(re.findall(rb"/Type /Page\b", (built / "the-nho.pdf").read_bytes())) == 1
    assert len(re.findall(rb"/Type /Page\b", (built / "do-hoa.pdf").read_bytes())) == 1
    png = (built / "chia-se.png").read_bytes()
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (1200, 630)


def test_what_has_not_changed_is_not_printed_again(built: Path, root: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in built.iterdir()}
    course = read_course(root)
    modules = tuple(module for module in course.modules if module.number == "4")
    assert build_library(root, built.parents[1], replace(course, modules=modules), lambda _line: None).printed == 0
    assert {path.name: path.stat().st_mtime_ns for path in built.iterdir()} == before


def test_a_lesson_without_a_card_is_refused_by_name(root: Path) -> None:
    module = read_course(root).modules[0]
    with pytest.raises(AuthoringError, match="no cell with id the-nho"):
        handouts_of(LessonParts(module, {"dieu-vua-thay": "<ol><li>x</li></ol>"}))
