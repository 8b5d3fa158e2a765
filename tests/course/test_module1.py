"""Assignment of module 1: every item is tried four ways, and the texts and the table are what the course promises."""

import os
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from hocvu.grading import grade_answers
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.blanks import Blanks
from hocvu.questions.choice import ChooseMany, ChooseOne
from hocvu.questions.experiment import Experiment, Goal
from hocvu.questions.judge import judge
from hocvu.questions.number import Number
from hocvu.questions.sorting import Classify, accepted
from hocvu.questions.values import Context, Samples
from hocvu.results import Result, Status

ROOT = Path(__file__).parents[2]
SLUG = "01-ai-quanh-ta"
SOURCE = ROOT / "source" / SLUG / "exercises.ipynb"
FACTS = ROOT / "course" / "legal_facts.toml"
SEED = 5

# The table of the course outline: kind, competency, level, points.
ITEMS = {
    "1-1": ("CLS", "NL1", 1, 12.0),
    "1-2": ("MC1", "NL1", 1, 4.0),
    "1-3": ("EXP", "NL1", 2, 8.0),
    "1-4": ("NUM", "NL1", 2, 4.0),
    "1-5": ("MCn", "NL2", 1, 10.0),
    "1-6": ("MAT", "NL2", 2, 6.0),
    "1-7": ("TXT", "NL2", 1, 0.0),
}


@pytest.fixture(scope="module")
def assignment() -> AssignmentSpec:
    return compile_assignment(SOURCE)


@pytest.fixture(params=ITEMS)
def item(request: pytest.FixtureRequest, assignment: AssignmentSpec) -> ItemSpec:
    return assignment.item(request.param)


@pytest.fixture
def context(assignment: AssignmentSpec) -> Context:
    """A learner who has handed in good rules in 1-3; item 1-4 asks about them."""
    return Context({"1-3": assignment.item("1-3").key.answer.reference}, SEED)


def samples_of(item: ItemSpec, context: Context) -> Samples:
    return item.question.samples(item.key, context)


def judged(item: ItemSpec, raw: object, context: Context) -> Result:
    return judge(item.question, item.key, raw, item.max_points, context)


def test_the_items_are_those_of_the_course_outline(assignment: AssignmentSpec) -> None:
    found = {
        one.id: (one.question.kind, one.question.competency, one.question.level, one.max_points)
        for one in assignment.items
    }
    assert list(found.items()) == list(ITEMS.items())


def test_the_reference_answer_earns_all_points(item: ItemSpec, context: Context) -> None:
    result = judged(item, samples_of(item, context).reference, context)
    assert (result.status, result.points) == (Status.GRADED, item.max_points)
    assert all(line.right for line in result.feedback)


@pytest.mark.parametrize("nothing", [None, "", {}, []])
def test_a_blank_answer_earns_no_points(item: ItemSpec, context: Context, nothing: object) -> None:
    result = judged(item, nothing, context)
    assert result.points == 0
    assert result.status in (Status.BLANK, Status.UNREADABLE)
    assert nothing is not None or result.status is Status.BLANK


def test_a_wrong_answer_earns_its_stated_points(item: ItemSpec, context: Context) -> None:
    samples = samples_of(item, context)
    result = judged(item, samples.wrong, context)
    assert result.status is (Status.GRADED if item.max_points else Status.BLANK)
    assert result.points == pytest.approx(samples.wrong_share * item.max_points)
    assert not all(line.right for line in result.feedback)


def test_an_unreadable_answer_is_asked_again(item: ItemSpec, context: Context) -> None:
    result = judged(item, samples_of(item, context).unreadable, context)
    assert (result.status, result.points) == (Status.UNREADABLE, 0)
    assert result.message


@pytest.mark.parametrize("rules", [None, {"rules": []}, {"rules": [["rác", "KHAC"]]}, "rác"])
def test_item_4_asks_for_item_3_first(assignment: AssignmentSpec, rules: object) -> None:
    result = judged(assignment.item("1-4"), "12", Context({"1-3": rules}, SEED))
    assert (result.status, result.points) == (Status.BLANK, 0)
    assert "1.3" in result.message


def test_item_4_follows_the_rules_handed_in(assignment: AssignmentSpec) -> None:
    spoken = Context({"1-3": {"rules": [["đường", "HATANG"]]}}, SEED)
    bare = Context({"1-3": {"rules": [["đường", "HATANG"], ["duong", "HATANG"], ["toi", "TTHC"]]}}, SEED)
    right_for_spoken = samples_of(assignment.item("1-4"), spoken).reference
    assert judged(assignment.item("1-4"), right_for_spoken, spoken).points == 4
    assert judged(assignment.item("1-4"), right_for_spoken, bare).points == 0


def test_item_3_can_be_solved_for_200_seeds(assignment: AssignmentSpec) -> None:
    """With the salt of this very notebook; one learner's seed must never be an unlucky one."""
    item = assignment.item("1-3")
    question, goal = item.question, item.key.answer
    assert isinstance(question, Experiment) and isinstance(goal, Goal)
    assert (goal.full, goal.half) == (0.50, 0.40)
    reference, weak = question.parse(goal.reference), question.parse(question.lab.weak())
    for seed in range(200):
        assert question.lab.held_out_share(reference, seed, goal.salt) >= goal.full, seed
        assert question.lab.held_out_share(weak, seed, goal.salt) < goal.half, seed


