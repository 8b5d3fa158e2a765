"""For reviewers: petitions by due day, one at a time with its evidence, an opinion, and a second person's agreement."""

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from hocvu.portal.access import Form, LogIn, Running, check_form, field, require_role
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import not_found
from hocvu.portal.own_units import units_of_officer
from hocvu.portal.page_appeals import EVENT_NAMES
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.year_desk import desk_of, today
from hocvu.records import Person, add_audit, find_attempt, find_person, find_unit, results_of
from hocvu.records.appeals import (
    ANSWERED,
    IN_REVIEW,
    RECEIVED,
    AppealFilter,
    appeal_events,
    count_appeals,
    find_appeal,
    list_appeals,
)
from hocvu.records.tables import ItemVersion
from hocvu.records.tables_year import Appeal
from hocvu.year.appeals import (
    KIND_NAMES,
    LONGEST_TEXT,
    OUTCOME_NAMES,
    OVERDUE_NAME,
    STATE_NAMES,
    AppealRefused,
    Kind,
    Opinion,
    Outcome,
    conclude_appeal,
    may_review,
    outcomes_for,
    propose_answer,
    return_to_first,
    reviewer_kinds,
    state_name,
)
from hocvu.year.desk import vietnamese_day
from hocvu.year.faulty import ItemRefused

router = APIRouter(include_in_schema=False)

PAGE_SIZE = 50
OVERDUE = "overdue"
STATES = {
    RECEIVED: STATE_NAMES[RECEIVED],
    IN_REVIEW: STATE_NAMES[IN_REVIEW],
    ANSWERED: STATE_NAMES[ANSWERED],
    OVERDUE: OVERDUE_NAME,
}


Reviewer = Annotated[LogIn, Depends(require_role("hr", "instructor"))]


