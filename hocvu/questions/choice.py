"""Choosing among options: one (MC1) or many (MCn, right decisions minus wrong ones)."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from hocvu.questions.base import Question, name, one
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples, Unreadable, WrongKey
from hocvu.results import Feedback


def _option_controls(kind: str, item_id: str, options: Mapping[str, str], chosen: set[str]) -> Fragment:
    rows = []
    for option, text in options.items():
        control = f"{name(item_id)}.{escape(option)}"
        mark = " checked" if option in chosen else ""
        rows.append(
            f'<div class="option"><input type="{kind}" id="{control}" name="{name(item_id)}"'
            f' value="{escape(option)}"{mark}><label for="{control}">{escape(text)}</label></div>'
        )
    return "\n".join(rows)


@dataclass(frozen=True)
class ChooseOne(Question):
    """One option is right: all points or none."""

    options: Mapping[str, str]
    kind: ClassVar[str] = "MC1"
    hint: ClassVar[str] = "Chọn một đáp án."

    def parse(self, raw: object) -> str | None:
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str) or raw not in self.options:
            raise Unreadable("Anh/chị hãy chọn một trong các đáp án có sẵn.")
        return raw

    def from_form(self, fields: Fields) -> object | None:
        return one(fields, self.id) or None

    def show(self, value: Any) -> str:
        return self.options[value]

    def check_key(self, key: Key) -> None:
        if key.answer not in self.options:
            raise WrongKey(f"the key {key.answer!r} is not among the options {sorted(self.options)}")
        _check_feedback(key, self.options)

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        right = value == key.answer
        return Graded(float(right), (Feedback(self.options[value], key.feedback.get(value, ""), right),))

    def controls(self, raw: object, seed: int) -> Fragment:
        chosen = {raw} if isinstance(raw, str) else set()
        return _option_controls("radio", self.id, self.options, chosen)

    def samples(self, key: Key, context: Context) -> Samples:
        wrong = next(option for option in self.options if option != key.answer)
        return Samples(key.answer, wrong, 0.0, ["không", "phải", "một", "đáp án"])


@dataclass(frozen=True)
class ChooseMany(Question):
    """Every option is a decision: +1 for a right one, −1 for a wrong one, never below 0; nothing ticked is blank.

    With more right than wrong options, ticking nothing or everything cannot pay.
    """

    options: Mapping[str, str]
    kind: ClassVar[str] = "MCn"
    hint: ClassVar[str] = (
        "Đánh dấu mọi ô anh/chị chọn. Ô để trống cũng được chấm. "
        "Mỗi ô đúng được cộng điểm, mỗi ô sai bị trừ điểm, thấp nhất là 0."
    )

    def parse(self, raw: object) -> frozenset[str] | None:
        if raw is None or raw == []:
            return None
        if not isinstance(raw, list) or any(not isinstance(o, str) or o not in self.options for o in raw):
            raise Unreadable("Anh/chị hãy đánh dấu trong các ô có sẵn.")
        if len(set(raw)) != len(raw):
            raise Unreadable("Một ô được đánh dấu hai lần. Anh/chị hãy chọn lại.")
        return frozenset(raw)

    def from_form(self, fields: Fields) -> object | None:
        return list(fields.get(self.id, ())) or None

    def show(self, value: Any) -> str:
        return "; ".join(text for option, text in self.options.items() if option in value)

    def check_key(self, key: Key) -> None:
        unknown = set(key.answer) - set(self.options)
        if unknown or not key.answer:
            raise WrongKey(f"the key names {sorted(unknown) or 'nothing'}; options are {sorted(self.options)}")
        if 2 * len(set(key.answer)) < len(self.options):
            raise WrongKey("fewer than half of the options are right, so an empty answer would pay")
        _check_feedback(key, self.options)

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        right_options = frozenset(key.answer)
        lines, balance = [], 0
        for option, text in self.options.items():
            right = (option in value) == (option in right_options)
            balance += 1 if right else -1
            decision = "đã chọn" if option in value else "không chọn"
            lines.append(Feedback(f"{text} ({decision})", key.feedback.get(option, ""), right))
        return Graded(max(0, balance) / len(self.options), tuple(lines))

    def controls(self, raw: object, seed: int) -> Fragment:
        chosen = {option for option in raw if isinstance(option, str)} if isinstance(raw, list) else set()
        return _option_controls("checkbox", self.id, self.options, chosen)

    def samples(self, key: Key, context: Context) -> Samples:
        reference = [option for option in self.options if option in key.answer]
        balance = 2 * len(reference[1:] + [o for o in self.options if o not in key.answer]) - len(self.options)
        return Samples(reference, reference[1:], max(0, balance) / len(self.options), "tất cả")


def _check_feedback(key: Key, options: Mapping[str, str]) -> None:
    unknown = set(key.feedback) - set(options)
    if unknown:
        raise WrongKey(f"feedback for {sorted(unknown)}, which are not options")


def choose_one(id: str, prompt: str, *, competency: str, level: int, **options: str) -> ChooseOne:
    """Return a one-answer question; options are given as a="…", b="…"."""
    return ChooseOne(id, prompt, competency, level, options)


def choose_many(id: str, prompt: str, *, competency: str, level: int, **options: str) -> ChooseMany:
    """Return a many-answers question; options are given as a="…", b="…"."""
    return ChooseMany(id, prompt, competency, level, options)
