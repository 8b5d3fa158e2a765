"""The store of sentences of module 4: the same on every machine, and as the datasheet says."""

import hashlib
from collections import Counter
from statistics import mean

import pytest

from hocvu.datasets.sentences import (
    numbered_documents,
    numbered_sentences,
    plain_sentences,
    sentences,
    syllables,
)


def test_the_store_is_the_one_every_machine_makes() -> None:
    """A moved syllable moves the table of item 4-1: then lesson 4 and the datasheet are measured again."""
    lines = "\n".join(" ".join(sentence) for sentence in sentences(True))
    assert hashlib.sha256(lines.encode()).hexdigest() == (
        "0cd6307c7662fb3cf0c70e75e0c0905425c7d359ab9333c04ec6c6f4d3c474b9"
    )


def test_the_store_is_as_large_as_the_datasheet_says() -> None:
    lengths = [len(sentence) for sentence in plain_sentences()]
    assert (len(lengths), len(set(plain_sentences()))) == (3_000, 2_837)
    assert (sum(lengths), min(lengths), max(lengths)) == (62_325, 7, 34)
    assert mean(lengths) == pytest.approx(20.8, abs=0.05)
    assert len({syllable for sentence in plain_sentences() for syllable in sentence}) == 703


def test_thirty_invented_letters_have_thirty_numbers() -> None:
    documents = numbered_documents()
    assert len({number for number, _, _ in documents}) == len(numbered_sentences()) == 30
    assert all(10 < number < 99 for number, _, _ in documents)
    matters = Counter(matter for _, _, matter in documents)
    assert (matters["giữ hồ điều hòa"], matters["mở lại hồ bơi"]) == (6, 3)


def test_plain_sentences_name_no_letter() -> None:
    assert not any("công văn" in " ".join(sentence) for sentence in plain_sentences())


def test_a_text_is_cut_into_syllables_without_punctuation() -> None:
    assert syllables("Kính gửi 1022: hồ sơ…") == ("kính", "gửi", "1022", "hồ", "sơ")
