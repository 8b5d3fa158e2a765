"""Putting steps in order (ORD): a position is chosen for each line; nothing has to be dragged."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any, ClassVar

from hocvu.questions.base import Question, drop_down, name, one
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples, Unreadable, WrongKey
from hocvu.results import Feedback

BY_PAIRS, EXACT = "pairs", "exact"


@dataclass(frozen=True)
class Order(Question):
    """scored "pairs": the share of neighbours that follow each other rightly; "exact": one swap of neighbours is half.

    Raw answers: the item names in order; from a form that is not finished, {item: position as typed}.
    """

    items: Mapping[str, str]
    scored: str = BY_PAIRS
    kind: ClassVar[str] = "ORD"
    hint: ClassVar[str] = "Chọn vị trí cho từng dòng; 1 là đầu tiên. Mỗi vị trí dùng một lần."

    def parse(self, raw: object) -> tuple[str, ...] | None:
        if raw is None or raw == [] or raw == {}:
            return None
        if isinstance(raw, dict):
            raw = self._from_positions(raw)
        if not isinstance(raw, list) or any(not isinstance(item, str) for item in raw):
            raise Unreadable("Hãy chọn vị trí cho từng dòng.")
        if sorted(raw) != sorted(self.items):
            raise Unreadable(f"Hãy xếp đủ {len(self.items)} dòng, mỗi dòng một lần.")
        return tuple(raw)

    def _from_positions(self, raw: Mapping[str, object]) -> list[str]:
        placed: dict[str, str] = {}
        for item, position in raw.items():
            if item not in self.items or not isinstance(position, str) or position not in self._positions():
                raise Unreadable("Hãy chọn vị trí trong danh sách cho từng dòng.")
            if position in placed:
                raise Unreadable(f"Có hai dòng cùng ở vị trí {position}. Mỗi vị trí chỉ dùng một lần.")
            placed[position] = item
        if len(placed) < len(self.items):
            raise Unreadable(f"Còn {len(self.items) - len(placed)} dòng chưa chọn vị trí.")
        return [placed[position] for position in self._positions()]

    def _positions(self) -> list[str]:
        return [str(number) for number in range(1, len(self.items) + 1)]

    def from_form(self, fields: Fields) -> object | None:
        given = {item: one(fields, f"{self.id}.{item}") for item in self.items}
        chosen = {item: position for item, position in given.items() if position}
        try:
            return self._from_positions(chosen) if chosen else None
        except Unreadable:
            return chosen

    def show(self, value: Any) -> str:
        return " → ".join(self.items[item] for item in value)

    def check_key(self, key: Key) -> None:
        if sorted(key.answer) != sorted(self.items):
            raise WrongKey(f"the key {list(key.answer)} does not name each of {sorted(self.items)} once")
        if self.scored not in (BY_PAIRS, EXACT):
            raise WrongKey(f"scored is {self.scored!r}; use {BY_PAIRS!r} or {EXACT!r}")

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        right = list(key.answer)
        lines = tuple(
            Feedback(f"{place}. {self.items[item]}", key.feedback.get(item, ""), item == right[place - 1])
            for place, item in enumerate(value, start=1)
        )
        return Graded(self._share(right, list(value)), lines)

    def _share(self, right: list[str], given: list[str]) -> float:
        if given == right:
            return 1.0
        if self.scored == EXACT:
            return 0.5 if any(_swapped(given, place) == right for place in range(len(given) - 1)) else 0.0
        following = set(pairwise(right))
        return sum(pair in following for pair in pairwise(given)) / len(following)

    def controls(self, raw: object, seed: int) -> Fragment:
        positions = {position: position for position in self._positions()}
        given = self._placed(raw)
        rows = [
            '<div class="pair">'
            + drop_down(name(self.id, item), self.items[item], positions, given.get(item), "– vị trí –")
            + "</div>"
            for item in self.shuffled(seed)
        ]
        return f'<div class="pairs order" data-order="{escape(self.id)}">{"".join(rows)}</div>'

    def _placed(self, raw: object) -> dict[str, object]:
        if isinstance(raw, dict):
            return dict(raw)
        if isinstance(raw, list):
            return {item: str(place) for place, item in enumerate(raw, start=1) if isinstance(item, str)}
        return {}

    def shuffled(self, seed: int) -> list[str]:
        """Return the items in an order that tells nothing and is the same for the same learner and attempt."""
        return sorted(self.items, key=lambda item: hashlib.sha256(f"{self.id}|{item}|{seed}".encode()).digest())

    def samples(self, key: Key, context: Context) -> Samples:
        right = list(key.answer)
        swapped = _swapped(right, 0)
        return Samples(right, swapped, self._share(right, swapped), right[:-1])


def _swapped(items: list[str], place: int) -> list[str]:
    return [*items[:place], items[place + 1], items[place], *items[place + 2 :]]


def order(
    id: str, prompt: str, *, competency: str, level: int, items: Mapping[str, str], scored: str = BY_PAIRS
) -> Order:
    """Return an ordering question; the key lists the item names in the right order."""
    return Order(id, prompt, competency, level, items, scored)
