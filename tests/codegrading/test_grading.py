"""Honest work: exact points, outputs as in a notebook, and learner code that fails, hangs or dies."""

import json

import nbformat
import pytest

from hocvu.codegrading import NotebookStatus, read_assignment
from tests.codegrading.notebooks import (
    FUNCTIONS,
    FUNCTIONS_MAX,
    Notebook,
    as_bytes,
    checks,
    code,
    handed_in,
    locked,
    notebook,
    solution,
    text,
)
from tests.codegrading.story import Classroom, seen_by_learner, shown_text, test_points


def graded_points(room: Classroom, answer: str, test: str, set_up: str = "pass") -> tuple[float | None, str]:
    """Return the points (of 2) and the reason of one test of one answer."""
    source = notebook(locked("set-up", set_up), solution("answer", "pass"), checks("t", 2.0, test))
    graded = room.grade(source, handed_in(source, {"answer": answer}), timeout_s=3)
    return graded.cell("t").auto_score, graded.cell("t").reason


def test_the_instructors_own_solution_earns_everything(room: Classroom) -> None:
    graded = room.grade(FUNCTIONS, FUNCTIONS)
    assert test_points(graded) == FUNCTIONS_MAX
    assert graded.status is NotebookStatus.GRADED and not graded.reason
    nbformat.validate(nbformat.from_dict(graded.autograded))


def test_a_blank_notebook_earns_nothing_and_says_no_response(room: Classroom) -> None:
    graded = room.grade(FUNCTIONS, handed_in(FUNCTIONS))
    assert set(test_points(graded).values()) == {0.0}
    assert graded.cell("mean").comment == "No response."


def test_grading_twice_gives_the_same_notebook(room: Classroom) -> None:
    source = notebook(locked("data", "import random\nxs = [random.random() for _ in range(5)]"),
                      solution("s", "top = max(xs)"), checks("t", 1.0, "assert top == max(xs)"))  # fmt: skip
    first, second = (room.grade(source, source, seed=7) for _ in range(2))
    assert first == second
    assert first.points["t"] == 1.0  # both sides draw the same numbers


OUTPUTS = """import sys
from IPython.display import HTML, display
print('một'); print('hai', file=sys.stderr); display({'ba': 3}); print('bốn')
display(HTML('<table><tr><td onclick=alert(1)>năm</td></tr></table><script>alert(6)</script>'))
%time x = 7
!echo tám
x"""


def test_a_cells_outputs_come_in_order_and_harmless(room: Classroom) -> None:
    source = notebook(solution("s", "1"))
    graded = room.grade(source, handed_in(source, {"s": OUTPUTS}))
    outputs = graded.autograded["cells"][0]["outputs"]
    kinds = [(o["output_type"], o.get("name")) for o in outputs]
    assert kinds[:4] == [("stream", "stdout"), ("stream", "stderr"), ("display_data", None), ("stream", "stdout")]
    assert outputs[-1]["data"]["text/plain"] == "7" and outputs[-1]["output_type"] == "execute_result"
    told = json.dumps(outputs, ensure_ascii=False)
    assert "năm" in told and "alert" not in told
    assert "không chạy trong máy chấm" in told


