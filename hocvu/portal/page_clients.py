"""For administrators: systems that fetch scores by OAuth 2, their secrets and their end."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from hocvu.portal.access import Admin, Form, Running, check_form, field
from hocvu.portal.api_callers import SCOPES, TOKEN_PATH
from hocvu.portal.errors import not_found
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.records import (
    ClientRow,
    UnknownRecord,
    add_audit,
    create_client,
    find_unit_by_code,
    list_clients,
    list_units,
    revoke_client,
    rotate_secret,
)

router = APIRouter(prefix="/quan-tri/he-thong", include_in_schema=False)

LONGEST_DAYS = 730
LONGEST_OVERLAP_DAYS = 30


@router.get("")
def show_clients(request: Request, me: Admin, services: Running) -> Response:
    """All clients and the form for a new one."""
    return _page(request, services)


@router.post("")
def create(request: Request, me: Admin, services: Running, form: Form) -> Response:
    """Make a client and show its secret, this once."""
    check_form(form, me)
    name, days = field(form, "ten").strip()[:80], _days(field(form, "so_ngay"), LONGEST_DAYS)
    scopes = [scope for scope in SCOPES if scope in form.getlist("quyen")]
    problem = _problem(name, scopes, days)
    if problem or days is None:
        return _page(request, services, problem=problem, status=422)
    now = services.clock()
    with services.records.session() as s:
        unit = find_unit_by_code(s, field(form, "don_vi")) if field(form, "don_vi") else None
        if field(form, "don_vi") and unit is None:
            raise not_found()
        secret, client = create_client(
            s,
            name,
            scopes,
            now=now,
            secret_lifetime=timedelta(days=days),
            created_by=me.person.staff_code,
            unit_id=unit.id if unit else None,
        )
        add_audit(s, me.person.id, "client.create", {"client": client.id, "scopes": scopes}, now)
    return _page(request, services, shown=(client.id, secret), status=201)


@router.post("/{client_id}/doi-khoa")
def rotate(request: Request, client_id: str, me: Admin, services: Running, form: Form) -> Response:
    """Make a new secret; the one before works on for the days asked, so that nothing is interrupted."""
    check_form(form, me)
    overlap = _days(field(form, "gop") or "0", LONGEST_OVERLAP_DAYS, low=0)
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
    check_form(form, me)
    now = services.clock()
    with services.records.session() as s:
        try:
            revoke_client(s, client_id, now)
        except UnknownRecord as error:
            raise not_found() from error
        add_audit(s, me.person.id, "client.revoke", {"client": client_id}, now)
    return RedirectResponse("/quan-tri/he-thong", 303)


def _days(text: str, most: int, low: int = 1) -> int | None:
    """Return a whole number of days, None if it is none between low and most."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 and low <= int(text) <= most else None


def _problem(name: str, scopes: list[str], days: int | None) -> str:
    if not name:
        return "Anh/chị ghi tên hệ thống sẽ kết nối."
    if not scopes:
        return "Anh/chị chọn ít nhất một quyền."
    if days is None:
        return f"Số ngày khóa có hiệu lực là một số từ 1 đến {LONGEST_DAYS}. Anh/chị nhập lại."
    return ""


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
        names = {unit.id: unit.name for unit in units}
        rows = [
            (row, names.get(row.client.unit_id or 0, "Toàn thành phố"), _state(row)) for row in list_clients(s, now)
        ]
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
