"""A multinomial Naive Bayes text classifier, small enough to read and to train in a browser in a blink."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hocvu.vietnamese import tokens


@dataclass(frozen=True)
class NaiveBayes:
    """A trained model. Log-probabilities; `unseen` is what a token never met in that category weighs."""

    priors: Mapping[str, float]
    weights: Mapping[str, Mapping[str, float]]
    unseen: Mapping[str, float]

    def probabilities(self, text: str) -> dict[str, float]:
        """Return a probability per category; they add up to 1."""
        found = tokens(text)
        logs = {
            category: prior + sum(self.weights[category].get(token, self.unseen[category]) for token in found)
            for category, prior in self.priors.items()
        }
        top = max(logs.values())
        shares = {category: math.exp(log - top) for category, log in logs.items()}
        total = sum(shares.values())
        return {category: share / total for category, share in shares.items()}

    def predict(self, text: str) -> str:
        """Return the likeliest category; of equals the alphabetically first."""
        chances = self.probabilities(text)
        return max(chances, key=lambda category: chances[category])


def train(examples: Iterable[tuple[str, str]], smoothing: float = 0.3) -> NaiveBayes:
    """Return a model of (text, category) pairs; their order never matters.

    smoothing: what is added to each count, > 0, so that an unseen token does not rule a category out.
    Raises ValueError without examples.
    """
    counts: dict[str, Counter[str]] = {}
    sizes: Counter[str] = Counter()
    for text, category in examples:
        sizes[category] += 1
        counts.setdefault(category, Counter()).update(tokens(text))
    if not sizes:
        raise ValueError("train needs at least one example")
    vocabulary = len({token for counter in counts.values() for token in counter})
    categories = sorted(sizes)
    mass = {c: math.log(sum(counts[c].values()) + smoothing * vocabulary) for c in categories}
    return NaiveBayes(
        priors={c: math.log(sizes[c] / sum(sizes.values())) for c in categories},
        weights={c: {t: math.log(n + smoothing) - mass[c] for t, n in counts[c].items()} for c in categories},
        unseen={c: math.log(smoothing) - mass[c] for c in categories},
    )
