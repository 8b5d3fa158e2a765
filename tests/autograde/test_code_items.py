"""A notebook of questions with one optional code item: data stays data, code runs alone in the sandbox."""

from pathlib import Path

import pytest

from tests.autograde.courses import Course, answer, everything
from tests.autograde.notebooks import QUESTIONS, choice, notebook, read, rewrite, solution_code, test_code, write

SLUG = "bai-thu"
SOLUTION = "### BEGIN SOLUTION\nx = 41 + 1\n### END SOLUTION"
TESTS = (
    "# Câu 2.C (NL1, M3): Viết một dòng mã để x bằng 42.\nassert x > 0\n"
    "### BEGIN HIDDEN TESTS\nassert x == 42\n### END HIDDEN TESTS"
)
FORGES = "import hocvu.questions.judge as j\nj.judge = lambda *a: 1 / 0\nopen('da-chay.txt', 'w').write('x')\nx = 1"


@pytest.fixture
def course(root: Path, tmp_path: Path) -> Course:
    made = Course(tmp_path, root)
    (tmp_path / "nbgrader_config.py").write_text((root / "nbgrader_config.py").read_text())  # with our hook
    cells = (choice("c-1", 4.0), solution_code("2-C-ma", SOLUTION), test_code("2-C", 0.0, TESTS))
    made.assignment(SLUG, {"exercises": notebook(QUESTIONS, *cells)})
    made.split_gradebook()
    return made


def hands_in(course: Course, student: str, code: str | None) -> None:
    folder = course.hand_in(student, SLUG)
    answer(folder, {"c-1": "a"})
    content = read(folder / "exercises.ipynb")
    if code is not None:
        rewrite(content, "2-C-ma", code)
    write(folder / "exercises.ipynb", content)


def test_code_runs_in_the_sandbox_alone_and_decides_no_point(course: Course) -> None:
    for student, code in (("an", "x = 42"), ("binh", None), ("chi", FORGES)):
        hands_in(course, student, code)
    course.nbgrader("autograde", SLUG)
    course.autograde(SLUG)
    ours = everything(course.db("ours"), SLUG)
    assert [ours[f"{SLUG} {student}"]["score"] for student in ("an", "binh", "chi")] == [4.0, 4.0, 4.0]
    stock = everything(course.db(), SLUG)
    assert [stock[f"{SLUG} {student}"]["score"] for student in ("an", "binh", "chi")] == [4.0, 4.0, 4.0]
    assert not list(course.folder.rglob("da-chay.txt"))
    written = {cell["id"]: "".join(cell["source"]) for cell in course.result("an", SLUG)["cells"]}
    assert "x = 42" in written.values()
