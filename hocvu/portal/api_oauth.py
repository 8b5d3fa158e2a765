"""OAuth 2 for other systems: an id and a secret are traded for a short-lived token (RFC 6749 §4.4, RFC 7009)."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData

from hocvu.portal.access import Form, Running, field
from hocvu.portal.api_callers import SCOPES
from hocvu.portal.brakes import address_of, brakes_of, seconds, wait_words
from hocvu.portal.pull_models import OAuthError, TokenAnswer
from hocvu.portal.services import Services
from hocvu.records import (
    TOKEN_LIFETIME,
    Client,
    add_audit,
    find_client,
    issue_access_token,
    revoke_access_token,
)

router = APIRouter(prefix="/api/v1/oauth", tags=["oauth"])
GRANT = "client_credentials"
PARAMETERS = ("grant_type", "scope", "token", "client_id", "client_secret")
VISIBLE = "[!-~]+"  # what a token is made of (RFC 6749, appendix A.12)
LONGEST = 200  # characters of an id or a secret; ours are shorter
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_SENTENCES = {
    "invalid_request": "Yêu cầu thiếu thông tin hoặc gửi trùng. Xem mô tả ở docs/api.md rồi gửi lại.",
    "invalid_client": "Mã hệ thống hoặc khóa bí mật không đúng, đã hết hạn hay bị thu hồi. Hãy xin cấp khóa mới.",
    "unsupported_grant_type": f"Chỉ nhận grant_type={GRANT}.",
    "slow_down": "Có quá nhiều yêu cầu lấy mã. Mã đã lấy dùng được 30 phút: hãy giữ lại mà dùng.",
    "invalid_scope": "Hệ thống này không được cấp một trong các quyền đã hỏi.",
}


@dataclass(frozen=True)
class Credentials:
    """What a client showed of itself."""

    client_id: str
    secret: str


class OAuthRefusal(Exception):
    """A refusal in the words of RFC 6749."""

    def __init__(self, error: str, status: int = 400, wait: timedelta = timedelta()) -> None:
        super().__init__(error)
        self.error, self.status, self.wait = error, status, wait


def _form_schema(required: list[str], **fields: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI of a form body; the client may say who it is in the form or by HTTP Basic."""
    own = {"client_id": {"type": "string"}, "client_secret": {"type": "string"}}
    schema = {"type": "object", "required": required, "properties": {**fields, **own}}
    return {
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}},
        "security": [{"client_basic": []}, {}],
    }


_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": OAuthError, "description": "invalid_request, unsupported_grant_type, invalid_scope"},
    401: {"model": OAuthError, "description": "invalid_client"},
    429: {"model": OAuthError, "description": "slow_down: come back after the seconds of Retry-After"},
}


@router.post(
    "/token",
    response_model=TokenAnswer,
    responses=_REFUSALS,
    openapi_extra=_form_schema(
        ["grant_type"],
        grant_type={"type": "string", "const": GRANT},
        scope={"type": "string", "description": f"some of: {' '.join(SCOPES)}; all that the client has if left out"},
    ),
)
def fetch_token(request: Request, services: Running, form: Form) -> JSONResponse:
    """Return a bearer token. It ends by itself; fetch a new one then."""
    try:
        shown = _credentials(request, services, form)
        if field(form, "grant_type") != GRANT:
            raise OAuthRefusal("unsupported_grant_type" if field(form, "grant_type") else "invalid_request")
        now = services.clock()
        with services.records.session() as s:
            client = find_client(s, shown.client_id, shown.secret, now)
            if client is None:
                raise OAuthRefusal("invalid_client", 401)
            scopes = _scopes(client, field(form, "scope"))
            _slow_down(brakes_of(request).token.take(client.id, now))
            token = issue_access_token(s, client, scopes, now)
            add_audit(s, f"client:{client.id}", "oauth.token", {"scopes": scopes}, now)
    except OAuthRefusal as refusal:
        return _refuse(request, services, form, refusal)
    answer = {"access_token": token, "token_type": "Bearer", "expires_in": int(TOKEN_LIFETIME.total_seconds())}
    return JSONResponse({**answer, "scope": " ".join(scopes)}, headers=NO_STORE)


