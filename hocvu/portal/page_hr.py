"""For HR officers: people by unit, band and competency, and the same rows as a workbook."""

from collections.abc import Callable, Iterator
from typing import IO, Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from hocvu.portal.access import HrOfficer, Running
from hocvu.portal.clean import clean_text
from hocvu.portal.export_xlsx import XLSX_TYPE, write_workbook
from hocvu.portal.people_view import PROGRESS_NAMES, Asked, describe, open_view
from hocvu.portal.score_table import About, appeal_word
from hocvu.portal.services import Services
from hocvu.portal.unit_rates import unit_rates
from hocvu.portal.views import render
from hocvu.portal.words import local
from hocvu.records import (
    ScoredPerson,
    add_audit,
    count_bands,
    count_people_scores,
    iter_people_scores,
    list_people_scores,
)
from hocvu.records.appeals import appeal_states
from hocvu.scoring.bands import NO_BAND_YET, NOT_ENOUGH_DATA

router = APIRouter(include_in_schema=False)

PAGE_SIZE = 50


def asked(
    don_vi: Annotated[str, Query(max_length=32)] = "",
    khoi: Annotated[str, Query(max_length=64)] = "",
    muc: Annotated[str, Query(max_length=1)] = "",
    tinh_trang: Annotated[str, Query(max_length=16)] = "",
    tim: Annotated[str, Query(max_length=100)] = "",
) -> Asked:
    """Return the filter in the address; a value longer than its field allows is refused with 422."""
    return Asked(don_vi, khoi, muc, tinh_trang, clean_text(tim))


Wanted = Annotated[Asked, Depends(asked)]


def band_names(services: Services) -> dict[int, str]:
    return {0: NO_BAND_YET, **{band.number: band.name for band in services.course.rule.bands}}


def band_namer(services: Services) -> Callable[[ScoredPerson], str]:
    """Return how a person's band is called; without a band it matters whether there is enough data for one."""
    names, enough = band_names(services), services.course.rule.enough_data

    def name(person: ScoredPerson) -> str:
        if person.band:
            return names.get(person.band, str(person.band))
        return NO_BAND_YET if person.coverage >= enough else NOT_ENOUGH_DATA

    return name


@router.get("/hr")
def show_people(
    request: Request,
    me: HrOfficer,
    services: Running,
    wanted: Wanted,
    trang: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """The table of people; every look at named data is logged."""
    period = services.period_id
    with services.records.session(durable=False) as s:
        view = open_view(s, me.person, wanted)
        total = count_people_scores(s, period_id=period, only=view.only)
        offset = (trang - 1) * PAGE_SIZE
        people = list_people_scores(s, period_id=period, only=view.only, order="unit", limit=PAGE_SIZE, offset=offset)
        bands = count_bands(s, period_id=period, only=view.only)
        units = unit_rates(s, period, view.only.unit_ids, services.course.rule)
        appeals = appeal_states(s, period, [one.person_id for one in people])
        seen = {"query": wanted.query(), "page": trang, "rows": len(people)}
        add_audit(s, me.person.id, "hr.people", seen, services.clock())
    context = {
        "view": view,
        "asked": wanted,
        "people": people,
        "total": total,
        "bands": bands,
        "band_names": band_names(services),
        "band_of": band_namer(services),
        "appeal_of": lambda one: appeal_word(appeals, one.person_id),
        "unit_rates": units,
        "first": offset,
        "page": trang,
        "last_page": max(1, -(-total // PAGE_SIZE)),
        "progress_names": PROGRESS_NAMES,
        "course": services.course,
        "period": period,
    }
    return render(request, "hr.html", context)


@router.get("/hr/ket-qua.xlsx")
def download_people(
    me: HrOfficer,
    services: Running,
    wanted: Wanted,
) -> Response:
    """The same rows as a workbook, with the rule and its version on a second sheet."""
    now = services.clock()
    with services.records.session() as s:
        view = open_view(s, me.person, wanted)
        add_audit(s, me.person.id, "hr.export", {"query": wanted.query()}, now)
        appeals = appeal_states(s, services.period_id)
    names = {unit.code: unit.name for unit in view.units}
    about = About(
        course=services.course,
        filter_text=describe(wanted, names, band_names(services)),
        made_by=me.person.staff_code,
        made_at=now,
        band_of=band_namer(services),
        appeals=appeals,
    )
    with services.records.reading() as s:
        people = iter_people_scores(s, period_id=services.period_id, only=view.only)
        file = write_workbook(people, about)
    name = f"ket-qua-{services.period_id}-{local(now):%Y%m%d-%H%M}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_pieces(file), headers=headers, media_type=XLSX_TYPE)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(65536):
            yield piece
