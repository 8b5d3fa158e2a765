"""The furnace of module 2: a model learns to send reports on, from 20 to 1,280 examples. No drawing here."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from hocvu.datasets.growing_bayes import GrowingBayes
from hocvu.datasets.reports1022 import CATEGORIES, Noise, Report, generate_reports, report_stream, without_marks
from hocvu.datasets.seeds import seed_of
from hocvu.vietnamese import tokens

SIZES = (20, 40, 80, 160, 320, 640, 1280)
TESTED = 300  # reports the model has not seen
GOAL = 0.80
SURE = 0.99
READ_OFF = 640  # examples of the model that item 2-5 asks about


@dataclass(frozen=True)
class Training:
    """How the examples are made.

    wrong_labels: share in 0..1. writing: "go" as people type, "dau" with diacritics only, "ca_hai" each report twice,
    with and without. balanced: as many of every field as of the next.
    """

    wrong_labels: float = 0.03
    writing: str = "go"
    balanced: bool = False


@dataclass(frozen=True)
class Judged:
    """One tested report: where it belongs, where the model sends it, and how sure the model is, in 0..1."""

    report: Report
    sent_to: str
    sure: float

    @property
    def right(self) -> bool:
        return self.sent_to == self.report.category


@dataclass(frozen=True)
class Learned:
    """A model after `size` examples, tried on the reports it has not seen."""

    size: int
    judged: tuple[Judged, ...]

    @property
    def share(self) -> float:
        """Reports sent to the right place, in 0..1."""
        return sum(one.right for one in self.judged) / len(self.judged)

    @property
    def confusion(self) -> Counter[tuple[str, str]]:
        """How often a report of one field (first) was sent to another (second)."""
        return Counter((one.report.category, one.sent_to) for one in self.judged)

    @property
    def sure(self) -> tuple[int, int]:
        """How many reports the model was sure about (0.99 and more), and how many of these it sent right."""
        sure = [one for one in self.judged if one.sure >= SURE]
        return len(sure), sum(one.right for one in sure)


def examples(training: Training, count: int, seed: int) -> tuple[Report, ...]:
    """Return the learner's examples; a smaller count gives the beginning of a larger one."""
    return tuple(islice(_example_stream(training, seed), count))


def _example_stream(training: Training, seed: int) -> Iterator[Report]:
    noise = Noise(no_marks=0.0, wrong_labels=training.wrong_labels)
    if training.writing == "go":
        noise = Noise(wrong_labels=training.wrong_labels)
    made = report_stream(seed_of("2", "learn", seed), noise)
    return iter(_balanced(tuple(islice(made, 4 * SIZES[-1])))) if training.balanced else made


def _balanced(made: Sequence[Report]) -> list[Report]:
    """Take the fields in turn, each report once, as long as every field has one left."""
    piles = {category.code: [one for one in made if one.category == category.code] for category in CATEGORIES}
    rounds = min(len(pile) for pile in piles.values())
    return [piles[category.code][turn] for turn in range(rounds) for category in CATEGORIES]


@lru_cache(maxsize=16)
def tested(seed: int, writing: str) -> tuple[Report, ...]:
    """Return the reports a model is tried on. writing: "go" as people type, "dau" with, "khong_dau" without."""
    if writing == "go":
        return generate_reports(TESTED, seed_of("2", "test", seed))
    marked = generate_reports(TESTED, seed_of("2", "test", seed), options=Noise(no_marks=0.0))
    return marked if writing == "dau" else tuple(map(without_marks, marked))


@lru_cache(maxsize=32)
def learning_curve(training: Training, seed: int, writing: str = "go") -> tuple[Learned, ...]:
    """Return the model after each of SIZES, always tried on the same reports."""
    return tuple(_growing(training, seed, writing))


def _growing(training: Training, seed: int, writing: str) -> Iterator[Learned]:
    """Yield the model after each of SIZES: whoever needs only the first ones does not pay for the others."""
    model, reports = GrowingBayes(), tested(seed, writing)
    asked = [tokens(report.text) for report in reports]
    for number, report in enumerate(islice(_example_stream(training, seed), SIZES[-1]), 1):
        _learn(model, report, training)
        if number in SIZES:
            yield _tried(model, number, reports, asked)


def _tried(model: GrowingBayes, size: int, reports: Sequence[Report], asked: Sequence[list[str]]) -> Learned:
    best = [model.best(words) for words in asked]
    return Learned(size, tuple(Judged(report, *one) for report, one in zip(reports, best, strict=True)))


@lru_cache(maxsize=256)
def share_at(size: int, training: Training, seed: int, writing: str = "go") -> float:
    """Return how the model does after so many examples, in 0..1; the same as on the curve, without the rest of it."""
    reports = tested(seed, writing)
    return _tried(trained(training, size, seed), size, reports, [tokens(one.text) for one in reports]).share


def _learn(model: GrowingBayes, report: Report, training: Training) -> None:
    model.learn(tokens(report.text), report.category)
    if training.writing == "ca_hai":
        model.learn(tokens(without_marks(report).text), report.category)


@lru_cache(maxsize=8)
def trained(training: Training, size: int, seed: int) -> GrowingBayes:
    """Return the model itself, to try a sentence of one's own and to look at its words."""
    model = GrowingBayes()
    for report in examples(training, size, seed):
        _learn(model, report, training)
    return model


def strongest_words(model: GrowingBayes, count: int = 10) -> list[tuple[str, str, int, int]]:
    """Return the tokens that pull hardest: (token, field, times there, times elsewhere), met at least four times."""
    found = []
    for token, seen in model.counts.items():
        field = max(seen, key=lambda one: (seen[one], one))
        there, elsewhere = seen[field], sum(seen.values()) - seen[field]
        if there >= 4:
            here = there / model.mass[field]
            other = (elsewhere + 0.5) / (sum(model.mass.values()) - model.mass[field] + 1)
            found.append((here / other, token, field, there, elsewhere))
    found.sort(key=lambda one: (-one[0], one[1]))
    return [(token, field, there, elsewhere) for _, token, field, there, elsewhere in found[:count]]


def majority_share(seed: int, writing: str = "go") -> float:
    """Return how often always naming the commonest field is right, in 0..1."""
    fields = Counter(report.category for report in tested(seed, writing))
    return max(fields.values()) / TESTED


@lru_cache(maxsize=1024)
def smallest_enough(seed: int) -> int | None:
    """Return the smallest of SIZES at which the learner's model reaches GOAL, None if none does (item 2-3)."""
    return next((one.size for one in _growing(Training(), seed, "go") if one.share >= GOAL), None)


def share_without_marks(seed: int) -> float:
    """Return how a model of 640 marked examples does on reports without diacritics, in 0..1 (item 2-5)."""
    return share_at(READ_OFF, Training(writing="dau"), seed, "khong_dau")
