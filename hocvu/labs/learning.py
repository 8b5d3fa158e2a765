"""The furnace of module 2: a model learns to send reports on, from 20 to 1,280 examples. No drawing here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from hocvu.datasets.growing_bayes import GrowingBayes, Tokens, best_of
from hocvu.datasets.reports1022 import CATEGORIES, Noise, Report, generate_reports, report_stream, without_marks
from hocvu.datasets.seeds import seed_of
from hocvu.vietnamese import is_unmarked, strip_marks, tokens

SIZES = (20, 40, 80, 160, 320, 640, 1280)
TESTED = 300  # reports the model has not seen
GOAL = 0.80
SURE = 0.99
Lesson = tuple[Sequence[Tokens], str]  # an example as the model reads it, once or twice, and its field
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
    return tuple(_growing(_lessons(training, seed), seed, writing))


def _growing(lessons: Iterable[Lesson], seed: int, writing: str) -> Iterator[Learned]:
    """Yield the model after each of SIZES: whoever needs only the first ones does not pay for the others."""
    model = GrowingBayes()
    for number, lesson in enumerate(islice(lessons, SIZES[-1]), 1):
        _learn(model, lesson)
        if number in SIZES:
            yield _tried(model, number, seed, writing)


def _tried(model: GrowingBayes, size: int, seed: int, writing: str) -> Learned:
    judged = zip(tested(seed, writing), model.judge(_asked(seed, writing)), strict=True)
    return Learned(size, tuple(Judged(report, *best_of(chances)) for report, chances in judged))


@lru_cache(maxsize=16)
def _asked(seed: int, writing: str) -> tuple[Tokens, ...]:
    """Return what the model reads of each of `tested`."""
    return tuple(tokens(report.text) for report in tested(seed, writing))


@lru_cache(maxsize=256)
def share_at(size: int, training: Training, seed: int, writing: str = "go") -> float:
    """Return how the model does after so many examples, in 0..1; the same as on the curve, without the rest of it."""
    return _share(_taught(islice(_lesson_stream(training, seed), size)), seed, writing)


def _share(model: GrowingBayes, seed: int, writing: str) -> float:
    """Return Learned.share without what else there is to see."""
    sent = model.likeliest(_asked(seed, writing))
    return sum(here == report.category for here, report in zip(sent, tested(seed, writing), strict=True)) / TESTED


def _lesson_stream(training: Training, seed: int) -> Iterator[Lesson]:
    """Yield what the model learns of one example after another, without end: once, or with and without marks."""
    for report in _example_stream(training, seed):
        texts = [report.text]
        if training.writing == "ca_hai":
            texts.append(without_marks(report).text)
        yield [tokens(text) for text in texts], report.category


@lru_cache(maxsize=4)
def _lessons(training: Training, seed: int) -> tuple[Lesson, ...]:
    """Return the whole of the learner's examples as read: a bench needs them for the curve and again for the model."""
    return tuple(islice(_lesson_stream(training, seed), SIZES[-1]))


def _learn(model: GrowingBayes, lesson: Lesson) -> None:
    readings, category = lesson
    for reading in readings:
        model.learn(reading, category)


def _taught(lessons: Iterable[Lesson]) -> GrowingBayes:
    model = GrowingBayes()
    for lesson in lessons:
        _learn(model, lesson)
    return model


@lru_cache(maxsize=8)
def trained(training: Training, size: int, seed: int) -> GrowingBayes:
    """Return the model itself, to try a sentence of one's own and to look at its words."""
    return _taught(_lessons(training, seed)[:size])


def strongest_words(model: GrowingBayes, count: int = 10) -> list[tuple[str, str, int, int]]:
    """Return the tokens that pull hardest: (token, field, times there, times elsewhere), met at least four times.

    A word that was learned with and without marks stands once, as people write it.
    """
    found, everything = [], model.mass.total()
    often = {token for seen in model.counts.values() for token, times in seen.items() if times >= 4}
    for token in often:
        there, field = max((seen.get(token, 0), field) for field, seen in model.counts.items())
        elsewhere = sum(seen.get(token, 0) for seen in model.counts.values()) - there
        here, other = there / model.mass[field], (elsewhere + 0.5) / (everything - model.mass[field] + 1)
        found.append((here / other, token, field, there, elsewhere))
    found.sort(key=lambda one: (-one[0], is_unmarked(one[1]), one[1]))
    listed = {strip_marks(token): (token, field, there, elsewhere) for _, token, field, there, elsewhere in found[::-1]}
    return list(reversed(listed.values()))[:count]


def majority_share(seed: int, writing: str = "go") -> float:
    """Return how often always naming the commonest field is right, in 0..1."""
    fields = Counter(report.category for report in tested(seed, writing))
    return max(fields.values()) / TESTED


@lru_cache(maxsize=1024)
def _shares_until_enough(seed: int) -> tuple[float, ...]:
    """Return how the learner's model does at the first of SIZES, up to the one that reaches GOAL if any does."""
    model, shares = GrowingBayes(), list[float]()
    for number, lesson in enumerate(islice(_lesson_stream(Training(), seed), SIZES[-1]), 1):
        _learn(model, lesson)
        if number in SIZES:
            shares.append(_share(model, seed, "go"))
            if shares[-1] >= GOAL:
                break
    return tuple(shares)


def smallest_enough(seed: int) -> int | None:
    """Return the smallest of SIZES at which the learner's model reaches GOAL, None if none does (item 2-3)."""
    shares = _shares_until_enough(seed)
    return SIZES[len(shares) - 1] if shares[-1] >= GOAL else None


def share_reached(size: int, seed: int) -> float:
    """Return how the learner's model does at one of SIZES, in 0..1: known already unless it is beyond enough."""
    shares, place = _shares_until_enough(seed), SIZES.index(size)
    return shares[place] if place < len(shares) else share_at(size, Training(), seed)


def share_without_marks(seed: int) -> float:
    """Return how a model of 640 marked examples does on reports without diacritics, in 0..1 (item 2-5)."""
    return share_at(READ_OFF, Training(writing="dau"), seed, "khong_dau")
