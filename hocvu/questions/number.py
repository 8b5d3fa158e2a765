"""A number typed the way people type numbers (NUM)."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from hocvu.questions.base import Question, name, one
from hocvu.questions.text import read_number, show_number
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples, Unreadable, WrongKey
from hocvu.results import Feedback

MAX_TYPED = 40


@dataclass(frozen=True)
class Number(Question):
    """Right within ± tolerance. The key is a number, or a function of the Context for data that differ per learner."""

    unit: str = ""
    tolerance: float = 0.0
    kind: ClassVar[str] = "NUM"
    hint: ClassVar[str] = "Nhập một số, ví dụ 12 hoặc 0,85 hoặc 85%."

    def parse(self, raw: object) -> float | None:
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            raw = repr(raw)
        value = read_number(self._without_unit(raw)) if isinstance(raw, str) and len(raw) <= MAX_TYPED else None
        if value is None:
            raise Unreadable("Hãy nhập một số, ví dụ 12 hoặc 0,85 hoặc 85%.")
        return value

    def _without_unit(self, typed: str) -> str:
        return typed.strip().removesuffix(self.unit) if self.unit else typed

    def from_form(self, fields: Fields) -> object | None:
        return one(fields, self.id).strip() or None

    def show(self, value: Any) -> str:
        return f"{show_number(value)} {self.unit}".strip()

    def check_key(self, key: Key) -> None:
        if not callable(key.answer) and (isinstance(key.answer, bool) or not isinstance(key.answer, (int, float))):
            raise WrongKey(f"the key {key.answer!r} is neither a number nor a function of the context")
        if set(key.feedback) - {"right", "wrong"}:
            raise WrongKey(f"feedback keys are 'right' and 'wrong', not {sorted(key.feedback)}")

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        expected = expected_number(key, context)
        right = abs(value - expected) <= self.tolerance + 1e-9
        text = key.feedback.get("right" if right else "wrong", "")
        return Graded(float(right), (Feedback(self.show(value), text.format(expected=self.show(expected)), right),))

    def controls(self, raw: object, seed: int) -> Fragment:
        typed = escape(raw if isinstance(raw, str) else "" if raw is None else str(raw))
        unit = f' <span class="unit">{escape(self.unit)}</span>' if self.unit else ""
        return (
            f'<div class="typed"><label for="{name(self.id)}">Câu trả lời</label>'
            f'<input id="{name(self.id)}" name="{name(self.id)}" value="{typed}" inputmode="decimal"'
            f' autocomplete="off" maxlength="{MAX_TYPED}">{unit}</div>'
        )

    def samples(self, key: Key, context: Context) -> Samples:
        expected = expected_number(key, context)
        typed = show_number(expected)
        return Samples(typed, show_number(expected + 1 + 2 * self.tolerance), 0.0, "khoảng mấy chục")


def expected_number(key: Key, context: Context) -> float:
    """Return the right number for this learner. A key that needs a missing answer raises MissingAnswer."""
    answer: float | Callable[[Context], float] = key.answer
    return float(answer(context)) if callable(answer) else float(answer)


def number(id: str, prompt: str, *, competency: str, level: int, unit: str = "", tolerance: float = 0.0) -> Number:
    """Return a number question; tolerance is absolute, in the answer's own unit."""
    return Number(id, prompt, competency, level, unit, tolerance)
