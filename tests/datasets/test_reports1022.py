"""Synthetic 1022 reports: the same for the same seed, and as messy as stated."""

import hashlib
import unicodedata
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.datasets.reports1022 import CATEGORIES, CLEAN, Noise, generate_reports, without_marks
from hocvu.datasets.reports1022_templates import SENTENCES, VAGUE
from hocvu.vietnamese import strip_marks

MANY = generate_reports(6000, 2026)


def share(found: int) -> float:
    return found / len(MANY)


@settings(max_examples=25)
@given(st.integers(0, 80), st.integers(0, 2**63))
def test_a_seed_gives_the_same_reports_and_a_longer_list_begins_alike(count: int, seed: int) -> None:
    reports = generate_reports(count, seed)
    assert reports == generate_reports(count, seed)
    assert generate_reports(count + 5, seed)[:count] == reports


def test_these_reports_are_the_ones_every_machine_makes() -> None:
    """A changed sentence or draw moves every learner's data: then the figures of the lesson are measured again."""
    lines = "\n".join(f"{report.category} {report.text}" for report in generate_reports(200, 7))
    assert hashlib.sha256(lines.encode()).hexdigest() == (
        "b28cc9d7723a82b0d19fd6bde1de1b99d716d92e6852a688cd1c8099d712c773"
    )


def test_fields_occur_as_often_as_in_the_published_month() -> None:
    found = Counter(report.meant for report in MANY)
    assert sum(category.share for category in CATEGORIES) == 1.0
    for category in CATEGORIES:
        assert abs(share(found[category.code]) - category.share) < 0.02


def test_noise_occurs_as_often_as_stated() -> None:
    assert abs(share(sum(strip_marks(r.text) == r.text for r in MANY)) - 0.15) < 0.02
    assert abs(share(sum(r.also is not None for r in MANY)) - 0.10) < 0.015
    assert abs(share(sum(r.category != r.meant for r in MANY)) - 0.03 * 7 / 8) < 0.01


def test_clean_reports_keep_their_marks_and_labels() -> None:
    for report in generate_reports(300, 5, options=CLEAN):
        assert report.category == report.meant
        assert report.also is None
        assert strip_marks(report.text) != report.text


def test_noise_can_be_all_of_one_kind() -> None:
    reports = generate_reports(100, 5, options=Noise(no_marks=1.0))
    assert all(strip_marks(report.text) == report.text for report in reports)


def test_every_field_has_ten_to_fifteen_sentences_and_all_are_nfc() -> None:
    for category in CATEGORIES:
        assert 10 <= len(SENTENCES[category.code]) <= 15
        for sentence in SENTENCES[category.code] + VAGUE[category.code]:
            assert unicodedata.is_normalized("NFC", sentence)


def test_no_gap_is_left_open() -> None:
    assert not any("{" in report.text or "}" in report.text for report in MANY)


def test_writing_without_marks_changes_nothing_but_the_text() -> None:
    report = MANY[0]
    bare = without_marks(report)
    assert bare.text == strip_marks(report.text)
    assert (bare.category, bare.meant, bare.also) == (report.category, report.meant, report.also)
