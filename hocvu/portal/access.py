"""Who may do what: the dependencies that every route names. A route without one is open to everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import delete
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from hocvu.portal import csrf
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import ApiError, NotLoggedIn
from hocvu.portal.services import Services
from hocvu.records import Person, WebSession, end_session, find_person, find_session
from hocvu.records.roster import has_left_on
from hocvu.year.calendar import day_in_vietnam

LEFT = (
    "Danh sách nhân sự ghi anh/chị đã rời cơ quan, nên trang này không mở nữa. "
    "Kết quả học của anh/chị vẫn xem được ở «Năng lực». Nếu ghi sai, anh/chị báo bộ phận tổ chức cán bộ."
)
COOKIES = {"portal": "hocvu", "lite": "hocvu_lite"}


@dataclass(frozen=True)
class LogIn:
    """A valid session: who it is, the cookie, and the secret of its forms."""

    person: Person
    token: str
    session: WebSession


async def services_of(request: Request) -> Services:  # async: what only looks at the request needs no thread
    return _services(request)


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def find_log_in(request: Request) -> LogIn | None:
    """Return who is logged in on this origin, None if nobody; pages show it in their header."""
    scope: str = request.app.state.scope
    token = request.cookies.get(COOKIES[scope])
    if not token:
        return None
    services = _services(request)
    with services.records.reading() as s:
        session = find_session(s, token, scope, services.clock())
        person = find_person(s, session.person_id) if session else None
    if session is None or person is None:
        return None
    log_in = LogIn(person, token, session)
    request.state.log_in = log_in
    return log_in


def end_log_in(s: Session, log_in: LogIn) -> None:
    """End this session, and the lesson sessions it opened on the other origin."""
    end_session(s, log_in.token)
    s.execute(delete(WebSession).where(WebSession.person_id == log_in.person.id, WebSession.scope == "lite"))


def require_log_in(request: Request) -> LogIn:
    log_in = find_log_in(request)
    if log_in is None:
        raise NotLoggedIn
    return log_in


def require_role(*roles: str) -> Callable[[Request, LogIn], LogIn]:
    """Return a dependency that lets only people with one of the roles pass, and only while they serve.

    Who has left keeps what every learner has: their own record. What came with a post ended with it.
    """

    def check(request: Request, log_in: Annotated[LogIn, Depends(require_log_in)]) -> LogIn:
        if not set(roles) & set(log_in.person.roles):
            raise ApiError(403)
        services = _services(request)
        with services.records.reading() as s:
            if has_left_on(s, log_in.person.id, day_in_vietnam(services.clock())):
                raise ApiError(403, "has_left", LEFT)
        return log_in

    return check


async def form_fields(request: Request) -> FormData:
    """Return the posted form; files in it are ignored by every reader."""
    return await request.form()


def field(form: FormData, name: str) -> str:
    """Return a field's text, storable; "" when it is missing or a file."""
    value = form.get(name, "")
    return clean_text(value) if isinstance(value, str) else ""


def check_form(form: FormData, log_in: LogIn) -> None:
    """Raise 403 unless the form came from a page of this session."""
    csrf.check_token(field(form, csrf.FIELD), log_in.session.csrf)


async def require_header(request: Request, log_in: Annotated[LogIn, Depends(require_log_in)]) -> LogIn:
    """API calls that change something carry the token in a header."""
    csrf.check_token(request.headers.get(csrf.HEADER, ""), log_in.session.csrf)
    return log_in


Running = Annotated[Services, Depends(services_of)]
Learner = Annotated[LogIn, Depends(require_log_in)]
CheckedLearner = Annotated[LogIn, Depends(require_header)]
Visitor = Annotated[LogIn | None, Depends(find_log_in)]
Form = Annotated[FormData, Depends(form_fields)]
Instructor = Annotated[LogIn, Depends(require_role("instructor"))]
HrOfficer = Annotated[LogIn, Depends(require_role("hr"))]
Admin = Annotated[LogIn, Depends(require_role("admin"))]
UnitHead = Annotated[LogIn, Depends(require_role("unit_head"))]
BoardMember = Annotated[LogIn, Depends(require_role("board"))]
Confirmer = Annotated[LogIn, Depends(require_role("hr", "unit_head"))]
ItemKeeper = Annotated[LogIn, Depends(require_role("hr", "instructor"))]
AccountKeeper = Annotated[LogIn, Depends(require_role("hr", "admin"))]
