"""The quick way of trying rules gives what reading every report gives."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.datasets.reports1022 import CATEGORIES, generate_reports
from hocvu.labs.keyword_rules import KEYWORD_RULES, missed_without_marks
from hocvu.labs.report_index import draw_places, index_reports
from hocvu.labs.rules import HELD_OUT, HELD_OUT_POOL, Rule, held_out_reports, run_rules, visible_reports
from hocvu.vietnamese import padded, words

REPORTS = generate_reports(400, 11)
INDEX = index_reports((report.text, report.category) for report in REPORTS)
CODES = st.sampled_from([category.code for category in CATEGORIES])


@st.composite
def keywords(draw: st.DrawFn) -> str:
    """One to five neighbouring words of some report, now and then with a strange word among them."""
    of = words(draw(st.sampled_from(REPORTS)).text)
    start = draw(st.integers(0, len(of) - 1))
    chosen = of[start : start + draw(st.integers(1, 5))]
    return " ".join([*chosen, *draw(st.lists(st.sampled_from(["hẻm", "lạ"]), max_size=1))])


RULES = st.lists(st.builds(Rule, keywords(), CODES), max_size=15, unique_by=lambda rule: padded(rule.keyword)).map(
    tuple
)


@given(keywords())
def test_a_keyword_is_in_the_same_reports_either_way(keyword: str) -> None:
    read = [place for place, report in enumerate(REPORTS) if padded(keyword) in padded(report.text)]
    looked_up = INDEX.having(padded(keyword))
    assert [place for place in range(len(REPORTS)) if INDEX.count(looked_up, [place, place]) == 2] == read


@given(RULES)
def test_rules_send_as_many_right_either_way(rules: tuple[Rule, ...]) -> None:
    right = INDEX.sent_right((INDEX.having(padded(rule.keyword)), rule.category) for rule in rules)
    assert INDEX.count(right, range(len(REPORTS))) == run_rules(rules, REPORTS).right


@settings(max_examples=60, deadline=None)
@given(RULES, st.integers(0, 2**53))
def test_the_held_out_share_is_what_reading_the_200_reports_gives(rules: tuple[Rule, ...], seed: int) -> None:
    assert KEYWORD_RULES.held_out_share(rules, seed, "thu") == run_rules(rules, held_out_reports(seed, "thu")).share


@settings(max_examples=60, deadline=None)
@given(RULES.filter(bool), st.integers(0, 2**53))
def test_reports_missed_without_marks_are_what_reading_the_60_reports_gives(rules: tuple[Rule, ...], seed: int) -> None:
    raw = {"rules": [[rule.keyword, rule.category] for rule in rules if len(rule.keyword) <= 40]}
    kept = tuple(rule for rule in rules if len(rule.keyword) <= 40)
    if kept:
        assert missed_without_marks(raw, seed) == run_rules(kept, visible_reports(seed)).typed_without_marks.missed


def test_places_are_drawn_as_the_standard_library_draws_them() -> None:
    for seed in range(3_000):
        assert draw_places(seed, HELD_OUT_POOL, HELD_OUT) == random.Random(seed).sample(range(HELD_OUT_POOL), HELD_OUT)


@pytest.mark.parametrize(("size", "count"), [(4096, 100), (4095, 100), (8191, 300), (65_535, 500)])
def test_places_are_drawn_alike_from_pools_of_any_size(size: int, count: int) -> None:
    for seed in range(300):
        assert draw_places(seed, size, count) == random.Random(seed).sample(range(size), count)


def test_the_grader_reads_the_same_reports_for_ever() -> None:
    """These shares were measured before the index was there: regrading in two years must give them again."""
    rules = (
        Rule("hồ sơ", "TTHC"),
        Rule("xe buýt", "BUYT"),
        Rule("đường", "HATANG"),
        Rule("bỏ trạm không dừng", "BUYT"),
    )
    assert [KEYWORD_RULES.held_out_share(rules, seed, "thu") for seed in range(6)] == GOLDEN_SHARES
    raw = {"rules": [["ho so", "TTHC"], ["đường", "HATANG"]]}
    assert [missed_without_marks(raw, seed) for seed in range(12)] == GOLDEN_MISSED


GOLDEN_SHARES = [0.26, 0.24, 0.32, 0.275, 0.235, 0.25]
GOLDEN_MISSED = [8, 7, 9, 6, 10, 7, 5, 6, 8, 8, 7, 6]
