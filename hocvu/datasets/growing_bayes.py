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
        self.counts: dict[str, dict[str, int]] = {}  # token → category → how often

    def learn(self, tokens: Tokens, category: str) -> None:
        """Take in one example."""
        self.examples[category] += 1
        self.mass[category] += len(tokens)
        for token in tokens:
            seen = self.counts.setdefault(token, {})
            seen[category] = seen.get(category, 0) + 1

    def probabilities(self, tokens: Tokens) -> dict[str, float]:
        """Return a probability per category met so far; they add up to 1. Raises ValueError before any example."""
        if not self.examples:
            raise ValueError("the model has not learned any example yet")
        floor, total = self.smoothing * len(self.counts), sum(self.examples.values())
        # log(n + a) − log(mass) for every token, less log(a) each, which is the same for all categories
        logs = {
            category: math.log(count / total) - len(tokens) * math.log(self.mass[category] + floor)
            for category, count in self.examples.items()
        }
        for token in tokens:
            for category, times in self.counts.get(token, {}).items():
                logs[category] += _gain(times, self.smoothing)
        top = max(logs.values())
        shares = {category: math.exp(log - top) for category, log in logs.items()}
        whole = sum(shares.values())
        return {category: share / whole for category, share in shares.items()}

    def best(self, tokens: Tokens) -> tuple[str, float]:
        """Return the likeliest category and its probability; of equals the alphabetically first."""
        chances = self.probabilities(tokens)
        category = min(chances, key=lambda one: (-chances[one], one))
        return category, chances[category]


@lru_cache(maxsize=4096)
def _gain(times: int, smoothing: float) -> float:
    return math.log((times + smoothing) / smoothing)
