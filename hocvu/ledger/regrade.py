"""What re-grading would change: stored answers against the current keys, person by person. Nothing is written here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.grading import ENGINE_VERSION, grade_item
from hocvu.ledger.regrade_code import CodeAgain
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.fingerprint import content_hash
from hocvu.records import Attempt, Evidence, ItemResult, ItemVersion, evidence_of_people, list_items
from hocvu.records.contributions import contributions_of_people
from hocvu.records.regrades import Touched, evidence_rows, results_of_people, touched_people
from hocvu.records.results import counts_as_attempted, result_of_row
from hocvu.results import Result, Status
from hocvu.scores import Score
from hocvu.scoring import ItemSet, prepare_items, score_person

BATCH = 200  # people in one transaction
CODE_KIND = "COD"
# Anything else a person has looked at, or will: it is not for a machine to overwrite.
MACHINE_GRADED = (Status.GRADED, Status.BLANK, Status.UNREADABLE, Status.NOT_CHECKED)
CLOSE = 1e-9


class Direction(StrEnum):
    """Which way a result moves. same: the share stays; weight, feedback or wording change."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


class Left(StrEnum):
    """Why a result stays as it is."""

    QUESTION_CHANGED = "question_changed"
    NEEDS_PERSON = "needs_person"
    NOT_CHECKED = "not_checked"
    CODE = "code"


@dataclass(frozen=True)
class Scope:
    """What is graded again: the chosen items of the current assignment, in one period.

    current: item id → id of its current version; questions: item version id → hash of what was asked, None: unknown.
    """

    spec: AssignmentSpec
    rule: Rule
    items: Mapping[str, ItemSpec]
    current: Mapping[str, int]
    questions: Mapping[int, str | None]
    touched: Touched
    allow_down: bool = False
    code: CodeAgain | None = None  # None: results of code are left as they are

    @property
    def period_id(self) -> str:
        return self.touched.period_id

    @property
    def code_items(self) -> frozenset[str]:
        return frozenset(item_id for item_id in self.items if self.kind(item_id) == CODE_KIND)

    def kind(self, item_id: str) -> str:
        return self.items[item_id].question.kind

    @property
    def is_whole(self) -> bool:
        return len(self.items) == len(self.spec.items)

    def is_touched(self, attempt: Attempt, row: ItemResult) -> bool:
        return attempt.engine_version != ENGINE_VERSION or row.item_version_id in self.touched.stale


@dataclass(frozen=True)
class Change:
    """One result that comes out differently. applies: it is written; a lower one only by decision.

    is_code: it is about a badge, not about points.
    """

    attempt: Attempt
    row: ItemResult
    old: Result
    new: Result
    direction: Direction
    applies: bool
    is_code: bool = False


@dataclass(frozen=True)
class BestOf:
    """The evidence of an item after re-grading, and the attempt it comes from."""

    attempt: Attempt
    result: Result


@dataclass(frozen=True)
class PersonPlan:
    """What re-grading does to one person. same: results that need only the mark of the new version.

    lost: items whose evidence goes, because no result of the person counts any more.
    """

    person_id: str
    changes: tuple[Change, ...]
    left: tuple[tuple[ItemResult, Left], ...]
    same: tuple[tuple[Attempt, ItemResult], ...]
    best: Mapping[str, BestOf]
    lost: frozenset[str]
    before: Score
    after: Score

    @property
    def crossings(self) -> Mapping[str, tuple[int, int]]:
        """Competency → (level before, level after), only where they differ."""
        levels = {code: (self.before.levels.get(code, 0), level) for code, level in self.after.levels.items()}
        return {code: both for code, both in levels.items() if both[0] != both[1]}


def make_scope(
    s: Session,
    spec: AssignmentSpec,
    period_id: str,
    rule: Rule,
    items: Sequence[str] = (),
    *,
    allow_down: bool = False,
    code: CodeAgain | None = None,
) -> Scope:
    """Return the scope; items empty = all. Raises UnknownItem."""
    chosen = {item.id: item for item in ([spec.item(one) for one in items] if items else spec.items)}
    contents = {item_id: content_hash(item) for item_id, item in chosen.items()}
    versions = s.scalars(select(ItemVersion).filter_by(assignment=spec.slug)).all()
    stale = frozenset(one.id for one in versions if one.item_id in chosen and one.content_hash != contents[one.item_id])
    return Scope(
        spec=spec,
        rule=rule,
        items=chosen,
        current={one.item_id: one.id for one in versions if one.version == spec.version},
        questions={one.id: one.question_hash for one in versions},
        touched=Touched(spec.slug, period_id, frozenset(chosen), stale, ENGINE_VERSION),
        allow_down=allow_down,
        code=code,
    )


def plan_all(s: Session, scope: Scope) -> Iterator[list[PersonPlan]]:
    """Yield plans batch by batch, people in the order of their ids; memory holds one batch."""
    item_set, after = prepare_items(list_items(s, scope.period_id)), ""
    while person_ids := touched_people(s, scope.touched, after, BATCH):
        yield plan_people(s, scope, person_ids, item_set)
        after = person_ids[-1]
        s.expunge_all()


