"""Realistic exercises with numpy, pandas and scikit-learn, one of them with a figure: some 24 cells, ten tests, and
learners of every kind."""

import json
import random
import shutil
from pathlib import Path
from typing import Any

from tests.codegrading.notebooks import Notebook, as_bytes, checks, code, locked, notebook, solution, text

SLUG, WITH_FIGURE = "phan-loai-code", "phan-loai-hinh"
Answers = dict[str, str]  # grade id -> what is written into the cell

_IMPORTS = """\
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler"""
_DATA = """\
rng = np.random.default_rng(2027)
n = 400
reports = pd.DataFrame({
    'length': rng.normal(120, 30, n).round(1),
    'photos': rng.integers(0, 5, n),
    'hour': rng.integers(0, 24, n),
    'district': rng.choice(['Q1', 'Q3', 'Q7'], n),
})
score = 0.04 * (reports['length'] - 120) + 0.9 * (reports['photos'] - 2) + rng.normal(0, 0.7, n)
reports['urgent'] = (score > 0).astype(int)
reports.loc[rng.choice(n, 20, replace=False), 'length'] = np.nan
reports.head()"""

_FIGURE = """\
plt.scatter(reports['length'], reports['photos'], c=reports['urgent'], s=8)
plt.xlabel('length');"""

# grade id -> right first, then half right, wrong, broken; None: left as released (raise NotImplementedError)
POOLS: dict[str, tuple[str | None, ...]] = {
    "fill": (
        "def fill_missing(table):\n    out = table.copy()\n"
        "    out['length'] = out['length'].fillna(out['length'].median())\n    return out",
        "def fill_missing(table):\n    return table.fillna(0)",
        "def fill_missing(table):\n    return table.dropna()",
        None,
    ),
    "features": (
        "def features(table):\n    return table[['length', 'photos', 'hour']].to_numpy(dtype=float)",
        "def features(table):\n    return table[['length', 'photos']].to_numpy(dtype=float)",
        "def features(table):\n    return table['length']",
        "def features(table)\n    return table",
    ),
    "split": (
        "X, y = features(fill_missing(reports)), reports['urgent'].to_numpy()\n"
        "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0)\n"
        "print(X_train.shape, X_test.shape)",
        "X, y = features(fill_missing(reports)), reports['urgent'].to_numpy()\n"
        "X_train, X_test, y_train, y_test = X[:300], X[300:], y[:300], y[300:]",
        "X_train = X_test = np.zeros((10, 3))\ny_train = y_test = np.zeros(10, dtype=int)",
        None,
    ),
    "train": (
        "scaler = StandardScaler().fit(X_train)\n"
        "model = LogisticRegression().fit(scaler.transform(X_train), y_train)\n"
        "predicted = model.predict(scaler.transform(X_test))",
        "scaler = StandardScaler().fit(X_train)\nmodel = LogisticRegression(max_iter=500).fit(X_train, y_train)\n"
        "predicted = model.predict(X_test)",
        "predicted = np.ones(len(y_test), dtype=int)",
        "model = LogisticRegression().fit(X_train)",
    ),
    "measure": (
        "def recall(truth, guess):\n    truth, guess = np.asarray(truth), np.asarray(guess)\n"
        "    return float(((truth == 1) & (guess == 1)).sum() / max(1, (truth == 1).sum()))",
        "def recall(truth, guess):\n    m = confusion_matrix(truth, guess)\n    return m[1, 1] / m[1].sum()",
        "def recall(truth, guess):\n    return accuracy_score(truth, guess)",
        None,
    ),
    "by": (
        "def urgent_by_district(table):\n    return table.groupby('district')['urgent'].mean().round(3)",
        "def urgent_by_district(table):\n    print(table['district'].unique())\n"
        "    return table.groupby('district')['urgent'].sum()",
        "def urgent_by_district(table):\n    return table['urgent'].mean()",
        "def urgent_by_district(table):\n    return table.groupby('quan')['urgent'].mean()",
    ),
}  # fmt: skip


