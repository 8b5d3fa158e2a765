"""Set I moves in one direction only: what comes in late waits, what is withdrawn costs nobody anything."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.course import Rule
from hocvu.scores import ItemInfo
from hocvu.scoring import score_person

SHARES = st.lists(st.none() | st.sampled_from([0.0, 0.5, 0.7, 0.9, 1.0, 1.0, 1.0, 1.0]), min_size=91, max_size=91)
FEW = st.sets(st.integers(0, 90), min_size=1, max_size=4)


def evidence_from(items: list[ItemInfo], shares: list[float | None]) -> dict[str, float]:
    return {item.item_id: share for item, share in zip(items, shares, strict=True) if share is not None}


@settings(max_examples=60, deadline=None)
@given(shares=SHARES, faulty=FEW)
def test_withdrawing_items_never_lowers_anybody(
    planned: list[ItemInfo], rule: Rule, shares: list[float | None], faulty: set[int]
) -> None:
    """Who tried a faulty item gets its full share and keeps it; for the others it is as if it had never been."""
    before = evidence_from(planned, shares)
    gone = {planned[number].item_id for number in faulty}
    after = {item_id: 1.0 if item_id in gone else share for item_id, share in before.items()}
    left = [replace(item, is_withdrawn=item.item_id in gone) for item in planned]
    low, high = score_person(before, planned, rule), score_person(after, left, rule)
    assert high.coverage >= low.coverage
    assert high.band >= low.band
    assert all(high.levels[code] >= low.levels[code] for code in rule.competencies)


def test_three_items_of_a_level_of_which_one_was_faulty_still_give_the_level(
    planned: list[ItemInfo], rule: Rule
) -> None:
    """The plan has cells of three, and three are asked for: dropping one for everybody would close the level."""
    cell = [item for item in planned if (item.competency, item.level) == ("NL2", 1) and item.is_graded]
    assert len(cell) == 3
    evidence = {item.item_id: 1.0 for item in cell}
    left = [replace(item, is_withdrawn=item == cell[0]) for item in planned]
    assert score_person(evidence, left, rule).levels["NL2"] == 1
    assert score_person(evidence, [item for item in planned if item != cell[0]], rule).levels["NL2"] == 0


def test_a_withdrawn_item_is_nobody_elses_task(planned: list[ItemInfo], rule: Rule) -> None:
    left = [replace(item, is_withdrawn=item.item_id == "1-1") for item in planned]
    score = score_person({}, left, rule)
    assert score.max_points == 561 - 12
    assert all(result.next_item != "1-1" for result in score.details.values())


def test_the_planned_course_has_88_graded_items_and_a_way_to_every_level(planned: list[ItemInfo], rule: Rule) -> None:
    assert len(planned) == 91
    score = score_person({item.item_id: 1.0 for item in planned}, planned, rule)
    assert (score.max_points, score.band, set(score.levels.values())) == (561.0, 3, {3})
