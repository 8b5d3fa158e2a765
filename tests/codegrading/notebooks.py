"""Small notebooks built in words: an instructor's, and what a learner makes of its release."""

import copy
import json
from typing import Any

from hocvu.codegrading.cells import Marks, read_cells

Notebook = dict[str, Any]
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def code(source: str, grade_id: str = "", **marks: Any) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "outputs": [], **_cell(source, grade_id, marks)}


def text(source: str, grade_id: str = "", **marks: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", **_cell(source, grade_id, marks)}


def solution(grade_id: str, source: str) -> dict[str, Any]:
    """An answer cell of code, not graded itself."""
    return code(f"### BEGIN SOLUTION\n{source}\n### END SOLUTION", grade_id, solution=True)


def checks(grade_id: str, points: float, source: str, hidden: str = "") -> dict[str, Any]:
    """An autograder test cell, with a hidden part if given."""
    if hidden:
        source += f"\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return code(source, grade_id, grade=True, locked=True, points=points)


def locked(grade_id: str, source: str) -> dict[str, Any]:
    return code(source, grade_id, locked=True)


def _cell(source: str, grade_id: str, marks: dict[str, Any]) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if grade_id:
        told = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        metadata["nbgrader"] = told | {"grade_id": grade_id} | marks
    return {"id": grade_id or f"o-{abs(hash(source)) % 10**8}", "metadata": metadata, "source": source}


def notebook(*cells: dict[str, Any]) -> Notebook:
    metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def handed_in(source: Notebook, answers: dict[str, str] | None = None, extra: dict[str, str] | None = None) -> Notebook:
    """Return the release of `source` with the learner's answers by grade id, and cells added after some ids.

    What is not answered stays a stub; the hidden parts are gone, as in nbgrader's release.
    """
    made = copy.deepcopy(source)
    answers, extra = answers or {}, extra or {}
    cells = []
    for cell, read in zip(made["cells"], read_cells(source, Marks()), strict=True):
        cell["source"] = answers.get(read.grade_id, _released(read.released))
        cells.append(cell)
        if read.grade_id in extra:
            cells.append(code(extra[read.grade_id]))
    made["cells"] = cells
    return made


def _released(source: str) -> str:
    lines, hidden = [], False
    for line in source.split("\n"):
        hidden = hidden or "BEGIN HIDDEN TESTS" in line
        if not hidden:
            lines.append(line)
        hidden = hidden and "END HIDDEN TESTS" not in line
    return "\n".join(lines)


def as_bytes(made: Notebook) -> bytes:
    return json.dumps(made, ensure_ascii=False).encode()


def cell_of(made: Notebook, grade_id: str) -> dict[str, Any]:
    """Return the cell with that id, to be tampered with."""
    found: dict[str, Any] = next(
        cell for cell in made["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )
    return found


SQUARES = "def squares(n):\n    if n < 1:\n        raise ValueError('n')\n    return [i ** 2 for i in range(1, n + 1)]"
FUNCTIONS = notebook(
    text("# Hàm"),
    code("import math\nfrom collections import Counter"),
    locked("helpers", "WORDS = ['an', 'ba', 'an']\ndef close(a, b):\n    return abs(a - b) < 1e-9"),
    solution("squares", SQUARES),
    checks("t-squares", 2.0, "assert squares(3) == [1, 4, 9]", "assert squares(10)[-1] == 100"),
    checks("t-errors", 1.0, "try:\n    squares(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('0')"),
    solution("mean", "def mean(xs):\n    return sum(xs) / len(xs)"),
    checks("t-mean", 3.0, "assert close(mean([1, 2, 4]), 7 / 3)\nassert math.isclose(mean([1.5]), 1.5)"),
    solution("count", "def count(words):\n    return Counter(words)\ntotal = len(WORDS)"),
    checks("t-count", 1.0, "assert count(WORDS) == {'an': 2, 'ba': 1}\nassert total == 3"),
    checks(
        "t-partial",
        4.0,
        "points = 0\nfor n in (1, 2, 3, 4):\n    points += squares(n) == [i * i for i in range(1, n + 1)]\npoints",
    ),
)
FUNCTIONS_MAX = {"t-squares": 2.0, "t-errors": 1.0, "t-mean": 3.0, "t-count": 1.0, "t-partial": 4.0}

SCIENCE = notebook(
    code("import numpy as np\nimport pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
    "%matplotlib inline"),
    locked(
        "data",
        "rng = np.random.default_rng(0)\nX = rng.normal(size=(120, 3))\ny = (X[:, 0] + X[:, 1] > 0).astype(int)\n"
        "table = pd.DataFrame({'quận': ['1', '3', '1'], 'số': [2.0, 4.0, 6.0]})",
    ),
    solution("standard", "def standardise(a):\n    return (a - a.mean(axis=0)) / a.std(axis=0)"),
    checks(
        "t-standard", 2.0, "z = standardise(X)\nassert z.shape == X.shape\n"
        "np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-9)",
        "np.testing.assert_allclose(standardise(X * 7 + 1).std(axis=0), 1)",
    ),
    solution("by", "def by_district(t):\n    return t.groupby('quận')['số'].mean()"),
    checks("t-by", 1.0, "got = by_district(table)\nassert list(got.index) == ['1', '3']\n"
    "assert got['1'] == 4.0 and got.loc['3'] == 4.0"),
    solution("model", "model = LogisticRegression().fit(X, y)"),
    checks("t-model", 3.0, "assert hasattr(model, 'predict')\naccuracy = (model.predict(X) == y).mean()\n"
    "assert accuracy > 0.9"),
    code("import matplotlib.pyplot as plt\nplt.plot(y);"),
)  # fmt: skip
SCIENCE_MAX = {"t-standard": 2.0, "t-by": 1.0, "t-model": 3.0}

MANUAL = notebook(
    text("Vì sao?"),
    text("### BEGIN SOLUTION\nVì vậy.\n### END SOLUTION", "why", grade=True, solution=True, points=5.0),
    code("### BEGIN SOLUTION\nprint('vẽ')\n### END SOLUTION", "draw", grade=True, solution=True, points=2.0),
    text("Làm một trang.", "page", task=True, locked=True, points=3.0),
    solution("one", "one = 1"),
    checks("t-one", 1.0, "assert one == 1"),
)
