"""What runs in a sandboxed child: the learner's cells, or the tests. Which of the two, the first message says.

One warm process serves both. A learner's child never gets a test; a bench never gets a line of learner code.
"""

import gc
import random
import sys
from typing import Any, Protocol

from hocvu.codegrading.bench import Bench
from hocvu.codegrading.learner_side import LearnerSide
from hocvu.codegrading.shell import Outputs, Shell, adopt_shell, behave_like_autograde, make_shell, no_input

RARELY = (20_000, 20, 20)  # a session lives for a second: collecting garbage as often as usual took 5 % of it


class Channel(Protocol):
    """The guest's end of the line (hocvu.sandbox.channel)."""

    def receive(self) -> dict[str, Any]: ...

    def send(self, reply: dict[str, Any]) -> None: ...


def main(channel: Channel) -> None:
    """Serve one submission as the role that the first message names, until the line is closed."""
    hello = channel.receive()
    behave_like_autograde(no_input)
    seed_all(int(hello["seed"]))
    gc.set_threshold(*RARELY)
    outputs = Outputs()
    shell = adopt_shell(outputs)
    channel.send({"ready": True})
    side = Bench(channel, shell, outputs) if hello["role"] == "tests" else LearnerSide(channel, shell, outputs)
    side.serve()


def seed_all(seed: int) -> None:
    """Start the usual random generators alike on both sides, so that set-up data agree and grading repeats."""
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % (1 << 32))


def warm_up() -> None:
    """Do once, before any fork, what is slow the first time: a shell, a traceback, a table, a figure, a fit.

    It leaves a shell that has run nothing; each child has its own copy of it by the fork.
    """
    outputs = Outputs()
    shell: Shell = make_shell(outputs)
    side = LearnerSide(_NoChannel(), shell, outputs)
    for source in _WARM_CELLS:
        side.run({"source": source, "cell": 0})
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
    make_shell(Outputs())


class _NoChannel:
    """Nobody listens while warming up."""

    def receive(self) -> dict[str, Any]:
        raise EOFError

    def send(self, reply: dict[str, Any]) -> None:
        raise EOFError


_WARM_CELLS = (
    "def f(x):\n    raise ValueError(x)\nf(1)",
    "if 'pandas' in __import__('sys').modules:\n    import numpy as np, pandas as pd\n"
    "    t = pd.DataFrame({'a': [1.5, np.nan], 'b': ['x', 'y'], 'c': [1, 2]})\n"
    "    display(t, t['a'], t.describe(), t.groupby('b')['a'].mean(), t[['a', 'c']].to_numpy(), t['a'].fillna(0))",
    "%matplotlib inline\nif 'matplotlib' in __import__('sys').modules:\n    import matplotlib.pyplot as plt\n"
    "    plt.plot([1, 2]); plt.scatter([1, 2], [0, 1], c=[0, 1]); plt.xlabel('a'); plt.title('ă'); plt.show()",
    "if 'sklearn' in __import__('sys').modules:\n    from sklearn.linear_model import LogisticRegression\n"
    "    from sklearn.model_selection import train_test_split\n    from sklearn.preprocessing import StandardScaler\n"
    "    y = [0, 0, 1, 1]\n"
    "    X, _, y, _ = train_test_split([[0.0], [1.0], [2.0], [3.0]], y, test_size=0.5, stratify=y)\n"
    "    display(LogisticRegression().fit(StandardScaler().fit_transform(X), y).predict([[0.5]]))",
)
