"""For HR and administrators: activation codes for people without a password, by unit on paper or one by one."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hocvu.portal.access import AccountKeeper, Form, Running, check_form, field
from hocvu.portal.activation import LIFETIME, Letter, is_plain, issue_codes, to_invite
from hocvu.portal.errors import not_found
from hocvu.portal.export_pdf import PDF_TYPE
from hocvu.portal.export_xlsx import XLSX_TYPE
from hocvu.portal.letters import letters_pdf, letters_xlsx
from hocvu.portal.own_units import units_of_officer
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.words import local
from hocvu.portal.year_desk import today
from hocvu.records import (
    Person,
    add_audit,
    find_by_staff_code,
    find_unit,
    find_unit_by_code,
    list_units,
    unit_and_children,
)
from hocvu.records.activation import count_accounts

PAGE_ADDRESS = "/hr/tai-khoan"
router = APIRouter(prefix=PAGE_ADDRESS, include_in_schema=False)

MOST = 1000  # codes at once: what a unit hands out in a day
NOBODY = "Không có ai cần mã trong đơn vị này: mọi người đã có mật khẩu, hoặc đang có mã còn hạn."
TOO_MANY = f"Đơn vị này có hơn {MOST} người cần mã. Anh/chị chọn từng đơn vị trực thuộc để cấp."
UNKNOWN = "Không có người mang mã CBCCVC này trong phạm vi của anh/chị. Anh/chị kiểm tra lại mã."
ONLY_ADMIN = "Người này có vai trò khác ngoài người học. Chỉ quản trị viên cấp được mã cho tài khoản ấy."


@dataclass(frozen=True)
class Keeper:
    """Who issues codes: for which units (None: all), and whether for accounts with more rights too."""

    person: Person
    units: frozenset[int] | None
    is_admin: bool


@router.get("")
def show_accounts(request: Request, me: AccountKeeper, services: Running) -> Response:
    """How far each unit is, and the two forms."""
    return _page(request, services, me.person)


@router.post("/theo-don-vi")
def issue_for_unit(request: Request, me: AccountKeeper, services: Running, form: Form) -> Response:
    """Issue codes for the people of a unit and hand them out as a file, this once."""
    check_form(form, me)
    kind, now = "xlsx" if field(form, "dang") == "xlsx" else "pdf", services.clock()
    with services.records.session() as s:
        keeper = _keeper(s, me.person)
        unit = find_unit_by_code(s, field(form, "don_vi"))
        if unit is None or (keeper.units is not None and unit.id not in keeper.units):
            raise not_found()
        people = to_invite(
            s, unit_and_children(s, unit.id), today(services), now,
            again=bool(field(form, "lai")), roles=keeper.is_admin, most=MOST,
        )  # fmt: skip
        letters: list[Letter] = []
        if 0 < len(people) <= MOST:
            letters = issue_codes(s, services.secret, people, made_by=me.person.id, now=now)
            detail = {"unit": unit.code, "people": len(letters), "format": kind}
            add_audit(s, me.person.id, "account.codes", detail, now)
    if not letters:
        return _page(request, services, me.person, problem=TOO_MANY if people else NOBODY)
    data, media_type = _file(services, letters, kind)
    name = f"ma-kich-hoat-{local(now):%Y%m%d-%H%M}.{kind}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post("/mot-nguoi")
def issue_for_one(request: Request, me: AccountKeeper, services: Running, form: Form) -> Response:
    """Issue a code for one person, who may have forgotten the password, and show it, this once."""
    check_form(form, me)
    code, now = field(form, "ma").strip()[:64], services.clock()
    with services.records.session() as s:
        keeper = _keeper(s, me.person)
        person = find_by_staff_code(s, code) or find_by_staff_code(s, code.upper())
        if person is None or (keeper.units is not None and person.unit_id not in keeper.units):
            problem, letter = UNKNOWN, None
        elif not (keeper.is_admin or is_plain(person)):
            problem, letter = ONLY_ADMIN, None
        else:
            unit, problem = find_unit(s, person.unit_id), ""
            people = [(person, unit.name if unit else "")]
            (letter,) = issue_codes(s, services.secret, people, made_by=me.person.id, now=now)
            add_audit(s, me.person.id, "account.code", {"person": person.id}, now)
    return _page(request, services, me.person, problem=problem, letter=letter)


def _keeper(s: Session, person: Person) -> Keeper:
    is_admin = "admin" in person.roles
    return Keeper(person, None if is_admin else units_of_officer(s, person), is_admin)


def _file(services: Services, letters: list[Letter], kind: str) -> tuple[bytes, str]:
    if kind == "xlsx":
        return letters_xlsx(letters), XLSX_TYPE
    return letters_pdf(services.settings.root, letters, f"{services.settings.portal}/kich-hoat"), PDF_TYPE


def _page(
    request: Request, services: Services, person: Person, *, problem: str = "", letter: Letter | None = None
) -> Response:
    now = services.clock()
    with services.records.reading() as s:
        units = _keeper(s, person).units
        context = {
            "units": list_units(s, ids=units),
            "accounts": count_accounts(s, units, today(services), now),
            "problem": problem,
            "letter": letter,
            "days": LIFETIME.days,
            "address": f"{services.settings.portal}/kich-hoat",
        }
    status = 422 if problem else 201 if letter else 200
    return render(request, "accounts.html", context, status=status)
