"""How a server hands out the lesson site: which file, with which headers. No web framework: the portal asks, and sends."""

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

# What must go with every file of the site. Notebook outputs may hold scripts, hence the wide script-src; what
# matters is that nothing leaves for another host. Never add COOP/COEP: with them the kernel fails on most starts.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
# A digest in a file's or a folder's name: such a file never changes.
DIGEST_IN_NAME = re.compile(r"\.[0-9a-f]{7,}\.(js|css|woff2?|svg|png)$|\.whl$|/static/[0-9a-f]{12}/")
# Debian, Windows and macOS do not agree on these, and a module or wasm of the wrong type is refused by browsers.
TYPES: Mapping[str, str] = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".ipynb": "application/json",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".whl": "application/zip",
    ".svg": "image/svg+xml",
}
COMPRESSED = ".gz"


@dataclass(frozen=True)
class SiteFile:
    """A file to send, with its headers; add an ETag and answer If-None-Match as your framework does."""

    path: Path
    headers: Mapping[str, str]


def find_file(site: Path, path: str, accept_encoding: str = "") -> SiteFile | None:
    """Return what to send for `path` below the site's root ("notebooks/index.html"), None if there is no such file."""
    name = f"{path}index.html" if path in ("", "/") or path.endswith("/") else path
    parts = PurePosixPath(name.lstrip("/")).parts
    wanted = site.joinpath(*parts)
    if ".." in parts or "\\" in name or name.endswith(COMPRESSED) or not wanted.is_file():
        return None
    kind = TYPES.get(wanted.suffix) or mimetypes.guess_type(wanted.name)[0] or "application/octet-stream"
    headers = {
        "Content-Type": kind,
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Cache-Control": FOREVER if DIGEST_IN_NAME.search("/" + "/".join(parts)) else ASK_AGAIN,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    packed = wanted.with_name(wanted.name + COMPRESSED)
    if packed.is_file():
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in accept_encoding.lower():
            return SiteFile(packed, {**headers, "Content-Encoding": "gzip"})
    return SiteFile(wanted, headers)
