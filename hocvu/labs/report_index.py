"""Which reports contain a keyword, answered without reading them: what lets a grader try rules in microseconds.

A set of reports is one whole number, one bit a report; the first report is the highest bit. Words and neighbouring
words are looked up, so every keyword of one or two words costs the same, whether anybody has used it before or not.
"""

import random
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import and_, itemgetter

from hocvu.vietnamese import padded

_DRAWN_AT_ONCE = 384  # 32-bit words from the generator: nearly always enough for 200 places of 5,000


@dataclass(frozen=True)
class ReportIndex:
    """texts: padded (hocvu.vietnamese); fields: field code → reports of that field; found: word or pair → reports."""

    texts: tuple[str, ...]
    fields: Mapping[str, int]
    found: Mapping[str, int]

    def having(self, keyword: str) -> int:
        """Return the reports that contain the keyword, given padded: whole words only."""
        words = keyword.split()
        if len(words) < 3:
            return self.found.get(" ".join(words), 0)
        near: int = reduce(and_, (self.found.get(f"{one} {other}", 0) for one, other in pairwise(words)))
        return sum(self._bit(place) for place in self._places(near) if keyword in self.texts[place])

    def sent_right(self, rules: Iterable[tuple[int, str]]) -> int:
        """Return the reports that ordered rules (reports having the keyword, field code) send where they belong."""
        right = taken = 0
        for having, field in rules:
            right |= having & ~taken & self.fields.get(field, 0)
            taken |= having
        return right

    def count(self, reports: int, places: Sequence[int]) -> int:
        """Return how many of these places are in the set `reports`."""
        flags = f"{reports:0{len(self.texts)}b}"
        chosen: tuple[str, ...] = itemgetter(*places)(flags)
        return chosen.count("1")

    def _bit(self, place: int) -> int:
        return 1 << (len(self.texts) - 1 - place)

    def _places(self, reports: int) -> Iterator[int]:
        flags, place = f"{reports:0{len(self.texts)}b}", -1
        while (place := flags.find("1", place + 1)) >= 0:
            yield place


def index_reports(reports: Iterable[tuple[str, str]]) -> ReportIndex:
    """Return the index of reports, given as text and the code of the field they belong to."""
    pairs = [(padded(text), field) for text, field in reports]
    found: dict[str, list[int]] = {}
    fields: dict[str, list[int]] = {}
    for place, (text, field) in enumerate(pairs):
        fields.setdefault(field, []).append(place)
        words = text.split()
        for phrase in {*words, *map(" ".join, pairwise(words))}:
            found.setdefault(phrase, []).append(place)
    size = len(pairs)
    return ReportIndex(tuple(text for text, _ in pairs), _as_bits(fields, size), _as_bits(found, size))


def _as_bits(places: Mapping[str, list[int]], size: int) -> dict[str, int]:
    return {name: _number(one, size) for name, one in places.items()}


def _number(places: list[int], size: int) -> int:
    flags = bytearray((size - places[0]) // 8 + 1)  # the first place is the highest bit
    for place in places:
        bit = size - 1 - place
        flags[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(flags, "little")


def draw_places(seed: int, size: int, count: int) -> list[int]:
    """Return `random.Random(seed).sample(range(size), count)`, only faster; size up to 65,535, count much less.

    The generator's 32-bit words are taken in one go instead of one call for each draw; a test holds the two together.
    """
    rng, unused = random.Random(seed), 16 - size.bit_length()
    limit, drawn = size << unused, dict[int, None]()
    while len(drawn) < count:
        block = rng.getrandbits(32 * _DRAWN_AT_ONCE).to_bytes(4 * _DRAWN_AT_ONCE, "little")
        upper_halves = struct.unpack(f"<{2 * _DRAWN_AT_ONCE}H", block)[1::2]
        drawn |= dict.fromkeys([half >> unused for half in upper_halves if half < limit])
    return list(drawn)[:count]