def make_source(slug: str = SLUG) -> Notebook:
    """Return the instructor's notebook."""
    figure = [code(_FIGURE)] if slug == WITH_FIGURE else []
    return notebook(
        text("# Phân loại phản ánh khẩn", "mo-dau", locked=True),
        code(_IMPORTS),
        code("%matplotlib inline\nplt.rcParams['figure.figsize'] = (4, 3)"),
        text("## 1. Dữ liệu"),
        locked("data", _DATA),
        _answer("fill"),
        checks("t-fill", 2.0, "filled = fill_missing(reports)\nassert filled['length'].notna().all()\n"
               "assert len(filled) == len(reports)",
               "assert abs(filled['length'].median() - reports['length'].median()) < 1e-9"),
        checks("t-copy", 1.0, "before = int(reports['length'].isna().sum())\nfill_missing(reports)\n"
               "assert int(reports['length'].isna().sum()) == before == 20"),
        text("## 2. Đặc trưng"),
        _answer("features"),
        checks("t-features", 2.0, "made = features(fill_missing(reports))\nassert made.shape == (400, 3)",
               "assert made.dtype == np.float64\nnp.testing.assert_allclose(made[:, 1], reports['photos'])"),
        _answer("split"),
        checks("t-split", 1.0, "assert X_train.shape == (300, 3)\nassert X_test.shape == (100, 3)"),
        checks("t-random", 1.0, "assert len(y_train) == 300 and len(y_test) == 100",
               "assert int(y_test.sum()) == int(train_test_split(reports['urgent'].to_numpy(), test_size=0.25,\n"
               "                                                 random_state=0)[1].sum())"),
        text("## 3. Huấn luyện"),
        _answer("train"),
        checks("t-train", 3.0, "assert len(predicted) == len(y_test)\naccuracy = (predicted == y_test).mean()\n"
               "assert accuracy > 0.7", "assert hasattr(model, 'coef_') and accuracy > 0.8"),
        *figure,
        text("## 4. Đo"),
        _answer("measure"),
        checks("t-recall", 2.0, "assert abs(recall([1, 1, 0, 1], [1, 0, 0, 1]) - 2 / 3) < 1e-9",
               "assert recall([0, 1], [0, 1]) == 1"),
        checks("t-edge", 1.0, "assert recall([0, 0], [0, 1]) == 0"),
        _answer("by"),
        checks("t-by", 2.0, "rates = urgent_by_district(reports)\nassert list(rates.index) == ['Q1', 'Q3', 'Q7']\n"
               "assert rates.between(0, 1).all()"),
        checks("t-part", 4.0, "points = 0\nfor truth, guess, wanted in (([1], [1], 1), ([1], [0], 0), "
               "([1, 0, 1], [1, 1, 0], 0.5),\n                             ([1, 1], [1, 1], 1)):\n"
               "    points += abs(recall(truth, guess) - wanted) < 1e-9\npoints"),
    )  # fmt: skip


def _answer(grade_id: str) -> dict[str, Any]:
    right = POOLS[grade_id][0]
    assert right is not None
    return solution(grade_id, right)


def make_answers(rng: random.Random) -> Answers:
    """Return what one learner writes: somebody of skill 0.9 has most of it right, of 0.3 little."""
    skill = rng.choice((0.95, 0.8, 0.6, 0.3))
    answers = {}
    for grade_id, pool in POOLS.items():
        written = pool[0] if rng.random() < skill else rng.choice(pool[1:])
        if written is not None:
            answers[grade_id] = written + f"\n# bài của tôi, bản {rng.randrange(10**6)}"
    return answers


def write_course(course: Path) -> None:
    """Write both sources into the course folder."""
    for slug in (SLUG, WITH_FIGURE):
        folder = course / "source" / slug
        folder.mkdir(parents=True)
        (folder / "exercises.ipynb").write_bytes(as_bytes(make_source(slug)))


def hand_in_code(course: Path, slug: str, count: int) -> None:
    """Let `count` learners hand in; the release must be there. What others handed in before goes."""
    shutil.rmtree(course / "submitted", ignore_errors=True)
    released = (course / "release" / slug / "exercises.ipynb").read_text(encoding="utf-8")
    for number in range(count):
        rng = random.Random(number)
        content = json.loads(released)
        answers = make_answers(rng)
        for cell in content["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = answers.get(grade_id, cell["source"])
        folder = course / "submitted" / f"hv{number:04d}" / slug
        folder.mkdir(parents=True)
        (folder / "exercises.ipynb").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
