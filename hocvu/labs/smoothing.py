"""The code item of module 2: how the smoothing of a model changes what it gets right. Plain text, so that it shows
on every face: in a notebook, in the browser, and on the result page."""

from collections.abc import Sequence
from functools import lru_cache

from hocvu.datasets.growing_bayes import GrowingBayes, best_of
from hocvu.labs.learning import Training, examples, tested
from hocvu.questions.text import show_number
from hocvu.vietnamese import tokens

A = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0)
EXAMPLES, SEED = 320, 2027
BAR, WIDEST = "█", 12


@lru_cache(maxsize=64)
def do_dung_voi(a: float) -> float:
    """Return the share of 300 unseen simulated reports that a model with smoothing `a` > 0 sends to the right place."""
    model = GrowingBayes(float(a))
    for report in examples(Training(), EXAMPLES, SEED):
        model.learn(tokens(report.text), report.category)
    reports = tested(SEED, "go")
    chances = model.judge(tokens(report.text) for report in reports)
    return sum(best_of(one)[0] == report.category for one, report in zip(chances, reports, strict=True)) / len(reports)


def ve(cac_a: Sequence[float], do_dung: Sequence[float]) -> None:
    """Print one bar for each smoothing, and say which does best."""
    for a, share in zip(cac_a, do_dung, strict=True):
        percent = f"{show_number(round(100 * share, 1))}%"
        print(f"a = {show_number(a):<5} {percent:>6} {BAR * round(WIDEST * share)}")
    best = max(zip(do_dung, cac_a, strict=True))
    print(f"Cao nhất: a = {show_number(best[1])}.\nDữ liệu mô phỏng, {EXAMPLES} ví dụ.")
