"""How hard an item is and whether it tells who knows from who does not. Pure; for improving items, never for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

TOO_HARD, TOO_EASY = 0.20, 0.95
MIN_DISCRIMINATION = 0.15


@dataclass(frozen=True)
class ItemStatistics:
    """One item over many people: answers given, mean share of the points (difficulty p, in 0..1), discrimination.

    discrimination: correlation of the item's share with the person's mean share on all other items (point-biserial
    for items that are all or nothing), None where either does not vary.
    """

    item_id: str
    answers: int
    difficulty: float
    discrimination: float | None

    @property
    def flags(self) -> tuple[str, ...]:
        """What an editor should look at, in Vietnamese; empty when nothing is odd."""
        found = []
        if self.difficulty < TOO_HARD:
            found.append(f"quá khó: điểm trung bình {_percent(self.difficulty)}")
        if self.difficulty > TOO_EASY:
            found.append(f"quá dễ: điểm trung bình {_percent(self.difficulty)}")
        if self.discrimination is None or self.discrimination <= MIN_DISCRIMINATION:
            shown = "không tính được" if self.discrimination is None else f"{self.discrimination:.2f}".replace(".", ",")
            found.append(f"ít phân biệt người nắm bài với người chưa nắm: độ phân biệt {shown}")
        return tuple(found)


def item_statistics(people: Sequence[Mapping[str, float]], item_ids: Sequence[str]) -> tuple[ItemStatistics, ...]:
    """Return the statistics of each item. people: item → share in 0..1 for each; what is missing was not tried."""
    sums = [sum(person.values()) for person in people]
    return tuple(_statistics(people, sums, item_id) for item_id in item_ids)


def _statistics(people: Sequence[Mapping[str, float]], sums: Sequence[float], item_id: str) -> ItemStatistics:
    pairs = [
        (person[item_id], (total - person[item_id]) / (len(person) - 1))
        for person, total in zip(people, sums, strict=True)
        if item_id in person and len(person) > 1
    ]
    shares = [person[item_id] for person in people if item_id in person]
    difficulty = sum(shares) / len(shares) if shares else 0.0
    return ItemStatistics(item_id, len(shares), difficulty, correlation(pairs))


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Pearson's r, None when there are fewer than 3 pairs or one side does not vary."""
    if len(pairs) < 3:
        return None
    mean_x, mean_y = (sum(side) / len(pairs) for side in zip(*pairs, strict=True))
    xy = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    xx, yy = sum((x - mean_x) ** 2 for x, _ in pairs), sum((y - mean_y) ** 2 for _, y in pairs)
    return xy / sqrt(xx * yy) if xx > 1e-12 and yy > 1e-12 else None


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
