"""For HR: a roster file is checked in full, its findings shown, and only then applied, all of it or nothing."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from hocvu.portal.access import Form, HrOfficer, LogIn, Running, check_form, field
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import not_found
from hocvu.portal.export_csv import CSV_TYPE
from hocvu.portal.export_xlsx import XLSX_TYPE
from hocvu.portal.own_units import units_of_officer
from hocvu.portal.roster_files import empty_form, issues_csv, issues_xlsx
from hocvu.portal.roster_words import day_words, detail_words
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.year_desk import desk_of, today
from hocvu.records import Person, RosterImport, add_audit, find_period, find_person, list_units
from hocvu.records.exemptions import list_exemptions
from hocvu.records.roster import LATE_DAYS, find_import, is_late, late_changes, list_imports
from hocvu.roster.check import Options
from hocvu.roster.errors import ImportRefused, RosterError
from hocvu.roster.imports import WRITES, Officer, apply_import, check_import, read_report
from hocvu.roster.issues import Issue
from hocvu.roster.plan import KIND_NAMES
from hocvu.roster.reading import LARGEST_BYTES
from hocvu.roster.values import EXEMPTION_NAMES

router = APIRouter(include_in_schema=False)

UPLOAD = "/hr/danh-sach/kiem-tra"
UPLOAD_BYTES = LARGEST_BYTES + 100_000  # the file and the form around it
PAGE_SIZE = 100
SHOWN_CHANGES, SHOWN_MISSING, SHOWN_LATE = 200, 200, 200


@router.get("/hr/danh-sach")
def show_roster(request: Request, me: HrOfficer, services: Running) -> Response:
    """The upload form, imports so far, late changes and exemptions of the officer's units."""
    return _page(request, me, services)


@router.get("/hr/danh-sach/mau.xlsx")
def download_form(me: HrOfficer) -> Response:
    """The empty form: header row and what each column means."""
    return _file(empty_form(), XLSX_TYPE, "mau-danh-sach.xlsx")


@router.post(UPLOAD)
def check(request: Request, me: HrOfficer, services: Running, form: Form) -> Response:
    """The dry run. The file itself is never stored, only its cleaned rows, for a day."""
    data = _file_of(form)
    check_form(form, me)
    try:
        options = _options(form, desk_of(services).period_id)
        checked = check_import(
            services.records, data, options, _officer(services, me.person), services.clock(), today(services)
        )
    except RosterError as error:
        with services.records.session() as s:
            add_audit(s, me.person.id, "roster.refused", {"error": error.code}, services.clock())
        return _page(request, me, services, problem=error.message, form=form)
    return RedirectResponse(f"/hr/danh-sach/{checked.id}", 303)


