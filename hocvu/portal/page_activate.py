"""For people with an activation code: their first password, or a new one, and straight in."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hocvu.portal.access import Form, Running, field
from hocvu.portal.activation import Opened, Outcome, Refused, check_code, set_password
from hocvu.portal.brakes import address_of, brakes_of, seconds, wait_words
from hocvu.portal.errors import ApiError
from hocvu.portal.page_login import check_visitors_form, form_page, let_in, open_session
from hocvu.portal.passwords import MAX_PASSWORD, MIN_PASSWORD, hash_password, length_problem
from hocvu.portal.services import Services
from hocvu.records import add_audit

router = APIRouter(include_in_schema=False)

WRONG = (
    "Mã CBCCVC hoặc mã kích hoạt chưa đúng, hoặc mã kích hoạt đã hết hạn, đã dùng hay đã được thay bằng mã mới. "
    "Anh/chị xem lại phiếu; vẫn chưa được thì xin bộ phận tổ chức cán bộ cấp mã mới."
)
TAKEN = (
    "Tên đăng nhập này đang thuộc về người khác. Anh/chị báo bộ phận tổ chức cán bộ để được xử lý; mã vẫn dùng được."
)
BLOCKED = "Có quá nhiều lần thử mã kích hoạt."


@router.get("/kich-hoat")
def show_activation(request: Request, services: Running) -> Response:
    """The form for the code and the password."""
    return _page(request, services)


@router.post("/kich-hoat")
def activate(request: Request, services: Running, form: Form) -> Response:
    """Set the password and open a session. What is wrong never tells whether the staff code exists."""
    staff_code, code = field(form, "ma").strip()[:64], field(form, "ma_kich_hoat").strip()[:64]
    password = field(form, "mat_khau")
    try:
        check_visitors_form(request, services, form)
    except ApiError as error:
        return _page(request, services, staff_code, code, error.message, 403)
    if problem := length_problem(password):
        return _page(request, services, staff_code, code, problem, 422)
    address, now = address_of(request), services.clock()
    wait = brakes_of(request).activation.knock(staff_code.upper(), address, now)
    if wait:
        page = _page(request, services, staff_code, code, f"{BLOCKED} {wait_words(wait)}", 429)
        page.headers["Retry-After"] = str(seconds(wait))
        return page
    with services.records.reading() as s:
        checked = check_code(s, services.secret, staff_code, code, password, now)
    if isinstance(checked, Opened):
        return _open(request, services, checked, password, staff_code)
    return _refuse(request, services, checked, staff_code, code)


def _open(request: Request, services: Services, opened: Opened, password: str, staff_code: str) -> Response:
    hashed = hash_password(password)  # before the store is locked: it takes a while
    now = services.clock()
    with services.records.session() as s:
        token = ""
        if set_password(s, opened, hashed, now):
            token = open_session(s, request, services, opened.person_id)
            add_audit(s, opened.person_id, "account.activate", {}, now)
    if not token:
        return _page(request, services, staff_code, "", WRONG, 422)
    brakes_of(request).activation.open(staff_code.upper(), address_of(request))
    return let_in(services, token, "/")


def _refuse(request: Request, services: Services, refused: Refused, staff_code: str, code: str) -> Response:
    if refused.outcome is not Outcome.WRONG:  # the code was right: no guess to be counted
        brakes_of(request).activation.open(staff_code.upper(), address_of(request))
        return _page(request, services, staff_code, code, refused.sentence or TAKEN, 422)
    with services.records.session(durable=False) as s:
        add_audit(s, "unknown", "account.refused", {"address": address_of(request)}, services.clock())
    return _page(request, services, staff_code, code, WRONG, 422)


def _page(
    request: Request, services: Services, staff_code: str = "", code: str = "", problem: str = "", status: int = 200
) -> Response:
    context = {"staff_code": staff_code, "code": code, "problem": problem, "least": MIN_PASSWORD, "most": MAX_PASSWORD}
    return form_page(request, services, "activate.html", context, status)
