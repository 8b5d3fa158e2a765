"""For administrators: who holds which role; to give one, and to take it back after asking once more."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from hocvu.portal.access import Admin, Form, LogIn, Running, check_form, field
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import not_found
from hocvu.portal.form_values import line_of
from hocvu.portal.role_view import changes_in_words, role_people
from hocvu.portal.role_words import ROLE_PURPOSES, lost_pages
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.year_desk import today
from hocvu.records import (
    AuditEntry,
    Person,
    Unit,
    add_audit,
    find_person,
    find_unit_by_code,
    list_audit,
    list_units,
    unit_and_children,
)
from hocvu.records.role_holders import list_role_people
from hocvu.records.roles import (
    GIVEN,
    LONGEST_REASON,
    OF_ONE_UNIT,
    ROLE_CHANGE,
    ROLE_NAMES,
    SCOPED,
    Act,
    RoleRefused,
    give_role,
    take_role,
    units_to_choose,
)

PATH = "/quan-tri/vai-tro"
router = APIRouter(prefix=PATH, include_in_schema=False)

PAGE_SIZE = 30  # people
CHANGES = 20
WHOLE_CITY = "*"  # what the form sends for it: to choose nothing is not to choose everybody
NO_SCOPE = "Vai trò «{}» cần một phạm vi. Anh/chị chọn toàn thành phố hoặc một đơn vị ở ô «Phạm vi» rồi giao lại."


@router.get("")
def show_roles(
    request: Request,
    me: Admin,
    services: Running,
    tim: Annotated[str, Query(max_length=100)] = "",
    don_vi: Annotated[str, Query(max_length=32)] = "",
    vai_tro: Annotated[str, Query(max_length=32)] = "",
    trang: Annotated[int, Query(ge=1, le=10_000)] = 1,
    xong: Annotated[int, Query(ge=0, le=2**60)] = 0,
) -> Response:
    """The search, who holds what, the last changes. xong: the log's line of what was just done."""
    asked = {
        "tim": clean_text(tim).strip(),
        "don_vi": clean_text(don_vi),
        "vai_tro": vai_tro if vai_tro in GIVEN else "",
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    with services.records.session(durable=False) as s:
        found = _found(s, asked, trang)
        detail = {"query": query, "page": trang, "rows": min(len(found), PAGE_SIZE)}
        add_audit(s, me.person.id, "role.list", detail, services.clock())
        context = {
            "asked": asked,
            "query": query,
            "page": trang,
            "more": len(found) > PAGE_SIZE,
            "rows": role_people(s, found[:PAGE_SIZE], today(services)),
            "changes": changes_in_words(s, list_audit(s, action=ROLE_CHANGE, limit=CHANGES)),
            "done": changes_in_words(s, _entry(s, xong)),
            "units": list_units(s),
            "given_roles": GIVEN,
        }
    return render(request, "roles.html", context)


@router.get("/{person_id}")
def show_person(request: Request, person_id: str, me: Admin, services: Running) -> Response:
    """One person's roles, and the form to give another."""
    return _person_page(request, me, services, person_id)


@router.post("/{person_id}")
def give(request: Request, person_id: str, me: Admin, services: Running, form: Form) -> Response:
    """Give a role; a refusal keeps what was typed."""
    check_form(form, me)
    role, unit_code = field(form, "vai_tro"), field(form, "don_vi")
    try:
        if role in SCOPED and role != OF_ONE_UNIT and not unit_code:
            raise RoleRefused(NO_SCOPE.format(ROLE_NAMES[role]))
        with services.records.session() as s:
            unit_code = "" if unit_code == WHOLE_CITY else unit_code
            entry = give_role(s, _find(s, person_id).id, role, unit_code, _act(me, services, form))
    except RoleRefused as error:
        return _person_page(request, me, services, person_id, error.message, form)
    return RedirectResponse(f"{PATH}?xong={entry.id}", 303)


@router.get("/{person_id}/thu")
def ask_to_take(
    request: Request, person_id: str, me: Admin, services: Running, vai_tro: Annotated[str, Query(max_length=32)] = ""
) -> Response:
    """Ask once more: what the person will no longer see."""
    return _take_page(request, me, services, person_id, vai_tro)


@router.post("/{person_id}/thu")
def take(request: Request, person_id: str, me: Admin, services: Running, form: Form) -> Response:
    """Take the role, at once."""
    check_form(form, me)
    role = field(form, "vai_tro")
    try:
        with services.records.session() as s:
            entry = take_role(s, _find(s, person_id).id, role, _act(me, services, form))
    except RoleRefused as error:
        return _take_page(request, me, services, person_id, role, error.message, form)
    return RedirectResponse(f"{PATH}?xong={entry.id}", 303)


def _act(me: LogIn, services: Services, form: FormData) -> Act:
    return Act(me.person, line_of(form, "ly_do", LONGEST_REASON + 1), services.clock(), today(services))


def _find(s: Session, person_id: str) -> Person:
    person = find_person(s, clean_text(person_id)[:36])
    if person is None:
        raise not_found()
    return person


def _found(s: Session, asked: dict[str, str], page: int) -> list[tuple[Person, Unit]]:
    """Return the people of a page, and one more if there is a next page."""
    unit = find_unit_by_code(s, asked["don_vi"])
    if asked["don_vi"] and unit is None:
        raise not_found()
    units = unit_and_children(s, unit.id) if unit else None
    offset, limit = (page - 1) * PAGE_SIZE, PAGE_SIZE + 1
    return list_role_people(s, asked["tim"], units, asked["vai_tro"], limit=limit, offset=offset)


def _entry(s: Session, entry_id: int) -> list[AuditEntry]:
    """Return the log's line with this number, if it is about roles."""
    newest = list_audit(s, action=ROLE_CHANGE, before_id=entry_id + 1, limit=1)
    return [entry for entry in newest if entry.id == entry_id]


def _person_page(
    request: Request, me: LogIn, services: Services, person_id: str, problem: str = "", form: FormData | None = None
) -> Response:
    """Return the page of one person. form: what was typed and refused."""
    with services.records.reading() as s:
        person = _find(s, person_id)
        (shown,) = role_people(s, [(person, s.get_one(Unit, person.unit_id))], today(services))
        context = {
            "shown": shown,
            "person": person,
            "is_me": person.id == me.person.id,
            "choices": {role: ROLE_PURPOSES[role] for role in GIVEN if role not in person.roles},
            "units": units_to_choose(s, person),
            "city": WHOLE_CITY,
            "problem": problem,
            "given": {name: field(form, name) if form else "" for name in ("vai_tro", "don_vi", "ly_do")},
            "longest": LONGEST_REASON,
        }
    return render(request, "role_person.html", context, status=422 if problem else 200)


def _take_page(
    request: Request,
    me: LogIn,
    services: Services,
    person_id: str,
    role: str,
    problem: str = "",
    form: FormData | None = None,
) -> Response:
    """Return the question; the person's own page if there is nothing to take from them."""
    with services.records.reading() as s:
        person = _find(s, person_id)
        (shown,) = role_people(s, [(person, s.get_one(Unit, person.unit_id))], today(services))
    held = next((one for one in shown.held if one.role == role), None)
    if held is None or person.id == me.person.id:
        return _person_page(request, me, services, person_id, problem)
    context = {
        "person": person,
        "held": held,
        "lost": lost_pages(person.roles, role, person.hr_unit_id is not None),
        "problem": problem,
        "reason": field(form, "ly_do") if form else "",
        "longest": LONGEST_REASON,
    }
    return render(request, "role_take.html", context, status=422 if problem else 200)