def test_two_pairs_of_item_6_accept_two_levels_of_help(assignment: AssignmentSpec) -> None:
    key = assignment.item("1-6").key
    sizes = [len(accepted(key, card)) for card in key.answer]
    assert sorted(sizes) == [1, 1, 1, 1, 2, 2]


# --- guessing does not pay ---

EVERYTHING_IS_A_TASK_FOR_AI = list("abcdefghij")
# "Whatever runs by itself is AI", "it understands like a colleague", "people can read it, so the machine can".
MISLED = {
    "1-2": "b",
    "1-3": {"rules": [["đường", "HATANG"]]},
    "1-4": "0",
    "1-5": EVERYTHING_IS_A_TASK_FOR_AI,
    "1-7": {"viec": "mọi việc giấy tờ"},
}


@pytest.mark.parametrize("group", ["du_doan", "tao_sinh"])
@pytest.mark.parametrize("help_level", ["khong_dung", "goi_y", "soan_nhap", "tu_dong"])
def test_a_person_led_by_the_misconceptions_stays_under_40_percent(
    assignment: AssignmentSpec, group: str, help_level: str
) -> None:
    answers = MISLED | {
        "1-1": dict.fromkeys(assignment.item("1-1").key.answer, group),
        "1-6": dict.fromkeys(assignment.item("1-6").key.answer, help_level),
    }
    earned = sum(result.points for result in grade_answers(assignment, answers, SEED))
    assert earned < 0.40 * assignment.max_points


# --- texts ---


def parts_of(item: ItemSpec) -> dict[str, str]:
    """What a learner reads and answers, by the name that its feedback must have."""
    question = item.question
    if isinstance(question, (ChooseOne, ChooseMany)):
        return dict(question.options)
    if isinstance(question, Classify):
        return dict(question.cards)
    if isinstance(question, Experiment):
        return dict.fromkeys(("right", "half", "wrong"), "")
    if isinstance(question, Number):
        return dict.fromkeys(("right", "wrong"), question.unit)
    return {}


def texts_of(item: ItemSpec) -> Iterator[str]:
    question = item.question
    yield question.prompt
    yield from parts_of(item).values()
    yield from item.key.feedback.values()
    if isinstance(question, Classify):
        yield from question.groups.values()
    if isinstance(question, Blanks):
        yield from question.boxes.values()


def test_every_part_has_feedback_of_its_own(item: ItemSpec) -> None:
    assert set(item.key.feedback) == set(parts_of(item))
    said = list(item.key.feedback.values())
    assert all(len(text.split()) >= 10 for text in said)
    assert len(set(said)) == len(said)


def test_the_number_is_never_told(assignment: AssignmentSpec) -> None:
    assert "{" not in " ".join(assignment.item("1-4").key.feedback.values())


def test_prompts_are_short(item: ItemSpec) -> None:
    assert 5 <= len(item.question.prompt.split()) <= 60


def test_texts_are_tidy(item: ItemSpec) -> None:
    for text in texts_of(item):
        assert unicodedata.is_normalized("NFC", text), text
        assert text == " ".join(text.split()), text


def test_the_notebook_is_in_one_unicode_form() -> None:
    assert unicodedata.is_normalized("NFC", SOURCE.read_text(encoding="utf-8"))


def test_every_cited_fact_is_in_the_register(assignment: AssignmentSpec) -> None:
    cited = {
        fact for one in assignment.items for text in texts_of(one) for fact in re.findall(r"\[([a-z0-9-]+)\]", text)
    }
    assert cited
    if not FACTS.exists():
        pytest.skip("course/legal_facts.toml is not written yet")
    known = {fact["id"] for fact in tomllib.loads(FACTS.read_text(encoding="utf-8"))["fact"]}
    assert cited <= known


# --- stock nbgrader ---


def test_stock_nbgrader_releases_it_without_keys(assignment: AssignmentSpec, tmp_path: Path) -> None:
    course = tmp_path / "course"
    (course / "source" / SLUG).mkdir(parents=True)
    (course / "source" / SLUG / "exercises.ipynb").write_bytes(SOURCE.read_bytes())
    (course / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "thu"\n')
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", SLUG],
        cwd=course,
        # nbgrader starts `alembic` by name: it is beside our own interpreter.
        env=os.environ | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])},
        check=True,
        timeout=120,
        capture_output=True,
    )
    released = (course / "release" / SLUG / "exercises.ipynb").read_text(encoding="utf-8")
    goal = assignment.item("1-3").key.answer
    assert "HIDDEN TESTS" not in released and ".key(" not in released
    assert goal.salt not in released and "missed_without_marks" not in released
    for one in assignment.items:
        assert f'"grade_id": "{one.id}"' in released
        for text in one.key.feedback.values():  # beginnings: long texts are split over source lines
            assert text[:25] in SOURCE.read_text(encoding="utf-8") and text[:25] not in released
