"""For HR officers: people by unit, band and competency, with filters they can keep; and how units stand."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from hocvu.portal.access import Form, HrOfficer, Running, check_form, field
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import ApiError, not_found
from hocvu.portal.own_units import units_of_officer
from hocvu.portal.people_view import APPEALS, KINDS, LEFT, PROGRESS_NAMES, Asked, open_view
from hocvu.portal.score_table import MORE, Style, band_names, cells_of, lines_of, score_table
from hocvu.portal.unit_table import unit_lines
from hocvu.portal.views import render
from hocvu.portal.year_desk import today
from hocvu.records import (
    add_audit,
    count_bands,
    delete_filter,
    list_filters,
    list_people_scores,
    save_filter,
)

router = APIRouter(include_in_schema=False)

PAGE_SIZE = 50
MOST_FILTERS = 50  # an officer keeps
LONGEST_FILTER = 1000  # characters of its address


def asked(
    ky: Annotated[str, Query(max_length=16)] = "",
    don_vi: Annotated[str, Query(max_length=32)] = "",
    khoi: Annotated[str, Query(max_length=64)] = "",
    phong: Annotated[str, Query(max_length=100)] = "",
    loai: Annotated[str, Query(max_length=32)] = "",
    lanh_dao: Annotated[str, Query(max_length=1)] = "",
    muc: Annotated[str, Query(max_length=1)] = "",
    nang_luc: Annotated[str, Query(max_length=16)] = "",
    duoi: Annotated[str, Query(max_length=1)] = "",
    tinh_trang: Annotated[str, Query(max_length=16)] = "",
    kien_nghi: Annotated[str, Query(max_length=4)] = "",
    vi_tri: Annotated[str, Query(max_length=1)] = "",
    tu_ngay: Annotated[str, Query(max_length=10)] = "",
    den_ngay: Annotated[str, Query(max_length=10)] = "",
    roi: Annotated[str, Query(max_length=1)] = "",
    tim: Annotated[str, Query(max_length=100)] = "",
    sap: Annotated[str, Query(max_length=16)] = "",
    cot: Annotated[list[str] | None, Query(max_length=40)] = None,
) -> Asked:
    """Return the filter in the address; a value longer than its field allows is refused with 422."""
    columns = tuple(one for one in cot or () if len(one) <= 16)
    return Asked(
        ky=ky,
        don_vi=don_vi,
        khoi=clean_text(khoi),
        phong=clean_text(phong),
        loai=clean_text(loai),
        lanh_dao=lanh_dao,
        muc=muc,
        nang_luc=nang_luc,
        duoi=duoi,
        tinh_trang=tinh_trang,
        kien_nghi=kien_nghi,
        vi_tri=vi_tri,
        tu_ngay=tu_ngay,
        den_ngay=den_ngay,
        roi=roi,
        tim=clean_text(tim),
        sap=sap,
        cot=columns,
    )


Wanted = Annotated[Asked, Depends(asked)]


@router.get("/hr")
def show_people(
    request: Request,
    me: HrOfficer,
    services: Running,
    wanted: Wanted,
    trang: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """The table of people; every look at named data is logged."""
    course = services.course
    table = score_table(course, services.period_id)
    wanted = wanted.tidy(table)
    with services.records.session(durable=False) as s:
        view = open_view(s, me.person, wanted, course, table, today(services))
        table = score_table(course, view.period_id).chosen(wanted.cot)
        bands = count_bands(s, period_id=view.period_id, only=view.only)
        total, first = sum(bands.values()), (trang - 1) * PAGE_SIZE
        people = list_people_scores(
            s, period_id=view.period_id, only=view.only, order=view.order, limit=PAGE_SIZE, offset=first
        )
        lines = list(lines_of(s, table, [people], first + 1, left_by=view.left_by))
        seen = {"query": wanted.query(), "page": trang, "rows": len(people)}
        add_audit(s, me.person.id, "hr.people", seen, services.clock())
        filters = list_filters(s, me.person.id)
    context = {
        "view": view,
        "asked": wanted,
        "table": table,
        "all_columns": score_table(course, view.period_id).columns,
        "more_columns": MORE,
        "rows": [(line.person, cells_of(table, line)) for line in lines],
        "total": total,
        "bands": bands,
        "band_names": band_names(course),
        "first": first,
        "page": trang,
        "last_page": max(1, -(-total // PAGE_SIZE)),
        "progress_names": PROGRESS_NAMES,
        "kinds": KINDS,
        "left": LEFT,
        "appeals": APPEALS,
        "Style": Style,
        "filters": filters,
        "course": course,
    }
    return render(request, "hr.html", context)


@router.get("/hr/don-vi")
def show_units(request: Request, me: HrOfficer, services: Running) -> Response:
    """How the officer's units stand, without names."""
    with services.records.session(durable=False) as s:
        ids = units_of_officer(s, me.person)
        units = unit_lines(s, services.course, services.period_id, ids)
        add_audit(s, me.person.id, "hr.units", {"rows": len(units)}, services.clock())
    context = {"lines": units, "course": services.course, "band_names": band_names(services.course)}
    return render(request, "hr_units.html", {**context, "period": services.period_id})


@router.post("/hr/bo-loc")
def keep_filter(me: HrOfficer, services: Running, form: Form) -> Response:
    """Keep the filter shown under a name of the officer's own."""
    check_form(form, me)
    name, query = " ".join(field(form, "ten").split())[:80], field(form, "loc").lstrip("?")
    if not name or len(query) > LONGEST_FILTER:
        raise ApiError(422, "invalid_request", "Anh/chị đặt tên cho bộ lọc rồi bấm «Lưu bộ lọc» lần nữa.")
    now = services.clock()
    with services.records.session() as s:
        if len(list_filters(s, me.person.id)) >= MOST_FILTERS:
            raise ApiError(422, "too_many_filters", f"Anh/chị đã lưu {MOST_FILTERS} bộ lọc. Hãy xóa bớt rồi lưu lại.")
        save_filter(s, me.person.id, name, query, now)
        add_audit(s, me.person.id, "hr.filter", {"name": name}, now)
    return RedirectResponse(f"/hr?{query}", 303)


@router.post("/hr/bo-loc/{filter_id}/xoa")
def drop_filter(filter_id: int, me: HrOfficer, services: Running, form: Form) -> Response:
    """Delete one of the officer's own filters."""
    check_form(form, me)
    with services.records.session() as s:
        if not delete_filter(s, me.person.id, filter_id):
            raise not_found()
    return RedirectResponse("/hr", 303)
