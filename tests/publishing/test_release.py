"""What learners get: made by nbgrader, equal to what is committed, and giving nothing away."""

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
