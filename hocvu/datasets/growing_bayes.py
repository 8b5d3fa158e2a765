"""Naive Bayes that learns one example after another, so that a whole learning curve costs one training.

The same model as naive_bayes.train on the same examples (a test proves it); only the order of the sums differs.
"""

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

Tokens = Sequence[str]


class GrowingBayes:
    """A classifier in training. smoothing: what is added to each count, > 0."""

    def __init__(self, smoothing: float = 0.3) -> None:
        self.smoothing = smoothing
        self.examples: Counter[str] = Counter()
        self.mass: Counter[str] = Counter()  # tokens seen in each category
        self.counts: dict[str, Counter[str]] = {}  # category → token → how often
        self._known: set[str] = set()
        self._gains: dict[str, list[float]] = {}  # token → what it adds per category; those of _stale are out of date
        self._stale: set[str] = set()

    def learn(self, tokens: Tokens, category: str) -> None:
        """Take in one example."""
        if category not in self.counts:
            self.counts[category] = Counter()
            self._gains.clear()
        self.examples[category] += 1
        self.mass[category] += len(tokens)
        self.counts[category].update(tokens)
        self._known.update(tokens)
        self._stale.update(tokens)

    def probabilities(self, tokens: Tokens) -> dict[str, float]:
        """Return a probability per category met so far; they add up to 1. Raises ValueError before any example."""
        if not self.examples:
            raise ValueError("the model has not learned any example yet")
        for token in self._gains.keys() & self._stale:
            del self._gains[token]
        self._stale.clear()
        floor, total = self.smoothing * len(self._known), sum(self.examples.values())
        # log(n + a) − log(mass) for every token, less log(a) each, which is the same for all categories
        gains = [self._gains.get(token) or self._gains_of(token) for token in tokens]
        added = list(map(math.fsum, zip(*gains, strict=True))) or [0.0] * len(self.examples)
        logs = [
            math.log(count / total) - len(tokens) * math.log(self.mass[category] + floor) + gain
            for (category, count), gain in zip(self.examples.items(), added, strict=True)
        ]
        top = max(logs)
        shares = [math.exp(log - top) for log in logs]
        whole = math.fsum(shares)
        return {category: share / whole for category, share in zip(self.examples, shares, strict=True)}

    def best(self, tokens: Tokens) -> tuple[str, float]:
        """Return the likeliest category and its probability; of equals the alphabetically first."""
        chances = self.probabilities(tokens)
        top = max(chances.values())
        return min(category for category, chance in chances.items() if chance == top), top

    def _gains_of(self, token: str) -> list[float]:
        self._gains[token] = gains = [_gain(seen.get(token, 0), self.smoothing) for seen in self.counts.values()]
        return gains


@lru_cache(maxsize=4096)
def _gain(times: int, smoothing: float) -> float:
    return math.log((times + smoothing) / smoothing)
