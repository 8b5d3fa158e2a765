"""Writing a request to an AI (PRM): checked by published rules, each shown as kept or not and why. Never by AI."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from hocvu.questions.base import Question, name, one
from hocvu.questions.text import tidy
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples, Unreadable, WrongKey
from hocvu.results import Feedback
from hocvu.vietnamese import padded

MAX_TEXT = 2_000
# What a request must never carry: numbers of identity papers and telephones, and addresses of mail.
PERSONAL_DATA = re.compile(r"\b[0-9]{12}\b|(?:\+84|\b0)[\s.]?[0-9]{2,3}[\s.]?[0-9]{3}[\s.]?[0-9]{3,4}\b|\S+@\S+\.\w+")


@dataclass(frozen=True)
class Rule:
    """One published rule. name: what it asks; any_of: words or phrases of which one must be there;

    min_words / max_words: length; no_personal_data: no paper numbers, telephones or mail addresses.
    """

    name: str
    any_of: Sequence[str] = ()
    min_words: int = 0
    max_words: int = 0
    no_personal_data: bool = False

    def is_kept(self, text: str) -> bool:
        """Whether the text keeps the rule; upper case, tone-mark style and extra spaces do not matter."""
        words = len(text.split())
        if self.any_of and not any(padded(phrase) in padded(text) for phrase in self.any_of):
            return False
        if words < self.min_words or (self.max_words and words > self.max_words):
            return False
        return not (self.no_personal_data and PERSONAL_DATA.search(text))

    def why(self) -> str:
        """Return how the rule is checked, in words that a learner can act on."""
        ways = []
        if self.any_of:
            ways.append("cần một trong các chữ: " + ", ".join(f"«{phrase}»" for phrase in self.any_of))
        if self.min_words:
            ways.append(f"ít nhất {self.min_words} chữ")
        if self.max_words:
            ways.append(f"nhiều nhất {self.max_words} chữ")
        if self.no_personal_data:
            ways.append("không có số định danh, số điện thoại, địa chỉ thư")
        return "; ".join(ways).capitalize() + "."


@dataclass(frozen=True)
class Prompt(Question):
    """The share of the rules that the text keeps. The rules are public, so nothing in the key is secret."""

    rules: tuple[Rule, ...]
    kind: ClassVar[str] = "PRM"
    hint: ClassVar[str] = "Máy chấm theo đúng các quy tắc ghi dưới đây, không dùng AI. Không ghi dữ liệu thật của ai."

    def parse(self, raw: object) -> str | None:
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        if not isinstance(raw, str):
            raise Unreadable("Hãy viết yêu cầu bằng chữ vào ô trả lời.")
        if len(raw) > MAX_TEXT:
            raise Unreadable(f"Yêu cầu dài {len(raw)} ký tự; tối đa là {MAX_TEXT}. Hãy viết gọn lại.")
        return tidy(raw)

    def from_form(self, fields: Fields) -> object | None:
        return one(fields, self.id).strip() or None

    def show(self, value: Any) -> str:
        return str(value)

    def check_key(self, key: Key) -> None:
        if not isinstance(key.answer, str) or not all(rule.is_kept(key.answer) for rule in self.rules):
            broken = [rule.name for rule in self.rules if not rule.is_kept(str(key.answer))]
            raise WrongKey(f"the key is a model request that keeps every rule; it breaks {broken}")
        if self.grade(key, "x", Context()).share >= 1:
            raise WrongKey("a request of one letter keeps every rule")

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        lines = tuple(Feedback(rule.name, rule.why(), rule.is_kept(value)) for rule in self.rules)
        return Graded(sum(bool(line.right) for line in lines) / len(lines), lines)

    def controls(self, raw: object, seed: int) -> Fragment:
        listed = "".join(f"<li><strong>{escape(rule.name)}.</strong> {escape(rule.why())}</li>" for rule in self.rules)
        typed = escape(raw) if isinstance(raw, str) else ""
        return (
            f'<ol class="rules">{listed}</ol>'
            f'<div class="typed"><label for="{name(self.id)}">Yêu cầu của anh/chị</label>'
            f'<textarea id="{name(self.id)}" name="{name(self.id)}" rows="8" maxlength="{MAX_TEXT}">'
            f"{typed}</textarea></div>"
        )

    def samples(self, key: Key, context: Context) -> Samples:
        return Samples(key.answer, "x", self.grade(key, "x", context).share, ["không", "phải", "chữ"])


def prompt(id: str, prompt: str, *, competency: str, level: int, rules: Sequence[Rule]) -> Prompt:
    """Return a request-writing question; the key is a model request that keeps every rule."""
    return Prompt(id, prompt, competency, level, tuple(rules))
