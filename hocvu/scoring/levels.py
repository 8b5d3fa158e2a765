"""Competency levels M0–M3 (rule 2027.1, docs/scoring.md): coverage, share, work scenario, cheapest next item."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hocvu.course import LevelRule, Rule
from hocvu.scores import ItemInfo, LevelProgress, LevelResult
from hocvu.scoring.item_set import Group, ItemSet, prepare_items
from hocvu.scoring.sums import coverage_of, decimal, nine, percent, points_of, reaches

Shares = Mapping[str, float]


def competency_levels(evidence: Shares, items: Sequence[ItemInfo] | ItemSet, rule: Rule) -> Mapping[str, LevelResult]:
    """Return the result of each competency of the rule, in the rule's order.

    evidence: item id → best share in 0..1, absent = not attempted. items: the published items of the period;
    completion items (max_points 0) do not count. Evidence of other items is ignored.
    """
    item_set = prepare_items(items).counted_for(evidence)
    return {code: _competency(code, evidence, item_set, rule.levels) for code in rule.competencies}


def _competency(code: str, evidence: Shares, items: ItemSet, rule: LevelRule) -> LevelResult:
    level = 0
    progress: list[LevelProgress] = []
    for number in range(1, rule.highest + 1):
        row = _progress(number, evidence, items.group(code, number), rule)
        if row.reached and level == number - 1:
            level = number
        else:  # a level above one that is missing is not reached, whatever its own numbers say
            row = replace(row, reached=False)
        progress.append(row)
    if level == rule.highest:
        last = progress[-1]
        return LevelResult(code, level, last.coverage, last.share, _top_message(level), "", tuple(progress))
    aim = _with_next_item(progress[level], evidence, items.group(code, level + 1), rule)
    progress[level] = aim
    message = _message(aim, evidence, items.group(code, level + 1))
    return LevelResult(code, level, aim.coverage, aim.share, message, aim.next_item, tuple(progress))


def _progress(level: int, evidence: Shares, group: Group, rule: LevelRule) -> LevelProgress:
    missing = tuple(_missing(level, evidence, group, rule))
    attempted = [item for item in group.items if item.item_id in evidence]
    return LevelProgress(
        level=level,
        items=len(group.items),
        attempted=len(attempted),
        modules=len({item.module for item in attempted}),
        coverage=nine(coverage_of(evidence, group.items)),
        share=_share(evidence, group),
        reached=not missing,
        missing=missing,
    )


def _share(evidence: Shares, group: Group) -> float:
    return nine(points_of(evidence, group.items) / group.max_points) if group.items else 0.0


def _missing(level: int, evidence: Shares, group: Group, rule: LevelRule) -> Iterator[str]:
    """What keeps a level from being reached, the hardest to mend first."""
    more = _items_to_do(evidence, group, rule)
    yield from _missing_items(level, evidence, group, rule)
    if group.items and level >= rule.case_from_level:
        if not group.cases:
            yield f"chưa có bài tình huống nào được mở ở M{level}"
        elif not reaches(max(evidence.get(item.item_id, 0.0) for item in group.cases), rule.case_share):
            yield f"cần một bài tình huống ở M{level} đạt từ {percent(rule.case_share)}"
    if more:  # with items still to do the distance in shares says nothing yet
        yield f"cần làm thêm {more} câu ở M{level}"
    elif group.items and not reaches(_share(evidence, group), rule.share):
        yield f"còn thiếu {decimal(100 * (rule.share - _share(evidence, group)), 1)}% số điểm ở M{level}"


def _missing_items(level: int, evidence: Shares, group: Group, rule: LevelRule) -> Iterator[str]:
    if not group.items:
        yield f"chưa có câu nào được mở ở M{level}"
    elif group.modules < rule.min_modules:
        yield f"câu ở M{level} hiện mới có trong {group.modules} chuyên đề; cần từ {rule.min_modules} chuyên đề"
    elif len(group.items) < rule.min_items:
        yield f"hiện mới có {len(group.items)} câu ở M{level}; cần từ {rule.min_items} câu"
    elif len({item.module for item in group.items if item.item_id in evidence}) < rule.min_modules:
        yield f"cần làm câu ở M{level} của ít nhất {rule.min_modules} chuyên đề"


def _items_to_do(evidence: Shares, group: Group, rule: LevelRule) -> int:
    """How many more items coverage and the least number ask for, of those that are published."""
    return max(0, rule.needed(len(group.items)) - sum(item.item_id in evidence for item in group.items))


def _with_next_item(aim: LevelProgress, evidence: Shares, group: Group, rule: LevelRule) -> LevelProgress:
    """The same progress with the item worth doing next: the cheapest one that is enough alone, else a new one, else
    the one that lost most."""
    open_items = [item for item in group.items if evidence.get(item.item_id, 0.0) < 1]
    by_price = sorted(open_items, key=lambda item: item.max_points)
    for item in by_price:
        if not any(_missing(aim.level, {**evidence, item.item_id: 1.0}, group, rule)):
            return replace(aim, next_item=item.item_id, is_enough=True)
    for item in by_price:
        if item.item_id not in evidence:
            return replace(aim, next_item=item.item_id)
    lost = max(open_items, key=lambda item: item.max_points * (1 - evidence[item.item_id]), default=None)
    return replace(aim, next_item=lost.item_id) if lost else aim


def _message(aim: LevelProgress, evidence: Shares, group: Group) -> str:
    if not aim.next_item:
        return "; ".join(aim.missing)
    label = next(item.label for item in group.items if item.item_id == aim.next_item)
    advice = f"làm lại {label}" if aim.next_item in evidence else f"làm {label}"
    if aim.is_enough:  # the last part is the share where that is missing: the one number people look for
        return f"{aim.missing[-1]}; {advice} là đủ"
    return "; ".join((*aim.missing, f"tiếp theo nên {advice}"))


def _top_message(level: int) -> str:
    return f"đã đạt M{level}, mức cao nhất do máy xác định; mức tiếp theo do người có thẩm quyền xác nhận"
