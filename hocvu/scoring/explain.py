"""Why a competency is at its level: every condition with its cut score, and every item with the attempt behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hocvu.course import LevelRule, Rule
from hocvu.scores import ItemInfo, LedgerLine, LevelProgress, LevelResult
from hocvu.scoring.item_set import Group, ItemSet, prepare_items
from hocvu.scoring.levels import competency_levels
from hocvu.scoring.sums import reaches


@dataclass(frozen=True)
class Condition:
    """One condition of the rule: what it is about (Vietnamese), what is there, what is asked for, whether it is met.

    is_share: both numbers are shares in 0..1, else counts.
    """

    name: str
    value: float
    cut: float
    is_met: bool
    is_share: bool = True


@dataclass(frozen=True)
class ItemExplanation:
    """One item that counts, with the evidence; None = not attempted."""

    item: ItemInfo
    line: LedgerLine | None


@dataclass(frozen=True)
class LevelSteps:
    """One level: its conditions and its items. The level is reached when all are met and the lower ones reached."""

    progress: LevelProgress
    conditions: tuple[Condition, ...]
    items: tuple[ItemExplanation, ...]


@dataclass(frozen=True)
class LevelExplanation:
    """One competency: the result, the rule it was computed by, and every step of it."""

    competency: str
    result: LevelResult
    rule_version: str
    rule_label: str
    steps: tuple[LevelSteps, ...]


def explain_level(
    competency: str, lines: Sequence[LedgerLine], items: Sequence[ItemInfo] | ItemSet, rule: Rule
) -> LevelExplanation:
    """Return the whole way from attempts to the level of one competency; the level is what score_person says.

    lines: the person's evidence, of any competency. Raises KeyError for a competency that the rule does not have.
    """
    evidence = {line.item_id: line.share for line in lines}
    by_item = {line.item_id: line for line in lines}
    item_set = prepare_items(items).counted_for(evidence)
    result = competency_levels(evidence, item_set, rule)[competency]
    steps = tuple(
        LevelSteps(
            progress,
            tuple(_conditions(progress, evidence, item_set.group(competency, progress.level), rule.levels)),
            tuple(
                ItemExplanation(item, by_item.get(item.item_id))
                for item in item_set.group(competency, progress.level).items
            ),
        )
        for progress in result.progress
    )
    return LevelExplanation(competency, result, rule.version, rule.label, steps)


def _conditions(
    progress: LevelProgress, evidence: Mapping[str, float], group: Group, rule: LevelRule
) -> Iterator[Condition]:
    yield Condition(
        "số câu đã làm trên số câu được tính",
        progress.coverage,
        rule.coverage,
        bool(group.items) and reaches(progress.coverage, rule.coverage),
    )
    yield _count("số câu đã làm", progress.attempted, rule.min_items)
    yield _count("số chuyên đề có câu đã làm", progress.modules, rule.min_modules)
    yield Condition("tỷ lệ điểm, câu chưa làm tính 0", progress.share, rule.share, reaches(progress.share, rule.share))
    if progress.level >= rule.case_from_level:
        best = max((evidence.get(item.item_id, 0.0) for item in group.cases), default=0.0)
        met = bool(group.cases) and reaches(best, rule.case_share)
        yield Condition("bài tình huống tốt nhất", best, rule.case_share, met)


def _count(name: str, value: int, least: int) -> Condition:
    return Condition(name, value, least, value >= least, is_share=False)
