"""Naive Bayes that learns one example after another, so that a whole learning curve costs one training.

The same model as naive_bayes.train on the same examples (a test proves it); only the order of the sums differs.
"""

import math
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat

Tokens = Sequence[str]
CLOSE = 1e-6  # of two sums of logarithms; what fixed point rounds off a text of 10,000 words is less
ONE = 1 << 40


class GrowingBayes:
    """A classifier in training. smoothing: what is added to each count, > 0."""

    def __init__(self, smoothing: float = 0.3) -> None:
        self.smoothing = smoothing
        self.examples: Counter[str] = Counter()
        self.mass: Counter[str] = Counter()  # tokens seen in each category
        self.counts: dict[str, Counter[str]] = {}  # category → token → how often
        self._known: set[str] = set()

    def learn(self, tokens: Tokens, category: str) -> None:
        """Take in one example."""
        self.examples[category] += 1
        self.mass[category] += len(tokens)
        self.counts.setdefault(category, Counter()).update(tokens)
        self._known.update(tokens)

    def probabilities(self, tokens: Tokens) -> dict[str, float]:
        """Return a probability per category met so far; they add up to 1. Raises ValueError before any example."""
        return next(self.judge([tokens]))

    def best(self, tokens: Tokens) -> tuple[str, float]:
        """Return the likeliest category and its probability; of equals the alphabetically first."""
        return best_of(self.probabilities(tokens))

    def judge(self, many: Iterable[Tokens]) -> Iterator[dict[str, float]]:
        """Yield the probabilities of each; for hundreds of texts this is several times faster than one by one."""
        if not self.examples:
            raise ValueError("the model has not learned any example yet")
        floor, total = self.smoothing * len(self._known), sum(self.examples.values())
        priors = [math.log(count / total) for count in self.examples.values()]
        lost = [math.log(self.mass[category] + floor) for category in self.examples]
        gains = [
            {token: _gain(times, self.smoothing) for token, times in seen.items()} for seen in self.counts.values()
        ]
        for tokens in many:
            # log(n + a) − log(mass) for every token, less log(a) each, which is the same for all categories
            logs = [
                prior - len(tokens) * loss + math.fsum(map(gain.get, tokens, repeat(0.0)))
                for prior, loss, gain in zip(priors, lost, gains, strict=True)
            ]
            top = max(logs)
            shares = [math.exp(log - top) for log in logs]
            whole = math.fsum(shares)
            yield {category: share / whole for category, share in zip(self.examples, shares, strict=True)}

    def likeliest(self, many: Sequence[Tokens]) -> list[str]:
        """Return what best() says of each, without its probability, several times faster than judge().

        What a word adds to each category stands side by side in one whole number, in lanes of 64 bits: adding such
        numbers adds up all categories at once. Where two are as good as equal, the exact sums decide.
        """
        fields, floor, total = list(self.counts), self.smoothing * len(self._known), sum(self.examples.values())
        priors = [math.log(self.examples[field] / total) for field in fields]
        lost = [math.log(self.mass[field] + floor) for field in fields]
        lanes, width = self._lanes(), 8 * len(fields)
        read = struct.Struct(f"<{len(fields)}Q").unpack
        found, close = [], []
        for number, tokens in enumerate(many):
            added = read(sum(map(lanes.get, tokens, repeat(0))).to_bytes(width, "little"))
            size = len(tokens)
            logs = [p - size * loss + gain / ONE for p, loss, gain in zip(priors, lost, added, strict=True)]
            top = max(logs)
            found.append(fields[logs.index(top)])
            if len(fields) > 1 and top - sorted(logs)[-2] < CLOSE:
                close.append(number)
        for number, chances in zip(close, self.judge(many[number] for number in close), strict=True):
            found[number] = best_of(chances)[0]
        return found

    def _lanes(self) -> dict[str, int]:
        """Return token → its gains, in fixed point, one category a lane; no gain is negative, none reaches 2⁸."""
        lanes: dict[str, int] = {}
        for place, seen in enumerate(self.counts.values()):
            shifted = {n: round(_gain(n, self.smoothing) * ONE) << 64 * place for n in set(seen.values())}
            for token, times in seen.items():
                lanes[token] = lanes.get(token, 0) + shifted[times]
        return lanes


def best_of(chances: Mapping[str, float]) -> tuple[str, float]:
    """Return the likeliest category and its probability; of equals the alphabetically first."""
    top = max(chances.values())
    return min(category for category, chance in chances.items() if chance == top), top


@lru_cache(maxsize=4096)
def _gain(times: int, smoothing: float) -> float:
    return math.log((times + smoothing) / smoothing)