@router.get("/xet-kien-nghi")
def show_list(
    request: Request,
    me: Reviewer,
    services: Running,
    trang_thai: Annotated[str, Query(max_length=16)] = "",
    loai: Annotated[str, Query(max_length=16)] = "",
    trang: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Petitions the reviewer may see, unanswered ones by due day first. Instructors see no names."""
    desk, day = desk_of(services), today(services)
    with services.records.session(durable=False) as s:
        only = _only(s, me.person, trang_thai, loai, services)
        total = count_appeals(s, desk.period_id, only)
        late = count_appeals(s, desk.period_id, _only(s, me.person, OVERDUE, "", services))
        found = list_appeals(s, desk.period_id, only, limit=PAGE_SIZE, offset=(trang - 1) * PAGE_SIZE)
        rows = [(one, KIND_NAMES[Kind(one.kind)], state_name(one, day), _who(s, me.person, one)) for one in found]
        seen = {"state": trang_thai, "kind": loai, "page": trang, "rows": len(rows)}
        add_audit(s, me.person.id, "appeal.list", seen, services.clock())
    context = {
        "rows": rows,
        "total": total,
        "overdue": late,
        "states": STATES,
        "kinds": {kind.value: KIND_NAMES[kind] for kind in Kind if may_review(me.person, kind)},
        "state": trang_thai,
        "kind": loai,
        "page": trang,
        "last_page": max(1, -(-total // PAGE_SIZE)),
        "period": desk.period_id,
        "date": vietnamese_day,
    }
    return render(request, "appeal_list.html", context)


@router.get("/xet-kien-nghi/{appeal_id}")
def show_one(request: Request, appeal_id: str, me: Reviewer, services: Running) -> Response:
    """One petition with its evidence; the look is logged."""
    return _page(request, me, services, clean_text(appeal_id))


@router.post("/xet-kien-nghi/{appeal_id}/y-kien")
def propose(request: Request, appeal_id: str, me: Reviewer, services: Running, form: Form) -> Response:
    """The first reviewer's opinion."""
    check_form(form, me)
    outcome = field(form, "cach")
    try:
        with services.records.session() as s:
            appeal = _visible(s, me.person, clean_text(appeal_id))
            if outcome not in set(Outcome):
                raise AppealRefused("Anh/chị chọn cách xử lý.")
            opinion = Opinion(Outcome(outcome), field(form, "tra_loi"))
            propose_answer(s, desk_of(services, appeal.period_id), appeal.id, me.person, opinion, services.clock())
    except AppealRefused as error:
        return _page(request, me, services, clean_text(appeal_id), problem=error.message)
    return RedirectResponse(f"/xet-kien-nghi/{appeal_id}", 303)


@router.post("/xet-kien-nghi/{appeal_id}/ket-luan")
def conclude(request: Request, appeal_id: str, me: Reviewer, services: Running, form: Form) -> Response:
    """The second reviewer agrees, or sends it back."""
    check_form(form, me)
    try:
        with services.records.session() as s:
            appeal = _visible(s, me.person, clean_text(appeal_id))
            if field(form, "viec") == "tra_lai":
                return_to_first(s, appeal.id, me.person, field(form, "ly_do"), services.clock())
            else:
                conclude_appeal(s, desk_of(services, appeal.period_id), appeal.id, me.person, services.clock())
    except (AppealRefused, ItemRefused) as error:
        return _page(request, me, services, clean_text(appeal_id), problem=error.message)
    return RedirectResponse(f"/xet-kien-nghi/{appeal_id}", 303)


def _only(s: Session, person: Person, state: str, kind: str, services: Services) -> AppealFilter:
    kinds: Collection[str] = [kind] if kind and may_review(person, kind) else reviewer_kinds(person)
    return AppealFilter(
        unit_ids=_units(s, person),
        kinds=kinds,
        state=state if state in STATE_NAMES else "",
        overdue_on=today(services) if state == OVERDUE else None,
    )


def _units(s: Session, person: Person) -> Collection[int] | None:
    """HR of a unit sees its own people; HR of the city and instructors see all, instructors without names."""
    return units_of_officer(s, person) if "hr" in person.roles else None


def _visible(s: Session, person: Person, appeal_id: str) -> Appeal:
    appeal = find_appeal(s, appeal_id)
    sender = find_person(s, appeal.person_id) if appeal else None
    units = _units(s, person)
    if appeal is None or sender is None or not may_review(person, appeal.kind):
        raise not_found()
    if units is not None and sender.unit_id not in units:
        raise not_found()
    return appeal


def _who(s: Session, person: Person, appeal: Appeal) -> tuple[str, str]:
    """The sender's code, name and unit, for HR only."""
    if "hr" not in person.roles:
        return "", ""
    sender = s.get_one(Person, appeal.person_id)
    unit = find_unit(s, sender.unit_id)
    return f"{sender.staff_code} {sender.name}", unit.name if unit else ""


def _page(request: Request, me: LogIn, services: Services, appeal_id: str, *, problem: str = "") -> Response:
    with services.records.session(durable=False) as s:
        appeal = _visible(s, me.person, appeal_id)
        add_audit(s, me.person.id, "appeal.view", {"appeal": appeal.number}, services.clock())
        attempt = find_attempt(s, appeal.attempt_id) if appeal.attempt_id else None
        results = [one for one in results_of(s, attempt.id) if one.item_id == appeal.item_id] if attempt else []
        context = {
            "appeal": appeal,
            "kind": KIND_NAMES[Kind(appeal.kind)],
            "state": state_name(appeal, today(services)),
            "who": _who(s, me.person, appeal),
            "attempt": attempt,
            "result": results[0] if results else None,
            "item": s.get(ItemVersion, appeal.item_version_id) if appeal.item_version_id else None,
            "events": [(event, EVENT_NAMES.get(event.what, event.what)) for event in appeal_events(s, appeal.id)],
            "outcomes": {one.value: OUTCOME_NAMES[one] for one in outcomes_for(appeal.kind)},
            "outcome": OUTCOME_NAMES[Outcome(appeal.outcome)] if appeal.outcome else "",
            "needs_regrade": appeal.state == ANSWERED and appeal.outcome == Outcome.REGRADE,
            "is_mine": appeal.person_id == me.person.id,
            "gave_opinion": appeal.first_reviewer_id == me.person.id,
            "longest": LONGEST_TEXT,
            "problem": problem,
            "date": vietnamese_day,
        }
    return render(request, "appeal_review.html", context, status=422 if problem else 200)
