"""For HR: the year's calendar, freezing in two steps, bundles, annexes."""

from collections.abc import Iterator
from datetime import date
from typing import IO, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.datastructures import FormData

from hocvu.portal.access import Form, HrOfficer, LogIn, Running, check_form, field
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import not_found
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.year_desk import desk_of, forbidden
from hocvu.records import add_audit
from hocvu.records.appeals import count_open_appeals
from hocvu.records.years import find_snapshot, list_annexes, list_snapshots
from hocvu.year.annex import AnnexRefused, Correction, correct_frozen
from hocvu.year.bundle import write_bundle
from hocvu.year.desk import Decision, Desk, NotAllowed, require_city_hr, vietnamese_day
from hocvu.year.freeze import (
    KIND_NAMES,
    FreezeRefused,
    Kind,
    NotConfirmed,
    Preview,
    freeze,
    preview_freeze,
    snapshot_id,
)
from hocvu.year.plan import planned_periods

router = APIRouter(include_in_schema=False)

BLOCK_BYTES = 65536
PART_NAMES = {
    "rule": "Quy tắc tính điểm và mọi ngưỡng",
    "items": "Câu tính điểm và phiên bản",
    "engines": "Phiên bản bộ chấm",
    "roster": "Danh sách cán bộ lúc chốt",
    "results": "Kết quả từng người",
    "units": "Kết quả theo đơn vị",
    "withdrawn": "Câu đã rút",
    "not_counted": "Người không tính vào N và lý do",
    "late_changes": "Thay đổi danh sách gần ngày chốt và lý do",
}


@router.get("/chot-so")
def show_year(
    request: Request, me: HrOfficer, services: Running, ky: Annotated[str, Query(max_length=16)] = ""
) -> Response:
    """Calendar, snapshots, annexes. HR of a unit may look; only HR of the city may act."""
    return _page(request, me, services, clean_text(ky))


@router.post("/chot-so/xem-truoc")
def look(request: Request, me: HrOfficer, services: Running, form: Form) -> Response:
    """Step one: what would be frozen and what is in the way. Nothing is written but the log."""
    check_form(form, me)
    kind, now = _kind(form), services.clock()
    try:
        officer = require_city_hr(me.person, KIND_NAMES[kind])
    except NotAllowed as error:
        raise forbidden(error) from error
    desk = desk_of(services, field(form, "ky"))
    preview = preview_freeze(desk, kind, now)
    with services.records.session() as s:
        add_audit(s, officer.id, "year.preview", {"period": desk.period_id, "kind": kind.value}, now)
    return _show_preview(request, preview, desk)


@router.post("/chot-so/thuc-hien")
def do_freeze(request: Request, me: HrOfficer, services: Running, form: Form) -> Response:
    """Step two: the confirmation text was typed."""
    check_form(form, me)
    kind, desk = _kind(form), desk_of(services, field(form, "ky"))
    try:
        freeze(desk, kind, me.person, field(form, "xac_nhan"), services.clock())
    except NotAllowed as error:
        raise forbidden(error) from error
    except NotConfirmed as error:
        preview = preview_freeze(desk, kind, services.clock())
        return _show_preview(request, preview, desk, problem=error.message)
    except FreezeRefused as error:
        return _page(request, me, services, desk.period_id, problem=error.message)
    return RedirectResponse(f"/chot-so?ky={desk.period_id}#ban-chot", 303)


@router.post("/chot-so/phu-luc")
def add_annex(request: Request, me: HrOfficer, services: Running, form: Form) -> Response:
    """Correct a frozen result by a signed annex."""
    check_form(form, me)
    desk = desk_of(services, field(form, "ky"))
    try:
        if not field(form, "dong_y"):
            raise AnnexRefused("Anh/chị đánh dấu ô xác nhận: phụ lục đã lập thì không sửa, không xóa được.")
        correct_frozen(desk, _correction(form), me.person, services.clock())
    except NotAllowed as error:
        raise forbidden(error) from error
    except AnnexRefused as error:
        return _page(request, me, services, desk.period_id, annex_problem=error.message)
    return RedirectResponse(f"/chot-so?ky={desk.period_id}#phu-luc", 303)


