"""What stands before every request: the right host, a size limit; and before every response: the security headers."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hocvu.errors import SettingsError


class BodyLimit:
    """Refuses bodies over `max_bytes` as soon as that is known: from the announced length, or when too much has come.

    The refusal is raised where the body is read, so that it leaves in the form its reader understands.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, longer: Mapping[str, int] | None = None) -> None:
        """longer: path → max_bytes, where files are uploaded."""
        self.app = app
        self.max_bytes = max_bytes
        self.longer = longer or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        max_bytes = self.longer.get(scope["path"], self.max_bytes)
        too_large = not announced.isdigit() or int(announced) > max_bytes
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            if too_large:
                raise HTTPException(413, headers={"Connection": "close"})
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > max_bytes:
                raise HTTPException(413, headers={"Connection": "close"})
            return message

        await self.app(scope, counted, send)


class ResponseHeaders:
    """Adds headers that the response does not set itself, to every response of an app, errors included."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    present.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, dressed if scope["type"] == "http" else send)


class Origins:
    """Sends each request to the app of its host. A host we do not know is refused, health checks excepted."""

    def __init__(self, app: ASGIApp, others: Mapping[str, ASGIApp], own: str) -> None:
        self.own = app
        self.apps = {_host(own): app, **{_host(origin): other for origin, other in others.items()}}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/healthz":
            await self.own(scope, receive, send)
            return
        app = self.apps.get(Headers(scope=scope).get("host", "").lower())
        if app is None:
            known = " / ".join(self.apps)
            app = PlainTextResponse(f"Địa chỉ này chưa được khai báo. Hãy dùng: {known}\n", 421)
        await app(scope, receive, send)


def read_proxies(text: str) -> list[str]:
    """Return the addresses and networks of HOCVU_TRUSTED_PROXIES. Raises SettingsError: trusting all trusts forgers."""
    named = [part.strip() for part in text.split(",") if part.strip()]
    for part in named:
        try:
            ipaddress.ip_network(part)
        except ValueError as error:
            raise SettingsError(
                f"HOCVU_TRUSTED_PROXIES: {part!r} is no address or network. Write e.g. 10.0.0.5 or 10.0.0.0/24."
            ) from error
    return named


def _host(origin: str) -> str:
    return urlsplit(origin).netloc.lower()


def security_headers(csp: str, https: bool) -> dict[str, str]:
    """Return the headers of every response of one app."""
    headers = {
        "Content-Security-Policy": csp,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers
