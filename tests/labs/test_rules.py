"""Ordered keyword rules: the first whole-word match decides."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.datasets.reports1022 import CATEGORIES, Report, generate_reports
from hocvu.labs.rules import Outcome, Rule, parse_rules, run_rules

KEYWORDS = st.sampled_from(["rác", "xe buýt", "đường", "hồ sơ", "ngập", "karaoke", "vỉa hè", "đèn"])
CODES = st.sampled_from([category.code for category in CATEGORIES])
RULES = st.lists(st.builds(Rule, KEYWORDS, CODES), max_size=8, unique_by=lambda rule: rule.keyword).map(tuple)
REPORTS = generate_reports(60, 11)


def report(text: str, category: str) -> Report:
    return Report(text, category, category)


def outcome_of(text: str, category: str, *pairs: tuple[str, str]) -> Outcome:
    tally = run_rules(tuple(Rule(*pair) for pair in pairs), [report(text, category)])
    return tally.routed[0].outcome


def test_a_matching_rule_routes_right_or_wrong() -> None:
    assert outcome_of("Đống rác đầu hẻm", "RAC", ("rác", "RAC")) is Outcome.RIGHT
    assert outcome_of("Đường Cây Me ngập", "NGAP", ("cây", "CAYDEN")) is Outcome.WRONG


def test_a_report_that_no_rule_matches_is_missed() -> None:
    assert outcome_of("Ồn quá", "ONAO", ("rác", "RAC")) is Outcome.MISSED


def test_the_first_rule_in_order_wins() -> None:
    text = "cống đường Sen Vàng bị nghẹt"
    assert outcome_of(text, "NGAP", ("cống", "NGAP"), ("đường", "HATANG")) is Outcome.RIGHT
    assert outcome_of(text, "NGAP", ("đường", "HATANG"), ("cống", "NGAP")) is Outcome.WRONG


def test_only_whole_words_match_in_any_case_and_spelling_of_tones() -> None:
    assert outcome_of("tồn đọng", "ONAO", ("ồn", "ONAO")) is Outcome.MISSED
    assert outcome_of("TẠP HOÁ", "VIAHE", ("tạp hóa", "VIAHE")) is Outcome.RIGHT
    assert outcome_of("xe buýt", "BUYT", (unicodedata.normalize("NFD", "xe buýt"), "BUYT")) is Outcome.RIGHT


def test_a_report_without_diacritics_is_not_matched_by_a_keyword_with_them() -> None:
    assert outcome_of("dong rac dau hem", "RAC", ("rác", "RAC")) is Outcome.MISSED


@given(RULES)
def test_every_report_comes_out_exactly_one_way(rules: tuple[Rule, ...]) -> None:
    tally = run_rules(rules, REPORTS)
    assert tally.right + tally.wrong + tally.missed == len(REPORTS)
    assert sum(part.right for part in tally.by_category().values()) == tally.right


@given(RULES, st.builds(Rule, st.just("hẻm"), CODES))
def test_one_more_rule_at_the_end_never_loses_a_right_answer(rules: tuple[Rule, ...], more: Rule) -> None:
    before, after = run_rules(rules, REPORTS), run_rules((*rules, more), REPORTS)
    assert after.right >= before.right
    assert after.missed <= before.missed


@given(RULES.filter(bool))
def test_written_rules_are_read_back(rules: tuple[Rule, ...]) -> None:
    assert parse_rules({"rules": [[rule.keyword, rule.category] for rule in rules]}) == rules


@pytest.mark.parametrize("raw", [None, {}, {"rules": []}])
def test_no_rules_are_blank(raw: object) -> None:
    assert parse_rules(raw) is None


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("rác", "Không đọc được bộ luật"),
        ([["rác", "RAC"]], "Không đọc được bộ luật"),
        ({"rules": "rác"}, "Không đọc được bộ luật"),
        ({"rules": {"rác": "RAC"}}, "Không đọc được bộ luật"),
        ({"rules": ["rác"]}, "Không đọc được luật 1"),
        ({"rules": [["rác", "RAC"], ["đèn", 4]]}, "Không đọc được luật 2"),
        ({"rules": [["rác"]]}, "Không đọc được luật 1"),
        ({"rules": [["rác", "KHAC"]]}, "không có lĩnh vực này"),
        ({"rules": [["rác", ""]]}, "chưa chọn lĩnh vực"),
        ({"rules": [["  ", "RAC"]]}, "chưa có từ khóa"),
        ({"rules": [["!?", "RAC"]]}, "chưa có từ khóa"),
        ({"rules": [["r" * 41, "RAC"]]}, "dài quá 40"),
        ({"rules": [["Tạp hoá", "VIAHE"], ["tạp  hóa", "RAC"]]}, "có hai lần"),
        ({"rules": [[f"từ {n}", "RAC"] for n in range(16)]}, "tối đa 15"),
    ],
)
def test_unreadable_rules_are_asked_again_in_vietnamese(raw: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_rules(raw)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_json_is_rules_or_blank_or_asked_again(value: object) -> None:
    for raw in (value, {"rules": value}, {"rules": [value]}):
        try:
            parse_rules(raw)
        except ValueError as error:
            assert str(error).endswith((".", "…"))
