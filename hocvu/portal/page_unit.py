"""For the head of a unit: how it stands in its bloc, six competencies, who is how far, and what waits for them."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hocvu.portal.access import Running, UnitHead
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import not_found
from hocvu.portal.own_units import units_of_head
from hocvu.portal.score_table import band_names
from hocvu.portal.services import Services
from hocvu.portal.unit_view import Beside, Colleague, colleagues_of, six_areas, unit_beside_bloc, weakest
from hocvu.portal.views import render
from hocvu.portal.year_desk import today
from hocvu.records import Unit, add_audit, list_units
from hocvu.records.appeals import IN_REVIEW, AppealFilter, count_appeals
from hocvu.records.appeals import RECEIVED as NEW
from hocvu.records.two_steps import count_open_contributions
from hocvu.records.years import frozen_unit
from hocvu.scoring import Visibility

router = APIRouter(include_in_schema=False)

MOST_NAMES = 500  # in each list


@router.get("/don-vi")
def show_unit(
    request: Request, me: UnitHead, services: Running, ma: Annotated[str, Query(max_length=32)] = ""
) -> Response:
    """One unit of the head's own: theirs, or one below. Each is shown by itself, so no small one can be worked out."""
    course, period, day = services.course, services.period_id, today(services)
    with services.records.session(durable=False) as s:
        ids = units_of_head(s, me.person)
        units = list_units(s, ids=ids)
        unit = _chosen(units, clean_text(ma), me.person.hr_unit_id)
        beside = unit_beside_bloc(s, course, period, unit)
        colleagues = colleagues_of(s, course, period, unit.id, day)
        areas = six_areas(course, colleagues)
        context = {
            **_numbers(beside),
            **_people(beside, colleagues),
            "areas": areas,
            "weakest": weakest(areas),
            "frozen": frozen_unit(s, period, unit.code),
            "work": _open_work(s, services, unit.id),
        }
        seen = {"unit": unit.code, "rows": len(colleagues)}
        add_audit(s, me.person.id, "unit.view", seen, services.clock())
    more = {"course": course, "period": period, "units": units, "unit": unit, "band_names": band_names(course)}
    return render(request, "unit.html", {**context, **more})


def _chosen(units: Sequence[Unit], code: str, own_id: int | None) -> Unit:
    found = [one for one in units if (one.code == code if code else one.id == own_id)]
    if not found:
        raise not_found()
    return found[0]


def _numbers(beside: Beside) -> dict[str, object]:
    """The index and its parts: own counts, own rate, adjusted rate, and the bloc's rate where it may be told."""
    counts, index, total = beside.live.counts, beside.standing.index, beside.bloc_total
    parts = []
    for name in ("participating", "advanced", "rising"):
        told = getattr(total, name) if total else None
        bloc = told / total.people if total and told is not None and total.people else None
        parts.append((name, getattr(counts, name), getattr(index, name), bloc))
    return {"beside": beside, "counts": counts, "index": index, "parts": parts, "Visibility": Visibility}


def _people(beside: Beside, colleagues: list[Colleague]) -> dict[str, object]:
    below = [one for one in colleagues if one.floor is not None and not one.floor.is_enough]
    return {
        "colleagues": colleagues,
        "enough": [one for one in colleagues if one.floor is not None and one.floor.is_enough],
        "below": below[:MOST_NAMES],
        "below_count": len(below),
        "no_track": sum(one.floor is None for one in colleagues),
        "near": [] if beside.is_hidden else [one for one in colleagues if one.step][:MOST_NAMES],
    }


def _open_work(s: Session, services: Services, unit_id: int) -> dict[str, int]:
    period, own = services.period_id, [unit_id]
    waiting = [count_appeals(s, period, AppealFilter(unit_ids=own, state=state)) for state in (NEW, IN_REVIEW)]
    return {
        "contributions": count_open_contributions(s, period, own),
        "appeals": sum(waiting),
        "overdue": count_appeals(s, period, AppealFilter(unit_ids=own, overdue_on=today(services))),
    }