@pytest.mark.parametrize(
    ("answer", "test"),
    [
        ("def f(x): return x + 1", "assert f(1) == 2"),
        ("f = lambda *a, **k: (a, k)", "assert f(1, b=2) == ((1,), {'b': 2})"),
        ("x = [1, {'a': (2, 3)}]", "assert x == [1, {'a': (2, 3)}]"),
        ("def f(xs): xs.sort()", "xs = [3, 1, 2]\nf(xs)\nassert xs == [1, 2, 3]"),
        ("def g(n):\n    yield from range(n)", "assert list(g(3)) == [0, 1, 2]"),
        ("def twice(f, x): return f(f(x))", "assert twice(lambda n: n + 2, 1) == 5\nassert twice(str, 3) == '3'"),
        ("count = 0\ndef up():\n    global count\n    count += 1", "assert count == 0\nup()\nassert count == 1"),
        ("a = b = 0\ndef up():\n    global b\n    b = 5", "assert a == 0\nup()\nassert b == 5"),
        ("class A:\n    def __init__(self, n): self.n = n\n    def add(self, k):\n        self.n += k\n"
        "        return self.n",
         "a = A(2)\nassert a.add(3) == 5 and a.n == 5\na.n = 1\nassert a.add(1) == 2"),
        ("class P:\n    def __repr__(self): return 'P()'\n"
        "    def __len__(self): return 4", "p = P()\nassert repr(p) == 'P()' and len(p) == 4"),
        ("class Bad(ValueError): pass\n"
        "def f(): raise Bad('no')", "try:\n    f()\nexcept Bad as e:\n    assert str(e) == 'no'\nelse:\n    assert 0"),
        ("def f(d): return d['x']", "try:\n    f({})\nexcept KeyError as e:\n    assert e.args == ('x',)\nelse:\n"
        "    assert 0"),
        ("import numpy as np\n"
        "def f(a): return np.sort(a)", "import numpy as np\nassert (f(np.array([2, 1])) == [1, 2]).all()"),
        ("def f(): print('in ra'); return 1", "assert f() == 1"),
        ("def f(x): return helper(x)\n"
        "def helper(x): return x", "def helper(x): return 'mine'\nassert f(1) == 1 and helper(1) == 'mine'"),
        ("sum = lambda xs: 0", "assert sum([1, 2]) == 3"),  # built-ins are the test's own
        ("def f(n): return n", "%time assert f(1) == 1\n'f' in globals() or 1 / 0\nNone"),
        ("def f(n): return n", "%%time\nassert f(1) == 1"),
    ],
)  # fmt: skip
def test_what_tests_may_do_by_value(room: Classroom, answer: str, test: str) -> None:
    assert graded_points(room, answer, test) == (2.0, "")


@pytest.mark.parametrize(
    ("answer", "test"),
    [
        ("def f(x): return x + 2", "assert f(1) == 2"),
        ("def f(x): 1 / 0", "assert f(1) == 2"),
        ("f = 3", "assert f(1) == 2"),
        ("", "assert f(1) == 2"),
        ("def f(x): return map(str, [x])", "assert f(1) == ['1']"),
        ("def f(x): return object()", "assert f(1) - 2 < 3"),
        ("import sys\ndef f(x):\n    print('!', file=sys.stderr)\n    return 2", "assert f(1) == 2"),
        ("import warnings\ndef f(x):\n    warnings.warn('!')\n    return 2", "assert f(1) == 2"),
        ("def f(x):\n    while True: pass", "assert f(1) == 2"),
        ("def f(x): raise SystemExit", "assert f(1) == 2"),
        ("def f(x): return 'x' * 5_000_000", "assert f(1)"),
        ("def f(x):\n    x = [x]\n    x.append(x)\n    return x", "assert f(1)"),
    ],
)
def test_what_earns_nothing_as_in_nbgrader(room: Classroom, answer: str, test: str) -> None:
    assert graded_points(room, answer, test) == (0.0, "")


@pytest.mark.parametrize(
    ("answer", "test", "word"),
    [
        ("class V:\n    def __add__(self, o): return 3", "assert V() + 1 == 3", "__add__"),
        ("class V: pass", "assert V() == V()", "compared"),
        ("class V: pass\nv = V()", "assert isinstance(v, V)", "isinstance"),
        ("class V:\n    def score(self, x, y): return 1.0\nv = V()", "assert v.score([1], [2]) == 1", ".score"),
        ("class V: pass\nv = V()", "import numpy as np\nnp.testing.assert_allclose(v, 3)", ""),
        ("class V:\n    def __lt__(self, o): return True\nv = V()", "try:\n    assert v < 3\nexcept: pass", "__lt__"),
        ("def f(xs):\n    xs.clear()\n    return 0", "xs = [1]\nassert f(xs) == sum(xs) - 1", "changes xs"),
    ],
)
def test_what_cannot_cross_by_value_waits_for_a_person(room: Classroom, answer: str, test: str, word: str) -> None:
    points, reason = graded_points(room, answer, test)
    assert points is None and word in reason and reason


