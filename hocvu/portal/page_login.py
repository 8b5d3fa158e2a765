"""Logging in and out."""

import secrets
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from hocvu.errors import UnknownItem
from hocvu.portal import csrf
from hocvu.portal.access import COOKIES, Form, Learner, Running, Visitor, check_form, end_log_in, field
from hocvu.portal.errors import ApiError
from hocvu.portal.parked import unpark
from hocvu.portal.passwords import FailedLogins, verify_password
from hocvu.portal.services import Services
from hocvu.portal.submission import keep_draft
from hocvu.portal.views import render
from hocvu.records import Person, add_audit, create_session, end_session, expire_sessions, find_by_login

router = APIRouter(include_in_schema=False)

FORM_COOKIE = "hocvu_form"
WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng. Anh/chị kiểm tra lại rồi thử lần nữa."
BLOCKED = "Có quá nhiều lần thử chưa đúng. Anh/chị chờ 15 phút rồi thử lại, hoặc liên hệ bộ phận tổ chức cán bộ."


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
    cookie = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    token = csrf.make_token(csrf.form_secret(cookie, services.secret))
    context = {"toi": safe_path(toi), "parked": parked, "login": login, "problem": problem, "form_token": token}
    page = render(request, "login.html", context, status=status)
    _set_cookie(page, services, FORM_COOKIE, cookie)
    return page


@router.post("/dang-nhap")
def log_in(request: Request, services: Running, form: Form) -> Response:
    """Open a session; parked answers go back into their owner's draft."""
    login, toi, parked = field(form, "ten").strip(), safe_path(field(form, "toi")), field(form, "giu")
    try:
        secret = csrf.form_secret(request.cookies.get(FORM_COOKIE, ""), services.secret)
        csrf.check_token(field(form, csrf.FIELD), secret)
    except ApiError as error:  # a form left open for long; the parked answers stay in the new one
        return login_page(request, services, toi=toi, parked=parked, login=login, problem=error.message, status=403)
    person, problem = _check_password(request, services, login, field(form, "mat_khau"))
    if person is None:
        status = 429 if problem == BLOCKED else 200
        return login_page(request, services, toi=toi, parked=parked, login=login, problem=problem, status=status)
    now = services.clock()
    with services.records.session() as s:
        _drop_old_session(s, request)
        expire_sessions(s, now - timedelta(days=1))
        lifetime = timedelta(hours=services.settings.session_hours)
        token, _ = create_session(s, person.id, "portal", lifetime=lifetime, now=now)
        add_audit(s, person.id, "login", {}, now)
    _restore(services, person, parked)
    response = RedirectResponse(toi, 303)
    _set_cookie(response, services, COOKIES["portal"], token, hours=services.settings.session_hours)
    return response


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


def _check_password(request: Request, services: Services, login: str, password: str) -> tuple[Person | None, str]:
    """Return the person, or None and what to tell; the answer never says whether the name exists."""
    failures: FailedLogins = request.app.state.failed_logins
    address = request.client.host if request.client else ""
    now = services.clock()
    if failures.is_blocked(login.lower(), address, now):
        return None, BLOCKED
    with services.records.reading() as s:
        person = find_by_login(s, login) if login else None
    if verify_password(person.password_hash if person else None, password):
        failures.forget(login.lower())
        return person, ""
    failures.add(login.lower(), address, now)
    with services.records.session(durable=False) as s:
        add_audit(s, person.id if person else "unknown", "login.failed", {"address": address}, now)
    return None, WRONG


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
