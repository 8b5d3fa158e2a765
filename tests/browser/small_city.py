"""The small city of the portal's tests behind a real port, with a clock that a story moves: years need one."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self

import uvicorn
from playwright.sync_api import Browser, Page

from tests.browser.portal_story import ROOT
from tests.portal.world import PASSWORD, World

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async rules => (await axe.run(document, { runOnly: { type: "tag", values: rules } })).violations.map(
  one => `${one.id}: ${one.nodes.map(node => node.target.join(" ")).slice(0, 4).join(" | ")}`)"""


class SmallCity:
    """`with SmallCity(folder) as city, city.visitor(chromium, "lan") as page:`"""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder, ROOT)
        (self.world.root / "node_modules").symlink_to(ROOT / "node_modules")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        self.address = f"http://localhost:{port}"
        lessons = f"http://127.0.0.1:{port}"
        self.world.settings = replace(self.world.settings, portal_origin=self.address, lite_origin=lessons)
        self.world.restart()
        self._server = uvicorn.Server(uvicorn.Config(self.world.app, port=port, log_level="error"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=30)
        self.world.services.records.close()

    def is_now(self, moment: datetime) -> None:
        """Time passes; log-ins of before have ended."""
        self.world.now = moment

    @contextmanager
    def visitor(self, browser: Browser, login: str, *, width: int = 1280, scripts: bool = True) -> Iterator[Page]:
        """Somebody logged in; width in pixels; scripts: whether their browser runs JavaScript."""
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="vi-VN",
            bypass_csp=True,
            accept_downloads=True,
            java_script_enabled=scripts,
        )
        try:
            page = context.new_page()
            page.goto(f"{self.address}/dang-nhap")
            page.get_by_label("Tên đăng nhập").fill(login)
            page.get_by_label("Mật khẩu").fill(PASSWORD)
            page.get_by_role("button", name="Đăng nhập").press("Enter")
            yield page
        finally:
            context.close()


def assert_usable(page: Page, where: str) -> None:
    """No violation, one heading, nothing sideways, on a desk and on a phone."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.add_script_tag(content=AXE)
        assert page.evaluate(RUN, RULES) == [], f"{where} {width}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{where} {width} scrolls sideways"
        assert page.locator("h1").count() == 1, where
    page.set_viewport_size({"width": 1280, "height": 900})
