"""A level opens to its conditions and items; the explanation says neither more nor less than the level."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.course import Rule
from hocvu.scores import ItemInfo, LedgerLine
from hocvu.scoring import explain_level, score_person

SHARES = st.lists(st.none() | st.sampled_from([0.0, 0.5, 0.7, 0.9, 1.0, 1.0]), min_size=91, max_size=91)


def line(item: ItemInfo, share: float) -> LedgerLine:
    when = datetime(2027, 3, 1, tzinfo=UTC)
    points = share * item.max_points
    return LedgerLine(
        item.item_id,
        share,
        points,
        item.max_points,
        "01-thu",
        "lần-1",
        1,
        when,
        "v1",
        "h1",
        12345,
        "1",
        item.competency,
    )


def lines_from(items: list[ItemInfo], shares: list[float | None]) -> list[LedgerLine]:
    return [line(item, share) for item, share in zip(items, shares, strict=True) if share is not None]


@settings(max_examples=40, deadline=None)
@given(shares=SHARES)
def test_all_conditions_of_a_level_and_of_those_below_are_met_exactly_when_it_is_reached(
    planned: list[ItemInfo], rule: Rule, shares: list[float | None]
) -> None:
    lines = lines_from(planned, shares)
    score = score_person({one.item_id: one.share for one in lines}, planned, rule)
    for code in rule.competencies:
        explained = explain_level(code, lines, planned, rule)
        assert explained.result == score.details[code]
        met = [all(condition.is_met for condition in step.conditions) for step in explained.steps]
        assert score.levels[code] == (met + [False]).index(False)


def test_the_level_names_its_rule_its_cut_scores_and_every_attempt(planned: list[ItemInfo], rule: Rule) -> None:
    lines = [line(item, 0.9) for item in planned if item.item_id != "T-10"]
    explained = explain_level("NL4", lines, planned, rule)
    assert (explained.rule_version, explained.result.level) == ("2027.1", 1)
    second = explained.steps[1]
    cuts = {condition.name: (condition.cut, condition.is_met) for condition in second.conditions}
    assert cuts["bài tình huống tốt nhất"] == (0.6, False)
    assert cuts["tỷ lệ điểm, câu chưa làm tính 0"] == (0.7, True)
    by_item = {one.item.item_id: one.line for one in second.items}
    assert by_item["T-10"] is None
    seen = by_item["3-2"]
    assert seen is not None and (seen.attempt_id, seen.version, seen.seed, seen.engine_version) == (
        "lần-1",
        "v1",
        12345,
        "1",
    )
