"""`hocvu autograde` with good, odd and hostile folders: each ends with a clear line, and none stops the others."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.autograde.courses import Course, answer, everything, open_gradebook
from tests.autograde.notebooks import QUESTIONS, cell_of, choice, free_text, notebook, read, rewrite, task, text, write

SLUG = "bai-thu"
SOURCE = {
    "exercises": notebook(text("mo-dau", "# Bài"), QUESTIONS, choice("c-1", 4.0), free_text("tl-1", 3.0), task("nv", 1))
}


@pytest.fixture(scope="module")
def released(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = Course(tmp_path_factory.mktemp("course"), root)
    made.assignment(SLUG, SOURCE)
    made.split_gradebook()
    return made


@pytest.fixture
def course(released: Course) -> Course:
    """The same course, with nobody's submissions and a fresh gradebook."""
    for folder in ("submitted", "ours"):
        released._run(["rm", "-rf", folder], 0)
    released.split_gradebook()
    return released


def honest(course: Course, student: str, chosen: str = "a") -> Path:
    folder = course.hand_in(student, SLUG)
    answer(folder, {"c-1": chosen})
    return folder


def points(course: Course, student: str) -> dict[str, float | None]:
    row = everything(course.db("ours"), SLUG)[f"{SLUG} {student}"]["notebooks"]["exercises"]
    return {name: grade["auto_score"] for name, grade in row["grades"].items()}


def linked_notebook(folder: Path) -> None:
    (folder / "exercises.ipynb").unlink()
    (folder / "exercises.ipynb").symlink_to("/etc/passwd")


def linked_file(folder: Path) -> None:
    (folder / "anh.png").symlink_to(folder.parents[2] / "ours.db")


def linked_folder(folder: Path) -> None:
    (folder / "dulieu").symlink_to("/etc")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "ong")


def pipe_for_answers(folder: Path) -> None:
    (folder / "answers.json").unlink()
    os.mkfifo(folder / "answers.json")


def huge(folder: Path) -> None:
    with (folder / "exercises.ipynb").open("r+b") as file:
        file.truncate(50_000_000)


def cut_off(folder: Path) -> None:
    (folder / "exercises.ipynb").write_bytes((folder / "exercises.ipynb").read_bytes()[:-30])


def utf16(folder: Path) -> None:
    (folder / "exercises.ipynb").write_bytes((folder / "exercises.ipynb").read_text("utf-8").encode("utf-16"))


def scalar(folder: Path) -> None:
    (folder / "exercises.ipynb").write_text("42")


def deep(folder: Path) -> None:
    (folder / "exercises.ipynb").write_text("[" * 100_000)


def surrogate(folder: Path) -> None:
    content = read(folder / "exercises.ipynb")
    rewrite(content, "tl-1", "\ud800")
    (folder / "exercises.ipynb").write_text(json.dumps(content))


def folder_for_notebook(folder: Path) -> None:
    (folder / "exercises.ipynb").unlink()
    (folder / "exercises.ipynb").mkdir()


def other_name(folder: Path) -> None:
    (folder / "exercises.ipynb").rename(folder / "bai của tôi.ipynb")


def no_notebook(folder: Path) -> None:
    (folder / "exercises.ipynb").unlink()


def other_assignment(folder: Path) -> None:
    write(folder / "exercises.ipynb", notebook(free_text("bai-khac", 3.0)))


def broken_answers(folder: Path) -> None:
    (folder / "answers.json").write_text('{"answers": {"c-1": "a"')


def answers_of_wrong_type(folder: Path) -> None:
    (folder / "answers.json").write_text('{"answers": ["a"], "seed": true}')


def deep_answers(folder: Path) -> None:
    (folder / "answers.json").write_text('{"answers":' + "[" * 100_000)


def bad_time(folder: Path) -> None:
    (folder / "timestamp.txt").write_text("hôm qua")


HOSTILE: list[Callable[[Path], None]] = [
    linked_notebook, linked_file, linked_folder, pipe, pipe_for_answers, huge, cut_off, utf16, scalar, deep, surrogate,
    folder_for_notebook, other_name, no_notebook, other_assignment, broken_answers, answers_of_wrong_type, deep_answers,
    bad_time,
]  # fmt: skip


def test_hostile_and_broken_folders_get_a_line_each_and_the_honest_are_graded(course: Course) -> None:
    honest(course, "an")
    for spoil in HOSTILE:
        spoil(honest(course, f"hv-{spoil.__name__}"))
    honest(course, "yen", "b")
    (course.folder / "submitted" / "trong" / SLUG).mkdir(parents=True)
    (course.folder / "submitted" / "tep").mkdir()
    (course.folder / "submitted" / "tep" / SLUG).write_text("không phải thư mục")
    honest(course, "Ho\u0300a")  # decomposed: not the same text as the name in the roster
    honest(course, "an\u200b")  # an invisible character

    said = course.autograde_here(SLUG, status=1)

    for spoil in HOSTILE:
        assert f"hv-{spoil.__name__}: " in said
        assert not (course.folder / "ours" / f"hv-{spoil.__name__}" / SLUG).exists()
    assert f"{len(HOSTILE) + 3:>7}  chưa chấm được" in said and "2  đã chấm, chờ người chấm tiếp" in said
    assert points(course, "an") == {"c-1": 4.0, "tl-1": 0.0, "nv": None}
    assert points(course, "yen") == {"c-1": 0.0, "tl-1": 0.0, "nv": None}
    rows = everything(course.db("ours"), SLUG)
    for key, row in rows.items():
        if key.startswith(f"{SLUG} hv-"):  # recorded as handed in, with no points and no zero: a person must look
            assert row["needs_manual_grade"] and row["score"] == 0
            assert {grade["auto_score"] for grade in row["notebooks"]["exercises"]["grades"].values()} == {None}
    assert f"{SLUG} hv-linked_notebook" not in rows
    assert "root:" not in "".join(path.read_text("utf-8") for path in (course.folder / "ours").rglob("*.ipynb"))


