"""Item 2-C, the optional line of code: four ways in the real sandbox, and no forged badge."""

from collections.abc import Iterator

import pytest

from hocvu.codegrading import read_assignment
from hocvu.codegrading.items import CodeItems, item_notebook, preload_of
from hocvu.grading import grade_answers
from hocvu.jobs.code_grading import SubmissionGrader
from hocvu.publishing.code_items import code_problems
from hocvu.questions.code import MAX_CODE, Code
from hocvu.results import Result, Status
from hocvu.sandbox import SandboxUnavailable, Warm
from tests.course.modules import ROOT, assignment_of

SLUG, ITEM = "02-may-hoc-tu-du-lieu", "2-C"
RIGHT = "do_dung = [do_dung_voi(a) for a in A]\nve(A, do_dung)"
SPEC = assignment_of(SLUG)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[CodeItems]:
    items = CodeItems()
    yield items
    items.close()


def graded(sandbox: CodeItems, raw: object) -> Result:
    faults: list[str] = []
    result = sandbox.grade(SPEC, SPEC.item(ITEM), raw, lambda item_id, _: faults.append(item_id))
    assert not faults
    assert (result.points, result.max_points) == (0, 0)
    return result


def hidden_lines() -> list[str]:
    test = next(cell for cell in SPEC.notebook["cells"] if cell["id"] == ITEM)
    source = "".join(test["source"])
    hidden = source.partition("### BEGIN HIDDEN TESTS\n")[2].partition("### END")[0]
    return [line.strip() for line in hidden.splitlines() if line.strip()]


def test_the_item_is_the_last_one_optional_and_without_points() -> None:
    item = SPEC.items[-1]
    assert (item.id, item.question.kind, item.max_points) == (ITEM, "COD", 0)
    assert (item.question.competency, item.question.level) == ("NL1", 3)
    assert "không tính điểm" in item.question.hint
    assert list(code_problems(SPEC.notebook, item)) == []


def test_the_sandbox_loads_only_what_the_item_needs() -> None:
    preload = preload_of(read_assignment(item_notebook(SPEC.notebook, ITEM)))
    assert preload == ("hocvu.labs.smoothing", "hocvu.codegrading.guest:warm_up")


def test_the_reference_solution_earns_the_badge_and_shows_its_bars(sandbox: CodeItems) -> None:
    result = graded(sandbox, RIGHT)
    assert (result.status, result.share) == (Status.GRADED, 1.0)
    assert "Cao nhất: a = " in result.feedback[0].text and result.feedback[-1].right is True
    assert result == graded(sandbox, RIGHT.replace("\n", "\r\n"))


@pytest.mark.parametrize("nothing", [None, "", " \n", "starter"])
def test_nothing_written_is_nothing(sandbox: CodeItems, nothing: object) -> None:
    question = SPEC.item(ITEM).question
    assert isinstance(question, Code)
    raw = question.starter if nothing == "starter" else nothing
    assert graded(sandbox, raw).status is Status.BLANK
    assert question.from_form({ITEM: [str(raw or "")]}) is None


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("do_dung = []", "đúng một số cho mỗi hệ số"),
        ("do_dung = [7] * 7", "từ 0 đến 1"),
        ("do_dung = [0.5] * 7", "Có kiểm tra ẩn chưa đạt."),
        ("do_dung = do_dung_voi(a) for a in A", "SyntaxError"),
        ("ve(A, do_dung)", "NameError"),
    ],
)
def test_wrong_code_earns_no_badge_and_is_told_why(sandbox: CodeItems, code: str, why: str) -> None:
    result = graded(sandbox, code)
    assert (result.status, result.share) == (Status.BLANK, 0.0)
    assert any(why in line.text and line.right is False for line in result.feedback)
    assert "tự nguyện" in result.message


@pytest.mark.parametrize("raw", ["#" * (MAX_CODE + 1), 12, ["x"], {"a": "b"}, "a\0b", "\ud800"])
def test_what_cannot_be_read_is_asked_again(sandbox: CodeItems, raw: object) -> None:
    result = graded(sandbox, raw)
    assert result.status is Status.UNREADABLE and "10.000" in result.message


FORGERIES = {
    "patched helpers": "import hocvu.labs.smoothing as s\ns.do_dung_voi = lambda a: 0.5\ndo_dung = [0.5] * 7",
    "equal to all": (
        "class E(float):\n    def __sub__(s, o): return 0.0\n    __rsub__ = __sub__\n    def __abs__(s): return 0.0\n"
        "do_dung = [E(0.5) for a in A]"
    ),
    "no assertions": "import builtins\nbuiltins.zip = lambda *a: []\ndo_dung = [0.5] * 7",
    "leaves": "import os\nos._exit(0)",
    "other points": "import hocvu.results\nhocvu.results.Result.share = 1\ndo_dung = [0.5] * 7",
    "reads the tests": "print(open('/srv/source').read())\ndo_dung = [0.5] * 7",
    "walks frames": "import sys\nprint([dict(sys._getframe(n).f_globals) for n in range(9)])\ndo_dung = [0.5] * 7",
}


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_badge_is_not_given_and_nothing_hidden_is_shown(sandbox: CodeItems, how: str) -> None:
    result = graded(sandbox, FORGERIES[how])
    assert result.status is not Status.GRADED
    shown = " ".join((result.message, *(line.text for line in result.feedback)))
    assert not any(line in shown for line in hidden_lines())


def test_code_never_touches_the_other_items(sandbox: CodeItems) -> None:
    answers = {"2-4": "b", ITEM: FORGERIES["other points"]}
    results = SubmissionGrader(sandbox)(SPEC, answers, 5, lambda *_: None)
    assert [one.item_id for one in results] == [item.id for item in SPEC.items]
    assert results[:-1] == grade_answers(SPEC, {"2-4": "b"}, 5)[:-1]


def test_without_a_sandbox_the_badge_waits_for_a_person_and_the_points_do_not() -> None:
    class NoWarm(Warm):
        def __enter__(self) -> "NoWarm":
            raise SandboxUnavailable("Máy chủ thiếu bubblewrap.")

    faults: list[str] = []
    grader = SubmissionGrader(CodeItems(NoWarm))
    results = grader(SPEC, {"2-4": "b", ITEM: RIGHT}, 5, lambda item_id, _: faults.append(item_id))
    assert faults == [ITEM]
    assert results[-1].status is Status.NEEDS_REVIEW and "cần người xem" in results[-1].message
    assert next(one for one in results if one.item_id == "2-4").points == 4


def test_solution_and_hidden_tests_are_in_no_release() -> None:
    released = (ROOT / "release" / SLUG / "exercises.ipynb").read_text(encoding="utf-8")
    assert '"2-C"' in released
    for line in [*hidden_lines(), "[do_dung_voi(a) for a in A]"]:
        assert line not in released
    page = SPEC.item(ITEM).question.html()
    assert "abs(co - can)" not in page and "[do_dung_voi(a) for a in A]" not in page
