"""Synthetic reports to hotline 1022, as people of the city write them; datasheet: docs/datasets/reports1022.md."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, islice

from hocvu.datasets import reports1022_templates as templates
from hocvu.vietnamese import strip_marks


@dataclass(frozen=True)
class Category:
    """A field of work that a report is sent to. share: how often it occurs, in 0..1."""

    code: str
    name: str
    short: str
    share: float


CATEGORIES = (
    Category("TTHC", "Trung tâm Phục vụ hành chính công", "Hành chính công", 0.43),
    Category("HATANG", "Hạ tầng kỹ thuật – đường, nắp hố ga", "Hạ tầng", 0.14),
    Category("NGAP", "Thoát nước – ngập", "Ngập", 0.06),
    Category("ONAO", "Tiếng ồn", "Tiếng ồn", 0.10),
    Category("VIAHE", "Trật tự đô thị – lấn chiếm vỉa hè", "Vỉa hè", 0.09),
    Category("RAC", "Vệ sinh môi trường", "Rác", 0.08),
    Category("CAYDEN", "Cây xanh – chiếu sáng", "Cây – đèn", 0.04),
    Category("BUYT", "Xe buýt", "Xe buýt", 0.06),
)
CATEGORY_BY_CODE = {category.code: category for category in CATEGORIES}


@dataclass(frozen=True)
class Noise:
    """How often each kind of everyday mess occurs, as shares of all reports in 0..1."""

    no_marks: float = 0.15
    abbreviations: float = 0.25
    typos: float = 0.05
    two_ideas: float = 0.10
    vague: float = 0.06
    wrong_labels: float = 0.03


CLEAN = Noise(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Report:
    """One synthetic report.

    category: the recorded label, which is wrong now and then; meant: what the text was written about;
    also: the field of a second idea in the same text, or None.
    """

    text: str
    category: str
    meant: str
    also: str | None = None


def generate_reports(count: int, seed: int, *, options: Noise = Noise()) -> tuple[Report, ...]:
    """Return `count` reports; the same (count, seed, options) gives the same reports on every machine."""
    return tuple(islice(report_stream(seed, options), count))


def report_stream(seed: int, options: Noise) -> Iterator[Report]:
    """Yield the same reports one by one, without end."""
    rng = random.Random(seed)
    while True:
        yield _report(rng, options)


def without_marks(report: Report) -> Report:
    """Return the same report as its writer would type it without diacritics."""
    return Report(strip_marks(report.text), report.category, report.meant, report.also)


_CODES = tuple(category.code for category in CATEGORIES)
_SHARES_SO_FAR = tuple(accumulate(category.share for category in CATEGORIES))


def _report(rng: random.Random, noise: Noise) -> Report:
    meant = rng.choices(_CODES, cum_weights=_SHARES_SO_FAR)[0]
    vague = rng.random() < noise.vague
    body = _fill(rng.choice((templates.VAGUE if vague else templates.SENTENCES)[meant]), rng)
    also = None
    if rng.random() < noise.two_ideas:
        also = rng.choice([code for code in _CODES if code != meant])
        body += f", ngoài ra {_fill(rng.choice(templates.SENTENCES[also]), rng)}"
    text = _fill(rng.choice(templates.OPENINGS), rng) + body + _fill(rng.choice(templates.CLOSINGS), rng)
    text = _mess(text, rng, noise)
    category = rng.choice(_CODES) if rng.random() < noise.wrong_labels else meant
    return Report(text, category, meant, also)


def _mess(text: str, rng: random.Random, noise: Noise) -> str:
    """Return text with abbreviations, two letters swapped or its diacritics dropped, as chance wills."""
    if rng.random() < noise.abbreviations:
        for word, abbreviation in templates.ABBREVIATIONS:
            text = text.replace(word, abbreviation)
    if rng.random() < noise.typos and len(text) > 20:
        at = rng.randrange(5, len(text) - 3)
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if rng.random() < noise.no_marks:
        text = strip_marks(text)
    return text


_GAPS: dict[str, Callable[[random.Random], str]] = {
    "{tt}": lambda rng: rng.choice(templates.PROCEDURES),
    "{d}": lambda rng: rng.choice(templates.STREETS),
    "{h}": lambda rng: str(rng.randint(2, 290)),
    "{g}": lambda rng: str(rng.randint(22, 24)),
    "{n}": lambda rng: str(rng.randint(3, 45)),
    "{t}": lambda rng: str(rng.randint(1, 150)),
    "{k}": lambda rng: str(rng.randint(1, 60)),
    "{l}": lambda rng: str(rng.randint(2, 5)),
}


def _fill(sentence: str, rng: random.Random) -> str:
    """Return the sentence with each gap filled; gaps are tried in one fixed order so that seeds stay stable."""
    for gap, choose in _gaps_of(sentence):
        sentence = sentence.replace(gap, choose(rng))
    return sentence


@lru_cache(maxsize=512)
def _gaps_of(sentence: str) -> tuple[tuple[str, Callable[[random.Random], str]], ...]:
    return tuple((gap, choose) for gap, choose in _GAPS.items() if gap in sentence)
