"""Levels of one competency: the documented example, each condition of the rule, and the way to the next level."""

from typing import Any

import pytest

from hocvu.course import Rule
from hocvu.scores import ItemInfo
from hocvu.scoring import LevelResult, competency_levels


def nl4(evidence: dict[str, float], items: list[ItemInfo], rule: Rule) -> LevelResult:
    return competency_levels(evidence, items, rule)["NL4"]


@pytest.fixture
def documented() -> tuple[dict[str, float], list[ItemInfo]]:
    """The worked example of docs/scoring.md: weight and best share; T-10 is not attempted."""
    rows: list[tuple[str, int, float, float | None]] = [
        ("3-1", 1, 8, 1.0),
        ("3-4", 1, 4, 1.0),
        ("4-3", 1, 4, 0.5),
        ("6-1", 1, 10, 0.9),
        ("3-2", 2, 4, 1.0),
        ("3-3", 2, 8, 0.75),
        ("4-4", 2, 8, 0.75),
        ("6-2", 2, 12, 0.83),
        ("6-3", 2, 6, 1.0),
        ("8-4", 2, 4, 1.0),
        ("9-5", 2, 4, 0.0),
        ("T-10", 2, 6, None),
    ]
    items = [
        ItemInfo(item_id, item_id.split("-")[0], "NL4", level, points, "CASE" if item_id == "T-10" else "MC1")
        for item_id, level, points, _ in rows
    ]
    return {item_id: share for item_id, _, _, share in rows if share is not None}, items


def test_the_documented_example_is_m1_with_its_message(documented: Any, rule: Rule) -> None:
    result = nl4(*documented, rule)
    assert result.level == 1
    assert [round(row.share, 3) for row in result.progress[:2]] == [0.885, 0.692]
    assert result.coverage == 0.875
    assert result.message == "còn thiếu 0,8% số điểm ở M2; làm nhiệm vụ T.10 là đủ"
    assert result.next_item == "T-10"


def test_the_documented_advice_holds(documented: Any, rule: Rule) -> None:
    evidence, items = documented
    assert nl4({**evidence, "T-10": 1.0}, items, rule).level == 2


def test_enough_points_without_a_work_scenario_are_not_m2(documented: Any, rule: Rule) -> None:
    evidence, items = documented
    result = nl4({**evidence, "9-5": 1.0}, items, rule)
    assert result.level == 1
    assert result.message == "cần một bài tình huống ở M2 đạt từ 60%; làm nhiệm vụ T.10 là đủ"


def test_a_weak_work_scenario_is_to_be_done_again(documented: Any, rule: Rule) -> None:
    evidence, items = documented
    result = nl4({**evidence, "9-5": 1.0, "T-10": 0.5}, items, rule)
    assert result.message == "cần một bài tình huống ở M2 đạt từ 60%; làm lại nhiệm vụ T.10 là đủ"
    assert nl4({**evidence, "9-5": 1.0, "T-10": 0.6}, items, rule).level == 2


def test_one_good_work_scenario_of_several_is_enough(items_of: Any, rule: Rule) -> None:
    items = items_of("NL4", 1, [("1", 4), ("2", 4), ("3", 4)]) + items_of("NL4", 2, [("1", 20), ("T", 4), ("T", 4)])
    evidence = {item.item_id: 1.0 for item in items[:5]} | {items[5].item_id: 0.0}
    assert nl4(evidence, items, rule).level == 2


def test_a_level_whose_lower_level_is_missing_is_not_reached(items_of: Any, rule: Rule) -> None:
    items = items_of("NL4", 1, [("1", 4), ("2", 4), ("3", 4)]) + items_of("NL4", 2, [("1", 4), ("2", 4), ("T", 4)])
    result = nl4({item.item_id: 1.0 for item in items if item.level == 2}, items, rule)
    assert result.level == 0
    assert [row.reached for row in result.progress] == [False, False, False]


