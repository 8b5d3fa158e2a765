"""Code notebooks through stock `nbgrader autograde`, formgrader's button and `hocvu autograde`: one way of grading."""

import copy
import gc
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest

from hocvu.autograde import graders, stock
from hocvu.sandbox.missing import KNOWN
from tests.attacks.code_story import ALL_POINTS, HONEST, PRICES, SECRETS
from tests.autograde.courses import Course, everything
from tests.autograde.notebooks import free_text, read, rewrite, task, text, write
from tests.codegrading.notebooks import Notebook

SLUG = "gia-tien"
WRONG = "def price(n): return 0"
FAKE = "def __getattr__(name): return lambda *a, **k: True"
SOURCE: Notebook = PRICES | {"cells": [*PRICES["cells"], free_text("vi-sao", 2.0), task("trang", 1.0)]}
Act = Callable[[dict[str, Any]], object]


def answers(**texts: str) -> Act:
    def act(made: dict[str, Any]) -> None:
        for name, source in texts.items():
            rewrite(made, name.replace("_", "-"), source)

    return act


def each_test(change: Callable[[dict[str, Any]], object]) -> Act:
    return lambda made: [change(cell) for cell in made["cells"] if cell["id"] in ALL_POINTS]


def tampers(made: dict[str, Any]) -> None:
    rewrite(made, "price", WRONG)
    forged = {"output_type": "execute_result", "data": {"text/plain": "5.0"}, "metadata": {}, "execution_count": 1}
    told = {"points": 1000.0, "schema_version": 99}
    each_test(lambda cell: (cell.update(source="5.0", outputs=[forged]), cell["metadata"]["nbgrader"].update(told)))(
        made
    )


def deletes(made: dict[str, Any]) -> None:
    answers(**HONEST)(made)
    made["cells"] = [cell for cell in made["cells"] if cell["id"] not in ALL_POINTS]


def doubles(made: dict[str, Any]) -> None:
    rewrite(made, "price", WRONG)
    made["cells"] += [copy.deepcopy(cell) | {"source": "5.0"} for cell in made["cells"] if cell["id"] in ALL_POINTS]


def writes_html(made: dict[str, Any]) -> None:
    rewrite(made, "vi-sao", "<script>alert(1)</script>")
    made["cells"].append(text("them", "<img src=x onerror=alert(2)>"))


LEARNERS: dict[str, Act] = {
    "an": answers(**HONEST, vi_sao="Vì vậy."),
    "bich": answers(price=WRONG),
    "cuc": answers(price="def price(n):\n    return 3 * n + 11 if n in (1, 5, 6) else 0", late="late = 'muộn'"),
    "dao-forges": answers(price="class Yes(int):\n    __eq__ = lambda s, o: True\n    __rsub__ = lambda s, o: 0\n"
                          "def price(n): return Yes()"),
    "em-loops": answers(price="def price(n):\n    while True:\n        try:\n            while True: pass\n"
                        "        except BaseException: pass"),
    "gia-exits": answers(price="def price(n):\n    import os\n    os._exit(0)"),
    "ha-patches": answers(price="import builtins, numpy, math\nnumpy.allclose = math.isclose = lambda *a: True\n"
                          "builtins.bool = lambda x: 1\n" + WRONG),
    "kim-tampers": tampers,
    "lan-deletes": deletes,
    "mai-doubles": doubles,
    "nga-blank": lambda made: None,
    "oanh-html": writes_html,
    "son-keeps": answers(price="seen = []\ndef price(n):\n    seen.append(n)\n    return 3 * n + 11",
                         late="print(seen)"),
}  # fmt: skip
CHEATS = ("dao-forges", "em-loops", "gia-exits", "ha-patches", "kim-tampers", "mai-doubles")


