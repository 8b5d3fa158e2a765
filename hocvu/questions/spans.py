"""Marking places in a text (SEL): pieces of the text are chosen, by number or with the mouse; scored by F1."""

import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, ClassVar

from hocvu.questions.base import Question, name
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples, Unreadable, WrongKey
from hocvu.results import Feedback

SENTENCES, WORDS = "câu", "tiếng"
# A sentence ends where a space or the line's end follows: "50.000 đồng" is not cut.
_SPLIT = {SENTENCES: re.compile(r"\S.*?(?:[.!?…]+(?=\s|$)|$)", re.M), WORDS: re.compile(r"\S+")}
Span = tuple[int, int]
_NOT_ASKED = "Chỗ này không thuộc phần cần đánh dấu."
_COSTS = "Chọn thừa làm giảm điểm: điểm tính theo phần chọn đúng, so với cả phần đã chọn và phần cần chọn."


@dataclass(frozen=True)
class Spans(Question):
    """The answer is a set of character spans. Both ways of marking snap to whole pieces, so both earn the same.

    Raw answers: [[start, end], …] in characters of `text`. The key is a list of phrases, each found once in the text;
    feedback is for these, or for other places of the text that people may take for them.
    The share is F1 over the characters of the chosen pieces.
    """

    text: str
    pieces_are: str = SENTENCES
    full_at: float = 1.0  # F1 from which on all points are given
    kind: ClassVar[str] = "SEL"

    @property
    def hint(self) -> str:  # type: ignore[override]
        return f"Đánh dấu những {self.pieces_are} cần chọn trong văn bản. Chọn thừa hay thiếu đều giảm điểm."

    @cached_property
    def pieces(self) -> tuple[Span, ...]:
        """The pieces of the text, in order, as (start, end)."""
        return tuple(match.span() for match in _SPLIT[self.pieces_are].finditer(self.text))

    def parse(self, raw: object) -> frozenset[Span] | None:
        if raw is None or raw == []:
            return None
        if not isinstance(raw, list) or len(raw) > len(self.text):
            raise Unreadable(f"Hãy đánh dấu các {self.pieces_are} trong văn bản.")
        chosen: set[Span] = set()
        for span in raw:
            if not self._is_span(span):
                raise Unreadable(f"Có chỗ đánh dấu nằm ngoài văn bản. Hãy chọn lại các {self.pieces_are}.")
            start, end = span
            chosen |= {piece for piece in self.pieces if 2 * _overlap(piece, (start, end)) >= piece[1] - piece[0]}
        return frozenset(chosen) or None

    def _is_span(self, span: object) -> bool:
        return (
            isinstance(span, list)
            and len(span) == 2
            and all(type(edge) is int for edge in span)
            and 0 <= span[0] < span[1] <= len(self.text)
        )

    def from_form(self, fields: Fields) -> object | None:
        spans = []
        for value in fields.get(self.id, ()):
            start, _, end = value.partition("-")
            spans.append([int(start), int(end)] if start.isdecimal() and end.isdecimal() else value)
        return spans or None

    def show(self, value: Any) -> str:
        return "; ".join(f"«{self.text[start:end]}»" for start, end in sorted(value))

    def check_key(self, key: Key) -> None:
        for phrase in key.answer:
            if self.text.count(phrase) != 1:
                raise WrongKey(f"the phrase {phrase!r} is {self.text.count(phrase)} times in the text, expected once")
        if not key.answer:
            raise WrongKey("the key names no phrase")
        for phrase in set(key.feedback) - set(key.answer):  # a reason why something else is not to be chosen
            if self.text.count(phrase) != 1:
                raise WrongKey(f"feedback for {phrase!r}, which is {self.text.count(phrase)} times in the text")
            if self._wanted(phrase) & frozenset().union(*map(self._wanted, key.answer)):
                raise WrongKey(f"feedback for {phrase!r}, which belongs to a phrase of the key: write it there")

    def _wanted(self, phrase: str) -> frozenset[Span]:
        start = self.text.index(phrase)
        return frozenset(piece for piece in self.pieces if _overlap(piece, (start, start + len(phrase))))

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        wanted = {phrase: self._wanted(phrase) for phrase in key.answer}
        right = frozenset().union(*wanted.values())
        lines = [
            Feedback(f"«{phrase}»", key.feedback.get(phrase, ""), pieces <= value) for phrase, pieces in wanted.items()
        ]
        extra = sorted(value - right)
        lines += [self._extra(piece, key, costs=piece == extra[0]) for piece in extra]
        found = _length(value & right)
        f1 = 2 * found / (_length(value) + _length(right))
        return Graded(1.0 if f1 >= self.full_at else f1, tuple(lines))

    def _extra(self, piece: Span, key: Key, *, costs: bool) -> Feedback:
        """Return the line of a piece that was not to be chosen: the author's reason or ours, and what it costs."""
        words = self.text[slice(*piece)]
        others = [phrase for phrase in key.feedback if phrase not in key.answer]
        why = next((key.feedback[phrase] for phrase in others if piece in self._wanted(phrase)), "")
        text = why or _NOT_ASKED
        return Feedback(f"«{words}» (chọn thừa)", f"{text} {_COSTS}" if costs else text, False)

    def controls(self, raw: object, seed: int) -> Fragment:
        try:
            chosen = self.parse(raw) or frozenset()
        except Unreadable:
            chosen = frozenset()
        rows = []
        for number, (start, end) in enumerate(self.pieces, start=1):
            control = f"{name(self.id)}.{start}"
            mark = " checked" if (start, end) in chosen else ""
            rows.append(
                f'<div class="option piece"><input type="checkbox" id="{control}" name="{name(self.id)}"'
                f' value="{start}-{end}"{mark}><label for="{control}"><span class="piece-number">{number}</span>'
                f" {escape(self.text[start:end])}</label></div>"
            )
        return f'<div class="pieces" data-pieces="{escape(self.pieces_are)}">{"".join(rows)}</div>'

    def told_again(self, seed: int) -> Fragment:
        return f'<p class="marked-text">{escape(self.text)}</p>'

    def samples(self, key: Key, context: Context) -> Samples:
        right = sorted(frozenset().union(*(self._wanted(phrase) for phrase in key.answer)))
        everything = frozenset(self.pieces)
        share = self.grade(key, everything, context).share
        return Samples(
            [list(p) for p in right], [list(p) for p in sorted(everything)], share, [[0, len(self.text) + 1]]
        )


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _length(spans: frozenset[Span]) -> int:
    return sum(end - start for start, end in spans)


def spans(
    id: str,
    prompt: str,
    *,
    competency: str,
    level: int,
    text: str,
    pieces_are: str = SENTENCES,
    full_at: float = 1.0,
) -> Spans:
    """Return a marking question; pieces_are "câu" or "tiếng"; full_at: the F1 that earns all points."""
    return Spans(id, prompt, competency, level, text, pieces_are, full_at)
