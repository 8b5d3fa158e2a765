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
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

ASK_EACH_TIME = "no-cache"  # kept by the browser, used again only when the ETag is still the same
YEAR = "public, max-age=31536000, immutable"
WORTH_PACKING = frozenset({".wasm", ".js", ".mjs", ".json", ".css", ".html", ".svg", ".ipynb", ".txt", ".map"})
SMALLEST = 1000  # bytes
_DIGEST_IN_PATH = re.compile(r"(^|[./_-])[0-9a-f]{12,}([./_-]|$)|^build/\w+\.[0-9a-f]{7}\.js$")  # 7: JupyterLite's
_DIGEST_IN_QUERY = re.compile(rb"(^|&)v=[0-9a-f]{12,}(&|$)")


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

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return the file under an ETag of our own, or "not modified" to a browser that has it already."""
        headers = {"ETag": f'"{version_of(full_path, stat_result)}"', "Vary": "Accept-Encoding"}
        response = FileResponse(full_path, status_code, headers, stat_result=stat_result)
        asked = Headers(scope=scope)
        # The date is no help here: files from npm packages all carry the same one.
        if "if-none-match" in asked and self.is_not_modified(response.headers, asked):
            return NotModifiedResponse(response.headers)
        return response

    def _pack(self, plain: FileResponse) -> Response:
        """Return the same file packed, the plain response where packing is not worth it."""
        source = Path(plain.path)
        stat = source.stat()
        if source.suffix not in WORTH_PACKING or stat.st_size < SMALLEST:
            return plain
        packed = self.packed / f"{version_of(source, stat)}.gz"
        if not packed.is_file():
            pack_file(source, packed)
        # The plain file's ETag: packed or not, it is the same version, and that is all a browser asks.
        headers = {name: plain.headers[name] for name in ("ETag", "Vary", "Last-Modified")}
        return FileResponse(packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=plain.media_type)


def version_of(path: str | os.PathLike[str], stat: os.stat_result) -> str:
    """Return a name for the content that a path has now.

    The moment of the last change of status (ctime) tells two builds apart. Size and date do not: the files of npm
    packages are all dated 1985, and a bundle naming other chunks is often as long as before.
    """
    key = f"{os.fspath(path)}:{stat.st_ctime_ns}:{stat.st_mtime_ns}:{stat.st_size}"
    return hashlib.sha256(key.encode()).hexdigest()[:32]


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
    """Return Cache-Control: a year for names that carry their content's digest, a question each time for the rest."""
    return YEAR if _DIGEST_IN_PATH.search(path) or _DIGEST_IN_QUERY.search(query) else ASK_EACH_TIME


def _takes_gzip(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and "range" not in headers
