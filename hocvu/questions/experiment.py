"""An experiment (EXP): the answer is the setting of a bench; the grader runs the bench again on held-out data."""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from hocvu.questions.base import Question
from hocvu.questions.text import show_number
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples, Unreadable, WrongKey
from hocvu.results import Feedback


class Lab(Protocol):
    """A bench whose computation is a pure function of its parameters and a seed."""

    name: str

    def parse(self, raw: object) -> Any | None:
        """Return the parameters, None for blank; raises ValueError with a Vietnamese message."""

    def from_form(self, item_id: str, fields: Fields) -> object | None:
        """Return the raw parameters from the form controls of `html`."""

    def html(self, item_id: str, raw: object, seed: int | None) -> Fragment:
        """Return form controls for the parameters."""

    def show(self, params: Any) -> str:
        """Return the parameters in plain Vietnamese."""

    def held_out_share(self, params: Any, seed: int, salt: str) -> float:
        """Return how well the parameters do on data the learner has not seen, a share in 0..1."""

    def weak(self) -> object:
        """Return raw parameters that earn nothing."""

    def unreadable(self) -> object:
        """Return something that is no setting of this bench."""


@dataclass(frozen=True)
class Goal:
    """The key of an experiment: full points from `full` on, half from `half` on.

    salt keeps the held-out data unseen; reference is a raw answer that earns full points for every seed.
    """

    full: float
    half: float
    salt: str
    reference: object


@dataclass(frozen=True)
class Experiment(Question):
    """Full, half or no points by what the submitted setting reaches on held-out data of the learner's seed."""

    lab: Lab
    kind: ClassVar[str] = "EXP"
    hint: ClassVar[str] = (
        "Máy chủ chạy lại cách làm của anh/chị trên dữ liệu mô phỏng chưa ai nhìn thấy, rồi mới cho điểm."
    )

    def parse(self, raw: object) -> Any:
        try:
            return self.lab.parse(raw)
        except ValueError as error:
            raise Unreadable(str(error)) from error

    def from_form(self, fields: Fields) -> object | None:
        return self.lab.from_form(self.id, fields)

    def show(self, value: Any) -> str:
        return self.lab.show(value)

    def check_key(self, key: Key) -> None:
        goal = key.answer
        if not isinstance(goal, Goal) or not 0 < goal.half <= goal.full <= 1 or not goal.salt:
            raise WrongKey("the key of an experiment is Goal(full, half, salt, reference) with 0 < half <= full <= 1")

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        goal: Goal = key.answer
        reached = self.lab.held_out_share(value, context.seed, goal.salt)
        share = 1.0 if reached >= goal.full else 0.5 if reached >= goal.half else 0.0
        percent, needed = show_number(round(100 * reached, 1)), show_number(100 * goal.full)
        line = f"Trên dữ liệu giữ kín, đúng {percent}%; cần ít nhất {needed}%."
        word = "right" if share == 1 else "half" if share else "wrong"
        return Graded(share, (Feedback(line, key.feedback.get(word, ""), share == 1),))

    def controls(self, raw: object, seed: int) -> Fragment:
        return self.lab.html(self.id, raw, seed)

    def samples(self, key: Key, context: Context) -> Samples:
        return Samples(key.answer.reference, self.lab.weak(), 0.0, self.lab.unreadable())


def experiment(id: str, prompt: str, *, competency: str, level: int, lab: Lab) -> Experiment:
    """Return an experiment question on a bench of hocvu.labs."""
    return Experiment(id, prompt, competency, level, lab)
