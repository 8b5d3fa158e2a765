"""My competencies: six by four in one picture, and each level opened down to attempt, seed and cut score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hocvu.course import BandRule, LevelName, Rule
from hocvu.portal.access import Learner, Running
from hocvu.portal.progress import person_score
from hocvu.portal.services import CODE_KIND, Services
from hocvu.portal.views import render
from hocvu.records import ledger_lines, list_contributions, list_items
from hocvu.records.two_steps import AGREED, proposals_about
from hocvu.scores import ItemInfo, LedgerLine, LevelProgress, Score
from hocvu.scoring import Floor, LevelExplanation, check_floor, explain_level, find_track

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Square:
    """One square of the picture. state: reached, aim (the next level), far, or human (people confirm it)."""

    level: LevelName
    state: str
    progress: LevelProgress | None

    @property
    def done(self) -> str:
        """How many of the items have been done; "" where there is nothing to count."""
        return f"{self.progress.attempted}/{self.progress.items} câu" if self.progress and self.progress.items else ""


@dataclass(frozen=True)
class ShownCompetency:
    """One competency as the page shows it. next_item None: nothing to do, or nothing published that helps."""

    code: str
    level: int
    message: str
    squares: tuple[Square, ...]
    next_item: ItemInfo | None
    next_href: str
    explained: LevelExplanation
    practised: tuple[LedgerLine, ...]  # what has no points, and new items that count from the next period

    @property
    def evidence(self) -> int:
        """How many items stand behind it."""
        counted = sum(one.line is not None for step in self.explained.steps for one in step.items)
        return counted + len(self.practised)


@router.get("/nang-luc")
def show_competencies(request: Request, me: Learner, services: Running) -> Response:
    """Six competencies, four levels each: what is reached, what is missing, and the evidence."""
    rule, period = services.course.rule, services.period_id
    with services.records.reading() as s:
        score = person_score(s, services, me.person.id)
        lines = ledger_lines(s, me.person.id, period)
        items = list_items(s, period)
        contributions = list_contributions(s, me.person.id, period)
        proposed = [row for row in proposals_about(s, me.person.id, period) if row.state != AGREED]
        shown = [_competency(services, code, score, lines, items) for code in services.course.competencies]
    context = {
        "course": services.course,
        "period": period,
        "score": score,
        "shown": shown,
        "floor": _floor(me.person.position, me.person.is_leader, score, rule),
        "position": me.person.position,
        "next_band": _next_band(score, rule),
        "confirmed": [row for row in contributions if row.revoked_at is None],
        "taken_back": [row for row in contributions if row.revoked_at is not None],
        "proposed": proposed,
        "waiting": _waiting(services, items),
        "badges": _badges(services, lines),
    }
    return render(request, "competencies.html", context)


def _competency(
    services: Services, code: str, score: Score, lines: Sequence[LedgerLine], items: Sequence[ItemInfo]
) -> ShownCompetency:
    explained = explain_level(code, lines, items, services.course.rule)
    result = explained.result
    known = {item.item_id: item for item in items}
    counted = {one.item.item_id for step in explained.steps for one in step.items}
    return ShownCompetency(
        code=code,
        level=score.levels.get(code, 0),
        message=result.message,
        squares=tuple(
            _square(name, result.level, {one.level: one for one in result.progress})
            for name in services.course.framework.level_names
        ),
        next_item=known.get(result.next_item),
        next_href=_href(services, result.next_item),
        explained=explained,
        practised=tuple(line for line in lines if line.item_id not in counted and line.competency == code),
    )


def _square(name: LevelName, level: int, progress: Mapping[int, LevelProgress]) -> Square:
    own = progress.get(name.number)
    if own is None:
        return Square(name, "human", None)
    state = "reached" if name.number <= level else "aim" if name.number == level + 1 else "far"
    return Square(name, state, own)


def _href(services: Services, item_id: str) -> str:
    """Where the item is done; "" when its assignment is not open here."""
    for assignment in services.assignments.values():
        if item_id in assignment.items:
            return f"/bai-tap/{assignment.slug}#cau-{item_id}"
    return ""


def _floor(position: str, is_leader: bool, score: Score, rule: Rule) -> Floor | None:
    track = find_track(position, is_leader, rule)
    return check_floor(score.levels, track) if track else None


def _next_band(score: Score, rule: Rule) -> BandRule | None:
    return next((band for band in rule.bands if band.number == score.band + 1), None)


def _badges(services: Services, lines: Sequence[LedgerLine]) -> tuple[str, ...]:
    """Optional code items that were passed: each is a badge, and counts nowhere."""
    code = {
        item_id
        for assignment in services.assignments.values()
        for item_id, item in assignment.items.items()
        if item.question.kind == CODE_KIND
    }
    return tuple(line.item_id for line in lines if line.item_id in code and line.share >= 1)


def _waiting(services: Services, items: Sequence[ItemInfo]) -> tuple[str, ...]:
    """Items that are open but enter the set that counts only with the next period."""
    counted = {item.item_id for item in items}
    return tuple(
        item_id
        for assignment in services.assignments.values()
        for item_id, item in assignment.items.items()
        if item.max_points and item_id not in counted
    )
