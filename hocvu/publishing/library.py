"""The free library: each open module's handouts as files, printed by Chromium where it is installed."""

import base64
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from hocvu.course import Course, Module
from hocvu.publishing.handout_css import CSS
from hocvu.publishing.handouts import Handout, handouts_of, read_lesson, share_card

LICENCE = "CC BY 4.0"
FONT = "node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-{subset}-{weight}-normal.woff2"
RANGES = {"latin": "U+0000-00FF, U+2000-206F, U+20AC, U+2190-21FF, U+2212", "vietnamese": "U+0102-1EF9, U+20AB"}
CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-pdf-header-footer",
)
PRINTING_TIMEOUT_S = 120


@dataclass(frozen=True)
class LibraryReport:
    """How many files there are now, how many of them were printed anew, and the time it took."""

    files: int
    printed: int
    seconds: float


def build_library(root: Path, var: Path, course: Course, report: Callable[[str], None]) -> LibraryReport:
    """Write var/library/<slug>/*.html, .pdf and .png; print only what has changed. Raises AuthoringError."""
    started, output, browser = time.monotonic(), var.resolve() / "library", find_chromium()
    if browser is None:
        report("Chưa có Chromium trên máy này: thư viện có bản HTML, chưa có PDF. Cài gói chromium rồi chạy lại.")
    style, printed = CSS + font_faces(root), 0
    for module in course.published:
        folder = output / module.slug
        folder.mkdir(parents=True, exist_ok=True)
        for target, page in _files(root, module, course, style):
            fresh = write_if_new(folder / f"{target.name}.html", page)
            if browser and (fresh or not (folder / target.printed).is_file()):
                print_file(browser, folder / f"{target.name}.html", folder / target.printed)
                printed += 1
        report(f"  {module.kind}: học liệu đã sẵn sàng.")
    for stale in (
        set(output.iterdir()) - {output / module.slug for module in course.published} if output.is_dir() else ()
    ):
        shutil.rmtree(stale)
    return LibraryReport(sum(1 for _ in output.rglob("*.*")), printed, time.monotonic() - started)


@dataclass(frozen=True)
class Target:
    """A handout's file: its stem and the name of what is printed from it."""

    name: str
    printed: str


def _files(root: Path, module: Module, course: Course, style: str) -> Iterator[tuple[Target, str]]:
    for handout in handouts_of(read_lesson(root, module, course.glossary)):
        yield Target(handout.name, f"{handout.name}.pdf"), handout_page(handout, style)
    card = Handout("chia-se", module.heading, share_card(module), "1200px 630px")
    yield Target("chia-se", "chia-se.png"), handout_page(card, style)


def handout_page(handout: Handout, style: str) -> str:
    """Return a whole HTML file that needs no other file and runs no script."""
    licence = (
        f"Học liệu mở của khóa học AI trong công vụ, giấy phép {LICENCE}: được sao chép, sửa và chia sẻ, có ghi nguồn. "
        "Dữ liệu trong bài là dữ liệu mô phỏng."
    )
    foot = "" if handout.name == "chia-se" else f'<footer class="licence">{licence}</footer>'
    return (
        '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(handout.title)}</title>"
        f"<style>{style}\n@page {{ size: {handout.page}; margin: 0; }}</style></head>"
        f'<body class="{handout.name}">{handout.body}{foot}</body></html>\n'
    )


def font_faces(root: Path) -> str:
    """Return the fonts as data inside CSS; nothing where they are not installed, and the system's font serves."""
    faces = []
    for weight in ("400", "700"):
        for subset, letters in RANGES.items():
            file = root / FONT.format(subset=subset, weight=weight)
            if file.is_file():
                data = base64.b64encode(file.read_bytes()).decode()
                faces.append(
                    f'@font-face {{ font-family: "Be Vietnam Pro"; font-weight: {weight}; unicode-range: {letters};'
                    f' src: url("data:font/woff2;base64,{data}") format("woff2"); }}'
                )
    return "\n".join(faces)


def write_if_new(path: Path, text: str) -> bool:
    """Write the file unless it says the same already; return whether it was written."""
    data = text.encode()
    if path.is_file() and hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(data).digest():
        return False
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(data)
    half.replace(path)
    return True


def find_chromium() -> Path | None:
    """Return Chromium: HOCVU_CHROMIUM, else the usual names; None if there is none."""
    named = os.environ.get("HOCVU_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return Path(found) if found and Path(found).is_file() else None


def print_file(browser: Path, page: Path, target: Path) -> None:
    """Let Chromium print a page to .pdf, or draw it to a 1200 × 630 .png; the target is there whole or not at all."""
    half = target.with_name(f".{target.name}.part{target.suffix}")
    make = [f"--print-to-pdf={half}"] if target.suffix == ".pdf" else [f"--screenshot={half}", "--window-size=1200,630"]
    with tempfile.TemporaryDirectory(prefix="in-") as profile:
        command = [str(browser), *CHROMIUM, f"--user-data-dir={profile}", *make, page.resolve().as_uri()]
        subprocess.run(command, check=True, timeout=PRINTING_TIMEOUT_S, capture_output=True)
    half.replace(target)
