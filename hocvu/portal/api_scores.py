"""Scores for the HR system: read by cursor, nothing lost while scores change, every call in the audit log."""

import hashlib
import json
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hocvu.portal.access import Running
from hocvu.portal.api_models import ScoresAnswer, errors
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import ApiError
from hocvu.portal.services import Services
from hocvu.portal.words import iso
from hocvu.records import (
    ApiToken,
    ScoredPerson,
    add_audit,
    allowed_units,
    find_api_token,
    find_unit_by_code,
    list_scores,
    unit_and_children,
)

SCOPE = "scores:read"
MAX_LIMIT = 1000
# Every text of this form is a place to go on from; to readers it stays opaque.
CURSOR = r"^s[0-9a-f]{1,15}$"

router = APIRouter(prefix="/api/v1", tags=["scores"])
_bearer = HTTPBearer(auto_error=False, description=f"API token with the scope {SCOPE}")


def require_token(
    services: Running, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> ApiToken:
    """Return the caller's token: 401 without a valid one, 403 without the scope."""
    challenge = {"WWW-Authenticate": "Bearer"}
    token = None
    if credentials is not None:
        with services.records.reading() as s:
            token = find_api_token(s, credentials.credentials, services.clock())
    if token is None:
        message = "Thiếu mã truy cập, hoặc mã đã hết hạn hay bị thu hồi. Hãy xin mã mới ở trang Quản trị."
        raise ApiError(401, "bad_token", message, headers=challenge)
    if SCOPE not in token.scopes:
        raise ApiError(403, "missing_scope", f"Mã truy cập này không có quyền {SCOPE}.")
    return token


@router.get(
    "/scores",
    response_model=ScoresAnswer,
    responses={**errors(401, 403, 404, 422), 304: {"description": "nothing new since If-None-Match"}},
)
def get_scores(
    request: Request,
    services: Running,
    token: Annotated[ApiToken, Depends(require_token)],
    cursor: Annotated[str, Query(pattern=CURSOR, description="next_cursor of the last call")] = "s0",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = MAX_LIMIT,
    updated_since: Annotated[datetime | None, Query(description="ISO 8601 with zone")] = None,
    unit: Annotated[str, Query(max_length=32, description="unit code, with the units below it")] = "",
    period: Annotated[str, Query(max_length=16, description="period code; the current one if left out")] = "",
) -> Response:
    """Scores in the order of their `seq`. A score that changes gets a new `seq`, so it comes again further on:
    read until `more` is false, keep `next_cursor`, and go on from there next time."""
    if updated_since is not None and updated_since.tzinfo is None:
        raise ApiError(422, "invalid_request", "updated_since phải có múi giờ, ví dụ 2027-01-31T08:00:00+07:00.")
    rows = _read(services, token, int(cursor[1:], 16), limit, updated_since, unit, period or services.period_id)
    more = len(rows) > limit
    rows = rows[:limit]
    last = f"s{rows[-1].seq:x}" if rows else cursor
    body = _body(rows, period or services.period_id, last, more)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if etag in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def _read(
    services: Services,
    token: ApiToken,
    after_seq: int,
    limit: int,
    updated_since: datetime | None,
    unit: str,
    period: str,
) -> list[ScoredPerson]:
    """Return up to limit + 1 rows of the units that the token may see, and log the call."""
    with services.records.session(durable=False) as s:
        units = allowed_units(s, token)
        if unit:
            found = find_unit_by_code(s, clean_text(unit))
            if found is None or (units is not None and found.id not in units):
                raise ApiError(404, "unknown_unit", "Không có đơn vị này trong phạm vi của mã truy cập.")
            units = unit_and_children(s, found.id)
        rows = list_scores(
            s,
            period_id=clean_text(period),
            after_seq=after_seq,
            limit=limit + 1,
            unit_ids=units,
            updated_since=updated_since,
        )
        detail = {"after_seq": after_seq, "rows": min(len(rows), limit), "unit": unit, "period": period}
        add_audit(s, f"token:{token.id}", "scores.read", detail, services.clock())
    return rows


def _body(rows: list[ScoredPerson], period: str, next_cursor: str, more: bool) -> bytes:
    """Return the JSON of ScoresAnswer, written directly: checking a thousand rows takes longer than reading them."""
    scores = [
        {
            "seq": row.seq,
            "period": period,
            "staff_code": row.staff_code,
            "unit": row.unit_code,
            "coverage": row.coverage,
            "levels": row.levels,
            "band": row.band,
            "points": row.points,
            "max_points": row.max_points,
            "rule_version": row.rule_version,
            "updated_at": iso(row.updated_at) if row.updated_at else None,
        }
        for row in rows
    ]
    answer = {"ok": True, "scores": scores, "next_cursor": next_cursor, "more": more}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
