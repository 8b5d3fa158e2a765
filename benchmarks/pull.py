"""Scores of 200,000 people pulled every way: the API page by page, workbook, CSV; and the pages of HR."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.city import build_city
from benchmarks.portal import Server, hidden
from benchmarks.timing import spread_of
from hocvu.demo.world import DEMO_PASSWORD
from hocvu.settings import Settings

PEOPLE = 200_000
TICKS = os.sysconf("SC_CLK_TCK")


class CityServer(Server):
    """`hocvu serve` on a simulated city instead of the demo world."""

    token = ""

    def __enter__(self) -> "CityServer":
        began = time.perf_counter()
        settings = Settings(root=self.root, var=Path(self.environment["HOCVU_VAR"]))
        self.token = build_city(settings, PEOPLE)
        self.seeded_s = time.perf_counter() - began
        self.process = subprocess.Popen(
            self.hocvu("serve"),
            env={**os.environ, **self.environment},
            cwd=self.root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            try:
                httpx.get(f"{self.address}/healthz")
                return self
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError("the server did not answer")

    def cpu_s(self) -> float:
        """CPU seconds of the server process so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_mb(self) -> float:
        """The most memory that the server process has had."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@dataclass(frozen=True)
class Pulled:
    """What one way of pulling cost the server and the caller."""

    wall_s: float
    cpu_s: float
    slowest_ms: float  # of somebody else's small request meanwhile


def report_pull(root: Path) -> None:
    """Print what pulling everything costs, and how fast the pages of HR are, on SQLite."""
    with tempfile.TemporaryDirectory() as var, CityServer(root, Path(var)) as server:
        print(f"Pulling scores on SQLite, {PEOPLE:,} people in 400 units, one process, over HTTP on loopback")
        print(f"  writing the city           {server.seeded_s:.1f} s")
        _line("API, pages of 5,000", _cost(server, lambda: _read_all(server, 5000)), server)
        _line("API, pages of 1,000", _cost(server, lambda: _read_all(server, 1000)), server)
        with closing(_officer(server, "tp")) as city:
            _line("workbook (XLSX)", _cost(server, lambda: _download(city, "xlsx")), server)
            _line("CSV", _cost(server, lambda: _download(city, "csv")), server)
            _pages("city page", city, "/hr", 20, server)
            _pages("city page, a name", city, "/hr?tim=lan", 20, server)
            _pages("city page, by band", city, "/hr?sap=-muc", 10, server)
        with closing(_officer(server, "donvi")) as unit:
            _pages("unit page", unit, "/hr", 100, server)
            _pages("unit page, by band", unit, "/hr?sap=-muc", 40, server)
    print()


def _officer(server: Server, login: str) -> httpx.Client:
    client = httpx.Client(base_url=server.address, follow_redirects=True, timeout=300)
    form = {"csrf": hidden(client.get("/dang-nhap").text, "csrf"), "toi": "/hr", "ten": login}
    client.post("/dang-nhap", data={**form, "mat_khau": DEMO_PASSWORD}).raise_for_status()
    return client


def _read_all(server: CityServer, limit: int) -> None:
    rows, cursor, more = 0, "s0", True
    with httpx.Client(base_url=server.address, timeout=300) as client:
        client.headers["Authorization"] = f"Bearer {server.token}"
        while more:
            answer = client.get("/api/v1/scores", params={"cursor": cursor, "limit": limit}).raise_for_status().json()
            rows, cursor, more = rows + len(answer["scores"]), answer["next_cursor"], answer["more"]
    assert rows > 0.9 * PEOPLE, rows


def _download(client: httpx.Client, ending: str) -> None:
    size = 0
    with client.stream("GET", f"/hr/ket-qua.{ending}") as answer:
        answer.raise_for_status()
        size = sum(len(piece) for piece in answer.iter_raw())
    assert size > 1_000_000, size


def _cost(server: CityServer, pull: Callable[[], None]) -> Pulled:
    """Pull, while another process asks for the health page ten times a second."""
    watch = [sys.executable, "-m", "benchmarks.watch", f"{server.address}/healthz"]
    watcher = subprocess.Popen(watch, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=server.root)
    began, cpu = time.perf_counter(), server.cpu_s()
    pull()
    wall, cpu = time.perf_counter() - began, server.cpu_s() - cpu
    slowest, _ = watcher.communicate("stop\n", timeout=60)
    return Pulled(wall, cpu, float(slowest))


def _line(name: str, cost: Pulled, server: CityServer) -> None:
    print(
        f"  {name:26} {cost.wall_s:6.1f} s wall {cost.cpu_s:6.1f} s CPU of the server, peak {server.peak_mb():.0f} MB; "
        f"slowest other request {cost.slowest_ms:.0f} ms"
    )


def _pages(name: str, client: httpx.Client, path: str, runs: int, server: CityServer) -> None:
    cpu = server.cpu_s()
    spread = spread_of(lambda _: client.get(path).raise_for_status(), runs, warm_up=0)
    print(f"  {name:26} {spread}   CPU of the server {1000 * (server.cpu_s() - cpu) / runs:.0f} ms each")