@pytest.mark.parametrize(
    ("plan", "done", "message"),
    [
        ([], 0, "chưa có câu nào được mở ở M1"),
        ([("1", 4)], 1, "câu ở M1 hiện mới có trong 1 chuyên đề; cần từ 2 chuyên đề"),
        ([("1", 4)] * 5, 5, "câu ở M1 hiện mới có trong 1 chuyên đề; cần từ 2 chuyên đề"),
        ([("1", 4), ("2", 4)], 2, "hiện mới có 2 câu ở M1; cần từ 3 câu"),
        ([("1", 4), ("1", 4), ("1", 4), ("2", 2)], 2, "cần làm thêm 2 câu ở M1"),
        ([("1", 4)] * 5 + [("2", 4)], 5, "cần làm câu ở M1 của ít nhất 2 chuyên đề; làm câu 2.NL415 là đủ"),
    ],
)
def test_what_is_missing_is_said_plainly(
    items_of: Any, rule: Rule, plan: list[tuple[str, float]], done: int, message: str
) -> None:
    items = items_of("NL4", 1, plan)
    result = nl4({item.item_id: 1.0 for item in items[:done]}, items, rule)
    assert result.level == 0
    assert message in result.message


def test_with_one_module_published_nobody_has_a_level_but_progress_shows(rule: Rule) -> None:
    items = [ItemInfo("1-1", "1", "NL4", 1, 12), ItemInfo("1-2", "1", "NL4", 1, 4)]
    result = nl4({"1-1": 0.5}, items, rule)
    assert (result.level, result.coverage, result.share) == (0, 0.5, 0.375)
    assert result.message == (
        "câu ở M1 hiện mới có trong 1 chuyên đề; cần từ 2 chuyên đề; cần làm thêm 1 câu ở M1; tiếp theo nên làm câu 1.2"
    )


def test_exactly_on_the_thresholds_is_reached(items_of: Any, rule: Rule) -> None:
    items = items_of("NL4", 1, [("1", 1), ("2", 1), ("1", 1), ("2", 1), ("3", 1)])
    evidence = {item.item_id: share for item, share in zip(items[:4], (1.0, 1.0, 1.0, 0.5), strict=True)}
    result = nl4(evidence, items, rule)
    reached = result.progress[0]
    assert (reached.coverage, reached.share, result.level) == (0.8, 0.7, 1)


def test_the_cheapest_item_that_is_enough_is_named(items_of: Any, rule: Rule) -> None:
    items = items_of("NL4", 1, [("1", 4), ("2", 4), ("3", 10), ("3", 6), ("3", 8)])
    evidence = {item.item_id: share for item, share in zip(items, (1.0, 1.0, 0.0, 1.0, 0.7), strict=True)}
    result = nl4(evidence, items, rule)  # 19.6 of 32; the item of 8 would give 22, too few
    assert result.next_item == items[2].item_id
    assert result.message == f"còn thiếu 8,7% số điểm ở M1; làm lại {items[2].label} là đủ"


def test_when_no_single_item_is_enough_a_new_one_comes_first(items_of: Any, rule: Rule) -> None:
    items = items_of("NL4", 1, [("1", 12), ("2", 6), ("3", 4), ("4", 8)])
    result = nl4({items[0].item_id: 0.2}, items, rule)
    assert result.next_item == items[2].item_id
    assert (
        result.message
        == f"cần làm câu ở M1 của ít nhất 2 chuyên đề; cần làm thêm 3 câu ở M1; tiếp theo nên làm {items[2].label}"
    )


def test_completion_items_do_not_count(items_of: Any, rule: Rule) -> None:
    items = items_of("NL4", 1, [("1", 4), ("2", 4), ("3", 4), ("4", 0)])
    assert nl4({item.item_id: 1.0 for item in items[:3]}, items, rule).level == 1


def test_the_highest_level_points_to_people(full_course: list[ItemInfo], rule: Rule) -> None:
    result = nl4({item.item_id: 1.0 for item in full_course}, full_course, rule)
    assert (result.level, result.next_item) == (3, "")
    assert "người có thẩm quyền xác nhận" in result.message
