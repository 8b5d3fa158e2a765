"""The lessons in JupyterLite: from a person's move to the new picture, in Chromium, at full speed and at a quarter.

A weak office machine is stood in for by stopping the page's process three quarters of the time: the page, its Python
and all other threads alike. (Chromium's own throttling slows the page's thread only; Python runs in a worker.)
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Browser, Page

from hocvu.labs.benches import BENCHES
from tests.browser.conftest_site import LessonServer, open_chromium
from tests.browser.lite_story import KEYWORDS, moves_of, wait_until_open

SHOWN_IN = {
    "00-khoi-dong": ("ban_lam_quen", "tu_danh_gia"),
    "01-ai-quanh-ta": (KEYWORDS,),
    "02-may-hoc-tu-du-lieu": ("lo_luyen",),
    "03-dung-sai-va-nguong": ("thanh_nguong",),
    "04-ai-tao-sinh": ("may_doan_tieng",),
    "05-ra-yeu-cau": ("ban_soan_yeu_cau",),
}
RUNS_OF_TIME, PERIOD_S = 0.25, 0.02
# Resolves, after the frame in which the bench shows something new, to the milliseconds since the person's first event.
WATCH = """(css) => {
  const bench = document.querySelector(css), before = bench.innerText;
  window.moved = new Promise((done) => {
    let began = 0;
    const begin = () => { began = began || performance.now(); };
    for (const kind of ["keydown", "change", "click"]) bench.addEventListener(kind, begin, { capture: true });
    new MutationObserver((_, self) => {
      if (bench.innerText === before) return;
      self.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
    }).observe(bench, { childList: true, subtree: true, characterData: true });
  });
}"""


def report_lite(root: Path) -> None:
    """Print the slowest move of every bench."""
    print("Lessons in JupyterLite: ms from a move to the new picture; every control of a bench moved once, the slowest")
    site = root / "var" / "site"
    if not (site / "notebooks").is_dir():
        print("  not measured: build the lesson site first, make site\n")
        return
    with LessonServer(site) as server, open_chromium() as browser:
        server.answers["GET /api/v1/csrf"] = [(200, {"token": "t-1"})]
        print(f"  {'':46} full speed   a quarter")
        for slug, benches in SHOWN_IN.items():
            server.drafts[slug] = {}
            full = dict(_lesson(browser, server, slug, benches, throttled=False))
            quarter = dict(_lesson(browser, server, slug, benches, throttled=True))
            for name in benches:
                title = BENCHES[name].title if name in BENCHES else "Bàn luật từ khóa"
                print(f"  {slug[:2]} {title:43} {full[name]:7.0f} ms {quarter[name]:8.0f} ms")
    print()


def _lesson(
    browser: Browser, server: LessonServer, slug: str, benches: tuple[str, ...], *, throttled: bool
) -> Iterator[tuple[str, float]]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(server.lesson(f"{slug}/lesson.ipynb"))
    wait_until_open(page)
    page.get_by_role("button", name="Chạy lại").and_(page.locator(":enabled")).wait_for()  # the last cell has run
    for name in benches:
        with _quarter_speed(browser) if throttled else nullcontext():
            yield name, max(_timed(page, name))
    page.close()


def _timed(page: Page, bench: str) -> Iterator[float]:
    for move in moves_of(bench):
        page.evaluate(WATCH, move.css)
        move.do(page.locator(move.css).first)
        yield page.evaluate("window.moved")


@contextmanager
def _quarter_speed(browser: Browser) -> Iterator[None]:
    """Have the processes of our own browser's pages stand still three quarters of the time."""
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pages = [int(process["id"]) for process in found if process["type"] == "renderer"]
    over = threading.Event()

    def stop_and_go() -> None:
        while not over.is_set():
            _signal(pages, signal.SIGSTOP)
            time.sleep(PERIOD_S * (1 - RUNS_OF_TIME))
            _signal(pages, signal.SIGCONT)
            time.sleep(PERIOD_S * RUNS_OF_TIME)

    brake = threading.Thread(target=stop_and_go)
    brake.start()
    try:
        yield
    finally:
        over.set()
        brake.join()


def _signal(pages: list[int], which: signal.Signals) -> None:
    for page in pages:
        os.kill(page, which)
