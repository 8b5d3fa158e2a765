"""For HR: who is put before the emulation board. People nominate; the page only writes down who, why and when."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from hocvu.portal.access import Form, HrOfficer, LogIn, Running, check_form, field
from hocvu.portal.errors import not_found
from hocvu.portal.form_values import day_of, line_of
from hocvu.portal.own_units import person_in, units_of_officer
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.year_desk import board_period, today
from hocvu.records import Nomination, Person, add_audit, find_by_staff_code, find_person
from hocvu.records.nominations import (
    add_nomination,
    find_nomination,
    list_nominations,
    standing_nomination,
    withdraw_nomination,
)
from hocvu.year.desk import vietnamese_day

router = APIRouter(include_in_schema=False)

PATH = "/hr/de-cu"
LONGEST_REASON = 1000
LONGEST_DOCUMENT = 200


@router.get(PATH)
def show_nominations(request: Request, me: HrOfficer, services: Running) -> Response:
    """The form, and the nominations of the officer's units."""
    return _page(request, me, services)


@router.post(PATH)
def nominate(request: Request, me: HrOfficer, services: Running, form: Form) -> Response:
    """Write a nomination down: who, why, by which document, when."""
    check_form(form, me)
    day, code = day_of(form, "ngay"), field(form, "ma").strip()
    reason, document = field(form, "ly_do").strip(), line_of(form, "van_ban", LONGEST_DOCUMENT)
    problem = _problem(reason, document, day, today(services))
    if problem or day is None:
        return _page(request, me, services, problem=problem, given=dict(form.items()))
    period, now = board_period(services), services.clock()
    with services.records.session() as s:
        units = units_of_officer(s, me.person)
        person = find_by_staff_code(s, code)
        if person is None or (units is not None and person.unit_id not in units):
            problem = f"Mã CBCCVC «{code[:64]}»: không có trong danh sách của anh/chị. Anh/chị xem lại ở trang Nhân sự."
        elif standing_nomination(s, period, person.id) is not None:
            problem = f"{code}: đã được đề cử trong kỳ {period}. Muốn sửa, anh/chị rút đề cử cũ rồi ghi lại."
        elif person.id == me.person.id:
            problem = "Anh/chị không tự ghi đề cử cho mình; xin một cán bộ tổ chức khác ghi."
        else:
            made = Nomination(
                period_id=period,
                person_id=person.id,
                reason=reason,
                document=document,
                nominated_on=day,
                entered_by=me.person.id,
                entered_at=now,
            )
            add_nomination(s, made)
            detail = {"nomination": made.id, "person": person.id, "period": period}
            add_audit(s, me.person.id, "nomination.add", detail, now)
    if problem:
        return _page(request, me, services, problem=problem, given=dict(form.items()))
    return RedirectResponse(PATH, 303)


@router.post(PATH + "/{nomination_id}/rut")
def withdraw(request: Request, nomination_id: int, me: HrOfficer, services: Running, form: Form) -> Response:
    """Take a nomination back, with a reason; it stays on record and leaves the board's page."""
    check_form(form, me)
    reason = line_of(form, "ly_do", LONGEST_REASON)
    if not reason:
        return _page(request, me, services, problem="Chưa rút: anh/chị ghi lý do rút đề cử.")
    with services.records.session() as s:
        found = find_nomination(s, nomination_id)
        if found is None or found[0].withdrawn_at is not None:
            raise not_found()
        person_in(s, found[1].staff_code, units_of_officer(s, me.person))
        now = services.clock()
        withdraw_nomination(s, found[0], me.person.id, reason, now)
        add_audit(s, me.person.id, "nomination.withdraw", {"nomination": nomination_id, "person": found[1].id}, now)
    return RedirectResponse(PATH, 303)


def _problem(reason: str, document: str, day: date | None, now: date) -> str:
    if not reason or len(reason) > LONGEST_REASON:
        return f"Chưa ghi: anh/chị ghi lý do đề cử (tối đa {LONGEST_REASON} ký tự)."
    if not document:
        return "Chưa ghi: anh/chị ghi số, ngày của văn bản hoặc biên bản đề cử. Máy không tự đề cử ai."
    if day is None or day > now:
        return "Chưa ghi: anh/chị chọn ngày đề cử, không sau hôm nay."
    return ""


def _page(
    request: Request,
    me: LogIn,
    services: Services,
    *,
    problem: str = "",
    given: dict[str, object] | None = None,
) -> Response:
    period = board_period(services)
    with services.records.session(durable=False) as s:
        rows = list_nominations(s, period, unit_ids=units_of_officer(s, me.person), with_withdrawn=True)
        by = {one: find_person(s, one) for row, _, _ in rows for one in (row.entered_by, row.withdrawn_by) if one}
        add_audit(s, me.person.id, "nomination.list", {"rows": len(rows), "period": period}, services.clock())
    context = {
        "rows": rows,
        "by": {one: _code(person) for one, person in by.items()},
        "period": period,
        "today": today(services),
        "problem": problem,
        "given": given or {},
        "longest": LONGEST_REASON,
        "longest_document": LONGEST_DOCUMENT,
        "date": vietnamese_day,
    }
    return render(request, "nominations.html", context, status=422 if problem else 200)


def _code(person: Person | None) -> str:
    return person.staff_code if person else ""
