"""Some lines of code (COD): optional, without points, for a badge. Only a worker runs them, in the sandbox."""

from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from hocvu.questions.base import Question, name, one
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples, Unreadable, WrongKey

MAX_CODE = 10_000
WRITE_CODE = "Hãy viết mã Python bằng chữ, nhiều nhất 10.000 ký tự."


@dataclass(frozen=True)
class CodeKey:
    """The instructor's solution, and the texts of the item's other cells: together they decide what passes."""

    solution: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Code(Question):
    """Python that the learner writes in place of the starter's stub. An untouched starter is no answer."""

    starter: str = ""
    kind: ClassVar[str] = "COD"
    hint: ClassVar[str] = (
        "Tự nguyện, dành cho người thích mã: chỉ nhận huy hiệu, không tính điểm. Máy chạy mã trong hộp cát riêng."
    )

    def parse(self, raw: object) -> str | None:
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise Unreadable(WRITE_CODE)
        if len(raw) > MAX_CODE:
            raise Unreadable(f"Mã dài {len(raw)} ký tự. {WRITE_CODE}")
        text = raw.replace("\r\n", "\n")
        if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            raise Unreadable(f"Mã có ký tự hỏng. {WRITE_CODE}")
        return text if text.strip() and text.strip() != self.starter.strip() else None

    def from_form(self, fields: Fields) -> object | None:
        text = one(fields, self.id).replace("\r\n", "\n")
        return text if text.strip() and text.strip() != self.starter.strip() else None

    def show(self, value: Any) -> str:
        return str(value).strip("\n")

    def check_key(self, key: Key) -> None:
        if not isinstance(key.answer, CodeKey) or self.parse(key.answer.solution) is None:
            raise WrongKey("the key of a code item is a solution that differs from the starter")

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        raise RuntimeError("learners' code is never run here: a worker grades it in the sandbox")

    def controls(self, raw: object, seed: int) -> Fragment:
        text = raw if isinstance(raw, str) else self.starter
        rows = min(24, max(6, text.count("\n") + 3))
        return (
            f'<div class="typed code"><label for="{name(self.id)}">Mã Python của anh/chị</label>'
            f'<textarea id="{name(self.id)}" name="{name(self.id)}" rows="{rows}" maxlength="{MAX_CODE}" wrap="off"'
            f' spellcheck="false" autocapitalize="off" autocomplete="off" translate="no" lang="en"'
            f' data-start="{escape(self.starter)}">\n{escape(text)}</textarea></div>'
        )

    def samples(self, key: Key, context: Context) -> Samples:
        """The wrong answer is code that does not compile."""
        return Samples(key.answer.solution, "đây không phải là mã", 0.0, "#" * (MAX_CODE + 1))