@router.get("/hr/danh-sach/{import_id}")
def show_import(
    request: Request,
    me: HrOfficer,
    services: Running,
    import_id: str,
    cot: Annotated[str, Query(max_length=32)] = "",
    muc: Annotated[str, Query(max_length=8)] = "",
    trang: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """What a dry run found and what would change, or what was done."""
    return _show_import(request, me, services, import_id, cot=clean_text(cot), level=muc, page=trang)


@router.get("/hr/danh-sach/{import_id}/loi.{kind}")
def download_issues(me: HrOfficer, services: Running, import_id: str, kind: str) -> Response:
    """The findings as a file, to mend from."""
    if kind not in ("xlsx", "csv"):
        raise not_found()
    with services.records.session() as s:
        _, issues = read_report(_own_import(s, me.person, import_id))
        add_audit(s, me.person.id, "roster.issues", {"roster": import_id, "format": kind}, services.clock())
    if kind == "csv":
        return _file(issues_csv(issues), CSV_TYPE, "loi-danh-sach.csv")
    return _file(issues_xlsx(issues), XLSX_TYPE, "loi-danh-sach.xlsx")


@router.post("/hr/danh-sach/{import_id}/ghi")
def apply(request: Request, me: HrOfficer, services: Running, form: Form, import_id: str) -> Response:
    """Write what was shown. Marking the missing as left needs a choice of its own."""
    check_form(form, me)
    with services.records.reading() as s:
        _own_import(s, me.person, import_id)
    try:
        left_on = _left_on(form, today(services))
        apply_import(
            services.records,
            import_id,
            _officer(services, me.person),
            services.clock(),
            today(services),
            missing_left_on=left_on,
        )
    except ImportRefused as error:
        return _show_import(request, me, services, import_id, problem=error.message)
    return RedirectResponse(f"/hr/danh-sach/{import_id}", 303)


def _file_of(form: FormData) -> bytes:
    """The uploaded file; what the server spooled of it is gone when this returns."""
    data = b""
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            with value.file as file:
                data = file.read() if name == "tep" else data
    return data


def _officer(services: Services, person: Person) -> Officer:
    with services.records.reading() as s:
        units_of_officer(s, person)  # refuses somebody who has moved away since
    return Officer(person.id, person.hr_unit_id)


def _options(form: FormData, period_id: str) -> Options:
    return Options(
        period_id=period_id,
        create_units=bool(field(form, "tao_don_vi")),
        bloc=field(form, "khoi")[:64],
        complete=bool(field(form, "day_du")),
        reason=" ".join(field(form, "ly_do").split())[:300],
    )


def _left_on(form: FormData, day: date) -> date | None:
    if not field(form, "roi"):
        return None
    text = field(form, "ngay_cuoi")
    try:
        return date.fromisoformat(text) if text else day
    except ValueError as error:
        raise ImportRefused(f"Ngày {text[:20]!r} không đọc được. Anh/chị chọn ngày trên lịch.") from error


def _own_import(s: Session, officer: Person, import_id: str) -> RosterImport:
    """The import; one of officers outside one's units looks like one that does not exist."""
    found = find_import(s, clean_text(import_id))
    allowed = units_of_officer(s, officer)
    if found is None or (allowed is not None and found.unit_id not in allowed):
        raise not_found()
    return found


def _page(
    request: Request, me: LogIn, services: Services, *, problem: str = "", form: FormData | None = None
) -> Response:
    desk, now = desk_of(services), services.clock()
    with services.records.session(durable=False) as s:
        ids = units_of_officer(s, me.person)
        imports = list_imports(s, unit_ids=ids)
        late = late_changes(s, desk.plan.period.ends_on, unit_ids=ids, limit=SHOWN_LATE + 1)
        exemptions = list_exemptions(s, desk.period_id, unit_ids=ids)
        context = {
            "imports": [(one, _name_of(s, one.made_by)) for one in imports],
            "late": late[:SHOWN_LATE],
            "more_late": len(late) > SHOWN_LATE,
            "exemptions": exemptions,
            "blocs": sorted({unit.bloc for unit in list_units(s, ids=ids)}),
            "whole_city": ids is None,
            "upload": UPLOAD,
            "largest": LARGEST_BYTES // 1_000_000,
            "period": desk.plan.period,
            "roster_from": desk.plan.roster_from,
            "roster_to": desk.plan.roster_to,
            "needs_reason": is_late(today(services), desk.plan.period.ends_on, desk.plan.period.ends_on),
            "late_days": LATE_DAYS,
            "problem": problem,
            "given": {name: field(form, name) for name in ("khoi", "ly_do", "tao_don_vi", "day_du")} if form else {},
            "writes": WRITES,
            **_words(),
        }
        seen = {"period": desk.period_id, "rows": len(late) + len(exemptions)}
        add_audit(s, me.person.id, "roster.view", seen, now)
    return render(request, "roster.html", context, status=422 if problem else 200)


def _show_import(
    request: Request,
    me: LogIn,
    services: Services,
    import_id: str,
    *,
    cot: str = "",
    level: str = "",
    page: int = 1,
    problem: str = "",
) -> Response:
    with services.records.session(durable=False) as s:
        found = _own_import(s, me.person, import_id)
        report, issues = read_report(found)
        period = find_period(s, found.period_id)
        by, applied_by = _name_of(s, found.made_by), _name_of(s, found.applied_by)
        add_audit(s, me.person.id, "roster.report", {"roster": found.id, "rows": found.rows}, services.clock())
    wanted = [one for one in issues if _is_wanted(one, cot, level)]
    first = (page - 1) * PAGE_SIZE
    context: dict[str, Any] = {
        "found": found,
        "report": report,
        "made_by": by,
        "applied_by": applied_by,
        "issues": wanted[first : first + PAGE_SIZE],
        "issue_count": len(wanted),
        "columns": _by_column(issues),
        "column": cot,
        "level": level,
        "page": page,
        "last_page": max(1, -(-len(wanted) // PAGE_SIZE)),
        "writes": sum(found.counts.get(kind, 0) for kind in WRITES),
        "kinds": [(kind, found.counts[kind]) for kind in WRITES if found.counts.get(kind)],
        "changes": report.get("changes", [])[:SHOWN_CHANGES],
        "missing": report.get("missing", [])[:SHOWN_MISSING],
        "period": period,
        "today": today(services),
        "problem": problem,
        **_words(),
    }
    return render(request, "roster_import.html", context, status=422 if problem else 200)


def _is_wanted(issue: Issue, column: str, level: str) -> bool:
    return (not column or issue.column == column) and (
        level not in ("loi", "luu-y") or issue.is_error == (level == "loi")
    )


def _by_column(issues: Sequence[Issue]) -> list[tuple[str, int]]:
    return Counter(issue.column for issue in issues if issue.column).most_common()


def _words() -> dict[str, Any]:
    return {"change_names": KIND_NAMES, "exemption_names": EXEMPTION_NAMES, "words": detail_words, "date": day_words}


def _name_of(s: Session, actor: str) -> str:
    person = find_person(s, actor) if actor else None
    return person.name if person else actor


def _file(data: bytes, kind: str, name: str) -> Response:
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
