"""Logging in and out."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from hocvu.errors import UnknownItem
from hocvu.portal import csrf
from hocvu.portal.access import COOKIES, Form, Learner, Running, Visitor, check_form, end_log_in, field
from hocvu.portal.brakes import address_of, brakes_of, seconds, wait_words
from hocvu.portal.errors import ApiError
from hocvu.portal.parked import unpark
from hocvu.portal.passwords import verify_password
from hocvu.portal.services import Services
from hocvu.portal.submission import keep_draft
from hocvu.portal.trial_logins import trial_logins
from hocvu.portal.views import render
from hocvu.records import Person, add_audit, create_session, end_session, expire_sessions, find_by_login

router = APIRouter(include_in_schema=False)

FORM_COOKIE = "hocvu_form"
WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng. Anh/chị kiểm tra lại rồi thử lần nữa."
BLOCKED = "Có quá nhiều lần thử chưa đúng."
FORGOTTEN = "Quên mật khẩu thì anh/chị liên hệ bộ phận tổ chức cán bộ để nhận mã kích hoạt mới."


@router.get("/dang-nhap")
def show_login(request: Request, services: Running, visitor: Visitor, toi: str = "/") -> Response:
    """The log-in form; who is logged in already goes straight on."""
    if visitor is not None:
        return RedirectResponse(safe_path(toi), 303)
    return login_page(request, services, toi=toi)


def login_page(
    request: Request,
    services: Services,
    *,
    toi: str = "/",
    parked: str = "",
    login: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    """Return the log-in form. parked: signed answers to bring back once the same person is in again."""
    trial = trial_logins(request, services)
    context = {"toi": safe_path(toi), "parked": parked, "login": login, "problem": problem, "trial": trial}
    return form_page(request, services, "login.html", context, status)


def form_page(
    request: Request, services: Services, template: str, context: Mapping[str, object], status: int = 200
) -> Response:
    """Return a page whose form works before anybody is logged in: its token is bound to a random cookie."""
    cookie = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    token = csrf.make_token(csrf.form_secret(cookie, services.secret))
    page = render(request, template, {**context, "form_token": token}, status=status)
    _set_cookie(page, services, FORM_COOKIE, cookie)
    return page


def check_visitors_form(request: Request, services: Services, form: FormData) -> None:
    """Raise ApiError 403 unless the form came from a `form_page` in this browser."""
    secret = csrf.form_secret(request.cookies.get(FORM_COOKIE, ""), services.secret)
    csrf.check_token(field(form, csrf.FIELD), secret)


@router.post("/dang-nhap")
def log_in(request: Request, services: Running, form: Form) -> Response:
    """Open a session; parked answers go back into their owner's draft."""
    login, toi, parked = field(form, "ten").strip(), safe_path(field(form, "toi")), field(form, "giu")
    try:
        check_visitors_form(request, services, form)
    except ApiError as error:  # a form left open for long; the parked answers stay in the new one
        return login_page(request, services, toi=toi, parked=parked, login=login, problem=error.message, status=403)
    wait = brakes_of(request).login.knock(login.lower(), address_of(request), services.clock())
    if wait:
        problem = f"{BLOCKED} {wait_words(wait)} {FORGOTTEN}"
        page = login_page(request, services, toi=toi, parked=parked, login=login, problem=problem, status=429)
        page.headers["Retry-After"] = str(seconds(wait))
        return page
    person = _check_password(request, services, login, field(form, "mat_khau"))
    if person is None:
        return login_page(request, services, toi=toi, parked=parked, login=login, problem=WRONG)
    with services.records.session() as s:
        token = open_session(s, request, services, person.id)
        add_audit(s, person.id, "login", {}, services.clock())
    _restore(services, person, parked)
    return let_in(services, token, toi)


@router.post("/dang-xuat")
def log_out(services: Running, me: Learner, form: Form) -> Response:
    """End the session here and on the lessons' origin."""
    check_form(form, me)
    with services.records.session() as s:
        end_log_in(s, me)
        add_audit(s, me.person.id, "logout", {}, services.clock())
    response = RedirectResponse("/dang-nhap", 303)
    response.delete_cookie(COOKIES["portal"], path="/")
    return response


def safe_path(toi: str) -> str:
    """Return the path if it stays on this site, else the front page."""
    inside = toi.startswith("/") and not toi.startswith(("//", "/\\")) and toi.isascii() and toi.isprintable()
    return toi if inside and "\\" not in toi else "/"


def open_session(s: Session, request: Request, services: Services, person_id: str) -> str:
    """Return the cookie's value of a new session; the browser's old one ends."""
    now = services.clock()
    _drop_old_session(s, request)
    expire_sessions(s, now - timedelta(days=1))
    lifetime = timedelta(hours=services.settings.session_hours)
    return create_session(s, person_id, "portal", lifetime=lifetime, now=now)[0]


def let_in(services: Services, token: str, toi: str) -> Response:
    """Return the way into the portal, with the session's cookie."""
    response = RedirectResponse(toi, 303)
    _set_cookie(response, services, COOKIES["portal"], token, hours=services.settings.session_hours)
    return response


def _check_password(request: Request, services: Services, login: str, password: str) -> Person | None:
    """Return the person, None for a wrong name or password, which is logged."""
    with services.records.reading() as s:
        person = (find_by_login(s, login) or find_by_login(s, login.upper())) if login else None  # codes are capitals
    address = address_of(request)
    if verify_password(person.password_hash if person else None, password):
        brakes_of(request).login.open(login.lower(), address)
        return person
    with services.records.session(durable=False) as s:
        add_audit(s, person.id if person else "unknown", "login.failed", {"address": address}, services.clock())
    return None


def _drop_old_session(s: Session, request: Request) -> None:
    old = request.cookies.get(COOKIES["portal"])
    if old:
        end_session(s, old)


def _restore(services: Services, person: Person, text: str) -> None:
    """Put parked answers back, unless somebody else logged in or the attempt has been handed in meanwhile."""
    parked = unpark(services.secret, text)
    if parked is None or parked.person_id != person.id:
        return
    assignment = services.assignments.get(parked.assignment)
    if assignment is None:
        return
    try:
        keep_draft(services, person.id, assignment, parked.answers, services.clock(), attempt_no=parked.attempt_no)
    except (ApiError, UnknownItem):  # the assignment changed meanwhile: what fits no question cannot be shown
        return


def _set_cookie(response: Response, services: Services, name: str, value: str, hours: float | None = None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(hours * 3600) if hours else None,
        httponly=True,
        samesite="lax",
        secure=services.settings.portal.startswith("https"),
        path="/",
    )
