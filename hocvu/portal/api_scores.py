"""Scores for HR systems: read by cursor, nothing lost while scores change, every call in the audit log."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from hocvu.portal.access import Running
from hocvu.portal.api_callers import NAMES, SCORES, caller_with, require_scopes, units_asked
from hocvu.portal.api_models import errors
from hocvu.portal.api_moments import Moment
from hocvu.portal.clean import clean_text
from hocvu.portal.etags import NOT_MODIFIED, tagged
from hocvu.portal.pull_models import ScoresAnswer
from hocvu.portal.services import Services
from hocvu.portal.words import local
from hocvu.records import Caller, FeedRemoval, FeedScore, add_audit, read_feed
from hocvu.records.score_removals import announce_departures

MAX_LIMIT = 5000
_text = json.encoder.encode_basestring  # a string as JSON, Vietnamese letters as they are
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# Every text of this form is a place to go on from; to readers it stays opaque.
CURSOR = r"^s[0-9a-f]{1,15}$"

router = APIRouter(prefix="/api/v1", tags=["scores"])


@router.get(
    "/scores",
    response_model=ScoresAnswer,
    responses={**errors(401, 403, 404, 422), **NOT_MODIFIED},
)
def get_scores(
    request: Request,
    services: Running,
    caller: Annotated[Caller, caller_with(SCORES)],
    cursor: Annotated[str, Query(pattern=CURSOR, description="next_cursor of the last call")] = "s0",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 1000,
    updated_since: Annotated[Moment | None, Query(description="RFC 3339, with zone")] = None,
    unit: Annotated[str, Query(max_length=32, description="unit code, with the units below it")] = "",
    period: Annotated[str, Query(max_length=16, description="period code; the current one if left out")] = "",
    fields: Annotated[
        Literal["basic", "names"], Query(description=f"names: with name, kind, position; needs the scope {NAMES}")
    ] = "basic",
) -> Response:
    """Scores in the order of their `seq`. A score that changes gets a new `seq`, so it comes again further on:
    read until `more` is false, keep `next_cursor`, and go on from there next time. A row with `withdrawn` takes the
    score of this `period` and `staff_code` back."""
    if fields == "names":
        require_scopes(caller, SCORES, NAMES)
    period = clean_text(period) or services.period_id
    rows = _read(services, caller, int(cursor[1:], 16), limit, updated_since, unit, period, fields)
    more = len(rows) > limit
    rows = rows[:limit]
    last = f"s{rows[-1].seq:x}" if rows else cursor
    return tagged(request, scores_body(rows, period, last, more, names=fields == "names"))


def _read(
    services: Services,
    caller: Caller,
    after_seq: int,
    limit: int,
    updated_since: datetime | None,
    unit: str,
    period: str,
    fields: str,
) -> Sequence[FeedScore | FeedRemoval]:
    """Return up to limit + 1 rows of the units that the caller may see, and log the call."""
    with services.records.session(durable=False) as s:
        units = units_asked(s, caller, unit)
        announce_departures(s, local(services.clock()).date(), services.clock())
        rows = read_feed(
            s,
            period_id=period,
            after_seq=after_seq,
            limit=limit + 1,
            unit_ids=units,
            updated_since=updated_since,
        )
        detail = {"after_seq": after_seq, "rows": min(len(rows), limit), "unit": unit, "period": period}
        add_audit(s, caller.actor, "scores.read", {**detail, "fields": fields}, services.clock())
    return rows


def scores_body(
    rows: Sequence[FeedScore | FeedRemoval], period: str, next_cursor: str, more: bool, *, names: bool
) -> bytes:
    """Return the JSON of ScoresAnswer, written directly: checking a thousand rows takes longer than reading them."""
    place = f'"period":{_text(period)},"staff_code":'
    texts = [
        _dump(_removal(row, period)) if isinstance(row, FeedRemoval) else _score(row, place, names) for row in rows
    ]
    end = _dump({"next_cursor": next_cursor, "more": more})[1:]
    return f'{{"ok":true,"scores":[{",".join(texts)}],{end}'.encode()


def _score(row: FeedScore, place: str, names: bool) -> str:
    """Return one row as JSON. levels are JSON already; repr is how JSON writes a finite number."""
    since = f'"{_moment(row.band_since)}"' if row.band_since else "null"
    who = ""
    if names:
        who = f',"name":{_text(row.name)},"kind":{_text(row.kind)},"position":{_text(row.position)}'
        who += f',"department":{_text(row.department)}'
    return (
        f'{{"seq":{row.seq},{place}{_text(row.staff_code)},"unit":{_text(row.unit)},"coverage":{row.coverage!r},'
        f'"band":{row.band},"band_since":{since},"points":{row.points!r},"max_points":{row.max_points!r},'
        f'"rule_version":{_text(row.rule_version)},"updated_at":"{_moment(row.updated_at)}"{who},"levels":{row.levels}}}'
    )


def _removal(row: FeedRemoval, period: str) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "period": period,
        "staff_code": row.staff_code,
        "unit": row.unit,
        "withdrawn": True,
        "reason": row.reason,
        "updated_at": _moment(row.updated_at),
    }


def _moment(moment: datetime) -> str:
    """Return ISO 8601 in UTC, whole seconds; a third of the time of strftime."""
    return f"{moment.isoformat()[:19]}Z"
