"""The bench of lesson 1 as a Lab: ordered keyword rules that send 1022 reports to eight fields (items 1-3, 1-4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hocvu.datasets.reports1022 import CATEGORY_BY_CODE
from hocvu.labs.keyword_rules_html import bench_html, form_html
from hocvu.labs.rules import (
    HELD_OUT,
    MAX_RULES,
    Measures,
    Rules,
    count_missed,
    held_out_right,
    measure_rules,
    parse_rules,
    typed_without_marks,
)
from hocvu.questions.experiment import Goal, Verdict
from hocvu.questions.text import show_number
from hocvu.questions.values import Fields, Fragment, MissingAnswer


@dataclass(frozen=True)
class KeywordRulesLab:
    """Parameters: up to 15 ordered rules, raw as {"rules": [["rác", "RAC"], …]}."""

    name: str = "keyword_rules"
    hint: str = "Máy chủ chạy lại cách làm của anh/chị trên dữ liệu mô phỏng chưa ai nhìn thấy, rồi mới cho điểm."

    def parse(self, raw: object) -> Rules | None:
        """Return the rules, None for blank; raises ValueError with a Vietnamese message."""
        return parse_rules(raw)

    def from_form(self, item_id: str, fields: Fields) -> object | None:
        """Return the raw rules from the form's rows; rows without a keyword are skipped."""
        pairs = [
            [_one(fields, f"{item_id}.kw{line}").strip(), _one(fields, f"{item_id}.cat{line}")]
            for line in range(1, MAX_RULES + 1)
        ]
        used = [pair for pair in pairs if pair[0]]
        return {"rules": used} if used else None

    def html(self, item_id: str, raw: object, seed: int | None) -> Fragment:
        """Return the form; once there are readable rules and a seed, also how they do on the visible reports."""
        form = form_html(item_id, raw)
        try:
            rules = parse_rules(raw)
        except ValueError:
            return form
        return form if rules is None or seed is None else f"{form}\n{bench_html(rules, seed)}"

    def show(self, params: Any) -> str:
        """Return the rules in order, in words."""
        lines = "; ".join(f"«{rule.keyword}» → {CATEGORY_BY_CODE[rule.category].short}" for rule in params)
        return f"{len(params)} từ khóa, xét theo thứ tự: {lines}"

    def visible(self, params: Rules, seed: int) -> Measures:
        """Return how the rules do on the learner's 60 visible reports, with and without diacritics."""
        return measure_rules(params, seed)

    def held_out_share(self, params: Any, seed: int, salt: str) -> float:
        """Return the share sent right of the learner's 200 unseen reports."""
        return held_out_right(params, seed, salt) / HELD_OUT

    def verdict(self, params: Any, seed: int, goal: Goal) -> Verdict:
        """Return full points from `goal.full` of the unseen reports sent right, half from `goal.half`."""
        reached = self.held_out_share(params, seed, goal.salt)
        share = 1.0 if reached >= goal.full else 0.5 if reached >= goal.half else 0.0
        percent, needed = show_number(round(100 * reached, 1)), show_number(100 * goal.full)
        return Verdict(share, f"Trên dữ liệu giữ kín, đúng {percent}%; cần ít nhất {needed}%.")

    def weak(self) -> object:
        """Return rules that reach under four in ten for every seed: two fields only."""
        return {"rules": [["xe buýt", "BUYT"], ["rác", "RAC"]]}

    def unreadable(self) -> object:
        """Return rules with a field that does not exist."""
        return {"rules": [["rác", "KHAC"]]}


KEYWORD_RULES = KeywordRulesLab()


def missed_without_marks(raw: object, seed: int) -> int:
    """Return how many of the learner's visible reports, of those typed without diacritics, no rule matches (item 1-4).

    Raises MissingAnswer when the rules of item 1-3 are blank or unreadable.
    """
    try:
        rules = parse_rules(raw)
    except ValueError:
        rules = None
    if rules is None:
        raise MissingAnswer("Câu này dùng bộ luật ở câu 1.3. Anh/chị hãy làm câu 1.3 trước rồi quay lại.")
    return count_missed(rules, typed_without_marks(seed))


def _one(fields: Mapping[str, Any], key: str) -> str:
    values = fields.get(key, ())
    return str(values[0]) if values else ""
