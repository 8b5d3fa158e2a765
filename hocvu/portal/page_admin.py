"""For administrators: how much is there, API tokens, and the audit log."""

from datetime import datetime, timedelta
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hocvu.portal.access import Admin, Form, Running, check_form
from hocvu.portal.api_callers import SCOPES
from hocvu.portal.key_forms import end_key, read_key_form, where
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.records import (
    ApiToken,
    Attempt,
    Person,
    Unit,
    add_audit,
    create_api_token,
    list_api_tokens,
    list_audit,
    list_units,
    revoke_api_token,
)

router = APIRouter(include_in_schema=False)

AUDIT_LINES = 50
ACTIONS = {
    "login": "đăng nhập",
    "logout": "đăng xuất",
    "account.codes": "cấp mã kích hoạt cho đơn vị",
    "account.code": "cấp mã kích hoạt cho một người",
    "account.activate": "kích hoạt tài khoản",
    "account.refused": "từ chối mã kích hoạt",
    "login.failed": "đăng nhập không thành công",
    "sample.read": "đọc mẫu bài viết",
    "hr.people": "xem danh sách kết quả",
    "year.preview": "xem trước bản chốt sổ",
    "year.freeze": "chốt sổ",
    "year.bundle": "tải gói chốt sổ",
    "year.annex": "lập phụ lục điều chỉnh",
    "item.withdraw": "rút câu hỏi",
    "regrade.preview": "xem trước việc chấm lại",
    "regrade.begin": "bắt đầu chấm lại",
    "regrade.done": "chấm lại xong",
    "regrade.roll_back": "bắt đầu hoàn tác chấm lại",
    "regrade.rolled_back": "hoàn tác chấm lại xong",
    "item.restore": "đưa lại câu hỏi",
    "appeal.send": "gửi kiến nghị",
    "appeal.list": "xem danh sách kiến nghị",
    "appeal.view": "xem kiến nghị",
    "appeal.propose": "cho ý kiến về kiến nghị",
    "appeal.return": "trả lại ý kiến về kiến nghị",
    "appeal.answer": "trả lời kiến nghị",
    "hr.export": "tải bảng tính kết quả",
    "roster.view": "xem danh sách nhân sự",
    "roster.check": "kiểm tra tệp danh sách",
    "roster.refused": "từ chối tệp danh sách",
    "roster.report": "xem kết quả kiểm tra danh sách",
    "roster.issues": "tải lỗi của danh sách",
    "roster.apply": "ghi danh sách nhân sự",
    "roster.person": "xem quá trình của một người",
    "roster.exempt": "ghi hoặc thu hồi miễn, hoãn",
    "hr.export.done": "tải xong kết quả",
    "hr.units": "xem số liệu đơn vị",
    "hr.filter": "lưu hoặc xóa bộ lọc",
    "scores.read": "hệ thống khác đọc kết quả",
    "evidence.read": "hệ thống khác đọc minh chứng",
    "units.read": "hệ thống khác đọc số liệu đơn vị",
    "snapshots.read": "hệ thống khác đọc bản chốt sổ",
    "oauth.token": "hệ thống khác lấy mã ngắn hạn",
    "oauth.revoke": "hệ thống khác trả mã ngắn hạn",
    "oauth.refused": "từ chối cấp mã ngắn hạn",
    "client.create": "tạo kết nối hệ thống",
    "client.rotate": "đổi khóa bí mật",
    "client.revoke": "thu hồi kết nối hệ thống",
    "credential.issue": "cấp chứng nhận",
    "credential.revoke": "thu hồi chứng nhận",
    "token.create": "tạo mã truy cập",
    "token.revoke": "thu hồi mã truy cập",
    "role.change": "giao hoặc thu vai trò",
    "role.list": "xem ai giữ vai trò gì",
    "unit.view": "thủ trưởng xem đơn vị",
    "board.view": "hội đồng thi đua xem số liệu",
    "board.person": "hội đồng thi đua xem hồ sơ người được đề cử",
    "nomination.list": "xem danh sách đề cử",
    "nomination.add": "ghi đề cử",
    "nomination.withdraw": "rút đề cử",
    "contribution.list": "xem danh sách đóng góp",
    "contribution.proposed": "đề xuất đóng góp",
    "contribution.confirmed": "xác nhận đóng góp",
    "contribution.refused": "không xác nhận đóng góp",
    "contribution.dropped": "rút đề xuất đóng góp",
    "contribution.revoked": "thu hồi xác nhận đóng góp",
    "item.preview": "xem trước việc rút câu",
    "item.proposed": "đề xuất rút câu",
    "item.refused": "không ký rút câu",
    "demo-seeded": "nạp dữ liệu mẫu",
}
DETAILS = {
    "query": "bộ lọc",
    "page": "trang",
    "rows": "số dòng",
    "token": "mã số",
    "scopes": "quyền",
    "address": "địa chỉ máy",
    "people": "số người",
    "roster": "lần nạp",
    "regrade": "đợt chấm lại",
    "assignment": "bài tập",
    "items": "câu",
    "up": "kết quả tăng",
    "down": "kết quả giảm",
    "seed": "hạt giống",
    "after_seq": "sau số thứ tự",
    "unit": "đơn vị",
    "period": "kỳ",
    "fields": "nhóm trường",
    "person": "mã người",
    "client": "mã hệ thống",
    "error": "lý do",
    "format": "định dạng",
    "sha256": "SHA-256",
    "name": "tên",
    "credential": "mã chứng nhận",
    "band": "mức",
    "nomination": "mã đề cử",
    "given": "giao",
    "taken": "thu",
    "before": "trước",
    "after": "sau",
    "reason": "lý do",
    "via": "bằng lệnh",
    "proposal": "mã đề xuất",
    "contribution": "mã đóng góp",
    "item": "câu",
}


