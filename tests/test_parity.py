"""Stock `nbgrader autograde` and `hocvu autograde` leave the same gradebook, field by field, on the same work."""

import copy
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hocvu.autograde.data_grader import is_data_notebook
from hocvu.grading import grade_answers
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.assignment import AssignmentSpec
from hocvu.questions.values import Context, MissingAnswer
from tests.autograde.courses import DUE, PLUGIN, Course, answer, everything, open_gradebook
from tests.autograde.notebooks import (
    QUESTIONS,
    choice,
    free_text,
    notebook,
    read,
    rewrite,
    task,
    text,
    write,
)
from tests.codegrading.notebooks import FUNCTIONS, SCIENCE
from tests.codegrading.test_parity_code import ANSWERS

MODULE = "01-ai-quanh-ta"
QUESTIONS_IN = "hocvu.questions"
# What learners write into code cells, by grade id: right, half right, raising, of other types.
CODE_ANSWERS: dict[str, list[str]] = {}
for slug in ("functions", "science"):
    for answers_of_one in ANSWERS[slug].values():
        for grade_id, source in answers_of_one.items():
            CODE_ANSWERS.setdefault(grade_id, []).append(source)
FREE_TEXT = {
    "exercises": notebook(
        text("mo-dau", "# Bài có tự luận"),
        QUESTIONS,
        choice("c-1", 4.0),
        free_text("tl-1", 3.0),
        choice("c-2", 2.5, "b"),
        task("nv-1", 5.0),
        free_text("tl-2", 2.0, "### BEGIN SOLUTION\nMẫu.\n### END SOLUTION\nPhần giữ nguyên."),
    )
}
TWO_NOTEBOOKS = {
    "p1": notebook(text("mo-dau", "Phần một"), free_text("tl-1", 3.0), task("nv-1", 1.0)),
    "p2": notebook(free_text("tl-1", 4.0), QUESTIONS, choice("c-1", 4.0)),
}


def make_answers(spec: AssignmentSpec, rng: random.Random, seed: int) -> dict[str, object]:
    """Answer each item right, wrong, not at all or unreadably, as chance has it."""
    answers: dict[str, object] = {}
    for item in spec.items:
        context = Context(answers, seed)
        way = rng.choices(["reference", "wrong", "unreadable", "blank"], [5, 4, 1, 2])[0]
        if way == "blank":
            continue
        try:
            answers[item.id] = getattr(item.question.samples(item.key, context), way)
        except MissingAnswer:  # 1-4 without a readable 1-3
            answers[item.id] = "12"
    return answers


class Learners:
    """Learners who hand in as people do: in time, late, half, twice, broken, or with nothing answered."""

    def __init__(self, course: Course, slug: str, rng: random.Random) -> None:
        self.course, self.slug, self.rng = course, slug, rng
        self.stamped: list[int] = []  # stock grades again only what has a newer time than before
        source = course.folder / "source" / slug
        self.specs = [
            spec
            for path in sorted(source.glob("*.ipynb"))
            if is_data_notebook(read(path)) and QUESTIONS_IN in path.read_text(encoding="utf-8")
            for spec in [compile_assignment(path)]
        ]

    def hand_in(self, number: int, around: datetime, without_time: float = 0.15) -> None:
        """Hand in the submission of learner `number` at some time around the given one."""
        rng = self.rng
        when = around + timedelta(minutes=rng.randrange(-600, 600))
        stamp = "" if rng.random() < without_time else when.strftime("%Y-%m-%d %H:%M:%S.%f UTC")
        if stamp:
            self.stamped.append(number)
        folder = self.course.hand_in(f"hv{number:03d}", self.slug, timestamp=stamp)
        seed = rng.randrange(1, 2**31)
        if rng.random() < 0.9:
            answers: dict[str, object] = {}
            for spec in self.specs:
                answers |= make_answers(spec, rng, seed)
            answer(folder, answers, seed)
        for path in sorted(folder.glob("*.ipynb")):
            self._work_on(path)

    def _work_on(self, path: Path) -> None:
        rng, content = self.rng, read(path)
        for cell in list(content["cells"]):
            marks = cell["metadata"].get("nbgrader", {})
            if marks.get("grade_id") in CODE_ANSWERS and rng.random() < 0.9:
                rewrite(content, marks["grade_id"], rng.choice(CODE_ANSWERS[marks["grade_id"]]))
            elif marks.get("solution") and cell["cell_type"] == "markdown" and rng.random() < 0.6:
                rewrite(content, marks["grade_id"], f"Ý kiến của tôi số {rng.randrange(100)}: < 5 việc & đủ dấu.")
        if rng.random() < 0.3:
            content["cells"].insert(rng.randrange(len(content["cells"]) + 1), text("them", "Ghi chú **của tôi**."))
        write(path, content)
        fate = rng.random()
        if fate < 0.06 and len(list(path.parent.glob("*.ipynb"))) > 1:
            path.unlink()
        elif fate < 0.1:
            path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")  # cut off while saving


def grade_by_hand(course: Course, slugs: list[str], seed: int) -> None:
    """What people do in formgrader between two rounds, the same in both gradebooks."""
    for url in (course.db(), course.db("ours")):
        rng = random.Random(seed)
        with open_gradebook(url) as gradebook:
            for slug in slugs:
                for submission in sorted(gradebook.assignment_submissions(slug), key=lambda s: s.student_id):
                    _grade_one(submission, rng)
                    if rng.random() < 0.2 and submission.assignment.duedate:  # without one nbgrader itself falls over
                        gradebook.grant_extension(slug, submission.student_id, hours=3)
            gradebook.db.commit()


