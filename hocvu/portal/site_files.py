"""The built lesson site over HTTP: compressed once and kept, cached by browsers as long as a name's content lasts."""

import gzip
import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

HOUR = "public, max-age=3600"
YEAR = "public, max-age=31536000, immutable"
CHANGING = (".html", ".ipynb", ".json")  # other content may appear under the same name
WORTH_PACKING = frozenset({".wasm", ".js", ".mjs", ".json", ".css", ".html", ".svg", ".ipynb", ".txt", ".map"})
SMALLEST = 1000  # bytes
_DIGEST_IN_PATH = re.compile(r"(^|[./_-])[0-9a-f]{12,}([./_-]|$)")


class SiteFiles(StaticFiles):
    """Files of `directory`; packed copies are made on first use and kept in `packed`."""

    def __init__(self, directory: Path, packed: Path) -> None:
        super().__init__(directory=directory, check_dir=False, html=True)
        self.packed = packed

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code >= 400:
            return response
        if isinstance(response, FileResponse) and _takes_gzip(scope) and response.status_code == 200:
            response = await anyio.to_thread.run_sync(self._pack, response)
        response.headers["Cache-Control"] = cache_rule(path, scope.get("query_string", b""))
        return response

    def _pack(self, plain: FileResponse) -> Response:
        """Return the same file packed, the plain response where packing is not worth it."""
        source = Path(plain.path)
        stat = source.stat()
        if source.suffix not in WORTH_PACKING or stat.st_size < SMALLEST:
            return plain
        key = f"{source}:{stat.st_mtime_ns}:{stat.st_size}".encode()
        packed = self.packed / f"{hashlib.sha256(key).hexdigest()[:32]}.gz"
        if not packed.is_file():
            pack_file(source, packed)
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return FileResponse(packed, headers=headers, media_type=plain.media_type)


def pack_file(source: Path, packed: Path) -> None:
    """Write a gzip copy; readers see all of it or nothing."""
    packed.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=packed.parent)
    with (
        source.open("rb") as plain,
        os.fdopen(descriptor, "wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6) as file,
    ):
        shutil.copyfileobj(plain, file)
    os.replace(temporary, packed)


def cache_rule(path: str, query: bytes) -> str:
    """Return Cache-Control: a year for names that carry their content's digest, a look-up each time for pages."""
    if b"v=" in query or _DIGEST_IN_PATH.search(path):
        return YEAR
    return "no-cache" if path.endswith(CHANGING) or "." not in path.rsplit("/", 1)[-1] else HOUR


def _takes_gzip(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and "range" not in headers
