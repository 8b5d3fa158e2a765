"""From notebook to specs: what is right compiles, what is wrong is named with file, cell, value and mend."""

import json
from pathlib import Path

import pytest

from hocvu.errors import AuthoringError, UnknownItem
from hocvu.grading import grade_answers, unreadable_answers
from hocvu.publishing.specs import compile_assignment
from hocvu.results import Status
from tests.story import RIGHT_OR_LEFT, Course


def test_a_notebook_becomes_questions_keys_and_points(tmp_path: Path) -> None:
    with Course(tmp_path) as course:
        spec = compile_assignment(course.markdown("# Bài thử").question().source)
    assert (spec.slug, spec.max_points) == ("01-thu", 4)
    assert [(item.id, item.max_points, item.cell_index) for item in spec.items] == [("1-2", 4.0, 2)]
    right, wrong = (grade_answers(spec, {"1-2": answer}, 0)[0] for answer in "ab")
    assert (right.points, wrong.points) == (4, 0)
    assert wrong.feedback[0].text == "Trái là sai."


def test_the_version_follows_what_is_written_and_not_how_it_was_saved(tmp_path: Path) -> None:
    with Course(tmp_path) as course:
        source = course.question().source
        version = compile_assignment(source).version
        source.write_text(json.dumps(json.loads(source.read_text()), indent=3, ensure_ascii=False))
        assert compile_assignment(source).version == version
        source.write_text(source.read_text().replace("Trái", "Bên trái"))
        assert compile_assignment(source).version != version


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("q.key(", "dict(answer="), r'cell "1-2": 0 calls of key'),
        (("### BEGIN HIDDEN TESTS\n", ""), "Learners would see it"),
        (("### END HIDDEN TESTS", ""), "Learners would see it"),
        (('"1-2", ', '"1-3", '), r'the question\'s id is "1-3"'),
        (('q.key("a"', 'q.key("c"'), r"the key 'c' is not among the options"),
        (('"b": "Trái là sai."', '"z": "?"'), r"feedback for \['z'\]"),
        (("Bên nào?", "chữ " * 61), "the prompt has 61 words. Use at most 60"),
        (('a="Phải"', "a="), "SyntaxError"),
        (("choose_one", "choose_two"), "NameError"),
    ],
    ids=["no key", "no begin", "no end", "other id", "key not an option", "feedback", "long", "syntax", "name"],
)
def test_a_wrong_question_is_named_with_its_cell_and_its_mend(
    tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    with Course(tmp_path) as course:
        source = course.question(source=RIGHT_OR_LEFT.replace(*change)).source
    with pytest.raises(AuthoringError, match=complaint) as error:
        compile_assignment(source)
    assert str(error.value).startswith('01-thu/exercises.ipynb, cell "1-2": ')


@pytest.mark.parametrize("points", [None, -1.0])
def test_points_must_be_set(tmp_path: Path, points: float | None) -> None:
    with Course(tmp_path) as course, pytest.raises(AuthoringError, match="Set points in the Create Assignment toolbar"):
        compile_assignment(course.question(points=points).source)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    with Course(tmp_path) as course, pytest.raises(AuthoringError, match='"1-2": this id is used twice'):
        compile_assignment(course.question().question().source)


def test_an_answer_to_an_item_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with Course(tmp_path) as course:
        spec = compile_assignment(course.question().source)
    with pytest.raises(UnknownItem, match=r'"9\.9"'):
        grade_answers(spec, {"9-9": "a"}, 0)
    assert unreadable_answers(spec, {"1-2": 5}) == {"1-2": "Anh/chị hãy chọn một trong các đáp án có sẵn."}


def test_a_fault_of_ours_is_not_the_learners_zero(tmp_path: Path) -> None:
    broken = (
        'q = number("1-2", "Mấy?", competency="NL1", level=1)\nq\n### BEGIN HIDDEN TESTS\n'
        "q.key(lambda context: 1 / 0)\n### END HIDDEN TESTS"
    )
    with Course(tmp_path) as course:
        spec = compile_assignment(course.question(source=broken).source)
    told: list[str] = []
    (result,) = grade_answers(spec, {"1-2": "5"}, 0, lambda item_id, fault: told.append(f"{item_id} {fault!r}"))
    assert result.status is Status.NOT_CHECKED
    assert told == ["1-2 ZeroDivisionError('division by zero')"]