def _grade_one(submission: Any, rng: random.Random) -> None:
    for book in sorted(submission.notebooks, key=lambda book: book.name):
        for grade in sorted(book.grades, key=lambda grade: grade.name):
            if rng.random() < 0.4:
                grade.manual_score, grade.needs_manual_grade = float(rng.randrange(4)), False
            if rng.random() < 0.1:
                grade.extra_credit = 0.5
        for comment in sorted(book.comments, key=lambda comment: comment.name):
            if rng.random() < 0.3:
                comment.manual_comment = "Cần nêu rõ hơn."


def grade_both_ways(course: Course, slugs: list[str]) -> None:
    for slug in slugs:
        course.nbgrader("autograde", slug, status=None)  # 1 because of the broken ones
        course.autograde(slug, status=None)


def check_same(course: Course, slugs: list[str]) -> dict[str, Any]:
    stock, ours = everything(course.db(), *slugs), everything(course.db("ours"), *slugs)
    assert set(ours) == set(stock)
    for key in stock:
        assert ours[key] == stock[key], key
    return stock


@pytest.fixture
def course(root: Path, tmp_path: Path) -> Iterator[Course]:
    made = Course(tmp_path, root)
    (tmp_path / "late_plugin.py").write_text(PLUGIN)
    made.configure('c.AssignLatePenalties.plugin_class = "late_plugin.Hourly"')
    yield made


def no_code(course: Course) -> str:
    """Module 1 as it stands in source/."""
    shutil.copytree(course.root / "source" / MODULE, course.folder / "source" / MODULE)
    course.nbgrader("db", "assignment", "add", MODULE, "--duedate", DUE)
    course.nbgrader("generate_assignment", MODULE, "--create", "--force")
    return MODULE


def all_types(course: Course) -> str:
    """The starter notebook has every type of question once."""
    course.assignment("mau-bai-tap", {"exercises": read(course.root / "docs" / "vi" / "mau-bai-tap.ipynb")}, due=DUE)
    return "mau-bai-tap"


def with_free_text(course: Course) -> str:
    course.assignment("tu-luan", copy.deepcopy(FREE_TEXT), due=DUE)
    return "tu-luan"


def two_notebooks(course: Course) -> str:
    course.assignment("hai-phan", copy.deepcopy(TWO_NOTEBOOKS))  # no due date: never late
    return "hai-phan"


def functions(course: Course) -> str:
    course.assignment("ham", {"exercises": copy.deepcopy(FUNCTIONS)}, due=DUE)
    return "ham"


def science(course: Course) -> str:
    """numpy, pandas and scikit-learn."""
    course.assignment("khoa-hoc", {"exercises": copy.deepcopy(SCIENCE)}, due=DUE)
    return "khoa-hoc"


def compare(course: Course, makers: list[Callable[[Course], str]], learners: int, again: int) -> int:
    """Let learners hand in, grade both ways, correct by hand, let some hand in again, and compare after each round."""
    slugs = [make(course) for make in makers]
    course.split_gradebook()
    rng = random.Random(2027)
    first = datetime(2027, 3, 1, 10)
    crowds = {slug: Learners(course, slug, rng) for slug in slugs}
    for crowd in crowds.values():
        for number in range(learners):
            crowd.hand_in(number, first)
    grade_both_ways(course, slugs)
    check_same(course, slugs)
    grade_by_hand(course, slugs, seed=7)
    for crowd in crowds.values():
        for number in rng.sample(crowd.stamped, again):
            crowd.hand_in(number, first + timedelta(days=2), without_time=0)
    grade_both_ways(course, slugs)
    rows = check_same(course, slugs)
    check_interesting(rows)
    return len(slugs) * (learners + again)


def check_interesting(rows: dict[str, Any]) -> None:
    """The comparison would be worth little if nothing had happened."""
    submissions = [row for key, row in rows.items() if key != "students"]
    books = [book for row in submissions for book in row["notebooks"].values()]
    grades = [grade for book in books for grade in book["grades"].values()]
    comments = [comment for book in books for comment in book["comments"].values()]
    assert any(row["late"] > 0 for row in submissions) and any(row["extension"] for row in submissions)
    assert any(book["penalty"] for book in books) and any(book["needs_manual_grade"] for book in books)
    assert any(grade["manual_score"] is not None and grade["needs_manual_grade"] for grade in grades)
    assert {"No response.", None} <= {comment["auto_comment"] for comment in comments}
    assert any(comment["manual_comment"] for comment in comments)


ALL = [no_code, all_types, with_free_text, two_notebooks, functions, science]


@pytest.mark.timeout(1800)  # three minutes on idle cores
def test_sixty_submissions_leave_the_same_gradebook_as_stock(course: Course) -> None:
    assert compare(course, ALL, learners=8, again=2) == 60


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_three_hundred_and_more_submissions_leave_the_same_gradebook_as_stock(course: Course) -> None:
    assert compare(course, ALL, learners=50, again=10) == 360


def test_the_autograded_notebook_shows_every_answer_and_the_pure_points(course: Course) -> None:
    slug = no_code(course)
    course.split_gradebook()
    spec = compile_assignment(course.folder / "source" / slug / "exercises.ipynb")
    answers = make_answers(spec, random.Random(1), 77)
    answer(course.hand_in("hv001", slug), answers, 77)
    course.autograde(slug)
    cells = course.result("hv001", slug)["cells"]
    shown = ["".join(out["data"].get("text/html", "")) for cell in cells for out in cell.get("outputs", [])]
    assert sum("Trả lời:" in html for html in shown) == len(spec.items)
    pure = {result.item_id: result.points for result in grade_answers(spec, answers, 77)}
    row = everything(course.db("ours"), slug)[f"{slug} hv001"]["notebooks"]["exercises"]
    assert {name: grade["auto_score"] for name, grade in row["grades"].items()} == pure
