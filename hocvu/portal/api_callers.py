"""Other systems at the door of the API: what their tokens allow, and the refusals that say what is missing."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, OAuth2, SecurityScopes
from sqlalchemy.orm import Session

from hocvu.portal.access import Running
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import ApiError
from hocvu.records import Caller, allowed_units, find_caller, find_unit_by_code, unit_and_children

SCORES, NAMES, EVIDENCE, UNITS, SNAPSHOTS = (
    "scores:read",
    "scores:read.names",
    "evidence:read",
    "units:read",
    "snapshots:read",
)
SCOPES = {
    SCORES: "Đọc mức năng lực và mức hoàn thành theo mã CBCCVC",
    NAMES: "Đọc thêm họ tên, loại, chức vụ, phòng của từng người",
    EVIDENCE: "Đọc minh chứng từng câu của một người",
    UNITS: "Đọc số liệu chung của đơn vị, không có tên người",
    SNAPSHOTS: "Đọc bản chốt sổ đã ký",
}
TOKEN_PATH = "/api/v1/oauth/token"

_oauth = OAuth2(
    flows=OAuthFlows(clientCredentials=OAuthFlowClientCredentials(tokenUrl=TOKEN_PATH, scopes=SCOPES)),
    scheme_name="client",
    description="A short-lived token, fetched with the client's id and secret",
    auto_error=False,
)
_bearer = HTTPBearer(scheme_name="token", auto_error=False, description="A fixed token made by an administrator")


def require_caller(
    services: Running,
    needed: SecurityScopes,
    _fetched: Annotated[str | None, Security(_oauth)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """Return the caller: 401 without a valid token, 403 without the scopes that the call needs."""
    caller = None
    if credentials is not None:
        with services.records.reading() as s:
            caller = find_caller(s, credentials.credentials, services.clock())
    if caller is None:
        challenge = "Bearer" if credentials is None else 'Bearer error="invalid_token"'
        message = "Thiếu mã truy cập, hoặc mã đã hết hạn hay bị thu hồi. Hãy lấy mã mới rồi gọi lại."
        raise ApiError(401, "bad_token", message, headers={"WWW-Authenticate": challenge})
    require_scopes(caller, *needed.scopes)
    return caller


def require_scopes(caller: Caller, *scopes: str) -> None:
    """Raise 403 unless the caller has all of these scopes."""
    missing = [scope for scope in scopes if scope not in caller.scopes]
    if missing:
        challenge = f'Bearer error="insufficient_scope", scope="{" ".join(scopes)}"'
        message = f"Mã truy cập này không có quyền {', '.join(missing)}. Hãy xin thêm quyền ở trang Quản trị."
        raise ApiError(403, "missing_scope", message, headers={"WWW-Authenticate": challenge})


def units_asked(s: Session, caller: Caller, unit: str) -> frozenset[int] | None:
    """Return the units to read, None = all; 404 for one that does not exist or is not the caller's to see."""
    units = allowed_units(s, caller)
    if not unit:
        return units
    found = find_unit_by_code(s, clean_text(unit))
    if found is None or (units is not None and found.id not in units):
        raise ApiError(404, "unknown_unit", "Không có đơn vị này trong phạm vi của mã truy cập.")
    return unit_and_children(s, found.id)


def caller_with(scope: str) -> Callable[..., Caller]:
    """Return the dependency of a call that needs this scope."""
    return Security(require_caller, scopes=[scope])  # type: ignore[no-any-return]
