"""An experiment (EXP): the answer is the setting of a bench; the grader runs the bench again on held-out data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from hocvu.questions.base import Question
from hocvu.questions.values import Context, Fields, Fragment, Graded, Key, Samples, Unreadable, WrongKey
from hocvu.results import Feedback


class Lab(Protocol):
    """A bench whose computation is a pure function of its parameters and a seed."""

    name: str
    hint: str  # on what data the setting is run again, in a sentence

    def parse(self, raw: object) -> Any | None:
        """Return the parameters, None for blank; raises ValueError with a Vietnamese message."""

    def from_form(self, item_id: str, fields: Fields) -> object | None:
        """Return the raw parameters from the form controls of `html`."""

    def html(self, item_id: str, raw: object, seed: int | None) -> Fragment:
        """Return form controls for the parameters."""

    def show(self, params: Any) -> str:
        """Return the parameters in plain Vietnamese."""

    def verdict(self, params: Any, seed: int, goal: "Goal") -> "Verdict":
        """Return what the parameters earn on data the learner has not seen."""

    def weak(self) -> object:
        """Return raw parameters that earn nothing."""

    def unreadable(self) -> object:
        """Return something that is no setting of this bench."""


@dataclass(frozen=True)
class Goal:
    """The key of an experiment: full points from `full` on, half from `half` on; with both the same there is no half.

    salt keeps the held-out data unseen. reference: a raw answer that earns full points for every seed, or a function
    that returns one for a seed.
    """

    full: float
    half: float
    salt: str
    reference: object | Callable[[int], object]

    def reference_for(self, seed: int) -> object:
        """Return a raw answer that earns full points with the learner's seed."""
        return self.reference(seed) if callable(self.reference) else self.reference


@dataclass(frozen=True)
class Verdict:
    """What a setting earns: share is 1, 0.5 or 0 of the points; line says in Vietnamese what was measured."""

    share: float
    line: str


@dataclass(frozen=True)
class Experiment(Question):
    """Full, half or no points by what the submitted setting reaches on held-out data of the learner's seed."""

    lab: Lab
    kind: ClassVar[str] = "EXP"

    @property
    def hint(self) -> str:  # type: ignore[override]
        return self.lab.hint

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
        verdict = self.lab.verdict(value, context.seed, key.answer)
        word = "right" if verdict.share == 1 else "half" if verdict.share else "wrong"
        right = verdict.share == 1
        return Graded(verdict.share, (Feedback(verdict.line, key.feedback.get(word, ""), right),))

    def controls(self, raw: object, seed: int) -> Fragment:
        return self.lab.html(self.id, raw, seed)

    def samples(self, key: Key, context: Context) -> Samples:
        return Samples(key.answer.reference_for(context.seed), self.lab.weak(), 0.0, self.lab.unreadable())


def experiment(id: str, prompt: str, *, competency: str, level: int, lab: Lab) -> Experiment:
    """Return an experiment question on a bench of hocvu.labs."""
    return Experiment(id, prompt, competency, level, lab)
