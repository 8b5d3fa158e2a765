"""Form tokens: a page proves that it came from us. Each looks different, so that compression tells nothing."""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request

from hocvu.portal.errors import ApiError

HEADER = "X-CSRF-Token"
FIELD = "csrf"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LENGTH = 24
_REFUSED = "Biểu mẫu này không còn hiệu lực nên chưa được nhận. Anh/chị tải lại trang rồi gửi lại."


def make_token(secret: str) -> str:
    """Return a token for the session's (or the log-in form's) secret, masked with fresh random bytes."""
    pad = secrets.token_bytes(_LENGTH)
    return base64.urlsafe_b64encode(pad + _mix(pad, secret)).decode()


def check_token(token: str, secret: str) -> None:
    """Raise ApiError 403 unless the token was made for the secret."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        raw = b""
    pad, mixed = raw[:_LENGTH], raw[_LENGTH:]
    if len(raw) != 2 * _LENGTH or not hmac.compare_digest(mixed, _mix(pad, secret)):
        raise ApiError(403, "csrf", _REFUSED)


def form_secret(cookie: str, key: bytes) -> str:
    """Return the secret of a form for somebody who is not logged in yet, bound to a random cookie."""
    return hmac.new(key, b"form:" + cookie.encode(), hashlib.sha256).hexdigest()


async def same_origin(request: Request) -> None:
    """Refuse a state change that another site's page asked for, whatever cookies came with it."""
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin")
    expected = urlsplit(request.app.state.origin)
    foreign = origin is not None and urlsplit(origin)[:2] != expected[:2]
    if foreign or request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise ApiError(403, "csrf", _REFUSED)


def _mix(pad: bytes, secret: str) -> bytes:
    digest = hashlib.sha256(secret.encode()).digest()[:_LENGTH]
    return bytes(one ^ other for one, other in zip(pad, digest, strict=True)) if len(pad) == _LENGTH else b""
