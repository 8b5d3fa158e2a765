"""For the emulation board: what may be published of units, and the records of nominated persons; nobody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hocvu.portal.access import BoardMember, Running
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import not_found
from hocvu.portal.own_units import units_of_officer
from hocvu.portal.score_table import band_names
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.year_desk import board_period
from hocvu.records import (
    add_audit,
    appeal_states,
    contributions_of_people,
    ledger_lines,
    list_contributions,
    list_items,
    list_units,
)
from hocvu.records.nominations import find_nomination, list_nominations
from hocvu.records.tables_year import Snapshot
from hocvu.records.years import list_snapshots
from hocvu.scoring import (
    Cell,
    UnitTable,
    check_floor,
    choose_named,
    explain_level,
    find_track,
    publish_units,
    score_person,
)
from hocvu.year.annex import frozen_result
from hocvu.year.freeze import KIND_NAMES, levels_last_year
from hocvu.year.plan import planned_periods
from hocvu.year.unit_counts import Standing, frozen_rows, live_rows, live_units, standings

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class BoardRow:
    """One published row. name "": a pool of units that are not told apart. named: how it is named in its bloc."""

    cell: Cell
    name: str
    standing: Standing | None
    named: str


@router.get("/thi-dua")
def show_board(
    request: Request, me: BoardMember, services: Running, ky: Annotated[str, Query(max_length=16)] = ""
) -> Response:
    """Units with small ones suppressed, and who is nominated, by unit and staff code: no order by results."""
    period = clean_text(ky) if clean_text(ky) in planned_periods(services.settings.root) else board_period(services)
    with services.records.session(durable=False) as s:
        frozen = next(iter(list_snapshots(s, period)), None)
        rows, table = _table(s, services, period, frozen)
        nominated = list_nominations(s, period, unit_ids=units_of_officer(s, me.person))
        seen = {"rows": len(rows), "people": len(nominated), "period": period}
        add_audit(s, me.person.id, "board.view", seen, services.clock())
    context = {
        "rows": rows,
        "table": table,
        "nominated": nominated,
        "frozen": frozen,
        "kind_names": KIND_NAMES,
        "period": period,
        "periods": planned_periods(services.settings.root),
        "now": services.clock(),
        "course": services.course,
    }
    return render(request, "board.html", context)


@router.get("/thi-dua/de-cu/{nomination_id}")
def show_nominated(request: Request, nomination_id: int, me: BoardMember, services: Running) -> Response:
    """One nominated person with what stands behind every point. A withdrawn nomination is no longer there."""
    rule = services.course.rule
    with services.records.session(durable=False) as s:
        found, units = find_nomination(s, nomination_id), units_of_officer(s, me.person)
        if found is None or found[0].withdrawn_at is not None or (units is not None and found[2].id not in units):
            raise not_found()
        nomination, person, unit = found
        period = nomination.period_id
        lines, items = ledger_lines(s, person.id, period), list_items(s, period)
        signed = contributions_of_people(s, period, [person.id]).get(person.id, ())
        score = score_person({line.item_id: line.share for line in lines}, items, rule, signed)
        track = find_track(person.position, person.is_leader, rule)
        context = {
            "nomination": nomination,
            "person": person,
            "unit": unit,
            "score": score,
            "explained": [explain_level(code, lines, items, rule) for code in services.course.competencies],
            "floor": check_floor(score.levels, track) if track else None,
            "confirmed": [one for one in list_contributions(s, person.id, period) if not one.revoked_at],
            "appeal": appeal_states(s, period, [person.id]).get(person.id),
            "frozen": _frozen(s, period, person.staff_code),
            "band_names": band_names(services.course),
            "course": services.course,
        }
        seen = {"nomination": nomination.id, "person": person.id, "period": period}
        add_audit(s, me.person.id, "board.person", seen, services.clock())
    return render(request, "board_person.html", context)


def _table(s: Session, services: Services, period_id: str, frozen: Snapshot | None) -> tuple[list[BoardRow], UnitTable]:
    """The published table: of the newest freeze, or of today before there is one."""
    rule, units = services.course.rule, list_units(s)
    rows = frozen_rows(s, frozen, rule) if frozen else live_rows(units, live_units(s, period_id, rule))
    first_year = levels_last_year(s, period_id) is None
    stand: dict[str, Standing] = {}
    words: dict[str, str] = {}
    for bloc in {row.bloc for row in rows}:
        own = {row.code: row.counts for row in rows if row.bloc == bloc}
        of_bloc = standings(own, rule, first_year=first_year)
        named = choose_named({code: one.index for code, one in of_bloc.items()}, rule.unit)
        stand |= of_bloc
        if max(one.ranked for one in of_bloc.values()) > 1:  # alone, a unit is compared with nobody
            words |= {code: _rank_words(rank, of_bloc[code].same_rank) for code, rank in named.top}
        words |= dict.fromkeys(named.reached, "đạt ngưỡng")
    table = publish_units(rows, [row.code for row in rows], rule.unit)
    names = {unit.code: unit.name for unit in units}
    found = [
        BoardRow(cell, names.get(cell.code, cell.code), stand.get(cell.code), words.get(cell.code, ""))
        for cell in table.cells
    ]
    return sorted(found, key=lambda row: (not row.cell.bloc, row.cell.bloc, not row.name, row.cell.code)), table


def _rank_words(rank: int, same: int) -> str:
    return f"hạng {rank} của khối" + (f", cùng hạng {same} đơn vị" if same > 1 else "")


def _frozen(s: Session, period_id: str, staff_code: str) -> tuple[Snapshot, Mapping[str, Any]] | None:
    """The person's own row of the newest freeze, as annexes left it."""
    for snapshot in list_snapshots(s, period_id):
        row = frozen_result(s, snapshot, staff_code)
        if row is not None:
            return snapshot, row
    return None