def test_an_extra_notebook_is_left_out_and_named(course: Course) -> None:
    folder = honest(course, "an")
    (folder / "exercises copy.ipynb").write_bytes((folder / "exercises.ipynb").read_bytes())
    assert "an: bỏ qua sổ tay lạ exercises copy" in course.autograde_here(SLUG)
    assert not (course.folder / "ours" / "an" / SLUG / "exercises copy.ipynb").exists()


def test_learners_cells_come_through_and_instructors_cells_cannot_be_changed(course: Course) -> None:
    folder = honest(course, "an")
    content = read(folder / "exercises.ipynb")
    rewrite(content, "c-1", "40.0")
    cell_of(content, "c-1")["metadata"]["nbgrader"] |= {"points": 4000, "schema_version": 99}
    cell_of(content, "c-1")["metadata"]["tags"] = ["skip-execution"]
    rewrite(content, "tl-1", "Bài làm <script>alert(1)</script> vì 3 < 4.")
    content["cells"].append(text("rieng", "Trình bày <img src=x onerror=alert(1)> nhiệm vụ."))
    write(folder / "exercises.ipynb", content)
    course.autograde_here(SLUG)
    cells = course.result("an", SLUG)["cells"]
    assert points(course, "an") == {"c-1": 4.0, "tl-1": None, "nv": None}
    shown = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert "Bài làm &lt;script>" in shown and "vì 3 < 4." in shown and "&lt;img" in shown and "<script" not in shown
    marks = next(cell for cell in cells if cell["id"] == "c-1")["metadata"]["nbgrader"]
    assert marks["points"] == 4.0 and marks["schema_version"] == 3


def test_formgrader_and_feedback_take_the_results(course: Course) -> None:
    honest(course, "an")
    course.autograde_here(SLUG)
    course.nbgrader("generate_feedback", SLUG, *course.ours)
    page = (course.folder / "feedback" / "an" / SLUG / "exercises.html").read_text("utf-8")
    assert "Trả lời: Một — 4/4" in page


def test_a_second_run_skips_what_has_not_changed_and_grades_what_has(course: Course) -> None:
    for student in ("an", "binh", "chi"):
        honest(course, student)
    course.autograde_here(SLUG)
    answer(course.folder / "submitted" / "binh" / SLUG, {"c-1": "b"})
    said = course.autograde_here(SLUG)
    assert "1  đã chấm" in said and "2  không đổi" in said
    assert points(course, "binh")["c-1"] == 0.0 and points(course, "an")["c-1"] == 4.0


def test_results_of_stock_nbgrader_are_left_alone_unless_asked_for(course: Course) -> None:
    honest(course, "an")
    (course.folder / "ours" / "an" / SLUG).mkdir(parents=True)
    assert "1  đã chấm trước đây" in course.autograde_here(SLUG)
    assert "1  đã chấm, chờ" in course.autograde_here(SLUG, "--update")


def test_points_given_by_hand_stay_and_ask_for_another_look(course: Course) -> None:
    folder = honest(course, "an")
    course.autograde_here(SLUG)
    with open_gradebook(course.db("ours")) as gradebook:
        grade = gradebook.find_grade("c-1", "exercises", SLUG, "an")
        grade.manual_score, grade.extra_credit = 1.0, 0.5
        gradebook.find_comment("tl-1", "exercises", SLUG, "an").manual_comment = "Cần viết."
        gradebook.db.commit()
    answer(folder, {"c-1": "b"})
    course.autograde_here(SLUG)
    book = everything(course.db("ours"), SLUG)[f"{SLUG} an"]["notebooks"]["exercises"]
    grade = book["grades"]["c-1"]
    assert (grade["auto_score"], grade["manual_score"], grade["score"]) == (0.0, 1.0, 1.5)
    assert grade["needs_manual_grade"] and book["comments"]["tl-1"]["comment"] == "Cần viết."


def test_a_changed_source_is_refused_until_it_is_released(course: Course) -> None:
    honest(course, "an")
    path = course.folder / "source" / SLUG / "exercises.ipynb"
    before = path.read_text("utf-8")
    try:
        path.write_text(before.replace('q.key(\\"a\\"', 'q.key(\\"b\\"'), "utf-8")
        said = course.autograde_here(SLUG, status=1)
    finally:
        path.write_text(before, "utf-8")
    assert "ô 'c-1' đã khác bản trong sổ điểm" in said and "Traceback" not in said


def test_unknown_names_get_a_next_step_in_either_language(course: Course) -> None:
    honest(course, "an")
    assert "Có phải ý anh/chị là" in course.autograde_here("bai-thuu", status=1)
    assert "Did you mean" in course.autograde_here("bai-thuu", "--lang=en", status=1)
    honest_elsewhere = course.hand_in("an", SLUG).rename(course.folder / "submitted" / "an" / "khong-co")
    assert "nbgrader generate_assignment" in course.autograde_here("khong-co", status=1)
    assert honest_elsewhere.exists()
    assert "create_student đang tắt" in _autograde_without_creating(course)


def _autograde_without_creating(course: Course) -> str:
    honest(course, "moi")
    return course.autograde_here(SLUG, "--Autograde.create_student=False", status=1)
