"""What stands behind one person's levels: each item's best outcome and the attempt it came from."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from hocvu.portal.access import Running
from hocvu.portal.api_callers import EVIDENCE, caller_with
from hocvu.portal.api_models import errors
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import ApiError
from hocvu.portal.etags import NOT_MODIFIED, json_body, tagged
from hocvu.portal.pull_models import EvidenceAnswer
from hocvu.portal.words import iso
from hocvu.records import Caller, add_audit, allowed_units, find_scored_person, list_evidence_lines

router = APIRouter(prefix="/api/v1", tags=["evidence"])


@router.get(
    "/people/{staff_code}/evidence",
    response_model=EvidenceAnswer,
    responses={**errors(401, 403, 404, 422), **NOT_MODIFIED},
)
def get_evidence(
    request: Request,
    services: Running,
    caller: Annotated[Caller, caller_with(EVIDENCE)],
    staff_code: Annotated[str, Path(max_length=64)],
    period: Annotated[str, Query(max_length=16, description="period code; the current one if left out")] = "",
) -> Response:
    """One person's evidence in a period. Answers are not in it, only their SHA-256."""
    period = clean_text(period) or services.period_id
    with services.records.session(durable=False) as s:
        person = find_scored_person(s, period_id=period, staff_code=clean_text(staff_code))
        units = allowed_units(s, caller)
        if person is None or (units is not None and person.unit_id not in units):
            raise ApiError(404, "unknown_person", "Không có người này trong phạm vi của mã truy cập.")
        lines = list_evidence_lines(s, person.person_id, period)
        seen = {"person": person.person_id, "period": period, "rows": len(lines)}
        add_audit(s, caller.actor, "evidence.read", seen, services.clock())
    answer = {
        "ok": True,
        "period": period,
        "staff_code": person.staff_code,
        "unit": person.unit_code,
        "coverage": person.coverage,
        "band": person.band,
        "levels": person.levels,
        "rule_version": person.rule_version,
        "evidence": [_line(asdict(line)) for line in lines],
    }
    return tagged(request, json_body(answer))


def _line(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "achieved_at": iso(line["achieved_at"]), "submitted_at": iso(line["submitted_at"])}
