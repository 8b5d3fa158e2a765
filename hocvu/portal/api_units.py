"""The units and how they stand, without names."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hocvu.portal.access import Running
from hocvu.portal.api_callers import UNITS, caller_with
from hocvu.portal.api_models import errors
from hocvu.portal.clean import clean_text
from hocvu.portal.etags import NOT_MODIFIED, json_body, tagged
from hocvu.portal.pull_models import UnitsAnswer
from hocvu.portal.unit_rates import unit_rates
from hocvu.records import Caller, add_audit, allowed_units, list_units

router = APIRouter(prefix="/api/v1", tags=["units"])


@router.get(
    "/units",
    response_model=UnitsAnswer,
    responses={**errors(401, 403, 422), **NOT_MODIFIED},
)
def get_units(
    request: Request,
    services: Running,
    caller: Annotated[Caller, caller_with(UNITS)],
    period: Annotated[str, Query(max_length=16, description="period code; the current one if left out")] = "",
) -> Response:
    """All units that the caller may see, in one answer. No sums over units: a small unit cannot be worked out."""
    period, rule = clean_text(period) or services.period_id, services.course.rule
    with services.records.session(durable=False) as s:
        ids = allowed_units(s, caller)
        parents = {unit.id: unit for unit in list_units(s, ids=ids)}
        above = {unit.code: parents.get(unit.parent_id or 0) for unit in parents.values()}
        rates = {one.code: one for one in unit_rates(s, period, ids, rule)}
        add_audit(s, caller.actor, "units.read", {"period": period, "rows": len(parents)}, services.clock())
    units = []
    for unit in parents.values():
        parent, rate = above[unit.code], rates.get(unit.code)
        units.append(
            {
                "code": unit.code,
                "name": unit.name,
                "bloc": unit.bloc,
                "parent": parent.code if parent else None,
                "people": rate.people if rate else 0,
                "started": rate.started if rate else None,
                "participating": rate.covered if rate else None,
                "advanced": rate.advanced if rate else None,
            }
        )
    return tagged(
        request, json_body({"ok": True, "period": period, "hidden_below": rule.unit.hide_below, "units": units})
    )