@router.get("/chot-so/{frozen_id}/goi.zip")
def download(frozen_id: str, me: HrOfficer, services: Running) -> Response:
    """The bundle, with names: for HR of the whole city, and logged."""
    try:
        officer = require_city_hr(me.person, "Tải gói chốt sổ")
    except NotAllowed as error:
        raise forbidden(error) from error
    with services.records.session() as s:
        snapshot = find_snapshot(s, clean_text(frozen_id))
        if snapshot is None:
            raise not_found()
        add_audit(s, officer.id, "year.bundle", {"snapshot": snapshot.id}, services.clock())
    with services.records.reading() as s:
        file = write_bundle(s, snapshot, desk_of(services, snapshot.period_id).key)
    headers = {"Content-Disposition": f'attachment; filename="chot-so-{snapshot.id}.zip"'}
    return StreamingResponse(_pieces(file), headers=headers, media_type="application/zip")


def _kind(form: FormData) -> Kind:
    return Kind.FINAL if field(form, "loai") == Kind.FINAL else Kind.PROVISIONAL


def _correction(form: FormData) -> Correction:
    levels = {
        name.removeprefix("muc_"): int(field(form, name))
        for name in form
        if name.startswith("muc_") and field(form, name) in ("0", "1", "2", "3")
    }
    band = field(form, "muc_hoan_thanh")
    decision = Decision(field(form, "qd_so")[:80], _day(field(form, "qd_ngay")), field(form, "qd_nguoi_ky")[:120])
    return Correction(
        staff_code=field(form, "ma").strip()[:64],
        reason=field(form, "ly_do")[:2000],
        levels=levels,
        band=int(band) if band in ("0", "1", "2", "3", "4") else None,
        decision=decision,
        appeal_number=field(form, "kien_nghi").strip()[:32],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise AnnexRefused(
            f"Ngày {text!r} không đọc được. Anh/chị chọn ngày trên lịch, hoặc ghi như 2027-12-09."
        ) from error


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(BLOCK_BYTES):
            yield piece


def _show_preview(request: Request, preview: Preview, desk: Desk, *, problem: str = "") -> Response:
    context = {
        "preview": preview,
        "kind_name": KIND_NAMES[preview.kind],
        "part_names": PART_NAMES,
        "period": desk.period_id,
        "ends_on": vietnamese_day(desk.plan.period.ends_on),
        "problem": problem,
    }
    return render(request, "year_preview.html", context, status=422 if problem else 200)


def _page(
    request: Request, me: LogIn, services: Services, period_id: str, *, problem: str = "", annex_problem: str = ""
) -> Response:
    planned = planned_periods(services.settings.root)
    desk = desk_of(services, period_id if period_id in planned else "")
    with services.records.reading() as s:
        snapshots = list_snapshots(s, desk.period_id)
        final = find_snapshot(s, snapshot_id(desk.period_id, Kind.FINAL))
        annexes = list_annexes(s, final.id) if final else []
        waiting = count_open_appeals(s, desk.period_id)
    context = {
        "desk": desk,
        "plan": desk.plan,
        "last_answer": desk.plan.last_answer(desk.calendar),
        "holidays": [one for day, one in sorted(desk.calendar.days.items()) if day >= desk.plan.period.starts_on],
        "periods": planned,
        "snapshots": snapshots,
        "kind_names": KIND_NAMES,
        "final": final,
        "annexes": annexes,
        "waiting": waiting,
        "now": services.clock(),
        "may_act": me.person.hr_unit_id is None,
        "course": services.course,
        "problem": problem,
        "annex_problem": annex_problem,
        "date": vietnamese_day,
    }
    return render(request, "year.html", context, status=422 if problem or annex_problem else 200)
