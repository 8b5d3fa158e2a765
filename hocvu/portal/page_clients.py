"""For administrators: systems that fetch scores by OAuth 2, their secrets and their end."""

from datetime import datetime, timedelta
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from hocvu.portal.access import Admin, Form, Running, check_form, field
from hocvu.portal.api_callers import SCOPES, TOKEN_PATH
from hocvu.portal.errors import not_found
from hocvu.portal.key_forms import end_key, read_days, read_key_form, where
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.records import (
    ClientRow,
    UnknownRecord,
    add_audit,
    create_client,
    list_clients,
    list_units,
    revoke_client,
    rotate_secret,
)

router = APIRouter(prefix="/quan-tri/he-thong", include_in_schema=False)

LONGEST_OVERLAP_DAYS = 30


@router.get("")
def show_clients(request: Request, me: Admin, services: Running) -> Response:
    """All clients and the form for a new one."""
    return _page(request, services)


@router.post("")
def create(request: Request, me: Admin, services: Running, form: Form) -> Response:
    """Make a client and show its secret, this once."""
    check_form(form, me)
    asked = read_key_form(form)
    if asked.problem or asked.days is None:
        return _page(request, services, problem=asked.problem, status=422)
    now = services.clock()
    with services.records.session() as s:
        secret, client = create_client(
            s,
            asked.name,
            asked.scopes,
            now=now,
            secret_lifetime=timedelta(days=asked.days),
            created_by=me.person.staff_code,
            unit_id=asked.unit_id(s),
        )
        add_audit(s, me.person.id, "client.create", {"client": client.id, "scopes": asked.scopes}, now)
    return _page(request, services, shown=(client.id, secret), status=201)


@router.post("/{client_id}/doi-khoa")
def rotate(request: Request, client_id: str, me: Admin, services: Running, form: Form) -> Response:
    """Make a new secret; the one before works on for the days asked, so that nothing is interrupted."""
    check_form(form, me)
    overlap = read_days(field(form, "gop") or "0", LONGEST_OVERLAP_DAYS, low=0)
    if overlap is None:
        problem = f"Khóa cũ dùng thêm từ 0 đến {LONGEST_OVERLAP_DAYS} ngày. Anh/chị nhập lại."
        return _page(request, services, problem=problem, status=422)
    now = services.clock()
    with services.records.session() as s:
        try:
            secret = rotate_secret(
                s, client_id, now=now, secret_lifetime=timedelta(days=365), overlap=timedelta(days=overlap)
            )
        except UnknownRecord as error:
            raise not_found() from error
        add_audit(s, me.person.id, "client.rotate", {"client": client_id}, now)
    return _page(request, services, shown=(client_id, secret), status=201)


@router.post("/{client_id}/thu-hoi")
def revoke(client_id: str, me: Admin, services: Running, form: Form) -> Response:
    """Revoke a client at once: its secrets and the tokens it has fetched."""
    end_key(services, me, form, partial(_revoke, client_id), "client.revoke", {"client": client_id})
    return RedirectResponse("/quan-tri/he-thong", 303)


def _revoke(client_id: str, s: Session, now: datetime) -> None:
    revoke_client(s, client_id, now)


def _page(
    request: Request,
    services: Services,
    *,
    shown: tuple[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    now = services.clock()
    with services.records.reading() as s:
        units = list_units(s)
        by_id = {unit.id: unit for unit in units}
        rows = [(row, where(row.client.unit_id, by_id), _state(row)) for row in list_clients(s, now)]
    context = {
        "clients": rows,
        "units": units,
        "scopes": SCOPES,
        "shown": shown,
        "problem": problem,
        "token_address": services.settings.portal + TOKEN_PATH,
        "soon": now + timedelta(days=30),
    }
    return render(request, "clients.html", context, status=status)


def _state(row: ClientRow) -> str:
    if row.client.revoked_at is not None:
        return "đã thu hồi"
    return "khóa đã hết hạn" if row.secret_ends_at is None else "đang dùng"
