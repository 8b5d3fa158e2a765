"""Stock `nbgrader autograde` on this course root: the same points as before, and no kernel for a data notebook."""

from pathlib import Path

import pytest

from tests.autograde.courses import Course, answer, everything
from tests.autograde.notebooks import QUESTIONS, choice, free_text, notebook, read, text, write

SLUG = "bai-thu"
TRAP = "open('da-chay.txt', 'w').write('x')"


@pytest.fixture
def course(root: Path, tmp_path: Path) -> Course:
    made = Course(tmp_path, root)
    (tmp_path / "nbgrader_config.py").write_text((root / "nbgrader_config.py").read_text())  # with our hook
    made.assignment(SLUG, {"exercises": notebook(QUESTIONS, choice("c-1", 4.0), free_text("tl-1", 3.0))})
    made.split_gradebook()
    return made


def test_nothing_of_the_learners_is_executed_and_the_gradebook_is_ours(course: Course) -> None:
    for student, chosen in (("an", "a"), ("binh", "b"), ("chi", None)):
        folder = course.hand_in(student, SLUG)
        answer(folder, {"c-1": chosen} if chosen else {})
        content = read(folder / "exercises.ipynb")
        trap = text("bay", TRAP) | {"cell_type": "code", "execution_count": None, "outputs": []}
        write(folder / "exercises.ipynb", content | {"cells": [trap, *content["cells"]]})
    said = course.nbgrader("autograde", SLUG)
    course.autograde(SLUG)
    assert everything(course.db(), SLUG) == everything(course.db("ours"), SLUG)
    assert not list(course.folder.rglob("da-chay.txt"))
    assert "Kernel" not in said
    assert "Trả lời: Một — 4/4" in (course.folder / "autograded" / "an" / SLUG / "exercises.ipynb").read_text("utf-8")
    with course.formgrader() as api:
        assert api.generate_feedback(SLUG, "binh")["success"]
    page = (course.folder / "feedback" / "binh" / SLUG / "exercises.html").read_text("utf-8")
    assert "Trả lời: Hai — 0/4" in page and "choose_one" in page
    assert "feedback=" not in page and "HIDDEN" not in page and ".key" not in page.partition("<body")[2]


def test_broken_answers_fail_the_submission_and_give_no_points(course: Course) -> None:
    (course.hand_in("an", SLUG) / "answers.json").write_text("{")
    assert "There was an error processing assignment" in course.nbgrader("autograde", SLUG, status=1)
    assert everything(course.db(), SLUG)[f"{SLUG} an"]["needs_manual_grade"]
