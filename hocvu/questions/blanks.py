"""Short texts in named boxes (TXT): judged on being filled in only; a person reads a sample."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from hocvu.questions.base import Question, name, one
from hocvu.questions.text import tidy
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples, Unreadable, WrongKey
from hocvu.results import Feedback

MAX_TEXT = 600
MIN_WORDS = 2


@dataclass(frozen=True)
class Blanks(Question):
    """The share of boxes that hold at least two words. What is written is never scored by a machine."""

    boxes: Mapping[str, str]
    kind: ClassVar[str] = "TXT"
    hint: ClassVar[str] = (
        "Viết ngắn gọn. Không ghi tên người, số giấy tờ hay dữ liệu thật. "
        "Câu này chỉ tính hoàn thành; người phụ trách đọc ngẫu nhiên một số bài."
    )

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
        return value or None

    def from_form(self, fields: Fields) -> object | None:
        given = {box: one(fields, f"{self.id}.{box}") for box in self.boxes}
        return {box: text for box, text in given.items() if text.strip()} or None

    def show(self, value: Any) -> str:
        return "; ".join(f"{label}: {value[box]}" for box, label in self.boxes.items() if box in value)

    def check_key(self, key: Key) -> None:
        if key.answer is not None:
            raise WrongKey("a text question has no right answer: write q.key(None)")

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        lines = []
        for box, label in self.boxes.items():
            done = len(value.get(box, "").split()) >= MIN_WORDS
            lines.append(Feedback(label, "Đã điền." if done else f"Ô này chưa đủ: cần ít nhất {MIN_WORDS} chữ.", done))
        share = sum(bool(line.right) for line in lines) / len(self.boxes)
        return Graded(share, tuple(lines))

    def controls(self, raw: object, seed: int) -> Fragment:
        given = raw if isinstance(raw, dict) else {}
        return "\n".join(
            f'<div class="typed"><label for="{name(self.id, box)}">{escape(label)}</label>'
            f'<textarea id="{name(self.id, box)}" name="{name(self.id, box)}" rows="2"'
            f' maxlength="{MAX_TEXT}">{escape(str(given.get(box, "")))}</textarea></div>'
            for box, label in self.boxes.items()
        )

    def samples(self, key: Key, context: Context) -> Samples:
        reference = {box: "nội dung mẫu của bài" for box in self.boxes}
        first = next(iter(self.boxes))
        return Samples(reference, {**reference, first: "ừ"}, 1 - 1 / len(self.boxes), {"ô lạ": "chữ"})


def blanks(id: str, prompt: str, *, competency: str, level: int, **boxes: str) -> Blanks:
    """Return a text question; boxes are given as name="label"."""
    return Blanks(id, prompt, competency, level, boxes)
