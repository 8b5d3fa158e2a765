"""Grading again, for instructors: who would change and how, then done with a reason, and taken back if need be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.ledger.regrade import Direction, PersonPlan, Scope, make_scope, plan_all
from hocvu.ledger.regrade_apply import RegradeRefused, begin_regrade, roll_back, run_regrade
from hocvu.ledger.regrade_code import CodeAgain
from hocvu.ledger.regrade_counts import count_plans
from hocvu.portal.access import Form, Instructor, LogIn, Running, check_form, field
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import ApiError
from hocvu.portal.regrade_words import STATE_WORDS, change_words, count_words, crossing_words
from hocvu.portal.services import Assignment, Services
from hocvu.portal.submission import find_assignment
from hocvu.portal.views import render
from hocvu.records import Person, add_audit
from hocvu.records.regrades import count_touched, find_regrade, list_regrades
from hocvu.records.tables_regrade import Regrade

router = APIRouter(include_in_schema=False)

PATH = "/giang-vien/cham-lai"
ROWS = 200  # shown on the page; the sums count all
MOST_RESULTS = 3_000  # a millisecond each, looked at within a request; more is for the command line
MOST_CODE = 100  # of them, run in the sandbox
DIRECTIONS = {Direction.UP: "tăng", Direction.DOWN: "giảm", Direction.SAME: "giữ điểm"}


@dataclass(frozen=True)
class Row:
    """One line of the preview: a result of somebody, by staff code."""

    staff_code: str
    change: str
    direction: str
    applies: bool
    crossing: str


@dataclass(frozen=True)
class Preview:
    """What would change. too_many: not looked at here; missing: what this machine lacks to run code again."""

    sums: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    hidden_rows: int = 0
    touched: int = 0
    changes: int = 0
    too_many: bool = False
    missing: str = ""


@dataclass(frozen=True)
class Past:
    """One run in the history. can_undo: only the newest that is not taken back."""

    run: Regrade
    state: str
    actor: str
    rolled_back_by: str
    can_undo: bool
    is_open: bool


@router.get(PATH)
def show_regrade(request: Request, me: Instructor, services: Running) -> Response:
    """Choose an assignment; with one chosen, what re-grading it would change."""
    slug = clean_text(request.query_params.get("bai", ""))
    if not slug:
        return render(request, "regrade.html", {"services": services, "assignment": None})
    query, assignment = request.query_params, find_assignment(services, slug)
    with CodeAgain(assignment.spec) as code:
        return _page(request, services, me, assignment, query.get("cau", ""), "giam" in query, code)


@router.post(PATH + "/{slug}")
def apply_regrade(request: Request, slug: str, me: Instructor, services: Running, form: Form) -> Response:
    """Do what the preview showed, or go on with an interrupted run."""
    check_form(form, me)
    assignment, item, lowers = find_assignment(services, slug), field(form, "cau"), field(form, "giam") == "1"
    with CodeAgain(assignment.spec) as code:
        try:
            regrade_id = _apply(services, me, assignment, form, code)
        except RegradeRefused as error:
            return _page(request, services, me, assignment, item, lowers, code, problem=error.message, status=422)
    return RedirectResponse(f"{PATH}?bai={slug}&xong={regrade_id}", 303)


def _apply(services: Services, me: LogIn, assignment: Assignment, form: Form, code: CodeAgain) -> int:
    if field(form, "ban") != assignment.spec.version:
        raise RegradeRefused("Đề vừa được cập nhật sau khi trang này mở. Anh/chị xem lại bản xem trước rồi làm tiếp.")
    regrade_id = _number(field(form, "dot"))
    if regrade_id:
        scope = _scope_of(services, assignment, regrade_id, code)
    else:
        scope = _scope(services, assignment, field(form, "cau"), field(form, "giam") == "1", code)
    _check_size(services, scope)
    if not regrade_id:
        reason, decision = field(form, "ly_do")[:500], field(form, "quyet_dinh")[:200]
        now = services.clock()
        regrade_id = begin_regrade(services.records, scope, me.person.id, reason, now, decision=decision).id
    run_regrade(services.records, scope, regrade_id, services.clock, lambda _: None)
    return regrade_id


@router.post(PATH + "/{slug}/hoan-tac")
def take_back(request: Request, slug: str, me: Instructor, services: Running, form: Form) -> Response:
    """Take the newest run back."""
    check_form(form, me)
    assignment, reason = find_assignment(services, slug), field(form, "ly_do")[:500]
    regrade_id = _number(field(form, "dot"))
    with CodeAgain(assignment.spec) as code:
        scope = _scope(services, assignment, "", False, code)
        try:
            roll_back(services.records, scope, regrade_id, me.person.id, reason, services.clock, lambda _: None)
        except RegradeRefused as error:
            return _page(request, services, me, assignment, "", False, code, problem=error.message, status=422)
    return RedirectResponse(f"{PATH}?bai={slug}&hoan-tac={regrade_id}", 303)


def _scope(services: Services, assignment: Assignment, item: str, lowers: bool, code: CodeAgain) -> Scope:
    items = [item] if item in assignment.items else []
    spec, rule = assignment.spec, services.course.rule
    with services.records.reading() as s:
        return make_scope(s, spec, services.period_id, rule, items, allow_down=lowers, code=code)


def _scope_of(services: Services, assignment: Assignment, regrade_id: int, code: CodeAgain) -> Scope:
    """Return the scope that an interrupted run began with."""
    with services.records.reading() as s:
        run = find_regrade(s, regrade_id)
        if run is None or run.assignment != assignment.slug:
            raise RegradeRefused(f"Không có đợt chấm lại số {regrade_id} của bài này.")
        rule, period_id = services.course.rule, run.period_id
        return make_scope(s, assignment.spec, period_id, rule, run.items, allow_down=run.allow_down, code=code)


def _check_size(services: Services, scope: Scope) -> None:
    with services.records.reading() as s:
        touched, code = count_touched(s, scope.touched), _count_code(s, scope)
    if touched > MOST_RESULTS or code > MOST_CODE:
        raise RegradeRefused(
            f"Có {touched} kết quả cần xem lại, trong đó {code} của câu viết mã, nhiều hơn mức làm trên trang "
            f"({MOST_RESULTS}, và {MOST_CODE} của câu viết mã). "
            f"Quản trị viên chạy trên máy chủ: hocvu regrade {scope.spec.slug}"
        )


def _count_code(s: Session, scope: Scope) -> int:
    return count_touched(s, replace(scope.touched, items=scope.code_items)) if scope.code_items else 0


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _preview(s: Session, scope: Scope) -> Preview:
    touched = count_touched(s, scope.touched)
    if touched > MOST_RESULTS or _count_code(s, scope) > MOST_CODE:
        return Preview(touched=touched, too_many=True)
    counts: Mapping[str, int] = count_plans([])
    rows: list[Row] = []
    total = 0
    for plans in plan_all(s, scope):
        counts = count_plans(plans, counts)
        total += sum(len(plan.changes) for plan in plans)
        if len(rows) < ROWS:
            rows += _rows(s, plans)
    shown = tuple(rows[:ROWS])
    changes = counts["up"] + counts["down"] + counts["same"]
    missing = scope.code.missing if scope.code and counts["code"] else ""
    return Preview(tuple(count_words(counts)), shown, total - len(shown), touched, changes, missing=missing)


def _rows(s: Session, plans: Sequence[PersonPlan]) -> list[Row]:
    codes = _staff_codes(s, [plan.person_id for plan in plans])
    return [
        Row(
            staff_code=codes[plan.person_id],
            change=change_words(change),
            direction=DIRECTIONS[change.direction],
            applies=change.applies,
            crossing=crossing_words(plan),
        )
        for plan, change in chain.from_iterable(((plan, change) for change in plan.changes) for plan in plans)
    ]


def _staff_codes(s: Session, person_ids: Sequence[str]) -> dict[str, str]:
    query = select(Person.id, Person.staff_code).where(Person.id.in_(person_ids))
    return {person_id: code for person_id, code in s.execute(query)}


def _history(s: Session, slug: str) -> list[Past]:
    runs = list_regrades(s, slug)
    codes = _staff_codes(s, [one for run in runs for one in (run.actor, run.rolled_back_by)])
    newest = next((run.id for run in runs if run.state != "rolled_back"), 0)
    return [
        Past(
            run=run,
            state=STATE_WORDS[run.state],
            actor=codes.get(run.actor, run.actor),
            rolled_back_by=codes.get(run.rolled_back_by, run.rolled_back_by),
            can_undo=run.id == newest,
            is_open=run.state == "running",
        )
        for run in runs
    ]


def _page(
    request: Request,
    services: Services,
    me: LogIn,
    assignment: Assignment,
    item: str,
    lowers: bool,
    code: CodeAgain,
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    if item and item not in assignment.items:
        raise ApiError(404)
    scope = _scope(services, assignment, item, lowers, code)
    with services.records.reading() as s:
        preview = _preview(s, scope)
        history = _history(s, assignment.slug)
    with services.records.session() as s:
        detail = {"assignment": assignment.slug, "items": [item] if item else []}
        add_audit(s, me.person.id, "regrade.preview", detail, services.clock())
    context = {
        "services": services,
        "assignment": assignment,
        "item": item,
        "lowers": lowers,
        "preview": preview,
        "history": history,
        "problem": problem,
        "done": request.query_params.get("xong", ""),
        "undone": request.query_params.get("hoan-tac", ""),
    }
    return render(request, "regrade.html", context, status=status)
