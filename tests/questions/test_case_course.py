"""Work scenarios in a course: compiled, released, checked, and graded by stock nbgrader as by us."""

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from hocvu.grading import grade_answers
from hocvu.publishing.check import check_course
from hocvu.publishing.release import generate_release, secrets_of
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.case import Case
from hocvu.questions.values import Context, Graded, Key
from tests.portal.world import _write_course
from tests.stock_nbgrader import nbgrader
from tests.story import Course

SOURCE = """
ABOUT = {"id": "", "competency": "NL1", "level": 2}
q = case("T-1", "Một buổi sáng", competency="NL1", level=2, weights={"goi": 2}, variants={
    "a": Variant("Ở Phường Hoa Sen.", {
        "goi": choose_one(prompt="Báo ai?", **ABOUT, a="Tổ trưởng", b="Bảo vệ"),
        "dem": number(prompt="Mấy thư?", **ABOUT),
        "buoc": order(prompt="Thứ tự?", **ABOUT, items={"x": "Đọc", "y": "Gửi"}),
    }),
    "b": Variant("Ở Xã Bình Minh.", {
        "goi": choose_one(prompt="Báo ai?", **ABOUT, a="Khách", b="Trưởng phòng"),
        "dem": number(prompt="Mấy thư?", **ABOUT),
        "buoc": order(prompt="Thứ tự?", **ABOUT, items={"x": "Ký", "y": "Soạn"}),
    }),
})
q
### BEGIN HIDDEN TESTS
q.key({
    "a": {"goi": ("a", {"b": "Người bảo vệ không có quyền quyết định."}), "dem": 7, "buoc": ["x", "y"]},
    "b": {"goi": "b", "dem": (12, {"wrong": "Đếm cả thư đến trong buổi chiều."}), "buoc": ["y", "x"]},
})
### END HIDDEN TESTS
"""
SLUG = "01-thu"
SUBMITTED: dict[str, tuple[int, object]] = {
    "right-a": (24, {"goi": "a", "dem": "7", "buoc": ["x", "y"]}),
    "right-b": (25, {"goi": "b", "dem": "12", "buoc": ["y", "x"]}),
    "a-as-b": (25, {"goi": "a", "dem": "12 "}),
    "unreadable": (24, {"goi": "a", "dem": "mấy chục"}),
    "blank": (24, None),
}


@pytest.fixture
def source(tmp_path: Path, root: Path) -> Path:
    """A course with one work scenario among its items."""
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    with Course(tmp_path, SLUG) as course:
        return course.markdown("# Tình huống").question().question("T-1", SOURCE, 6.0).source


def test_the_compiler_and_the_release_know_cases(source: Path) -> None:
    item = compile_assignment(source).item("T-1")
    assert isinstance(item.question, Case) and item.question.kind == "CASE"
    assert sorted(secrets_of(item)) == ["Người bảo vệ không có quyền quyết định.", "Đếm cả thư đến trong buổi chiều."]
    released = generate_release(source.parents[2], SLUG).decode()
    assert "Xã Bình Minh" in released and "Đếm cả thư" not in released


def problems_of(course: Path, root: Path, cell: str) -> list[str]:
    """What hocvu check says of this one cell, in an otherwise good course."""
    if not (course / "course").exists():
        _write_course(course, root)
    with Course(course, SLUG) as told:
        assert told.markdown("# Tình huống").question("T-1", cell, 6.0).source
    return [problem for problem in check_course(course) if '"T-1"' in problem]


def test_hocvu_check_looks_at_every_variant_and_part(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert problems_of(tmp_path, root, SOURCE) == []
    wordy = problems_of(tmp_path, root, SOURCE.replace('"Báo ai?"', f'"{"từ " * 61}"'))
    assert len(wordy) == 2 and 'variant "b", part "goi": the prompt has 61 words' in wordy[1]

    grade = Case.grade

    def spoil_b(question: Case, key: Key, value: object, context: Context) -> Graded:
        graded = grade(question, key, value, context)
        return replace(graded, share=graded.share / 2) if question.variant_of(context.seed) == "b" else graded

    monkeypatch.setattr(Case, "grade", spoil_b)
    spoilt = problems_of(tmp_path, root, SOURCE)
    assert len(spoilt) == 1 and 'variant "b": the right answer earns 3 of 6. Check the key.' in spoilt[0]


def recorded_points(course: Path) -> dict[str, dict[str, float]]:
    """What nbgrader's own gradebook says: student → grade_id → points."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {grade.name: grade.score for grade in submission.notebooks[0].grades}
            for submission in gradebook.assignment_submissions(SLUG)
        }


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_stock_nbgrader_gives_the_same_points(source: Path) -> None:
    course, spec = source.parents[2], compile_assignment(source)
    nbgrader(course, "generate_assignment", SLUG, "--create")
    expected = {}
    for student, (seed, raw) in SUBMITTED.items():
        answers = {} if raw is None else {"T-1": raw, "1-2": random.Random(seed).choice("ab")}
        folder = course / "submitted" / student / SLUG
        folder.mkdir(parents=True)
        shutil.copy(course / "release" / SLUG / "exercises.ipynb", folder)
        content = {"assignment": SLUG, "seed": seed, "answers": answers}
        (folder / "answers.json").write_text(json.dumps(content), encoding="utf-8")
        expected[student] = {result.item_id: result.points for result in grade_answers(spec, answers, seed)}
    nbgrader(course, "autograde", SLUG)
    assert recorded_points(course) == {student: pytest.approx(points) for student, points in expected.items()}
    assert [expected[student]["T-1"] for student in SUBMITTED] == [6, 6, 1.5, 0, 0]
