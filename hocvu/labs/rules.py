"""Keyword rules that route 1022 reports: the computation behind item 1.3, its bench and its plain-HTML twin."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from hocvu.datasets.naive_bayes import NaiveBayes, train
from hocvu.datasets.reports1022 import CATEGORIES, CATEGORY_BY_CODE, Report, generate_reports, without_marks
from hocvu.datasets.seeds import seed_of
from hocvu.labs.report_index import ReportIndex, draw_places, index_reports
from hocvu.vietnamese import is_unmarked, nfc, padded

MAX_RULES = 15
MAX_KEYWORD = 40  # characters
VISIBLE = 60  # reports the learner tries the rules on
HELD_OUT = 200  # reports only the grader sees
HELD_OUT_POOL = 5_000  # that they are drawn from
LEARNED_FROM = 320  # examples behind the model that the rules are compared with
_LEARNED_SEED = 1022


@dataclass(frozen=True)
class Rule:
    """Send every report that contains the keyword (whole words) to a category, given by its code."""

    keyword: str
    category: str


Rules = tuple[Rule, ...]


class Outcome(StrEnum):
    """What became of one report; the value is the word that people read."""

    RIGHT = "đúng"
    WRONG = "sai"
    MISSED = "bỏ sót"


@dataclass(frozen=True)
class Routed:
    """One report after routing. sent_to: a category code, None if no rule matched; by: the keyword that decided."""

    report: Report
    sent_to: str | None
    by: str | None = None

    @property
    def outcome(self) -> Outcome:
        if self.sent_to is None:
            return Outcome.MISSED
        return Outcome.RIGHT if self.sent_to == self.report.category else Outcome.WRONG


@dataclass(frozen=True)
class Tally:
    """How a routing went, report by report."""

    routed: tuple[Routed, ...]

    @cached_property
    def counts(self) -> Mapping[Outcome, int]:
        """How many reports came out each way."""
        found = [one.outcome for one in self.routed]
        return {outcome: found.count(outcome) for outcome in Outcome}

    @property
    def right(self) -> int:
        return self.counts[Outcome.RIGHT]

    @property
    def wrong(self) -> int:
        return self.counts[Outcome.WRONG]

    @property
    def missed(self) -> int:
        return self.counts[Outcome.MISSED]

    @property
    def share(self) -> float:
        """Reports sent to the right place, as a share in 0..1; 0 when there are none."""
        return self.right / len(self.routed) if self.routed else 0.0

    @property
    def typed_with_marks(self) -> "Tally":
        """The same outcomes for the reports that people typed with diacritics."""
        return Tally(tuple(one for one in self.routed if not is_unmarked(one.report.text)))

    @property
    def typed_without_marks(self) -> "Tally":
        """The same outcomes for the reports that people typed without diacritics."""
        return Tally(tuple(one for one in self.routed if is_unmarked(one.report.text)))

    def by_category(self) -> dict[str, "Tally"]:
        """The same outcomes, apart for each recorded category, in the categories' order."""
        return {
            category.code: Tally(tuple(one for one in self.routed if one.report.category == category.code))
            for category in CATEGORIES
        }


@dataclass(frozen=True)
class Measures:
    """The same reports routed as they were typed and as they read without diacritics."""

    with_marks: Tally
    without_marks: Tally


def parse_rules(raw: object) -> Rules | None:
    """Return the rules in {"rules": [[keyword, category code], …]}, None for blank.

    Raises ValueError with a Vietnamese sentence that says which rule to mend.
    """
    if raw is None or raw == {}:
        return None
    pairs = raw.get("rules") if isinstance(raw, Mapping) else None
    if not isinstance(pairs, (list, tuple)):
        raise ValueError("Không đọc được bộ luật. Anh/chị hãy nhập lại từng từ khóa và lĩnh vực.")
    if len(pairs) > MAX_RULES:
        raise ValueError(f"Bộ luật có {len(pairs)} từ khóa; chỉ được tối đa {MAX_RULES}. Anh/chị bớt đi rồi gửi lại.")
    rules = tuple(_parse_rule(*_parts(pair, line), line) for line, pair in enumerate(pairs, 1))
    seen: dict[str, int] = {}
    for line, rule in enumerate(rules, 1):
        first = seen.setdefault(_padded(rule.keyword), line)
        if first != line:
            raise ValueError(f"Từ khóa «{rule.keyword}» có hai lần (luật {first} và luật {line}). Anh/chị bỏ bớt một.")
    return rules or None


def _parts(pair: object, line: int) -> tuple[str, str]:
    if isinstance(pair, (list, tuple)) and len(pair) == 2:
        keyword, category = pair
        if isinstance(keyword, str) and isinstance(category, str):
            return keyword, category
    raise ValueError(f"Không đọc được luật {line}. Mỗi luật gồm một từ khóa và một lĩnh vực; anh/chị nhập lại.")