def plan_people(s: Session, scope: Scope, person_ids: Sequence[str], item_set: ItemSet) -> list[PersonPlan]:
    """Return what re-grading does to these people, from their stored answers."""
    stored: dict[str, list[tuple[Attempt, ItemResult]]] = {person_id: [] for person_id in person_ids}
    for attempt, row in results_of_people(s, scope.spec.slug, scope.period_id, scope.items, person_ids):
        stored[attempt.person_id].append((attempt, row))
    shares = evidence_of_people(s, scope.period_id, person_ids)
    confirmed = contributions_of_people(s, scope.period_id, person_ids)
    kept = evidence_rows(s, scope.spec.slug, scope.period_id, person_ids)
    plans = []
    for person_id, results in stored.items():
        touched = [(attempt, row) for attempt, row in results if scope.is_touched(attempt, row)]
        outcomes = [(one, _look_at(scope, *one)) for one in touched]
        changes = tuple(outcome for _, outcome in outcomes if isinstance(outcome, Change))
        best, lost = _best(scope, results, changes, {item: kept.get((person_id, item)) for item in scope.items})
        now = {item_id: share for item_id, share in shares[person_id].items() if item_id not in lost}
        now |= {item_id: min(1.0, one.result.share) for item_id, one in best.items()}
        signed = confirmed.get(person_id, ())
        before = score_person(shares[person_id], item_set, scope.rule, signed)
        plans.append(
            PersonPlan(
                person_id=person_id,
                changes=changes,
                left=tuple((row, outcome) for (_, row), outcome in outcomes if isinstance(outcome, Left)),
                same=tuple(one for one, outcome in outcomes if outcome is None),
                best=best,
                lost=lost,
                before=before,
                after=score_person(now, item_set, scope.rule, signed) if best or lost else before,
            )
        )
    return plans


def _look_at(scope: Scope, attempt: Attempt, row: ItemResult) -> Change | Left | None:
    """Return the change of one result, why it is left, or None where it comes out the same."""
    item, old = scope.items[row.item_id], result_of_row(row)
    if scope.questions.get(row.item_version_id) != scope.questions[scope.current[item.id]]:
        return Left.QUESTION_CHANGED
    is_code = item.question.kind == CODE_KIND
    if old.status not in MACHINE_GRADED and not (is_code and old.status is Status.NEEDS_REVIEW):
        return Left.NEEDS_PERSON
    if is_code and (scope.code is None or not scope.code.can_grade(item.id, attempt.answers.get(item.id))):
        return Left.CODE
    new = _grade_again(scope, item, attempt)
    if new is None or new.status is Status.NOT_CHECKED:
        return Left.NOT_CHECKED
    if new == old:
        return None
    direction = _direction(old, new, item.question.kind)
    return Change(attempt, row, old, new, direction, direction is not Direction.DOWN or scope.allow_down, is_code)


def _grade_again(scope: Scope, item: ItemSpec, attempt: Attempt) -> Result | None:
    """Return the new result; None where code met a fault of ours. Code is marked for a person by machine only."""
    if scope.code is not None and item.question.kind == CODE_KIND:
        return scope.code.grade(item.id, attempt.answers.get(item.id))
    return grade_item(item, attempt.answers, attempt.seed)


def _direction(old: Result, new: Result, kind: str) -> Direction:
    if counts_as_attempted(new, kind) != counts_as_attempted(old, kind):
        return Direction.UP if counts_as_attempted(new, kind) else Direction.DOWN
    if abs(new.share - old.share) <= CLOSE:
        return Direction.SAME
    return Direction.UP if new.share > old.share else Direction.DOWN


def _best(
    scope: Scope,
    results: Sequence[tuple[Attempt, ItemResult]],
    changes: Sequence[Change],
    kept: Mapping[str, Evidence | None],
) -> tuple[dict[str, BestOf], frozenset[str]]:
    """Return the evidence that changes, and the items that have none any more.

    It is the best of all attempts, results as they are after re-grading, and it is lowered only where a lower result
    is written and the old results explain what was kept: a full share given by the decision on a faulty item stays.
    """
    new = {(one.attempt.id, one.row.item_id): one.new for one in changes if one.applies}
    lowered = {one.row.item_id for one in changes if one.applies and one.direction is Direction.DOWN}
    found: dict[str, BestOf] = {}
    explained: dict[str, float] = {}
    for attempt, row in results:
        old, kind = result_of_row(row), scope.kind(row.item_id)
        if counts_as_attempted(old, kind):
            explained[row.item_id] = max(explained.get(row.item_id, 0.0), old.share)
        after = new.get((attempt.id, row.item_id), old)
        best = found.get(row.item_id)
        if counts_as_attempted(after, kind) and (best is None or after.share > best.result.share + CLOSE):
            found[row.item_id] = BestOf(attempt, after)
    moved = {item_id for _, item_id in new}
    may_fall = {item_id for item_id in lowered if _explains(explained.get(item_id), kept[item_id])}
    best_of = {
        item_id: best
        for item_id, best in found.items()
        if item_id in moved and _moves(best, kept[item_id], item_id in may_fall)
    }
    return best_of, frozenset(may_fall - found.keys())


def _explains(share: float | None, kept: Evidence | None) -> bool:
    return kept is not None and share is not None and share >= kept.share - CLOSE


def _moves(best: BestOf, kept: Evidence | None, may_fall: bool) -> bool:
    if kept is None:
        return True
    difference = best.result.share - kept.share
    if abs(difference) <= CLOSE:  # another weight: points and max_points follow, the share stays
        return (best.result.points, best.result.max_points) != (kept.points, kept.max_points)
    return difference > 0 or may_fall
