"""For HR officers: the rows of the page as a workbook, as CSV and as a PDF to sign."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from hocvu.portal.access import HrOfficer, Running
from hocvu.portal.errors import ApiError
from hocvu.portal.export_csv import CSV_TYPE, csv_pieces
from hocvu.portal.export_pdf import MOST_LINES, PDF_TYPE, make_pdf
from hocvu.portal.export_xlsx import XLSX_TYPE, workbook_pieces
from hocvu.portal.page_hr import Wanted
from hocvu.portal.people_view import Asked, View, describe, open_view
from hocvu.portal.score_table import About, Line, Table, lines_of, score_table
from hocvu.portal.services import Services
from hocvu.portal.words import local
from hocvu.portal.year_desk import today
from hocvu.records import Person, add_audit, count_bands, iter_people_scores

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Export:
    """What is to be written: the checked view, its table, what it says of itself, and how many rows it has."""

    view: View
    table: Table
    about: About
    count: int


Writer = Callable[[Export, Iterator[Line]], Iterator[bytes]]


@router.get("/hr/ket-qua.xlsx")
def download_workbook(me: HrOfficer, services: Running, wanted: Wanted) -> Response:
    """The rows of the page as a workbook, with the rule and its version on a second sheet."""
    export = _open(services, me.person, wanted, "xlsx")
    return _stream(services, export, _xlsx, XLSX_TYPE, "xlsx")


@router.get("/hr/ket-qua.csv")
def download_csv(me: HrOfficer, services: Running, wanted: Wanted) -> Response:
    """The rows of the page as CSV."""
    export = _open(services, me.person, wanted, "csv")
    return _stream(services, export, _csv, CSV_TYPE, "csv")


@router.get("/hr/ket-qua.pdf")
def download_pdf(me: HrOfficer, services: Running, wanted: Wanted) -> Response:
    """The rows of the page on paper, to be signed; a list of one unit, not of the city."""
    export = _open(services, me.person, wanted, "pdf")
    if export.count > MOST_LINES:
        message = (
            f"Danh sách này có {export.count} người; bản in để ký có tối đa {MOST_LINES} người. "
            "Anh/chị lọc theo đơn vị rồi in, hoặc tải bảng tính."
        )
        raise ApiError(422, "too_many_rows", message)
    with services.records.reading() as s:
        only, order = export.view.only, export.view.order
        batches = iter_people_scores(s, period_id=export.view.period_id, only=only, order=order)
        lines = list(lines_of(s, export.table, batches, left_by=export.view.left_by))
    pdf = make_pdf(services.settings.root, export.table, export.about, _unit_name(export.view), lines)
    return Response(pdf, headers=_headers(export, "pdf"), media_type=PDF_TYPE)


def _unit_name(view: View) -> str:
    """Return whose list it is: the unit asked for, or the officer's own, the one above all others."""
    ids = {unit.id for unit in view.units}
    top = next((unit for unit in view.units if unit.parent_id not in ids), None)
    chosen = next((unit for unit in view.units if unit.code == view.asked.don_vi), top)
    return chosen.name if chosen else ""


def _xlsx(export: Export, lines: Iterator[Line]) -> Iterator[bytes]:
    return workbook_pieces(export.table, export.about, lines, export.count)


def _csv(export: Export, lines: Iterator[Line]) -> Iterator[bytes]:
    return csv_pieces(export.table, lines)


def _open(services: Services, officer: Person, wanted: Asked, form: str) -> Export:
    """Return the export, checked against the officer's units and logged."""
    now, course = services.clock(), services.course
    with services.records.session() as s:
        view = open_view(s, officer, wanted, course, score_table(course, services.period_id), today(services))
        add_audit(s, officer.id, "hr.export", {"query": wanted.query(), "format": form}, now)
        count = sum(count_bands(s, period_id=view.period_id, only=view.only).values())
    names = {unit.code: unit.name for unit in view.units}
    about = About(course, describe(view, names, course), officer.staff_code, now, view.period_id)
    return Export(view, score_table(course, view.period_id).chosen(wanted.cot), about, count)


def _stream(services: Services, export: Export, write: Writer, media_type: str, ending: str) -> Response:
    """Return the file as it is made: Starlette asks for each piece in a thread, so that others are served between."""
    headers = _headers(export, ending)
    return StreamingResponse(_pieces(services, export, write), headers=headers, media_type=media_type)


def _headers(export: Export, ending: str) -> dict[str, str]:
    name = f"ket-qua-{export.view.period_id}-{local(export.about.made_at):%Y%m%d-%H%M}.{ending}"
    # "identity": the middleware shall not compress again what is compressed already.
    return {"Content-Disposition": f'attachment; filename="{name}"', "Content-Encoding": "identity"}


def _pieces(services: Services, export: Export, write: Writer) -> Iterator[bytes]:
    with services.records.reading() as s:
        only, order = export.view.only, export.view.order
        batches = iter_people_scores(s, period_id=export.view.period_id, only=only, order=order)
        yield from write(export, lines_of(s, export.table, batches, left_by=export.view.left_by))
