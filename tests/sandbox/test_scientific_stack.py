"""What courses import runs inside the walls: numpy, pandas, scikit-learn, matplotlib and the standard library."""

from collections.abc import Iterator

import pytest

from hocvu.sandbox import Warm
from tests.attacks.story import GUEST, Learner

STACK = ("numpy", "pandas", "sklearn.linear_model", "matplotlib.pyplot")
PATIENCE_S = 60.0  # the first tree or the first search imports its part of scikit-learn

CELLS = {
    "pandas": """
import pandas as pd
table = pd.DataFrame({"đơn vị": ["Sở A", "Sở B"], "điểm": [1.5, 2.5]})
table.to_csv("bang.csv", index=False)
answer = [pd.read_csv("bang.csv")["điểm"].sum(), "<table" in table._repr_html_()]
""",
    "scikit-learn, not preloaded parts": """
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier
X = np.random.default_rng(0).normal(size=(100, 3)); y = (X[:, 0] > 0).astype(int)
found = GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, 2]}).fit(X, y)
forest = RandomForestClassifier(n_estimators=5).fit(X, y)
answer = [float(found.score(X, y)), TfidfVectorizer().fit_transform(["một hai", "hai ba"]).shape[1]]
""",
    "matplotlib": """
import io
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([1, 2, 3]); axes.set_title("Điểm số")
picture = io.BytesIO(); figure.savefig(picture); figure.savefig("hinh.png")
answer = [picture.getvalue()[:4] == b"\\x89PNG", "warning" in repr(axes).lower()]
""",
    "standard library": """
import concurrent.futures, datetime, shutil, sqlite3, tempfile, zoneinfo
base = sqlite3.connect(":memory:")
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    numbers = list(pool.map(abs, [-1, -2]))
open("a", "w").write("x"); shutil.copy2("a", "b"); tempfile.NamedTemporaryFile().close()
hour = datetime.datetime.now(zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")).utcoffset().seconds // 3600
answer = [numbers, base.execute("select 40 + 2").fetchone()[0], hour]
""",
}
ANSWERS = {
    "pandas": [4.0, True],
    "scikit-learn, not preloaded parts": [1.0, 3],
    "matplotlib": [True, False],
    "standard library": [[1, 2], 42, 7],
}


@pytest.fixture(scope="module")
def stack() -> Iterator[Warm]:
    with Warm(guest=GUEST, preload=STACK) as warm:
        yield warm


@pytest.mark.parametrize("name", CELLS)
def test_an_honest_cell_runs(stack: Warm, name: str) -> None:
    with Learner(stack) as learner:
        assert learner.runs(CELLS[name], PATIENCE_S) == ANSWERS[name]


def test_two_runs_of_the_same_cell_agree(stack: Warm) -> None:
    cell = "import numpy as np; answer = [hash('một'), list({'a', 'b', 'c'}), float(np.random.default_rng(1).random())]"
    with Learner(stack) as first, Learner(stack) as second:
        assert first.runs(cell) == second.runs(cell)
