"""A built lesson site and a server for it: `with LessonServer(site) as server:` then open server.lesson(...)."""

import json
import mimetypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

import hocvu
from hocvu.publishing.learner_wheel import pack_learner_wheel
from hocvu.publishing.site import CONTENT_SECURITY_POLICY, SiteReport, build_site
from hocvu.settings import Settings

ROOT = Path(__file__).parents[2]
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PREFIX = "/bai-hoc/"
TYPES = {".wasm": "application/wasm", ".mjs": "text/javascript", ".js": "text/javascript"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A browser that closes a page drops its connections: not worth a traceback."""


class LessonServer:
    """Serves a built site below /bai-hoc/ on loopback, and the few API calls a lesson makes; notes what was asked.

    answers: what the API says, by "METHOD /path": a list of (status, JSON), the last of which is repeated.
    drafts: the answers kept for each assignment named here, saved and read as on the portal.
    """

    def __init__(self, site: Path) -> None:
        self.site = site
        self.calls: list[tuple[str, dict[str, str], str]] = []
        self.answers: dict[str, list[tuple[int, Any]]] = {}
        self.drafts: dict[str, dict[str, Any]] = {}
        self.changed = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._port = self._server.server_port

    def __enter__(self) -> "LessonServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_down()

    def go_down(self) -> None:
        """Refuse all connections, as a server does that is not running."""
        self._server.shutdown()
        self._server.server_close()

    def come_back(self) -> None:
        """Serve again at the same address."""
        self._server = _Server(("127.0.0.1", self._port), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def has(self, assignment: str, item: str, raw: object, timeout_s: float = 15) -> bool:
        """Whether the draft gets this answer in time."""
        with self.changed:
            return self.changed.wait_for(lambda: self.drafts[assignment].get(item) == raw, timeout_s)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def lesson(self, path: str) -> str:
        return f"{self.origin}{PREFIX}notebooks/index.html?path={path}"


def _handler(server: LessonServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path.startswith(PREFIX):
                self.send_file(server.site / path.removeprefix(PREFIX))
            else:
                self.answer()

        def do_POST(self) -> None:
            self.answer()

        def do_PUT(self) -> None:
            self.answer()

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            call = f"{self.command} {self.path}"
            server.calls.append((call, {name.lower(): value for name, value in self.headers.items()}, body))
            draft = server.drafts.get(self.path.rpartition("/")[2]) if "/drafts/" in self.path else None
            if draft is not None:
                with server.changed:
                    draft |= json.loads(body).get("answers", {}) if body else {}
                    server.changed.notify_all()
                return self.reply(
                    200, "application/json", json.dumps({"ok": True, "seed": 7, "answers": draft}).encode()
                )
            waiting = server.answers.get(call, [(404, {"ok": False})])
            status, value = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            return self.reply(status, "application/json", json.dumps(value).encode())

        def send_file(self, path: Path) -> None:
            if not path.is_file():
                return self.reply(404, "text/plain", b"not found")
            kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return self.reply(200, kind, path.read_bytes())

        def reply(self, status: int, kind: str, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def small_notebook(*cells: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    """Return a notebook of (type, source, metadata) cells."""
    made = []
    for place, (kind, source, metadata) in enumerate(cells):
        extra = {"outputs": [], "execution_count": None} if kind == "code" else {}
        made.append({"cell_type": kind, "id": f"o-{place}", "metadata": metadata, "source": source, **extra})
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def build_test_site(notebooks: dict[str, dict[str, Any]], folder: Path) -> SiteReport:
    """Build a site of these notebooks in `folder`; downloads and compiled wheels are shared between runs."""
    files = {}
    for name, notebook in notebooks.items():
        path = folder / "released" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        files[name] = path
    settings = Settings(root=ROOT, var=ROOT / "var", portal_origin="http://localhost:9")
    wheel = pack_learner_wheel(ROOT / "hocvu", folder, hocvu.__version__)
    return build_site(settings, files, wheel, output=folder / "site", report=print)


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one named by HOCVU_CHROMIUM."""
    with sync_playwright() as playwright:
        program = os.environ.get("HOCVU_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()
