"""For everybody: send a petition (kiến nghị), with the result row it is about, and follow what becomes of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from hocvu.portal.access import Form, Learner, LogIn, Running, check_form, field
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import not_found
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.year_desk import desk_of, today
from hocvu.records import Attempt, find_attempt
from hocvu.records.appeals import appeal_events, appeals_of, find_appeal
from hocvu.records.tables_year import AppealEvent, Snapshot
from hocvu.records.years import list_snapshots
from hocvu.year.annex import frozen_result
from hocvu.year.appeals import (
    ABOUT_ITEMS,
    KIND_NAMES,
    LONGEST_TEXT,
    OUTCOME_NAMES,
    AppealRefused,
    Kind,
    Outcome,
    Petition,
    may_review,
    send_appeal,
    state_name,
)
from hocvu.year.desk import vietnamese_day
from hocvu.year.freeze import KIND_NAMES as FREEZE_NAMES
from hocvu.year.freeze import Kind as Freeze

router = APIRouter(include_in_schema=False)

EVENT_NAMES = {
    "received": "Hệ thống nhận kiến nghị",
    "proposed": "Người xem xét thứ nhất cho ý kiến",
    "returned": "Người xem xét thứ hai đề nghị xem lại",
    "same_fault": "Được trả lời chung với kiến nghị về cùng một lỗi",
    "answered": "Hai người xem xét đã thống nhất và trả lời",
}


@router.get("/kien-nghi")
def show_mine(
    request: Request,
    me: Learner,
    services: Running,
    bai: Annotated[str, Query(max_length=36)] = "",
    cau: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The form, filled with the result row one came from, and one's own petitions."""
    return _page(request, me, services, Petition(Kind.GRADING if bai else Kind.TECHNICAL, "", bai, cau))


@router.post("/kien-nghi")
def send(request: Request, me: Learner, services: Running, form: Form) -> Response:
    """Receive a petition; it leads to its receipt."""
    check_form(form, me)
    kind = field(form, "loai")
    petition = Petition(
        Kind(kind) if kind in set(Kind) else Kind.TECHNICAL,
        field(form, "noi_dung"),
        field(form, "bai")[:36],
        field(form, "cau")[:64],
    )
    try:
        with services.records.session() as s:
            attempt = _own_attempt(s, me, petition.attempt_id)
            desk = desk_of(services, attempt.period_id if attempt else services.period_id)
            appeal = send_appeal(s, desk, me.person, petition, services.clock())
    except AppealRefused as error:
        return _page(request, me, services, petition, problem=error.message)
    return RedirectResponse(f"/kien-nghi/{appeal.id}", 303)


@router.get("/kien-nghi/{appeal_id}")
def show_one(request: Request, appeal_id: str, me: Learner, services: Running) -> Response:
    """One's own petition with its receipt, log and answer. Somebody else's looks like one that does not exist."""
    with services.records.reading() as s:
        appeal = find_appeal(s, clean_text(appeal_id))
        if appeal is None or appeal.person_id != me.person.id:
            raise not_found()
        events = [shown_event(event, answered=bool(appeal.answered_at)) for event in appeal_events(s, appeal.id)]
    context = {
        "appeal": appeal,
        "kind": KIND_NAMES[Kind(appeal.kind)],
        "state": state_name(appeal, today(services)),
        "outcome": OUTCOME_NAMES[Outcome(appeal.outcome)] if appeal.answered_at else "",
        "events": events,
        "date": vietnamese_day,
    }
    return render(request, "appeal.html", context)


def shown_event(event: AppealEvent, *, answered: bool) -> tuple[AppealEvent, str, str]:
    """An event, its name, and its text where the person may read it: opinions are shown once they are final."""
    text = event.text if event.what == "same_fault" or (answered and event.what == "returned") else ""
    return event, EVENT_NAMES.get(event.what, event.what), text


def _own_attempt(s: Session, me: LogIn, attempt_id: str) -> Attempt | None:
    attempt = find_attempt(s, attempt_id) if attempt_id else None
    return attempt if attempt is not None and attempt.person_id == me.person.id else None


def _frozen(s: Session, me: LogIn) -> list[tuple[Snapshot, str, dict[str, Any]]]:
    """One's own row of every frozen period, as annexes left it."""
    found = [(one, frozen_result(s, one, me.person.staff_code)) for one in list_snapshots(s)]
    return [(one, FREEZE_NAMES[Freeze(one.kind)], row) for one, row in found if row is not None]


def _page(request: Request, me: LogIn, services: Services, petition: Petition, *, problem: str = "") -> Response:
    with services.records.reading() as s:
        attempt = _own_attempt(s, me, clean_text(petition.attempt_id))
        appeals = [
            (one, KIND_NAMES[Kind(one.kind)], state_name(one, today(services))) for one in appeals_of(s, me.person.id)
        ]
        frozen = _frozen(s, me)
    desk = desk_of(services)
    kinds = [kind for kind in Kind if attempt is not None or kind not in ABOUT_ITEMS]
    module = services.course.find_module(attempt.assignment) if attempt else None
    context = {
        "petition": petition,
        "attempt": attempt,
        "title": module.heading if module else "",
        "kinds": {kind.value: KIND_NAMES[kind] for kind in kinds},
        "appeals": appeals,
        "frozen": frozen,
        "course": services.course,
        "band_names": {band.number: band.name for band in services.course.rule.bands},
        "plan": desk.plan,
        "problem": problem,
        "longest": LONGEST_TEXT,
        "reviews": any(may_review(me.person, kind) for kind in Kind),
        "date": vietnamese_day,
    }
    return render(request, "appeals.html", context, status=422 if problem else 200)