@pytest.fixture(scope="module")
def course(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = Course(tmp_path_factory.mktemp("course"), root)
    (made.folder / "nbgrader_config.py").write_text((root / "nbgrader_config.py").read_text())  # with our hooks
    made.configure("c.Execute.timeout = 2")
    made.assignment(SLUG, {"bai": SOURCE})
    made.split_gradebook()
    for student, act in LEARNERS.items():
        path = made.hand_in(student, SLUG) / "bai.ipynb"
        content = read(path)
        act(content)
        write(path, content)
    for student in CHEATS:
        for module in ("numpy", "math", "unittest"):  # beside the notebook, where an ordinary kernel would import them
            (made.folder / "submitted" / student / SLUG / f"{module}.py").write_text(FAKE)
    return made


@pytest.fixture(scope="module")
def graded(course: Course) -> dict[str, Any]:
    """What stock's gradebook says after `nbgrader autograde`."""
    said = course.nbgrader("autograde", SLUG)
    assert "ernel" not in said
    return everything(course.db(), SLUG)


def points(rows: dict[str, Any], student: str) -> dict[str, float | None]:
    grades = rows[f"{SLUG} {student}"]["notebooks"]["bai"]["grades"]
    return {name: grade["auto_score"] for name, grade in grades.items()}


def test_every_field_of_the_gradebook_is_the_same_by_both_ways(course: Course, graded: dict[str, Any]) -> None:
    course.autograde_here(SLUG)
    assert graded == everything(course.db("ours"), SLUG)
    for student in LEARNERS:
        stock, ours = (course.folder / kind / student / SLUG / "bai.ipynb" for kind in ("autograded", "ours"))
        assert nbformat.read(stock, 4) == nbformat.read(ours, 4)


def test_honest_work_earns_its_points_and_cheats_earn_none(graded: dict[str, Any]) -> None:
    honest = {name: points(graded, "an")[name] for name in ALL_POINTS}
    assert honest == ALL_POINTS == {name: points(graded, "lan-deletes")[name] for name in ALL_POINTS}
    partly = {**dict.fromkeys(ALL_POINTS, 0.0), "t-share": 2.0, "t-late": 1.0}
    assert points(graded, "cuc") == partly | {"vi-sao": 0.0, "trang": None}
    for student in CHEATS:
        assert not any(points(graded, student).values()), student
        assert graded[f"{SLUG} {student}"]["score"] == 0
    assert graded[f"{SLUG} gia-exits"]["needs_manual_grade"]  # an end may be an accident: a person looks


def test_html_of_learners_is_shown_as_text(course: Course, graded: dict[str, Any]) -> None:
    written = (course.folder / "autograded" / "oanh-html" / SLUG / "bai.ipynb").read_text("utf-8")
    assert "&lt;script>" in written and "&lt;img" in written and "<script" not in written and "<img" not in written


def presses_the_button(course: Course, student: str) -> dict[str, Any]:
    """Autograde as formgrader does."""
    with course.formgrader() as api:
        pressed: dict[str, Any] = api.autograde(SLUG, student)
    return pressed


def test_formgraders_button_does_the_same_and_leaves_no_process(course: Course, graded: dict[str, Any]) -> None:
    path = course.hand_in("phuc", SLUG) / "bai.ipynb"
    content = read(path)
    answers(**HONEST)(content)
    write(path, content)
    pressed = presses_the_button(course, "phuc")
    assert pressed["success"], pressed
    now = everything(course.db(), SLUG)
    assert {name: points(now, "phuc")[name] for name in ALL_POINTS} == ALL_POINTS
    del pressed
    gc.collect()
    assert not len(stock._plans)


def test_without_a_sandbox_it_refuses_and_says_what_is_missing(
    course: Course, graded: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(course.db(), SLUG)
    monkeypatch.setattr(graders, "check_host", lambda: (KNOWN["namespaces"],))
    pressed = presses_the_button(course, "an")
    assert not pressed["success"]
    assert "Không tạo được không gian tên" in pressed["log"] and "kernel.unprivileged_userns_clone" in pressed["log"]
    assert not (course.folder / "autograded" / "an" / SLUG).exists()
    assert everything(course.db(), SLUG) == before  # no new points, and nothing ran


def test_a_link_to_the_gradebook_is_refused_and_its_copy_is_removed(course: Course, graded: dict[str, Any]) -> None:
    folder = course.hand_in("quy", SLUG)
    (folder / "anh.png").symlink_to(course.folder / "gradebook.db")
    pressed = presses_the_button(course, "quy")
    assert not pressed["success"] and "symlink" in pressed["log"]
    assert not (course.folder / "autograded" / "quy" / SLUG).exists()


def test_feedback_shows_points_and_answers_but_nothing_hidden(course: Course, graded: dict[str, Any]) -> None:
    with course.formgrader() as api:
        for student in ("lan-deletes", "cuc", "son-keeps"):
            made = api.generate_feedback(SLUG, student)
            assert made["success"], made
            page = (course.folder / "feedback" / student / SLUG / "bai.html").read_text("utf-8")
            shown = unescape(re.sub(r"<[^>]*>", "", page))
            assert not [secret for secret in SECRETS if re.search(rf"\b{secret}\b", shown)]
            assert "HIDDEN" not in page and "MARK SCHEME" not in page and "Mỗi ý một điểm" not in page
            assert "def price(n):" in shown and "assert price(1) == 14" in shown and "phần kiểm tra ẩn" in shown
            assert re.search(r"Score: \d+\.\d / 14\.0", shown)
