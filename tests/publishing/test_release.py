"""What learners get: made by nbgrader, equal to what is committed, and giving nothing away."""

import shutil
from pathlib import Path

import pytest

from hocvu.errors import AuthoringError
from hocvu.notebooks import normal_form, notebook_text, read_notebook
from hocvu.publishing.check import check_course, notebooks_of, slugs_of
from hocvu.publishing.release import generate_release, write_release
from tests.story import RIGHT_OR_LEFT, Course


def test_the_hidden_part_stays_with_the_instructor(tmp_path: Path) -> None:
    with Course(tmp_path) as course:
        assert course.question().source
        released = write_release(course.root, course.slug).read_text(encoding="utf-8")
    assert "Bên nào?" in released
    for secret in (".key(", "HIDDEN", "feedback", "Trái là sai", "Phải là đúng"):
        assert secret not in released


def test_a_release_that_would_give_the_feedback_away_is_not_written(tmp_path: Path) -> None:
    with Course(tmp_path) as course:
        assert course.markdown("Nhớ rằng: Phải là đúng.").question().source
        with pytest.raises(AuthoringError, match=r'cell "1-2": shows \'Phải là đúng'):
            write_release(course.root, course.slug)
    assert not (tmp_path / "release").exists()


def test_feedback_split_over_lines_is_found_too(tmp_path: Path) -> None:
    split = RIGHT_OR_LEFT.replace('"Phải là đúng."', '"Phải là "\n    "đúng."')
    with Course(tmp_path) as course:
        assert course.code('print("Phải là " "đúng.")').question(source=split).source
        with pytest.raises(AuthoringError, match="shows"):
            generate_release(course.root, course.slug)


def test_the_committed_releases_are_what_their_sources_give(root: Path) -> None:
    assert slugs_of(root)
    for slug in slugs_of(root):
        assert (root / "release" / slug / "exercises.ipynb").read_bytes() == generate_release(root, slug)


def test_every_notebook_is_in_normal_form(root: Path) -> None:
    for path in notebooks_of(root):
        assert path.read_text(encoding="utf-8") == notebook_text(normal_form(read_notebook(path))), path


def test_our_own_course_has_no_problems(root: Path) -> None:
    assert check_course(root) == []


def test_an_instructors_try_out_beside_a_release_is_no_problem(tmp_path: Path, root: Path) -> None:
    shutil.copytree(root / "course", tmp_path / "course")
    shutil.copytree(root / "docs", tmp_path / "docs")
    for folder in ("source", "release"):
        shutil.copytree(root / folder, tmp_path / folder)
    release = tmp_path / "release" / slugs_of(root)[0]
    (release / ".answers.json").write_text("{}")
    assert check_course(tmp_path) == []
    (release / "dap-an.txt").write_text("a")
    assert "holds ['dap-an.txt'] besides the notebook" in check_course(tmp_path)[0]


def test_a_key_that_the_right_answer_does_not_reach_is_a_problem(tmp_path: Path, root: Path) -> None:
    shutil.copytree(root / "course", tmp_path / "course")
    shutil.copytree(root / "docs", tmp_path / "docs")
    hard = (
        'from hocvu.labs import keyword_rules\nq = experiment("1-3", "Thử?", competency="NL1", level=2, '
        "lab=keyword_rules.KEYWORD_RULES)\nq\n### BEGIN HIDDEN TESTS\n"
        'q.key(Goal(full=0.99, half=0.98, salt="muối", reference={"rules": [["rác", "RAC"]]}))\n### END HIDDEN TESTS'
    )
    course = Course(tmp_path, "01-ai-quanh-ta").question("1-3", hard, points=8.0)
    assert course.source.exists()
    problems = check_course(tmp_path)
    assert any('cell "1-3": the right answer earns 0 of 8. Check the key.' in problem for problem in problems)
