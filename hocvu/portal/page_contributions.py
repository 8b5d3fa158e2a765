"""For HR and heads of units: contributions to others (Lan tỏa), put forward by one, confirmed by another person."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from hocvu.ledger.contributions import ContributionRefused, kinds_of
from hocvu.ledger.proposals import (
    LONGEST_LINK,
    LONGEST_NOTE,
    LONGEST_REASON,
    Claim,
    agree,
    propose_contribution,
    refuse,
    take_back,
)
from hocvu.portal.access import Confirmer, Form, LogIn, Running, check_form, field
from hocvu.portal.errors import not_found
from hocvu.portal.form_values import day_of, line_of
from hocvu.portal.own_units import person_in, units_to_confirm
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.year_desk import today
from hocvu.records import ContributionProposal, ContributionRow, Person, add_audit, find_person
from hocvu.records.two_steps import OPEN, list_confirmed, list_contribution_proposals
from hocvu.year.desk import vietnamese_day

router = APIRouter(include_in_schema=False)

PATH = "/dong-gop"
STATE_NAMES = {"open": "Chờ người thứ hai", "agreed": "Đã xác nhận", "refused": "Không xác nhận", "dropped": "Đã rút"}


@router.get(PATH)
def show_contributions(request: Request, me: Confirmer, services: Running) -> Response:
    """What waits for a second person, what is confirmed, and the form."""
    return _page(request, me, services)


@router.post(PATH)
def propose(request: Request, me: Confirmer, services: Running, form: Form) -> Response:
    """Put a contribution forward."""
    check_form(form, me)
    code = field(form, "ma").strip()
    claim = Claim(
        field(form, "viec"),
        field(form, "minh_chung"),
        day_of(form, "ngay"),
        line_of(form, "lien_ket", LONGEST_LINK + 1),
    )
    try:
        with services.records.session() as s:
            person = _somebody(s, me.person, code)
            now, day, rule = services.clock(), today(services), services.course.rule
            propose_contribution(s, services.period_id, rule, person, claim, me.person, now, day)
    except ContributionRefused as error:
        return _page(request, me, services, problem=error.message, given=dict(form.items()))
    return RedirectResponse(PATH, 303)


@router.post(PATH + "/{proposal_id}/quyet-dinh")
def decide(request: Request, proposal_id: int, me: Confirmer, services: Running, form: Form) -> Response:
    """The second person confirms or refuses; the first one may take it back."""
    check_form(form, me)
    try:
        with services.records.session() as s:
            row = s.get(ContributionProposal, proposal_id)
            _own(s, me.person, row.person_id if row else "")
            if field(form, "y_kien") == "xac_nhan":
                agree(s, services.course.rule, proposal_id, me.person, services.clock(), today(services))
            else:
                refuse(s, proposal_id, me.person, field(form, "ly_do"), services.clock())
    except ContributionRefused as error:
        return _page(request, me, services, problem=error.message)
    return RedirectResponse(PATH, 303)


@router.post(PATH + "/da-xac-nhan/{contribution_id}/thu-hoi")
def withdraw(request: Request, contribution_id: int, me: Confirmer, services: Running, form: Form) -> Response:
    """Take a confirmation back, with a reason."""
    check_form(form, me)
    try:
        with services.records.session() as s:
            row = s.get(ContributionRow, contribution_id)
            _own(s, me.person, row.person_id if row else "")
            if row is None or row.revoked_at is not None:
                raise not_found()
            take_back(s, services.course.rule, row, me.person, field(form, "ly_do"), services.clock())
    except ContributionRefused as error:
        return _page(request, me, services, problem=error.message)
    return RedirectResponse(PATH, 303)


def _somebody(s: Session, by: Person, staff_code: str) -> Person:
    """The person named in the form; a wrong code is a slip to mend, not a page that does not exist."""
    units = units_to_confirm(s, by)
    try:
        return person_in(s, staff_code, units)
    except type(not_found()) as error:
        raise ContributionRefused(
            f"Mã CBCCVC «{staff_code[:64]}»: không có trong phạm vi của anh/chị. Anh/chị xem lại mã rồi gửi lại."
        ) from error


def _own(s: Session, by: Person, person_id: str) -> None:
    """Somebody outside one's units looks like somebody who does not exist (404)."""
    person, units = find_person(s, person_id), units_to_confirm(s, by)
    if person is None or (units is not None and person.unit_id not in units):
        raise not_found()


def _page(
    request: Request, me: LogIn, services: Services, *, problem: str = "", given: dict[str, object] | None = None
) -> Response:
    period = services.period_id
    with services.records.session(durable=False) as s:
        units = units_to_confirm(s, me.person)
        proposals = list_contribution_proposals(s, period, unit_ids=units)
        confirmed = list_confirmed(s, period, unit_ids=units)
        who = {one: find_person(s, one) for row, _ in proposals for one in (row.proposed_by, row.decided_by) if one}
        rows = len(proposals) + len(confirmed)
        add_audit(s, me.person.id, "contribution.list", {"rows": rows, "period": period}, services.clock())
    context = {
        "waiting": [pair for pair in proposals if pair[0].state == OPEN],
        "decided": [pair for pair in proposals if pair[0].state in ("refused", "dropped")],
        "confirmed": confirmed,
        "who": {one: person.staff_code if person else "" for one, person in who.items()},
        "state_names": STATE_NAMES,
        "kinds": kinds_of(services.course.rule),
        "period": period,
        "today": today(services),
        "problem": problem,
        "given": given or {},
        "longest": {"note": LONGEST_NOTE, "link": LONGEST_LINK, "reason": LONGEST_REASON},
        "date": vietnamese_day,
        "course": services.course,
    }
    return render(request, "contributions.html", context, status=422 if problem else 200)
