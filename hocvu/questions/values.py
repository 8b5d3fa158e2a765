"""The small things every question type speaks of: context, key, samples, and what can be wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hocvu.results import Feedback

Fields = Mapping[str, Sequence[str]]
Fragment = str


class Unreadable(ValueError):
    """An answer that cannot be understood. It is asked again; it is never a wrong answer."""


class WrongKey(ValueError):
    """A key that does not fit its question: an authoring error."""


class MissingAnswer(ValueError):
    """A key needs another item's answer that is not there; the text tells the learner which one to do first."""


@dataclass(frozen=True)
class Context:
    """What else a key may look at: the learner's other answers (raw) and the seed of the learner's data."""

    answers: Mapping[str, object] = field(default_factory=dict)
    seed: int = 0


@dataclass(frozen=True)
class Graded:
    """share of the points in 0..1, and one feedback line per part."""

    share: float
    feedback: tuple[Feedback, ...] = ()


@dataclass(frozen=True)
class Samples:
    """Raw answers that every question must be able to make for its own tests (PrairieLearn's element test)."""

    reference: object
    wrong: object
    wrong_share: float
    unreadable: object


@dataclass(frozen=True)
class Key:
    """The right answer and the feedback per option; only ever in the hidden part of a source notebook."""

    answer: Any
    feedback: Mapping[str, str] = field(default_factory=dict)

    @property
    def depends_on_data(self) -> bool:
        """Whether the right answer, or a part of it, is worked out from the learner's own data."""
        parts = self.answer.values() if isinstance(self.answer, Mapping) else (self.answer,)
        return any(callable(part) for part in parts)
