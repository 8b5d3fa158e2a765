"""The bench of lesson 1: items 1-3 and 1-4, and its plain-HTML twin."""

import re
from html.parser import HTMLParser

import pytest

from hocvu.labs.keyword_rules import KEYWORD_RULES as LAB
from hocvu.labs.keyword_rules import missed_without_marks
from hocvu.labs.keyword_rules_html import BENCH_CSS, bench_html
from hocvu.labs.rules import Rules, measure_model, measure_rules, visible_reports
from hocvu.questions.values import MissingAnswer
from hocvu.vietnamese import is_unmarked
from tests.labs.reference import REFERENCE

SALT = "muối chỉ có trong bài kiểm thử"
LEARNERS = range(1, 201)


def rules_of(raw: object) -> Rules:
    rules = LAB.parse(raw)
    assert rules is not None
    return rules


class Form(HTMLParser):
    """The names and values a browser would send for a form, and the ids that labels point to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.labelled: set[str] = set()
        self.ids: set[str] = set()
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag in ("input", "select"):
            self.ids.add(given["id"])
            self._select = given["name"]
            self.fields[given["name"]] = [given.get("value", "")]
        elif tag == "option" and "selected" in given:
            self.fields[self._select] = [given["value"]]
        elif tag == "label":
            self.labelled.add(given["for"])


def test_the_reference_reaches_half_of_the_unseen_reports_for_every_learner() -> None:
    rules = rules_of(REFERENCE)
    assert len(rules) == 15
    assert min(LAB.held_out_share(rules, seed, SALT) for seed in LEARNERS) >= 0.50


def test_the_weak_rules_reach_under_four_in_ten_for_every_learner() -> None:
    assert max(LAB.held_out_share(rules_of(LAB.weak()), seed, SALT) for seed in LEARNERS) < 0.40


def test_no_rules_reach_nothing() -> None:
    assert LAB.held_out_share((), 1, SALT) == 0.0


def test_unreadable_rules_are_asked_again() -> None:
    with pytest.raises(ValueError, match="Anh/chị chọn lại"):
        LAB.parse(LAB.unreadable())


def test_unseen_reports_depend_on_learner_and_salt() -> None:
    rules = rules_of(REFERENCE)
    assert LAB.held_out_share(rules, 5, SALT) == LAB.held_out_share(rules, 5, SALT)
    assert len({LAB.held_out_share(rules, 5, salt) for salt in "abcdefgh"}) > 1
    assert visible_reports(5) != visible_reports(6)


def test_the_form_gives_back_the_rules_it_was_filled_with() -> None:
    form = Form(LAB.html("1-3", REFERENCE, None))
    assert len(form.fields) == 30
    assert LAB.from_form("1-3", form.fields) == REFERENCE


def test_an_untouched_form_is_blank() -> None:
    assert LAB.from_form("1-3", Form(LAB.html("1-3", None, 7)).fields) is None


def test_every_control_has_its_label() -> None:
    form = Form(LAB.html("1-3", REFERENCE, None))
    assert form.ids == form.labelled == set(form.fields)


def test_a_keyword_without_a_field_comes_back_from_the_form_and_is_asked_again() -> None:
    raw = LAB.from_form("1-3", {"1-3.kw2": [" rác "], "1-3.cat2": [""]})
    assert raw == {"rules": [["rác", ""]]}
    with pytest.raises(ValueError, match="«rác»"):
        LAB.parse(raw)


@pytest.mark.parametrize("raw", ["rác", {"rules": 3}, {"rules": [3, ["<b>", None]]}, {"rules": [["a"] * 9] * 99}])
def test_a_form_can_be_drawn_for_any_kept_answer(raw: object) -> None:
    assert "<b>" not in LAB.html("1-3", raw, 7)


def test_readable_rules_are_drawn_with_their_outcome() -> None:
    html = LAB.html("1-3", REFERENCE, 7)
    assert "hocvu-bench-right" in html
    assert "Dữ liệu mô phỏng" in html


def test_rules_are_shown_in_words() -> None:
    assert LAB.show(rules_of(LAB.weak())) == "2 từ khóa, xét theo thứ tự: «xe buýt» → Xe buýt; «rác» → Rác"


def test_the_twin_tells_the_same_counts_as_the_computation() -> None:
    rules = rules_of(REFERENCE)
    tally = measure_rules(rules, 7).with_marks
    html = bench_html(rules, 7)
    assert f'hocvu-bench-right">{tally.right}<' in html
    assert f'hocvu-bench-wrong">{tally.wrong}<' in html
    assert f'hocvu-bench-missed">{tally.missed}<' in html
    assert html.count('data-label="Kết quả"') == 60
    assert f"{measure_model(7).with_marks.right}/60" in html


def test_the_twin_can_be_seen_without_diacritics() -> None:
    html = bench_html(rules_of(REFERENCE), 7, without_marks=True)
    assert "viết không dấu" in html
    assert 'hocvu-bench-missed">60<' in html


def test_the_twin_escapes_keywords_and_needs_no_inline_style_or_script() -> None:
    raw = {"rules": [['hẻm"><script>', "RAC"], ["đường & hẻm", "RAC"]]}
    html = LAB.html("1-3", raw, 7) + bench_html(rules_of({"rules": [["hẻm", "RAC"]]}), 7)
    assert "<script" not in html
    assert "style=" not in html
    assert ".hocvu-reports" in BENCH_CSS


def test_learned_words_survive_lost_diacritics_better_than_rules() -> None:
    rules = measure_rules(rules_of(REFERENCE), 7)
    learned = measure_model(7)
    assert learned.with_marks.share > rules.with_marks.share
    assert learned.without_marks.share > rules.without_marks.share == 0.0


def test_item_1_4_counts_the_reports_typed_without_diacritics_that_no_rule_matches() -> None:
    unmarked = [report.text for report in visible_reports(7) if is_unmarked(report.text)]
    assert 4 <= len(unmarked) <= 16
    assert missed_without_marks(REFERENCE, 7) == len(unmarked)
    matched = sum(" ko " in f" {text} " for text in unmarked)
    assert missed_without_marks({"rules": [["ko", "TTHC"]]}, 7) == len(unmarked) - matched


def test_the_bench_page_shows_what_item_1_4_asks_for() -> None:
    rules = rules_of({"rules": [["duong", "HATANG"], ["rác", "RAC"]]})
    table = bench_html(rules, 7).partition("Gõ không dấu")[2].partition("</tr>")[0]
    numbers = [int(number) for number in re.findall(r">(\d+)<", table)]
    assert numbers[-1] == missed_without_marks({"rules": [["duong", "HATANG"], ["rác", "RAC"]]}, 7)
    assert sum(numbers) == sum(is_unmarked(report.text) for report in visible_reports(7))


@pytest.mark.parametrize("raw", [None, {"rules": []}, {"rules": [["rác", "KHAC"]]}, "rác"])
def test_item_1_4_asks_for_item_1_3_first(raw: object) -> None:
    with pytest.raises(MissingAnswer, match="câu 1.3 trước"):
        missed_without_marks(raw, 7)