@pytest.mark.parametrize("last", ["-1", "float('nan')", "'no'", "False", "True", "3", "1e300", "[1, 2]", "'1'"])
def test_a_test_that_ends_in_no_number_in_range_waits_for_a_person(room: Classroom, last: str) -> None:
    points, reason = graded_points(room, "", last)
    assert points is None and "từ 0 đến 2" in reason


@pytest.mark.parametrize(
    ("last", "points"), [("0", 0.0), ("1.5", 1.5), ("2", 2.0), ("None", 2.0), ("-1;", 2.0), ("x = -1", 2.0)]
)
def test_partial_credit_is_the_number_at_the_end(room: Classroom, last: str, points: float) -> None:
    assert graded_points(room, "", last) == (points, "")


def test_a_hidden_failure_says_one_sentence_and_a_visible_one_says_why(room: Classroom) -> None:
    source = notebook(solution("s", "def f(x): return x"),
                      checks("t", 1.0, "assert f(1) == 1, 'f của một'", "secret = 7351\n"
                      "assert f(secret) == 7351"))  # fmt: skip
    hidden = room.grade(source, handed_in(source, {"s": "def f(x):\n    print('thấy', x)\n    return 1"}))
    assert hidden.points["t"] == 0.0
    assert "kiểm tra ẩn" in shown_text(hidden, "t") and "7351" not in shown_text(hidden, "t")
    visible = room.grade(source, handed_in(source, {"s": "def f(x): return 0"}))
    assert "f của một" in shown_text(visible, "t") and "secret" not in shown_text(visible, "t")
    assert "7351" not in seen_by_learner(hidden) + seen_by_learner(visible)


def test_stderr_in_a_hidden_part_counts_as_failure_too(room: Classroom) -> None:
    source = notebook(solution("s", "def f(x): return x"), checks("t", 1.0, "assert f(1) == 1", "assert f(2) == 2"))
    noisy = "import sys\ndef f(x):\n    if x > 1: print('!', file=sys.stderr)\n    return x"
    assert room.grade(source, handed_in(source, {"s": noisy})).points["t"] == 0.0


def test_an_endless_loop_costs_its_own_cell_only(room: Classroom) -> None:
    source = notebook(
        solution("a", "a = 1"),
        checks("t-a", 1.0, "assert a == 1"),
        solution("b", "b = 2"),
        checks("t-b", 1.0, "assert b == 2"),
    )
    graded = room.grade(source, handed_in(source, {"a": "while True: pass", "b": "b = 2"}), timeout_s=1)
    assert test_points(graded) == {"t-a": 0.0, "t-b": 1.0}
    assert "CellTimeoutError" in shown_text(graded, "a")


def test_after_the_process_died_points_stand_and_the_rest_waits(room: Classroom) -> None:
    source = notebook(
        solution("a", "a = 1"),
        checks("t-a", 1.0, "assert a == 1"),
        solution("b", "b = 2"),
        checks("t-b", 1.0, "assert b == 2"),
    )
    graded = room.grade(source, handed_in(source, {"a": "a = 1", "b": "import os; os._exit(0)"}))
    assert test_points(graded) == {"t-a": 1.0, "t-b": None}
    assert graded.status is NotebookStatus.NEEDS_REVIEW and "tự kết thúc" in graded.reason


def test_a_hanging_test_is_bounded_too(room: Classroom) -> None:
    points, _ = graded_points(room, "n = 10 ** 12", "for _ in range(n): pass\nassert n > 0")
    assert points == 0.0


def test_scratch_cells_run_in_their_place(room: Classroom) -> None:
    submitted = handed_in(
        FUNCTIONS, extra={"helpers": "def squares(n): return 0", "squares": "def squares(n): return [1]"}
    )
    graded = room.grade(FUNCTIONS, submitted)
    assert test_points(graded)["t-squares"] == 0.0
    assert [cell["source"] for cell in graded.autograded["cells"]].count("def squares(n): return [1]") == 1


