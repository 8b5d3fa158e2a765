"""Competency levels M0–M3 (rule 2027.1, docs/scoring.md): coverage, share, work scenario, cheapest next item."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil

from hocvu.course import LevelRule, Rule
from hocvu.scores import ItemInfo, LevelProgress, LevelResult
from hocvu.scoring.sums import DIGITS, coverage_of, decimal, reaches, share_of

Shares = Mapping[str, float]


def competency_levels(evidence: Shares, items: Sequence[ItemInfo], rule: Rule) -> Mapping[str, LevelResult]:
    """Return the result of each competency of the rule, in the rule's order.

    evidence: item id → best share in 0..1, absent = not attempted. items: the published graded items of the period;
    completion items (max_points 0) are left out here. Evidence of other items is ignored.
    """
    graded = [item for item in items if item.is_graded]
    return {code: _competency(code, evidence, graded, rule.levels) for code in rule.competencies}


def _competency(code: str, evidence: Shares, items: Sequence[ItemInfo], rule: LevelRule) -> LevelResult:
    level = 0
    progress: list[LevelProgress] = []
    for number in range(1, rule.highest + 1):
        group = sorted((i for i in items if i.competency == code and i.level == number), key=_natural)
        row = _progress(number, evidence, group, rule)
        if row.reached and level == number - 1:
            level = number
        else:  # a level above one that is missing is not reached, whatever its own numbers say
            row = replace(row, reached=False)
        progress.append(row)
    aim = progress[min(level, rule.highest - 1)]
    message = _top_message(level) if level == rule.highest else _message(aim, items)
    next_item = "" if level == rule.highest else aim.next_item
    return LevelResult(code, level, aim.coverage, aim.share, message, next_item, tuple(progress))


def _progress(level: int, evidence: Shares, group: Sequence[ItemInfo], rule: LevelRule) -> LevelProgress:
    missing = tuple(_missing(level, evidence, group, rule))
    attempted = [item for item in group if item.item_id in evidence]
    next_item = _next_item(level, evidence, group, rule) if missing else None
    return LevelProgress(
        level=level,
        items=len(group),
        attempted=len(attempted),
        modules=len({item.module for item in attempted}),
        coverage=round(coverage_of(evidence, group), DIGITS),
        share=share_of(evidence, group),
        reached=not missing,
        missing=missing,
        next_item=next_item.item_id if next_item else "",
        is_enough=next_item is not None and _suffices(next_item, level, evidence, group, rule),
    )


def _missing(level: int, evidence: Shares, group: Sequence[ItemInfo], rule: LevelRule) -> Iterator[str]:
    """What keeps a level from being reached, the hardest to mend first."""
    more = _items_to_do(evidence, group, rule)
    yield from _missing_items(level, evidence, group, rule)
    if group and level >= rule.case_from_level:
        cases = [item for item in group if item.is_case]
        if not cases:
            yield f"chưa có bài tình huống nào được công bố ở M{level}"
        elif not reaches(max(evidence.get(item.item_id, 0.0) for item in cases), rule.case_share):
            yield f"cần một bài tình huống ở M{level} đạt từ {decimal(rule.case_share)}"
    if more:  # with items still to do the distance in shares says nothing yet
        yield f"cần làm thêm {more} bài ở M{level}"
    elif group and not reaches(share_of(evidence, group), rule.share):
        yield f"còn thiếu {decimal(rule.share - share_of(evidence, group))} điểm tỷ lệ ở M{level}"


def _missing_items(level: int, evidence: Shares, group: Sequence[ItemInfo], rule: LevelRule) -> Iterator[str]:
    if not group:
        yield f"chưa có bài nào được công bố ở M{level}"
        return
    published_modules = len({item.module for item in group})
    if published_modules < rule.min_modules:
        yield f"mới có {published_modules} chuyên đề; cần bài của ít nhất {rule.min_modules} chuyên đề"
    elif len(group) < rule.min_items:
        yield f"mới có {len(group)} bài ở M{level}; cần ít nhất {rule.min_items} bài"
    elif len({item.module for item in group if item.item_id in evidence}) < rule.min_modules:
        yield f"cần bài ở M{level} của ít nhất {rule.min_modules} chuyên đề"


def _items_to_do(evidence: Shares, group: Sequence[ItemInfo], rule: LevelRule) -> int:
    """How many more items coverage and the least number ask for, of those that are published."""
    needed = max(ceil(round(rule.coverage * len(group), DIGITS)), min(rule.min_items, len(group)))
    return max(0, needed - sum(item.item_id in evidence for item in group))


def _next_item(level: int, evidence: Shares, group: Sequence[ItemInfo], rule: LevelRule) -> ItemInfo | None:
    """The item worth doing next: the cheapest one that is enough alone, else a new one, else the one that lost most."""
    open_items = [item for item in group if evidence.get(item.item_id, 0.0) < 1]
    by_price = sorted(open_items, key=lambda item: item.max_points)
    for item in by_price:
        if _suffices(item, level, evidence, group, rule):
            return item
    for item in by_price:
        if item.item_id not in evidence:
            return item
    return max(open_items, key=lambda item: item.max_points * (1 - evidence[item.item_id]), default=None)


def _suffices(item: ItemInfo, level: int, evidence: Shares, group: Sequence[ItemInfo], rule: LevelRule) -> bool:
    return not any(_missing(level, {**evidence, item.item_id: 1.0}, group, rule))


def _message(aim: LevelProgress, items: Sequence[ItemInfo]) -> str:
    label = next((item.label for item in items if item.item_id == aim.next_item), "")
    if aim.is_enough:  # the last line is the share where that is missing: the one number people look for
        return f"{aim.missing[-1]}; làm {label} là đủ"
    advice = (f"nên làm tiếp {label}",) if label else ()
    return "; ".join(aim.missing + advice)


def _top_message(level: int) -> str:
    return f"đã đạt M{level}, mức cao nhất do máy xác định; mức tiếp theo do người có thẩm quyền xác nhận"


def _natural(item: ItemInfo) -> tuple[tuple[int, str], ...]:
    """Sorts 2-1 before 10-1, so that ties are broken the same way whatever the order of the items."""
    return tuple((int(part), "") if part.isdigit() else (10**6, part) for part in re.split(r"[-_.]", item.item_id))