@router.post(
    "/revoke",
    responses={**_REFUSALS, 200: {"description": "the token no longer works, if it was this client's"}},
    openapi_extra=_form_schema(["token"], token={"type": "string", "pattern": f"^{VISIBLE}$"}),
)
def revoke_token(request: Request, services: Running, form: Form) -> JSONResponse:
    """End one of the client's own tokens before its time."""
    try:
        shown = _credentials(request, services, form)
        token = form.get("token")
        if not isinstance(token, str) or not re.fullmatch(VISIBLE, token):
            raise OAuthRefusal("invalid_request")
        now = services.clock()
        with services.records.session() as s:
            client = find_client(s, shown.client_id, shown.secret, now)
            if client is None:
                raise OAuthRefusal("invalid_client", 401)
            if revoke_access_token(s, client, token):
                add_audit(s, f"client:{client.id}", "oauth.revoke", {}, now)
    except OAuthRefusal as refusal:
        return _refuse(request, services, form, refusal)
    return JSONResponse({}, headers=NO_STORE)


def _credentials(request: Request, services: Services, form: FormData) -> Credentials:
    """Return what the client showed of itself: in the header, or else in the form (RFC 6749 §2.3)."""
    _slow_down(brakes_of(request).token_address.wait(address_of(request), services.clock()))
    if any(len(form.getlist(name)) > 1 for name in PARAMETERS):
        raise OAuthRefusal("invalid_request")  # §3.2: none twice; those that nobody knows are ignored
    header = request.headers.get("authorization", "")
    shown = _basic(header) if header else Credentials(field(form, "client_id"), field(form, "client_secret"))
    if not shown.client_id or not shown.secret or max(len(shown.client_id), len(shown.secret)) > LONGEST:
        raise OAuthRefusal("invalid_client", 401)
    return shown


def _slow_down(wait: timedelta) -> None:
    if wait:
        raise OAuthRefusal("slow_down", 429, wait)


def _basic(header: str) -> Credentials:
    kind, _, encoded = header.partition(" ")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    client_id, colon, secret = text.partition(":")
    if kind.lower() != "basic" or not colon:
        raise OAuthRefusal("invalid_client", 401)
    return Credentials(unquote_plus(client_id), unquote_plus(secret))


def _scopes(client: Client, asked: str) -> list[str]:
    """Return the scopes of the token: those asked for, all of the client's if none were."""
    wanted = asked.split() or client.scopes
    if not set(wanted) <= set(client.scopes):
        raise OAuthRefusal("invalid_scope")
    return sorted(set(wanted))


def _refuse(request: Request, services: Services, form: FormData, refusal: OAuthRefusal) -> JSONResponse:
    """Return the refusal. Each is counted and logged, but not those of somebody who has to wait: a log has an end."""
    sentence = _SENTENCES[refusal.error]
    if refusal.wait:
        headers = {**NO_STORE, "Retry-After": str(seconds(refusal.wait))}
        return _answer(refusal, f"{sentence} {wait_words(refusal.wait)}", headers)
    address, now = address_of(request), services.clock()
    brakes_of(request).token_address.take(address, now)
    with services.records.session(durable=False) as s:
        detail = {"error": refusal.error, "client": field(form, "client_id")[:32], "address": address}
        add_audit(s, "unknown", "oauth.refused", detail, now)
    challenge = {"WWW-Authenticate": 'Basic realm="hocvu"'} if refusal.status == 401 else {}
    return _answer(refusal, sentence, {**NO_STORE, **challenge})


def _answer(refusal: OAuthRefusal, sentence: str, headers: dict[str, str]) -> JSONResponse:
    return JSONResponse({"error": refusal.error, "error_description": sentence}, refusal.status, headers=headers)
