"""A portal of its own for a browser story: `with Portal(folder) as portal, portal.visitor("hocvien") as page:`."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
PASSWORD = "hoc-vu-2027"


class Portal:
    """`hocvu serve` on a free port, on a small demo world of its own and the lesson site of the checkout.

    root: another course root than the checkout.
    """

    def __init__(self, var: Path, people: int = 40, root: Path = ROOT) -> None:
        self.var = var
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.environment = {**os.environ, "HOCVU_VAR": str(var), "HOCVU_PORT": str(self.port), "HOCVU_ROOT": str(ROOT)}
        site = ROOT / "var" / "site"
        assert (site / "notebooks").is_dir(), "build the lesson site first: make site"
        (var / "site").symlink_to(site)
        self.hocvu("seed-demo", "--people", str(people))  # simulated learners only know the course of the checkout
        self.environment["HOCVU_ROOT"] = str(root)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def hocvu(self, *arguments: str) -> str:
        """Run the command line on this portal's data and return what it printed."""
        command = [sys.executable, "-m", "hocvu", *arguments]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        command = [sys.executable, "-m", "hocvu", "serve"]
        self._log = (self.var / "serve.log").open("ab")
        self._server = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=self._log, stderr=self._log)
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{self.address}/dang-nhap", timeout=5).close()
                return
            except OSError:
                time.sleep(0.25)
        raise TimeoutError((self.var / "serve.log").read_text(encoding="utf-8"))

    def stop(self) -> None:
        self._server.terminate()
        self._server.wait(timeout=30)
        self._log.close()

    def kill(self) -> None:
        """Take the server's life without a warning, as a power cut would."""
        self._server.kill()
        self._server.wait(timeout=30)
        self._log.close()


@contextmanager
def visitor(
    portal: Portal, browser: Browser, login: str, *, width: int = 1280, scripts: bool = True, **context_options: Any
) -> Iterator[Page]:
    """Somebody at the portal, logged in; width in pixels; scripts: whether their browser runs JavaScript."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale="vi-VN",
        java_script_enabled=scripts,
        accept_downloads=True,
        **context_options,
    )
    try:
        page = context.new_page()
        log_in(page, portal.address, login)
        yield page
    finally:
        context.close()


def log_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