@lru_cache(maxsize=4096)
def _parse_rule(typed: str, category: str, line: int) -> Rule:
    keyword = " ".join(nfc(typed).split())
    if len(keyword) > MAX_KEYWORD:
        raise ValueError(f"Từ khóa ở luật {line} dài quá {MAX_KEYWORD} ký tự. Anh/chị chọn từ ngắn hơn.")
    if not _padded(keyword).strip():
        raise ValueError(f"Luật {line} chưa có từ khóa. Từ khóa cần có ít nhất một chữ cái hoặc chữ số.")
    if not category:
        raise ValueError(f"Luật {line} («{keyword}») chưa chọn lĩnh vực. Anh/chị chọn trong danh sách.")
    if category not in CATEGORY_BY_CODE:
        raise ValueError(f"Luật {line} («{keyword}»): không có lĩnh vực này. Anh/chị chọn lại trong danh sách.")
    return Rule(keyword, category)


def run_rules(rules: Rules, reports: Iterable[Report]) -> Tally:
    """Return how the rules route the reports. The first rule in order that matches decides; whole words only."""
    needles = [(_padded(rule.keyword), rule) for rule in rules]
    return Tally(tuple(_route(report, needles) for report in reports))


def _route(report: Report, needles: list[tuple[str, Rule]]) -> Routed:
    text = _padded(report.text)
    for needle, rule in needles:
        if needle in text:
            return Routed(report, rule.category, rule.keyword)
    return Routed(report, None)


# Folding a text costs more than looking for fifteen keywords in it, and the same reports and keywords come again.
_padded = lru_cache(maxsize=20_000)(padded)


def run_model(model: NaiveBayes, reports: Iterable[Report]) -> Tally:
    """Return how a trained model routes the reports; it always answers, so it misses none."""
    return Tally(tuple(Routed(report, model.predict(report.text)) for report in reports))


@lru_cache(maxsize=1)
def learned_model() -> NaiveBayes:
    """Return the one model that every learner's rules are compared with."""
    return train((report.text, report.category) for report in generate_reports(LEARNED_FROM, _LEARNED_SEED))


@lru_cache(maxsize=256)
def visible_reports(seed: int) -> tuple[Report, ...]:
    """Return the learner's own 60 reports."""
    return generate_reports(VISIBLE, seed_of("1-3", "visible", seed))


@lru_cache(maxsize=1024)
def typed_without_marks(seed: int) -> tuple[str, ...]:
    """Return those of the learner's reports that are typed without diacritics, padded."""
    return tuple(padded(report.text) for report in visible_reports(seed) if is_unmarked(report.text))


def count_missed(rules: Rules, texts: Iterable[str]) -> int:
    """Return how many of these padded texts no rule matches."""
    needles = [_padded(rule.keyword) for rule in rules]
    return sum(not any(needle in text for needle in needles) for text in texts)


def held_out_reports(seed: int, salt: str) -> tuple[Report, ...]:
    """Return the learner's 200 unseen reports; without the salt of the instructor's notebook nobody can make them."""
    pool = _held_out_pool(salt)
    return tuple(pool[place] for place in _held_out_places(seed, salt))


def held_out_right(rules: Rules, seed: int, salt: str) -> int:
    """Return how many of the learner's 200 unseen reports the rules send right, without reading them one by one."""
    index = _held_out_index(salt)
    right = index.sent_right((_held_out_having(rule.keyword, salt), rule.category) for rule in rules)
    return index.count(right, _held_out_places(seed, salt))


def _held_out_places(seed: int, salt: str) -> list[int]:
    return draw_places(seed_of("1-3", "held out", salt, seed), HELD_OUT_POOL, HELD_OUT)


@lru_cache(maxsize=8)
def _held_out_pool(salt: str) -> tuple[Report, ...]:
    """Making reports costs ten times what routing them does, so each learner's 200 are drawn from one large pool."""
    return generate_reports(HELD_OUT_POOL, seed_of("1-3", "pool", salt))


@lru_cache(maxsize=8)
def _held_out_index(salt: str) -> ReportIndex:
    return index_reports((report.text, report.category) for report in _held_out_pool(salt))


@lru_cache(maxsize=4096)
def _held_out_having(keyword: str, salt: str) -> int:
    return _held_out_index(salt).having(padded(keyword))


def measure_rules(rules: Rules, seed: int) -> Measures:
    """Return how the rules do on the learner's visible reports, with and without diacritics."""
    reports = visible_reports(seed)
    return Measures(run_rules(rules, reports), run_rules(rules, map(without_marks, reports)))


@lru_cache(maxsize=8)
def measure_model(seed: int) -> Measures:
    """Return how the learned model does on the learner's visible reports, with and without diacritics."""
    reports, model = visible_reports(seed), learned_model()
    return Measures(run_model(model, reports), run_model(model, map(without_marks, reports)))
