"""Named boxes to fill in (TXT): free text counts as done, a person reads samples; facts are compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from hocvu.questions.base import Question, name, one
from hocvu.questions.text import read_date, read_number, same_text, show_number, tidy
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples, Unreadable, WrongKey
from hocvu.results import Feedback

MAX_TEXT = 600
MIN_WORDS = 2


TEXT, NUMBER, DATE = "text", "number", "date"
_ASKED = {
    NUMBER: ("một số, ví dụ 12 hoặc 0,85", read_number),
    DATE: ("một ngày, ví dụ 05/12/2026", read_date),
}


@dataclass(frozen=True)
class Blanks(Question):
    """The share of boxes that are rightly filled in.

    expects: for boxes that have a right answer, "text", "number" or "date"; the key then holds it (for a text, one or
    more accepted wordings; a function of the context gives the learner's own number). All other boxes count as done
    with two words: free text is never scored by a machine.
    marks_required: whether a text typed without Vietnamese diacritics is refused; the learner is told beforehand.
    """

    boxes: Mapping[str, str]
    expects: Mapping[str, str]
    marks_required: bool
    kind: ClassVar[str] = "TXT"

    @property
    def hint(self) -> str:  # type: ignore[override]
        if not self.expects:
            return (
                "Viết ngắn gọn. Không ghi tên người, số giấy tờ hay dữ liệu thật. "
                "Câu này chỉ tính hoàn thành; người phụ trách đọc ngẫu nhiên một số bài."
            )
        if TEXT not in self.expects.values():
            return "Điền vào từng ô."
        marks = "Chữ phải có dấu tiếng Việt." if self.marks_required else "Gõ không dấu cũng được."
        return f"Điền vào từng ô; chữ hoa, chữ thường như nhau. {marks}"

    def parse(self, raw: object) -> dict[str, str] | None:
        if raw is None:
            return None
        if not isinstance(raw, dict) or any(
            box not in self.boxes or not isinstance(text, str) for box, text in raw.items()
        ):
            raise Unreadable("Hãy viết vào các ô có sẵn.")
        value = {box: tidy(text) for box, text in raw.items() if text.strip()}
        if any(len(text) > MAX_TEXT for text in value.values()):
            raise Unreadable(f"Mỗi ô chỉ nhận tối đa {MAX_TEXT} ký tự. Hãy viết ngắn lại.")
        for box, text in value.items():
            asked, read = _ASKED.get(self.expects.get(box, ""), ("", None))
            if read is not None and read(text) is None:
                raise Unreadable(f"Ô «{self.boxes[box]}»: hãy nhập {asked}.")
        return value or None

    def from_form(self, fields: Fields) -> object | None:
        given = {box: one(fields, f"{self.id}.{box}") for box in self.boxes}
        return {box: text for box, text in given.items() if text.strip()} or None

    def show(self, value: Any) -> str:
        return "; ".join(f"{label}: {value[box]}" for box, label in self.boxes.items() if box in value)

    def check_key(self, key: Key) -> None:
        unknown = set(self.expects.values()) - {TEXT, NUMBER, DATE}
        if unknown or set(self.expects) - set(self.boxes):
            raise WrongKey(f"expects is {dict(self.expects)}; say text, number or date for boxes {sorted(self.boxes)}")
        if not self.expects and key.answer is not None:
            raise WrongKey("a text question has no right answer: write q.key(None)")
        if self.expects and (not isinstance(key.answer, Mapping) or set(key.answer) != set(self.expects)):
            raise WrongKey(f"the key must hold exactly the boxes {sorted(self.expects)}")
        for box, kind in self.expects.items():
            if callable(key.answer[box]):  # worked out from the learner's own data: nothing to check here
                continue
            if not all(self._is_right(box, wording, key, Context()) for wording in wordings(key.answer[box])):
                raise WrongKey(f"the key of {box!r} is {key.answer[box]!r}, which is no {kind}")

    def _is_right(self, box: str, text: str, key: Key, context: Context) -> bool:
        wanted = wanted_in(key.answer[box], context)
        if self.expects[box] == TEXT:
            return any(same_text(text, wording, marks_required=self.marks_required) for wording in wanted)
        read = _ASKED[self.expects[box]][1]
        given = read(text)
        return given is not None and given in [read(wording) for wording in wanted]

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        lines = tuple(self._line(box, value.get(box, ""), key, context) for box in self.boxes)
        return Graded(sum(bool(line.right) for line in lines) / len(self.boxes), lines)

    def _line(self, box: str, text: str, key: Key, context: Context) -> Feedback:
        if box in self.expects:
            shown = f"{self.boxes[box]}: {text}" if text else f"{self.boxes[box]}: để trống"
            return Feedback(shown, key.feedback.get(box, ""), bool(text) and self._is_right(box, text, key, context))
        done = len(text.split()) >= MIN_WORDS
        why = "Đã điền." if done else f"Ô này chưa đủ: cần ít nhất {MIN_WORDS} chữ."
        return Feedback(self.boxes[box], why, done)

    def controls(self, raw: object, seed: int) -> Fragment:
        given = raw if isinstance(raw, dict) else {}
        return "\n".join(
            f'<div class="typed"><label for="{name(self.id, box)}">{escape(label)}</label>'
            f"{self._box(box, escape(str(given.get(box, ''))))}</div>"
            for box, label in self.boxes.items()
        )

    def _box(self, box: str, text: str) -> Fragment:
        """Return the field: one line for a number or a date, room to write for anything else."""
        called = f'id="{name(self.id, box)}" name="{name(self.id, box)}" maxlength="{MAX_TEXT}"'
        if self.expects.get(box) in _ASKED:
            return f'<input {called} type="text" autocomplete="off" value="{text}">'
        return f'<textarea {called} rows="2">{text}</textarea>'

    def samples(self, key: Key, context: Context) -> Samples:
        right = {
            box: wanted_in(key.answer[box], context)[0] if box in self.expects else "nội dung mẫu" for box in self.boxes
        }
        first = next(iter(self.boxes))
        other = {TEXT: "chữ khác hẳn", NUMBER: "987654321", DATE: "01/01/1900"}
        wrong = {**right, first: other[self.expects[first]] if first in self.expects else "ừ"}
        return Samples(right, wrong, 1 - 1 / len(self.boxes), {"ô lạ": "chữ"})


def wanted_in(answer: object, context: Context) -> list[str]:
    """Return the accepted wordings of a box's key for this learner; a key may be a function of the context.

    Raises MissingAnswer when the function needs another answer that is not there.
    """
    if callable(answer):
        found = answer(context)
        return [found if isinstance(found, str) else show_number(found)]
    return wordings(answer)


def wordings(answer: object) -> list[str]:
    """Return the accepted wordings of a box's key: one text, a number or date as a text, or several texts."""
    return [answer] if isinstance(answer, str) else sorted(str(wording) for wording in answer)  # type: ignore[attr-defined]


def blanks(
    id: str,
    prompt: str,
    *,
    competency: str,
    level: int,
    expects: Mapping[str, str] | None = None,
    marks_required: bool = True,
    **boxes: str,
) -> Blanks:
    """Return a text question; boxes are given as name="label", what they expect as expects={"name": "date"}."""
    return Blanks(id, prompt, competency, level, boxes, expects or {}, marks_required)
