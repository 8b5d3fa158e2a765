"""Work scenarios: one story with several parts, in parallel variants; the seed says which one a learner gets."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.labs.keyword_rules import KEYWORD_RULES
from hocvu.questions import (
    Rule,
    Variant,
    blanks,
    case,
    choose_many,
    choose_one,
    classify,
    experiment,
    match,
    number,
    order,
    prompt,
    spans,
)
from hocvu.questions.base import Question, collecting
from hocvu.questions.judge import judge
from hocvu.questions.values import Context, Key, WrongKey
from hocvu.results import Result, Status
from tests.questions.test_types import Form

ABOUT = {"competency": "NL1", "level": 2}
PART = {"id": "", "competency": "", "level": 0}  # a part takes all three from its case


def story(place: str, yes: str, no: str, letter: str) -> Variant:
    """One telling: every kind of part, other words, the same option names."""
    return Variant(
        f"Sáng nay ở {place}.\n\nMáy <b>đề xuất</b>\ngửi thư.",
        {
            "goi": choose_one(prompt="Báo ai?", **PART, a=yes, b=no),
            "nhieu": choose_many(prompt="Chọn việc.", **PART, a=yes, b="Ghi lại", c=no),
            "xep": classify(prompt="Xếp.", **PART, cards={"x": yes, "y": no}, groups={"g": "Nên", "h": "Không"}),
            "ghep": match(prompt="Ghép.", **PART, items={"x": yes, "y": no}, partners={"g": "Cao", "h": "Thấp"}),
            "dem": number(prompt="Mấy?", **PART, unit="thư"),
            "dien": blanks(prompt="Điền ngày.", **PART, expects={"ngay": "date"}, ngay="Ngày"),
            "buoc": order(prompt="Thứ tự?", **PART, items={"a": yes, "b": "Đọc lại", "c": no}),
            "loi": spans(prompt="Câu sai?", **PART, text=f"Kính gửi {place}. {letter} Trân trọng."),
            "soan": prompt(
                prompt="Viết yêu cầu.", **PART, rules=[Rule("Việc", any_of=[yes]), Rule("Dài", min_words=4)]
            ),
        },
    )


def keys(yes: str, total: int, letter: str, *, first: bool = True) -> dict[str, object]:
    return {
        "goi": ("a" if first else "b", {"a": f"Phải báo {yes}.", "b": "Người ấy không có quyền."}),
        "nhieu": {"a", "b"},
        "xep": {"x": "g", "y": "h"},
        "ghep": Key({"x": "g", "y": "h"}, {"x": "Mức cao vì ảnh hưởng nhiều người."}),
        "dem": (total, {"wrong": "Đúng là {expected}."}),
        "dien": {"ngay": "05/12/2026"},
        "buoc": ["a", "b", "c"] if first else ["c", "b", "a"],
        "loi": [letter],
        "soan": f"Hãy soạn cho {yes} một thư ngắn.",
    }


DAY = case(
    "T-1",
    "Một buổi sáng",
    **ABOUT,
    variants={
        "a": story("Phường Hoa Sen", "Tổ trưởng", "Bảo vệ", "Cộng 3 và 4 được 8."),
        "b": story("Xã Bình Minh", "Trưởng phòng", "Khách", "Cộng 20 và 30 được 40 hồ sơ, chưa kể hồ sơ cũ."),
    },
    weights={"goi": 2},
)
KEY = Key(
    {
        "a": keys("Tổ trưởng", 7, "Cộng 3 và 4 được 8."),
        "b": keys("Trưởng phòng", 50, "được 40 hồ sơ", first=False),
    }
)
PARTS = list(DAY.parts)


def right(seed: int) -> dict[str, object]:
    reference = DAY.samples(KEY, Context({}, seed)).reference
    assert isinstance(reference, dict)
    return reference


def graded(raw: object, seed: int, points: float = 10) -> Result:
    return judge(DAY, KEY, raw, points, Context({}, seed))


@pytest.mark.parametrize("seed", range(4))
def test_each_variant_tried_four_ways(seed: int) -> None:
    samples = DAY.samples(KEY, Context({}, seed))
    assert graded(samples.reference, seed).points == 10
    wrong = graded(samples.wrong, seed)
    assert wrong.points == pytest.approx(10 * samples.wrong_share) == 8
    assert graded(None, seed).status is graded({}, seed).status is Status.BLANK
    assert graded(samples.unreadable, seed).status is Status.UNREADABLE


def test_the_seed_picks_the_variant() -> None:
    assert [DAY.variant_of(seed) for seed in range(4)] == ["a", "b", "a", "b"]
    assert graded(right(0), 0).points == 10
    assert graded(right(0), 1).points < 5
    assert "Phường Hoa Sen" in DAY.html(None, 0) and "Xã Bình Minh" not in DAY.html(None, 0)


def test_the_story_is_plain_paragraphs() -> None:
    page = DAY.html(None, 0)
    assert "<p>Sáng nay ở Phường Hoa Sen.</p><p>Máy &lt;b&gt;đề xuất&lt;/b&gt; gửi thư.</p>" in page


@pytest.mark.parametrize("seed", [0, 1])
def test_what_the_form_shows_is_what_it_sends_back(seed: int) -> None:
    form = Form(DAY.html(right(seed), seed))
    assert DAY.parse(DAY.from_form(form.sent)) == DAY.parse(right(seed))
    assert form.controls <= form.labelled
    assert all(control.startswith("T-1.") for control in form.controls)
    assert {"T-1.goi", "T-1.xep.x", "T-1.buoc.b", "T-1.dien.ngay"} <= set(form.sent)
    assert DAY.html(None, seed).count("<fieldset") == 1 + len(PARTS)
    assert DAY.html(None, seed).count("data-item=") == 1


def test_an_untouched_form_is_a_blank_answer() -> None:
    assert DAY.from_form(Form(DAY.html(None, 0)).sent) is None


def test_every_control_has_a_name_and_an_id_of_its_own() -> None:
    names = [part.split('"')[0] for part in DAY.html(None, 0).split(' id="')[1:]]
    assert len(names) == len(set(names))


def test_an_unreadable_part_is_named_and_the_whole_is_asked_again() -> None:
    result = graded({**right(0), "dem": "khoảng mấy chục"}, 0)
    assert result.status is Status.UNREADABLE
    assert result.message.startswith("Phần 5: Hãy nhập một số")
    assert "Còn 2 dòng" in graded({"buoc": {"a": "1"}}, 0).message
    assert graded({"lạ": "a"}, 0).status is Status.UNREADABLE


def test_a_part_left_out_earns_nothing_and_the_others_count() -> None:
    result = graded({part: raw for part, raw in right(0).items() if part != "goi"}, 0)
    assert result.points == 8
    assert (result.feedback[0].label, result.feedback[0].right) == ("Phần 1: chưa trả lời", False)


def test_feedback_is_of_the_learners_variant_and_names_its_part() -> None:
    lines = graded({"goi": "a", "dem": "9"}, 0).feedback
    assert (lines[0].label, lines[0].text, lines[0].right) == ("Phần 1: Tổ trưởng", "Phải báo Tổ trưởng.", True)
    assert ("Phần 5: 9 thư", "Đúng là 7 thư.") in [(line.label, line.text) for line in lines]
    other = graded({"goi": "a"}, 1).feedback[0]
    assert (other.label, other.text, other.right) == ("Phần 1: Trưởng phòng", "Phải báo Trưởng phòng.", False)


def test_it_is_shown_in_words_where_all_variants_say_the_same() -> None:
    shown = graded({"goi": "a", "dem": "9", "dien": {"ngay": "1/2/2026"}, "buoc": ["a", "b", "c"]}, 0).shown
    assert shown == "Phần 1: a; Phần 5: 9 thư; Phần 6: Ngày: 1/2/2026; Phần 7: a, b, c"
    assert graded({"loi": right(0)["loi"]}, 0).shown == "Phần 8: đánh dấu 1 chỗ"


@given(raw=st.dictionaries(st.sampled_from([*PARTS, "lạ"]), st.recursive(st.none() | st.text(), st.lists)))
def test_any_json_is_graded_blank_or_asked_again(raw: Mapping[str, object]) -> None:
    for seed in (0, 1):
        result = graded(raw, seed)
        assert 0 <= result.points <= 10
        assert result.status in (Status.GRADED, Status.BLANK, Status.UNREADABLE)
        assert result == graded(json.loads(json.dumps(raw)), seed)
        DAY.html(raw, seed, result.message)


@given(st.sets(st.sampled_from(PARTS)), st.sampled_from(PARTS), st.integers(0, 2**48))
def test_one_more_right_part_never_lowers_the_points(parts: set[str], more: str, seed: int) -> None:
    def points(chosen: set[str]) -> float:
        return graded({part: raw for part, raw in right(seed).items() if part in chosen}, seed).points

    assert points(parts) <= points(parts | {more}) <= 10


@given(st.dictionaries(st.sampled_from(PARTS), st.floats(0.01, 100)))
def test_whatever_the_weights_all_parts_right_earn_everything(weights: dict[str, float]) -> None:
    weighed = replace(DAY, weights={**DAY.weights, **weights})
    assert judge(weighed, KEY, right(0), 6, Context({}, 0)).points == 6


def test_places_marked_outside_of_the_learners_own_text_earn_nothing() -> None:
    longer = right(1)["loi"]
    assert graded({"loi": [[60, 75]]}, 0).status is Status.BLANK
    assert graded({"goi": "a", "loi": [[60, 75]]}, 0).points == 2
    assert graded({"loi": longer}, 1).points == 1


def one_part(**parts: Question) -> Variant:
    return Variant("Chuyện.", parts)


GOI = choose_one(prompt="?", **PART, a="A", b="B")


@pytest.mark.parametrize(
    ("variants", "complaint"),
    [
        ({"a": one_part(goi=GOI)}, "1 variants"),
        ({"a": one_part(goi=GOI), "b": Variant("  ", {"goi": GOI})}, "no story"),
        ({"a": one_part(goi=GOI), "b": one_part(bao=GOI)}, "has the parts"),
        ({"a": one_part(goi=GOI), "b": one_part(goi=number(prompt="?", **PART))}, "differs"),
        ({"a": one_part(goi=GOI), "b": one_part(goi=choose_one(prompt="?", **PART, a="A", c="C"))}, "differs"),
        ({v: one_part(thu=experiment(prompt="?", **PART, lab=KEYWORD_RULES)) for v in "ab"}, "EXP cannot"),
        ({v: one_part(ke=blanks(prompt="?", **PART, ke="Kể")) for v in "ab"}, "no machine may score"),
        ({v: Variant("Chuyện.", {"a.b": GOI}) for v in "ab"}, "letters"),
        ({v: one_part() for v in "ab"}, "at least one part"),
        ({v: one_part(goi=GOI) for v in "abcde"}, "5 variants"),
    ],
)
def test_variants_that_are_not_parallel_are_refused(variants: Mapping[str, Variant], complaint: str) -> None:
    with pytest.raises(WrongKey, match=complaint):
        case("T-2", "?", **ABOUT, variants=variants)


@pytest.mark.parametrize("weights", [{"lạ": 1}, {"goi": 0}])
def test_weights_are_positive_and_of_known_parts(weights: dict[str, float]) -> None:
    with pytest.raises(WrongKey, match="weights"):
        case("T-2", "?", **ABOUT, variants={v: one_part(goi=GOI) for v in "ab"}, weights=weights)


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("a", "each variant"),
        ({"a": {"goi": "a"}}, "each variant"),
        ({"a": {"goi": "a"}, "b": {}}, "variant 'b'"),
        ({"a": {"goi": "a"}, "b": {"goi": "z"}}, "variant 'b', part 'goi'"),
        ({"a": {"goi": "a"}, "b": {"goi": ("a", {"z": "?"})}}, "variant 'b', part 'goi'"),
        ({"a": {"goi": 7}, "b": {"goi": ["a"]}}, "part 'goi'"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(answer: object, complaint: str) -> None:
    small = case("T-2", "?", **ABOUT, variants={v: one_part(goi=GOI) for v in "ab"})
    with collecting(), pytest.raises(WrongKey, match=complaint):
        small.key(answer)
    with collecting(), pytest.raises(WrongKey, match="beside each part"):
        small.key({v: {"goi": "a"} for v in "ab"}, feedback={"goi": "?"})
