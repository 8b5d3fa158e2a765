"""Stock `nbgrader autograde` and ours give the same points, cell by cell, on the same submissions."""

import logging
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from hocvu.codegrading import PRELOAD, GradedNotebook, Kind
from tests.codegrading.notebooks import FUNCTIONS, MANUAL, SCIENCE, SQUARES, Notebook, as_bytes
from tests.codegrading.story import Classroom

MEAN = "def mean(xs):\n    return sum(xs) / len(xs)"
COUNT = "from collections import Counter\ndef count(words):\n    return Counter(words)\ntotal = 3"
SOURCES = {"functions": FUNCTIONS, "science": SCIENCE, "manual": MANUAL}
# assignment -> learner -> answers by grade id; what is not named stays as released
ANSWERS: dict[str, dict[str, dict[str, str]]] = {
    "functions": {
        "right": {"squares": SQUARES, "mean": MEAN, "count": COUNT},
        "half": {"squares": "def squares(n):\n    return [1, 4, 9][:n]", "mean": MEAN},
        "noisy": {"squares": "import sys\n" + SQUARES.replace("return", "print('!'); return"),
                  "mean": "import sys\ndef mean(xs):\n    print('cẩn thận', file=sys.stderr)\n"
                  "    return sum(xs) / len(xs)",
                  "count": COUNT},
        "broken": {"squares": "def squares(n:\n", "mean": "mean = 3", "count": "total = 3\n1 / 0\n"
        "def count(w): return {}"},
        "types": {"squares": "import numpy as np\ndef squares(n):\n    return tuple(i * i for i in range(1, n + 1))",
                  "mean": "import numpy as np\ndef mean(xs):\n    return np.mean(xs)",
                  "count": "total = 3.0\ndef count(words):\n    return {w: words.count(w) for w in words}"},
    },
    "science": {
        "right": {"standard": "def standardise(a):\n    return (a - a.mean(axis=0)) / a.std(axis=0)",
                  "by": "def by_district(t):\n    return t.groupby('quận')['số'].mean()",
                  "model": "from sklearn.tree import DecisionTreeClassifier\n"
                  "model = DecisionTreeClassifier(random_state=0).fit(X, y)"},
        "wrong": {"standard": "def standardise(a):\n    return a - a.mean(axis=0)",
                  "by": "def by_district(t):\n    return t['số']",
                  "model": "model = LogisticRegression().fit(X, 1 - y)"},
    },
    "manual": {
        "answered": {"why": "Vì thế.", "draw": "print('tôi vẽ')", "one": "one = 1"},
        "blank": {},
    },
}  # fmt: skip


def make_course(folder: Path) -> NbGraderAPI:
    """Return nbgrader's own API on a course with the assignments above, released."""
    for name, source in SOURCES.items():
        path = folder / "source" / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(as_bytes(source))
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.db_url = f"sqlite:///{folder}/gradebook.db"
    config.Execute.timeout = 120
    api = NbGraderAPI(config=config)
    api.log.setLevel(logging.CRITICAL)
    for name in SOURCES:
        with_assignment(api, name).generate_assignment(name)
    return api


def with_assignment(api: NbGraderAPI, name: str) -> NbGraderAPI:
    api.coursedir.assignment_id = name
    return api


def hand_in(folder: Path, name: str, learner: str, answers: dict[str, str]) -> Path:
    """Write a submission: the released notebook with the answers in their cells."""
    released: Any = nbformat.read(folder / "release" / name / f"{name}.ipynb", 4)
    for cell in released.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(grade_id, cell.source)
    path = folder / "submitted" / learner / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(released, path)
    return path


def stock_grades(gradebook: Gradebook, name: str, learner: str) -> dict[str, tuple[Any, ...]]:
    """Return (auto score, maximum, needs a person, comment) per graded cell from nbgrader's gradebook."""
    submission = gradebook.find_submission_notebook(name, name, learner)
    comments = {comment.name: comment.auto_comment for comment in submission.comments}
    return {
        grade.name: (grade.auto_score, grade.max_score, grade.needs_manual_grade, comments.get(grade.name))
        for grade in submission.grades
    }


def our_grades(graded: GradedNotebook) -> dict[str, tuple[Any, ...]]:
    return {
        cell.grade_id: (cell.auto_score, cell.max_score, cell.needs_manual, cell.comment)
        for cell in graded.cells
        if cell.kind is not Kind.SOLUTION
    }


@pytest.mark.filterwarnings("ignore")  # nbgrader's and the kernel's own
def test_points_flags_and_comments_equal_nbgraders(tmp_path: Path) -> None:
    api = make_course(tmp_path)
    paths = {
        (name, learner): hand_in(tmp_path, name, learner, answers)
        for name, learners in ANSWERS.items()
        for learner, answers in learners.items()
    }
    for name, learner in paths:
        result = with_assignment(api, name).autograde(name, learner, force=True)
        assert result["success"], (name, learner, result)
    with Classroom(PRELOAD) as room, Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
        for (name, learner), path in paths.items():
            graded = room.grade(SOURCES[name], path.read_bytes())
            assert our_grades(graded) == stock_grades(gradebook, name, learner), (name, learner, graded.reason)
            assert ("image/png" in str(graded.autograded["cells"][-1])) == (name == "science")
            nbformat.validate(nbformat.from_dict(graded.autograded))
            compare_checksums(graded.autograded, tmp_path / "autograded" / learner / name / f"{name}.ipynb")
    shutil.rmtree(tmp_path)


def compare_checksums(ours: Notebook, stock: Path) -> None:
    """Formgrader compares checksums: ours must be nbgrader's."""
    theirs = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.checksum
        for cell in nbformat.read(stock, 4).cells
        if "nbgrader" in cell.metadata
    }
    marked = [cell["metadata"]["nbgrader"] for cell in ours["cells"] if cell["metadata"]]
    assert {told["grade_id"]: told["checksum"] for told in marked} == theirs