@router.get("/quan-tri")
def show_admin(request: Request, me: Admin, services: Running) -> Response:
    """Counts, tokens, log."""
    return _page(request, services)


@router.post("/quan-tri/ma-truy-cap")
def create_token(request: Request, me: Admin, services: Running, form: Form) -> Response:
    """Make an API token and show it, this once."""
    check_form(form, me)
    asked = read_key_form(form)
    if asked.problem or asked.days is None:
        return _page(request, services, problem=asked.problem, status=422)
    now = services.clock()
    with services.records.session() as s:
        ends, unit_id = now + timedelta(days=asked.days), asked.unit_id(s)
        text, token = create_api_token(s, asked.name, asked.scopes, now=now, unit_id=unit_id, expires_at=ends)
        add_audit(s, me.person.id, "token.create", {"token": token.id, "scopes": asked.scopes}, now)
    return _page(request, services, new_token=text, status=201)


@router.post("/quan-tri/ma-truy-cap/{token_id}/thu-hoi")
def revoke_token(token_id: int, me: Admin, services: Running, form: Form) -> Response:
    """Revoke a token at once."""
    end_key(services, me, form, partial(_revoke, token_id), "token.revoke", {"token": token_id})
    return RedirectResponse("/quan-tri", 303)


def _revoke(token_id: int, s: Session, now: datetime) -> None:
    revoke_api_token(s, token_id, now)


def _page(
    request: Request, services: Services, *, new_token: str = "", problem: str = "", status: int = 200
) -> Response:
    now = services.clock()
    with services.records.reading() as s:
        units = list_units(s)
        by_id = {unit.id: unit for unit in units}
        tokens = [(token, where(token.unit_id, by_id), _state(token, now)) for token in list_api_tokens(s)]
        entries = list_audit(s, limit=AUDIT_LINES)
        context = {
            "people": s.scalar(select(func.count(Person.id))),
            "unit_count": s.scalar(select(func.count(Unit.id))),
            "attempts": s.scalar(select(func.count(Attempt.id))),
            "waiting": s.scalar(select(func.count(Attempt.id)).where(Attempt.graded_at.is_(None))),
            "tokens": tokens,
            "entries": entries,
            "actors": _actor_codes(s, {entry.actor for entry in entries}),
            "units": units,
            "scopes": SCOPES,
            "actions": ACTIONS,
            "details": DETAILS,
            "new_token": new_token,
            "problem": problem,
        }
    return render(request, "admin.html", context, status=status)


def _state(token: ApiToken, now: datetime) -> str:
    if token.revoked_at is not None:
        return "đã thu hồi"
    return "hết hạn" if token.expires_at is not None and token.expires_at <= now else "đang dùng"


def _actor_codes(s: Session, actors: set[str]) -> dict[str, str]:
    """Return staff codes for the actors that are people: the log page shows codes, not names."""
    query = select(Person.id, Person.staff_code).where(Person.id.in_(actors))
    return {person_id: code for person_id, code in s.execute(query)}