def test_a_deleted_test_cell_is_graded_all_the_same(room: Classroom) -> None:
    submitted: Notebook = json.loads(as_bytes(FUNCTIONS))
    submitted["cells"] = [cell for cell in submitted["cells"] if not cell["id"].startswith("t-")]
    assert test_points(room.grade(FUNCTIONS, submitted)) == FUNCTIONS_MAX


def test_an_answer_in_a_cell_of_ones_own_counts_as_in_nbgrader(room: Classroom) -> None:
    submitted = handed_in(FUNCTIONS, extra={"helpers": "def mean(xs): return sum(xs) / len(xs)"})
    submitted["cells"] = [cell for cell in submitted["cells"] if cell["id"] != "mean"]
    assert test_points(room.grade(FUNCTIONS, submitted))["t-mean"] == 3.0


def test_two_copies_of_an_answer_are_graded_by_the_last_and_reported(room: Classroom) -> None:
    submitted = handed_in(FUNCTIONS, {"mean": "mean = 1"})
    again = handed_in(FUNCTIONS, {"mean": "def mean(xs): return sum(xs) / len(xs)"})
    place = next(n for n, cell in enumerate(submitted["cells"]) if cell["id"] == "mean")
    submitted["cells"].insert(place + 1, again["cells"][place])
    graded = room.grade(FUNCTIONS, submitted)
    assert test_points(graded)["t-mean"] == 3.0
    assert graded.status is NotebookStatus.NEEDS_REVIEW and "mean" in graded.reason


def test_written_answers_wait_for_a_person_unless_untouched(room: Classroom) -> None:
    source = notebook(text("YOUR ANSWER HERE", "why", grade=True, solution=True, points=5.0),
                      text("Làm.", "page", task=True, locked=True, points=3.0))  # fmt: skip
    blank, answered = (
        room.grade(source, handed_in(source)),
        room.grade(source, handed_in(source, {"why": "Vì <b>thế</b>."})),
    )
    assert (blank.cell("why").auto_score, blank.cell("why").needs_manual) == (0.0, False)
    assert (answered.cell("why").auto_score, answered.cell("why").needs_manual) == (None, True)
    assert answered.cell("page").needs_manual and answered.status is NotebookStatus.GRADED


def test_figures_are_shown(room: Classroom) -> None:
    pytest.importorskip("matplotlib")
    source = notebook(code("1"), solution("s", "1"))
    graded = room.grade(
        source, handed_in(source, {"s": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"})
    )
    assert "Error" not in shown_text(graded, "s")


def test_check_names_the_cells_that_cannot_be_graded(room: Classroom) -> None:
    source = notebook(
        solution("v", "class V: pass\nv = V()"),
        checks("t-fine", 1.0, "assert v is not None"),
        checks("t-type", 1.0, "assert isinstance(v, V)"),
        checks("t-false", 1.0, "False"),
        checks("t-wrong", 1.0, "assert v is None"),
    )
    found = room.check(source)
    assert [line.split("'")[1] for line in found] == ["t-type", "t-false", "t-wrong"]
    assert "isinstance" in found[0] and "0/1" in found[2]


def test_what_is_asked_before_a_test_are_the_names_of_its_visible_part() -> None:
    test = checks("t", 1.0, "assert f(k) == 2", "assert g(2) == 4")
    source = notebook(solution("own", "def f(x): return x\ndef g(x): return x"), locked("set-up", "k = 2"), test)
    assignment = read_assignment(source)
    owner = assignment.ownership[assignment.anchors["t"].index]
    assert owner.learner == {"f", "g"} and owner.shown == {"f"}


def test_values_too_large_to_be_told_together_are_told_one_by_one(room: Classroom) -> None:
    answer = "\n".join(f"{name} = ['{name}' * 200_000]" for name in "abcdefghijklmnopqrstuvwxy")
    test = "assert " + " and ".join(f"len({name}[0]) == 200_000" for name in "abcdefghijklmnopqrstuvwxy")
    assert graded_points(room, answer, test) == (2.0, "")
