"""The threshold of module 3: above it a message is treated as urgent. The computation; no drawing."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from hocvu.datasets.seeds import seed_of
from hocvu.datasets.urgent1022 import Message, generate_messages
from hocvu.questions.values import MissingAnswer

MESSAGES = 1_000
STEP = 0.01
LOW, HIGH = 0.05, 0.95
HALF_WIDTH = 0.02  # every threshold this near to the one the goal is made from meets the goal
PER_PERSON = 60  # messages one person on duty can look at in a shift


@dataclass(frozen=True)
class Tally:
    """The four cells of a threshold: hits, false alarms, missed urgent messages, calm messages left alone."""

    hits: int
    false_alarms: int
    missed: int
    calm: int

    @property
    def accuracy(self) -> float:
        return (self.hits + self.calm) / (self.hits + self.calm + self.false_alarms + self.missed)

    @property
    def miss_rate(self) -> float:
        """Share of the urgent messages that were missed, in 0..1."""
        return self.missed / (self.missed + self.hits)

    @property
    def alarms(self) -> int:
        """Messages that somebody must look at."""
        return self.hits + self.false_alarms

    def cost(self, per_miss: float, per_alarm: float) -> float:
        return self.missed * per_miss + self.false_alarms * per_alarm


@dataclass(frozen=True)
class Target:
    """What item 3-3 asks of a learner: at most so many missed, at most so many false alarms."""

    missed: int
    false_alarms: int


@lru_cache(maxsize=64)
def messages_of(seed: int) -> tuple[Message, ...]:
    """Return the learner's 1,000 messages."""
    return generate_messages(MESSAGES, seed_of("3", "messages", seed))


@lru_cache(maxsize=64)
def _scores(seed: int) -> tuple[list[float], list[float]]:
    """Return the sorted scores of the urgent and of the calm messages."""
    messages = messages_of(seed)
    return sorted(m.score for m in messages if m.urgent), sorted(m.score for m in messages if not m.urgent)


def tally(threshold: float, seed: int) -> Tally:
    """Return the four cells at a threshold: a score equal to it counts as urgent."""
    urgent, calm = _scores(seed)
    missed, quiet = bisect_left(urgent, threshold), bisect_left(calm, threshold)
    return Tally(len(urgent) - missed, len(calm) - quiet, missed, quiet)


def thresholds() -> tuple[float, ...]:
    return tuple(round(LOW + place * STEP, 2) for place in range(round((HIGH - LOW) / STEP) + 1))


def target_of(seed: int) -> Target:
    """Return the learner's goal; thresholds at most HALF_WIDTH from `middle_of` meet it, so at least 0.04 of range."""
    middle = middle_of(seed)
    return Target(
        tally(round(middle + HALF_WIDTH, 2), seed).missed, tally(round(middle - HALF_WIDTH, 2), seed).false_alarms
    )


def middle_of(seed: int) -> float:
    """Return a threshold that meets the learner's goal, between 0.30 and 0.46: no one guess is right for many."""
    return round(0.30 + STEP * (seed_of("3", "goal", seed) % 17), 2)


def meets(threshold: float, seed: int) -> tuple[bool, bool]:
    """Return whether few enough are missed, and whether few enough are false alarms."""
    found, target = tally(threshold, seed), target_of(seed)
    return found.missed <= target.missed, found.false_alarms <= target.false_alarms


def cheapest(seed: int, per_miss: float, per_alarm: float) -> float:
    """Return the threshold of least cost; of equals the lowest."""
    return min(thresholds(), key=lambda one: (tally(one, seed).cost(per_miss, per_alarm), one))


def chosen_threshold(raw: object) -> float:
    """Return the threshold handed in for item 3-3. Raises MissingAnswer when there is none."""
    value = raw.get("nguong") if isinstance(raw, Mapping) else None
    if isinstance(value, str):
        value = value.replace(",", ".")
    try:
        threshold = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        threshold = -1.0
    if not LOW <= threshold <= HIGH:
        raise MissingAnswer("Câu này dùng ngưỡng ở câu 3.3. Anh/chị hãy làm câu 3.3 trước rồi quay lại.")
    return round(threshold, 2)


def miss_rate_of(raw: object, seed: int) -> float:
    """Return the miss rate at the threshold handed in for item 3-3 (item 3-2). Raises MissingAnswer."""
    return tally(chosen_threshold(raw), seed).miss_rate
