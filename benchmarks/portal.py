"""The portal as people feel it: a real server, its first page, and from «Nộp bài» to the points on the page."""

import html
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.timing import Spread, spread_of
from hocvu.demo.world import DEMO_PASSWORD

SLUG = "01-ai-quanh-ta"
PEOPLE = 300


class Server:
    """`hocvu serve` on a demo world of its own."""

    def __init__(self, root: Path, var: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.environment = {"HOCVU_ROOT": str(root), "HOCVU_VAR": str(var), "HOCVU_PORT": str(self.port)}
        self.address = f"http://localhost:{self.port}"
        self.root = root

    def hocvu(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "hocvu", *arguments]

    def __enter__(self) -> "Server":
        environment = {**os.environ, **self.environment}
        began = time.perf_counter()
        subprocess.run(self.hocvu("seed-demo", "--people", str(PEOPLE)), env=environment, cwd=self.root, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        self.seeded_s = time.perf_counter() - began
        self.process = subprocess.Popen(
            self.hocvu("serve"), env=environment, cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(200):
            try:
                httpx.get(f"{self.address}/dang-nhap")
                return self
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError("the server did not answer")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def log_in(client: httpx.Client, login: str) -> None:
    page = client.get("/dang-nhap").text
    form = {"csrf": hidden(page, "csrf"), "toi": "/", "ten": login, "mat_khau": DEMO_PASSWORD}
    client.post("/dang-nhap", data=form).raise_for_status()


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field of the page's form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found.group(1)


def report_portal(root: Path) -> None:
    """Print the server's times for the first page, the exercise page, a submission with its result, HR's table."""
    with tempfile.TemporaryDirectory() as var, Server(root, Path(var)) as server:
        print(f"The portal on SQLite, {PEOPLE} people, one process, one client after another, over HTTP on loopback")
        print(f"  seeding the demo world     {server.seeded_s:.1f} s")
        with httpx.Client(base_url=server.address, follow_redirects=True, timeout=30) as client:
            _line("log-in page", spread_of(lambda n: client.get("/dang-nhap").raise_for_status(), 100))
            log_in(client, "hocvien")
            _line("first page (Khóa học của tôi)", spread_of(lambda n: client.get("/").raise_for_status(), 100))
            _line("exercise page", spread_of(lambda n: client.get(f"/bai-tap/{SLUG}").raise_for_status(), 100))
            forms = [client.get(f"/bai-tap/{SLUG}").text]
            _line("«Nộp bài» → result page", spread_of(lambda n: _submit(client, forms, n), 60))
        with httpx.Client(base_url=server.address, follow_redirects=True, timeout=60) as client:
            log_in(client, "nhansu")
            _line("HR table, all units", spread_of(lambda n: client.get("/hr").raise_for_status(), 40))
            _line("HR workbook (XLSX)", spread_of(lambda n: client.get("/hr/ket-qua.xlsx").raise_for_status(), 20))
    print()


def _submit(client: httpx.Client, forms: list[str], number: int) -> None:
    """Hand in the form at hand and read the result page; the time includes fetching the next empty form."""
    page = forms.pop()
    form = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.partition('id="bai-tap"')[2]))
    form = {name: html.unescape(value) for name, value in form.items()}
    rules = {"1-3.kw1": "rác", "1-3.cat1": "RAC", "1-3.kw2": "hồ sơ", "1-3.cat2": "TTHC"}
    answers = {"1-2": "a", "1-4": str(100 + number), "1-7.viec": f"việc số {number}", **rules}
    result = client.post(f"/bai-tap/{SLUG}", data={**form, **answers, "viec": "nop"})
    assert "/ket-qua/" in str(result.url), result.text[:2000]
    forms.append(client.get(f"/bai-tap/{SLUG}").text)


def _line(name: str, spread: Spread) -> None:
    print(f"  {name:30} {spread}")
