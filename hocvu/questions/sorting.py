"""Putting things with things: cards into groups (CLS), items to their partners (MAT). One list choice a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from hocvu.questions.base import Question, drop_down, name, one
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples, Unreadable, WrongKey
from hocvu.results import Feedback


@dataclass(frozen=True)
class Classify(Question):
    """Each card goes into one group; a share of the points for each right card, nothing taken off.

    A key value may be a set of groups where more than one is accepted.
    """

    cards: Mapping[str, str]
    groups: Mapping[str, str]
    kind: ClassVar[str] = "CLS"
    hint: ClassVar[str] = (
        "Với mỗi dòng, chọn một nhóm trong danh sách. Mỗi dòng đúng được cộng điểm; dòng sai không bị trừ."
    )
    empty: ClassVar[str] = "– chọn nhóm –"

    def parse(self, raw: object) -> dict[str, str] | None:
        if raw is None or raw == {}:
            return None
        if not isinstance(raw, dict):
            raise Unreadable("Anh/chị hãy chọn cho từng dòng một mục trong danh sách.")
        value = {card: group for card, group in raw.items() if group not in (None, "")}
        for card, group in value.items():
            if card not in self.cards or not isinstance(group, str) or group not in self.groups:
                raise Unreadable("Có dòng được chọn một mục không nằm trong danh sách. Hãy chọn lại dòng đó.")
        return value or None

    def from_form(self, fields: Fields) -> object | None:
        given = {card: one(fields, f"{self.id}.{card}") for card in self.cards}
        return {card: group for card, group in given.items() if group} or None

    def show(self, value: Any) -> str:
        return "; ".join(f"{text}: {self.groups[value[card]]}" for card, text in self.cards.items() if card in value)

    def check_key(self, key: Key) -> None:
        if set(key.answer) != set(self.cards):
            raise WrongKey(f"the key is for {sorted(key.answer)}, the cards are {sorted(self.cards)}")
        for card in self.cards:
            unknown = accepted(key, card) - set(self.groups)
            if unknown or not accepted(key, card):
                raise WrongKey(
                    f"the key of {card!r} names {sorted(unknown) or 'nothing'}; groups are {sorted(self.groups)}"
                )
        unknown = set(key.feedback) - set(self.cards)
        if unknown:
            raise WrongKey(f"feedback for {sorted(unknown)}, which are not cards")

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        lines = []
        for card, text in self.cards.items():
            chosen = value.get(card)
            label = f"{text} – anh/chị chọn «{self.groups[chosen]}»" if chosen else f"{text} – chưa chọn"
            lines.append(Feedback(label, key.feedback.get(card, ""), chosen in accepted(key, card)))
        return Graded(sum(bool(line.right) for line in lines) / len(self.cards), tuple(lines))

    def controls(self, raw: object, seed: int) -> Fragment:
        given = raw if isinstance(raw, dict) else {}
        rows = [
            '<div class="pair">'
            + drop_down(name(self.id, card), text, self.groups, given.get(card), self.empty)
            + "</div>"
            for card, text in self.cards.items()
        ]
        return f'<div class="pairs">{"".join(rows)}</div>'

    def samples(self, key: Key, context: Context) -> Samples:
        reference = {card: sorted(accepted(key, card))[0] for card in self.cards}
        first = next(iter(self.cards))
        wrong_group = next(group for group in self.groups if group not in accepted(key, first))
        wrong = {**reference, first: wrong_group}
        return Samples(reference, wrong, 1 - 1 / len(self.cards), {first: "nhóm không có"})


@dataclass(frozen=True)
class Match(Classify):
    """Each item has its partner; graded pair by pair like Classify."""

    kind: ClassVar[str] = "MAT"
    hint: ClassVar[str] = "Với mỗi dòng, chọn mục phù hợp. Mỗi cặp đúng được cộng điểm; cặp sai không bị trừ."
    empty: ClassVar[str] = "– chọn –"


def accepted(key: Key, card: str) -> set[str]:
    """Return the groups that count as right for a card."""
    groups = key.answer[card]
    return {groups} if isinstance(groups, str) else set(groups)


def classify(
    id: str, prompt: str, *, competency: str, level: int, cards: Mapping[str, str], groups: Mapping[str, str]
) -> Classify:
    """Return a sorting question: every card into one of the groups."""
    return Classify(id, prompt, competency, level, cards, groups)


def match(
    id: str,
    prompt: str,
    *,
    competency: str,
    level: int,
    items: Mapping[str, str],
    partners: Mapping[str, str],
) -> Match:
    """Return a matching question: every item to one of the partners."""
    return Match(id, prompt, competency, level, items, partners)
