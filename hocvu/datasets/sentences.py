"""The store of sentences that the next-syllable machine of module 4 counts in; datasheet: docs/datasets/cau-mau.md.

About 3,000 sentences of the reports' generator, clean and in lower case, and thirty that name a document. The numbers
of those thirty are invented and marked as such wherever they are shown.
"""

import random
import re
from functools import lru_cache

from hocvu.datasets.reports1022 import CLEAN, generate_reports
from hocvu.datasets.seeds import seed_of
from hocvu.vietnamese import nfc

PLAIN, WITH_NUMBERS = 3_000, 30
_SYLLABLE = re.compile(r"\w+")
_OFFICES = ("phòng kinh tế", "phòng văn hóa", "phòng hạ tầng", "văn phòng", "trung tâm phục vụ")
_MATTERS = ("chăm sóc cây xanh", "dọn bãi rác", "sửa đèn đường", "giữ hồ điều hòa", "tiếp nhận hồ sơ", "mở lại hồ bơi")

Sentence = tuple[str, ...]


def syllables(text: str) -> Sentence:
    """Return the text's syllables in lower case; numbers count as one."""
    return tuple(_SYLLABLE.findall(nfc(text).lower()))


@lru_cache(maxsize=1)
def plain_sentences() -> tuple[Sentence, ...]:
    """Return the sentences without document numbers."""
    return tuple(syllables(report.text) for report in generate_reports(PLAIN, seed_of("4", "store"), options=CLEAN))


@lru_cache(maxsize=1)
def numbered_documents() -> tuple[tuple[int, str, str], ...]:
    """Return the thirty invented documents: (number, office, matter); no number belongs to two of them."""
    rng = random.Random(seed_of("4", "documents"))
    numbers = rng.sample(range(11, 99), WITH_NUMBERS)
    return tuple((number, rng.choice(_OFFICES), rng.choice(_MATTERS)) for number in numbers)


@lru_cache(maxsize=1)
def numbered_sentences() -> tuple[Sentence, ...]:
    """Return a sentence for each invented document."""
    return tuple(
        syllables(f"theo công văn số {number} của {office} về việc {matter}")
        for number, office, matter in numbered_documents()
    )


@lru_cache(maxsize=2)
def sentences(with_numbers: bool) -> tuple[Sentence, ...]:
    """Return the whole store."""
    return plain_sentences() + (numbered_sentences() if with_numbers else ())
