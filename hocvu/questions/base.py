"""What a question is: it reads an answer, grades it against a key, and draws itself. Pure; standard library only."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from hocvu.questions.beside import points_beside_notebook
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples

_collected: ContextVar[list[tuple["Question", Key]] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[list[tuple["Question", Key]]]:
    """Within this block `key(...)` records (question, key) instead of grading; for the compiler of notebooks."""
    found: list[tuple[Question, Key]] = []
    token = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(token)


@dataclass(frozen=True)
class Question:
    """One no-code question. Subclasses say how it is read, graded, shown and drawn."""

    id: str
    prompt: str
    competency: str
    level: int
    kind: ClassVar[str] = ""
    hint: ClassVar[str] = ""

    def parse(self, raw: object) -> Any:
        """Return the answer's value, None for blank; raises Unreadable with what is expected, in Vietnamese."""
        raise NotImplementedError

    def from_form(self, fields: Fields) -> object | None:
        """Return the raw answer from HTML form fields (names `id` or `id.part`), None when nothing was given."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """Return the answer in plain Vietnamese words."""
        raise NotImplementedError

    def check_key(self, key: Key) -> None:
        """Raise WrongKey if the key does not fit the question."""
        raise NotImplementedError

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        """Return share and feedback for a value that `parse` gave (never None)."""
        raise NotImplementedError

    def controls(self, raw: object, seed: int) -> Fragment:
        """Return native form controls as HTML, with `raw` filled in; works without JavaScript."""
        raise NotImplementedError

    def told_again(self, seed: int) -> Fragment:
        """Return as static HTML what a result page must repeat for its feedback to be understood; mostly nothing."""
        return ""

    def samples(self, key: Key, context: Context) -> Samples:
        """Return a right, a wrong and an unreadable raw answer."""
        raise NotImplementedError

    def key(self, answer: Any, feedback: Mapping[str, str] | None = None) -> float:
        """Say the right answer, in the hidden part. Returns the points earned as one plain number.

        Beside a submission (stock nbgrader) the answer comes from ./answers.json; while a notebook is
        compiled the key is recorded and 0.0 comes back.
        """
        key = Key(answer, dict(feedback or {}))
        self.check_key(key)
        found = _collected.get()
        if found is not None:
            found.append((self, key))
            return 0.0
        return points_beside_notebook(self, key)

    def html(self, raw: object = None, seed: int = 0, error: str = "") -> Fragment:
        """Return the whole question: prompt as the group's legend, hint, error if any, controls."""
        described = [f"{self.id}-hint"] if self.hint else []
        described += [f"{self.id}-error"] if error else []
        by = f' aria-describedby="{" ".join(described)}"' if described else ""
        parts = [
            f'<fieldset class="question{" has-error" if error else ""}" id="cau-{escape(self.id)}"'
            f' data-item="{escape(self.id)}" data-kind="{self.kind}"{by}>',
            f'<legend><span class="number">{escape(number_of(self.id))}</span> {escape(self.prompt)}</legend>',
        ]
        if self.hint:
            parts.append(f'<p class="hint" id="{escape(self.id)}-hint">{escape(self.hint)}</p>')
        if error:
            parts.append(f'<p class="error" id="{escape(self.id)}-error"><strong>Cần sửa:</strong> {escape(error)}</p>')
        return "\n".join([*parts, self.controls(raw, seed), "</fieldset>"])

    def _repr_html_(self) -> Fragment:
        return self.html()


def number_of(item_id: str) -> str:
    """Return the number people see: item id `1-2` is shown as 1.2."""
    return item_id.replace("-", ".")


def name(item_id: str, part: str = "") -> str:
    """Return the escaped HTML name of a control."""
    return escape(f"{item_id}.{part}" if part else item_id)


def one(fields: Fields, key: str) -> str:
    """Return a field's single value, "" when it was not sent."""
    values = fields.get(key, ())
    return values[0] if values else ""


def drop_down(control: str, label: str, options: Mapping[str, str], chosen: object, empty: str) -> Fragment:
    """Return a labelled <select> whose first choice is empty, so that nothing is chosen for the learner."""
    choices = [f'<option value="">{escape(empty)}</option>']
    for value, text in options.items():
        mark = " selected" if value == chosen else ""
        choices.append(f'<option value="{escape(value)}"{mark}>{escape(text)}</option>')
    return (
        f'<label for="{control}">{escape(label)}</label>'
        f'<select id="{control}" name="{control}">{"".join(choices)}</select>'
    )
