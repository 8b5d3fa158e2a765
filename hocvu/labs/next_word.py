"""The next-syllable machine of module 4: it counts what came next in a store of sentences, and draws by chance."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hocvu.datasets.seeds import seed_of
from hocvu.datasets.sentences import Sentence, numbered_documents, sentences, syllables

WINDOWS = (2, 3, 4)  # syllables looked at, the next one included
LONGEST = 22  # syllables of a sentence
END = "."
TRIES = 5  # sentences compared in item 4-2
COPIED_OUT_OF = 50  # sentences
RUN = 6  # syllables that stand in the store word for word: copied
ASKED = "hồ"  # the syllable of item 4-1
_PAD = "^"


@lru_cache(maxsize=6)
def _counts(window: int, with_numbers: bool) -> Mapping[Sentence, Counter[str]]:
    counts: dict[Sentence, Counter[str]] = {}
    for sentence in sentences(with_numbers):
        padded = (_PAD,) * (window - 1) + sentence + (END,)
        for place in range(window - 1, len(padded)):
            counts.setdefault(padded[place - window + 1 : place], Counter())[padded[place]] += 1
    return counts


@dataclass(frozen=True)
class Machine:
    """window: 2 to 4 syllables. temperature: 0 takes the commonest, 1 draws as often as counted, more evens out."""

    window: int
    temperature: float
    with_numbers: bool = False

    def next_syllables(self, before: Sequence[str]) -> list[tuple[str, float]]:
        """Return what may come next with its probability, likeliest first; only the last syllables are looked at."""
        padded = (_PAD,) * (self.window - 1) + tuple(before)
        return list(_choices(self, padded[len(padded) - self.window + 1 :]))

    def write_on(self, before: Sequence[str], rng: random.Random) -> Sentence:
        """Return `before` and what the machine writes after it."""
        written = list(before)
        while len(written) < LONGEST:
            choices = self.next_syllables(written)
            if not choices:
                break
            syllable = rng.choices([one for one, _ in choices], [chance for _, chance in choices])[0]
            if syllable == END:
                break
            written.append(syllable)
        return tuple(written)

    def several(self, before: Sequence[str], count: int, seed: int) -> list[Sentence]:
        """Return `count` continuations, each with a chance of its own."""
        return [self.write_on(before, random.Random(seed_of("4", "write", seed, turn))) for turn in range(count)]


@lru_cache(maxsize=4096)
def _choices(machine: Machine, seen: Sentence) -> tuple[tuple[str, float], ...]:
    found = _counts(machine.window, machine.with_numbers).get(seen)
    if not found:
        return ()
    ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    if machine.temperature == 0:
        return tuple((syllable, 1.0 if place == 0 else 0.0) for place, (syllable, _) in enumerate(ordered))
    top = ordered[0][1]
    weights = [(count / top) ** (1 / machine.temperature) for _, count in ordered]
    total = sum(weights)
    return tuple((syllable, weight / total) for (syllable, _), weight in zip(ordered, weights, strict=True))


@lru_cache(maxsize=2)
def _runs(with_numbers: bool) -> frozenset[Sentence]:
    return frozenset(run for sentence in sentences(with_numbers) for run in _runs_of(sentence))


def _runs_of(sentence: Sentence) -> list[Sentence]:
    return [sentence[place : place + RUN] for place in range(len(sentence) - RUN + 1)]


def copied_runs(sentence: Sentence, with_numbers: bool) -> tuple[int, int]:
    """Return how many runs of six syllables stand in the store word for word, and how many runs there are."""
    runs = _runs_of(sentence)
    return sum(run in _runs(with_numbers) for run in runs), len(runs)


def copied_share(machine: Machine, seed: int) -> float:
    """Return how much of 50 sentences that the machine writes from nothing is copied, in 0..1."""
    pairs = [copied_runs(one, machine.with_numbers) for one in machine.several((), COPIED_OUT_OF, seed)]
    return sum(copied for copied, _ in pairs) / max(1, sum(runs for _, runs in pairs))


def is_made_up(sentence: Sentence) -> bool:
    """Whether the sentence names a document that even the invented list lacks: number and office do not go together."""
    number, _, rest = " ".join(sentence).partition("công văn số ")[2].partition(" của ")
    if not rest:
        return False
    return not any(
        number == str(known) and rest.startswith(f"{office} về việc {matter}")
        for known, office, matter in numbered_documents()
    )


def probability_after(syllable: str, following: str, with_numbers: bool = True) -> float:
    """Return how often `following` comes right after `syllable` in the store, in 0..1 (item 4-1)."""
    found = _counts(2, with_numbers)[(syllable,)]
    return found[following] / sum(found.values())


def counts_after(syllable: str, with_numbers: bool = True) -> list[tuple[str, int]]:
    """Return what comes right after a syllable in the store and how often, commonest first."""
    found = _counts(2, with_numbers)[(syllable,)]
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def all_same(temperature: float, window: int, seed: int) -> bool:
    """Whether five sentences begun alike come out the same (item 4-2, first part)."""
    return len(set(Machine(window, temperature).several(BEGIN, TRIES, seed))) == 1


def nearly_all_different(temperature: float, window: int, seed: int) -> bool:
    """Whether at least four of five sentences begun alike are different (item 4-2, second part)."""
    return len(set(Machine(window, temperature).several(BEGIN, TRIES, seed))) >= TRIES - 1


BEGIN = syllables("tôi xin phản ánh")
