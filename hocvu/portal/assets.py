"""The portal's own files, named by their content so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from hocvu.labs.keyword_rules_html import BENCH_CSS

STATIC = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
# Style sheets that the labs bring along, as if they lay in static/.
GENERATED = {"bench.css": BENCH_CSS.encode()}
FONTS = "node_modules/@fontsource/be-vietnam-pro/files"


@cache
def asset_url(name: str) -> str:
    """Return the address of a file in static/, with a digest of its content."""
    content = GENERATED.get(name) or (STATIC / name).read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


class Assets(StaticFiles):
    """Files that may be kept: those asked for with ?v=, and fonts, whose names carry their version."""

    def __init__(self, directory: Path, *, keep: bool = False) -> None:
        super().__init__(directory=directory, check_dir=False)
        self.keep = keep

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path in GENERATED:
            response = Response(GENERATED[path], media_type="text/css")
        else:
            response = await super().get_response(path, scope)
        lasting = self.keep or b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = FOREVER if lasting and response.status_code < 400 else "no-cache"
        return response
