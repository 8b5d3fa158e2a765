"""For HR: where one person belonged and when, their leave and exemptions, and every change with its reason."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from hocvu.portal.access import Form, HrOfficer, LogIn, Running, check_form, field
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import not_found
from hocvu.portal.own_units import person_in, units_of_officer
from hocvu.portal.roster_words import day_words, detail_words
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.year_desk import desk_of, today
from hocvu.records import Exemption, Person, add_audit, find_unit
from hocvu.records.exemptions import add_exemption, exemptions_of, find_exemption, withdraw_exemption
from hocvu.records.roster import changes_of, facts_of, leaves_of, stays_of
from hocvu.roster.apply import Act, exemption_change
from hocvu.roster.plan import KIND_NAMES
from hocvu.roster.values import EXEMPTION_NAMES, STATUS_NAMES

router = APIRouter(include_in_schema=False)

LONGEST_REASON, LONGEST_DECISION = 300, 120


@router.get("/hr/qua-trinh")
def show_person(
    request: Request, me: HrOfficer, services: Running, ma: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """One person's stays, leave, exemptions and changes; without a code only the question for one."""
    return _page(request, me, services, clean_text(ma).strip())


@router.post("/hr/qua-trinh/mien-hoan")
def exempt(request: Request, me: HrOfficer, services: Running, form: Form) -> Response:
    """Record that somebody decided to exempt or defer a person in the period at work."""
    check_form(form, me)
    code, problem = field(form, "ma").strip(), _problem(form)
    if problem:
        return _page(request, me, services, code, problem=problem)
    kind, reason = field(form, "loai"), " ".join(field(form, "ly_do").split())
    with services.records.session() as s:
        person = person_in(s, code, units_of_officer(s, me.person))
        period_id, now = desk_of(services).period_id, services.clock()
        before = ""
        for old in exemptions_of(s, person.id):
            if old.period_id == period_id and old.withdrawn_at is None:
                before = old.kind
                withdraw_exemption(s, old, me.person.id, now)
        made = Exemption(
            person_id=person.id,
            period_id=period_id,
            kind=kind,
            reason=reason,
            decision=" ".join(field(form, "quyet_dinh").split()),
            recorded_at=now,
            recorded_by=me.person.id,
            withdrawn_at=None,
            withdrawn_by="",
        )
        add_exemption(s, made)
        act = Act(None, me.person.id, now, today(services))
        s.add(exemption_change(act, person.id, before, kind, reason))
        add_audit(s, me.person.id, "roster.exempt", {"person": person.id, "period": period_id}, now)
    return RedirectResponse(_address(code), 303)


@router.post("/hr/qua-trinh/thu-hoi")
def take_back(request: Request, me: HrOfficer, services: Running, form: Form) -> Response:
    """Withdraw an exemption, with a reason; the row stays."""
    check_form(form, me)
    code, reason, number = field(form, "ma").strip(), " ".join(field(form, "ly_do").split()), field(form, "so")
    if not reason or len(reason) > LONGEST_REASON:
        return _page(request, me, services, code, problem="Chưa thu hồi: anh/chị ghi lý do (tối đa 300 ký tự).")
    with services.records.session() as s:
        person = person_in(s, code, units_of_officer(s, me.person))
        found = find_exemption(s, int(number)) if number.isascii() and number.isdigit() and len(number) < 16 else None
        if found is None or found.person_id != person.id or found.withdrawn_at is not None:
            raise not_found()
        now = services.clock()
        withdraw_exemption(s, found, me.person.id, now)
        act = Act(None, me.person.id, now, today(services))
        s.add(exemption_change(act, person.id, found.kind, "", reason))
        add_audit(s, me.person.id, "roster.exempt", {"person": person.id, "period": found.period_id}, now)
    return RedirectResponse(_address(code), 303)


def _problem(form: FormData) -> str:
    reason = " ".join(field(form, "ly_do").split())
    if field(form, "loai") not in EXEMPTION_NAMES:
        return "Chưa ghi: anh/chị chọn miễn hoặc hoãn."
    if not reason or len(reason) > LONGEST_REASON:
        return f"Chưa ghi: anh/chị ghi lý do (tối đa {LONGEST_REASON} ký tự)."
    if not field(form, "quyet_dinh").strip() or len(field(form, "quyet_dinh")) > LONGEST_DECISION:
        return "Chưa ghi: anh/chị ghi số, ngày và người ký quyết định. Máy không chọn người được miễn."
    return ""


def _address(code: str) -> str:
    return f"/hr/qua-trinh?{urlencode({'ma': code})}"


def _page(request: Request, me: LogIn, services: Services, code: str, *, problem: str = "") -> Response:
    context: dict[str, object] = {"person": None, "code": code, "problem": problem}
    if code:
        with services.records.session(durable=False) as s:
            context |= _about(s, person_in(s, code, units_of_officer(s, me.person)), desk_of(services).period_id)
            add_audit(s, me.person.id, "roster.person", {"person": context["person_id"]}, services.clock())
    return render(request, "roster_person.html", context, status=422 if problem else 200)


def _about(s: Session, person: Person, period_id: str) -> dict[str, object]:
    facts, unit = facts_of(s, person.id), find_unit(s, person.unit_id)
    return {
        "person": person,
        "person_id": person.id,
        "unit": unit,
        "status": STATUS_NAMES[facts.status if facts else "working"],
        "job_title": facts.job_title if facts else "",
        "stays": stays_of(s, person.id),
        "leaves": leaves_of(s, person.id),
        "exemptions": exemptions_of(s, person.id),
        "changes": changes_of(s, person.id),
        "period": period_id,
        "date": _day,
        "words": detail_words,
        "change_names": KIND_NAMES,
        "exemption_names": EXEMPTION_NAMES,
        "status_names": STATUS_NAMES,
    }


def _day(day: date | None, otherwise: str = "") -> str:
    return day_words(day) or otherwise
