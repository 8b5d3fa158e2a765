"""What only module 1 has: its number follows the learner's own rules, and stock nbgrader releases it without keys."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hocvu.publishing.specs import compile_assignment
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.judge import judge
from hocvu.questions.sorting import accepted
from hocvu.questions.values import Context, Samples
from hocvu.results import Result, Status

ROOT = Path(__file__).parents[2]
SLUG = "01-ai-quanh-ta"
SOURCE = ROOT / "source" / SLUG / "exercises.ipynb"
SEED = 5


@pytest.fixture(scope="module")
def assignment() -> AssignmentSpec:
    return compile_assignment(SOURCE)


def samples_of(item: ItemSpec, context: Context) -> Samples:
    return item.question.samples(item.key, context)


def judged(item: ItemSpec, raw: object, context: Context) -> Result:
    return judge(item.question, item.key, raw, item.max_points, context)


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


def test_two_pairs_of_item_6_accept_two_levels_of_help(assignment: AssignmentSpec) -> None:
    key = assignment.item("1-6").key
    sizes = [len(accepted(key, card)) for card in key.answer]
    assert sorted(sizes) == [1, 1, 1, 1, 2, 2]


def test_the_number_is_never_told(assignment: AssignmentSpec) -> None:
    assert "{" not in " ".join(assignment.item("1-4").key.feedback.values())


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
