"""Verbs for those who write the course: release, check, format, site, library."""

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import hocvu
from hocvu.autograde.source_check import check_code
from hocvu.cli.say import say
from hocvu.course import read_course
from hocvu.notebooks import read_notebook, write_notebook
from hocvu.publishing.check import check_course, notebooks_of, slugs_of
from hocvu.publishing.learner_wheel import pack_learner_wheel
from hocvu.publishing.library import build_library
from hocvu.publishing.release import generate_release, write_release
from hocvu.publishing.site import build_site
from hocvu.publishing.specs import NOTEBOOK
from hocvu.settings import Settings


def release(settings: Settings, chosen: Namespace) -> int:
    """Write release/<slug> for the chosen assignments and tell nbgrader's gradebook about them."""
    for slug in chosen.assignment or slugs_of(settings.root):
        stock = ["nbgrader", "generate_assignment", slug, "--create", "--force", "--log-level=WARN"]
        generate_release(settings.root, slug)  # refuses before anything is written
        subprocess.run(stock, cwd=settings.root, check=True, timeout=300)
        print(f"{write_release(settings.root, slug)}: released")
    return 0


def check(settings: Settings, chosen: Namespace) -> int:
    """Print every problem of the course; 1 if there is any."""
    code = check_code(settings.root)
    problems = [*check_course(settings.root), *code.problems]
    for line in (*problems, *code.notes):
        print(line, file=sys.stderr)
    print(f"hocvu check: {len(problems)} problem(s) in {len(slugs_of(settings.root))} assignment(s)")
    return 1 if problems else 0


def format_notebooks(settings: Settings, chosen: Namespace) -> int:
    """Rewrite the notebooks that are not in normal form."""
    for path in notebooks_of(settings.root):
        write_notebook(path, read_notebook(path))
    return 0


def site(settings: Settings, chosen: Namespace) -> int:
    """Build var/site from the lessons and releases."""
    root = settings.root
    notebooks = {f"{path.parent.name}/lesson.ipynb": path for path in sorted(root.glob("course/*/lesson.ipynb"))}
    notebooks |= {f"{path.parent.name}/{NOTEBOOK}": path for path in sorted(root.glob(f"release/*/{NOTEBOOK}"))}
    cache = settings.var / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    wheel = pack_learner_wheel(Path(hocvu.__file__).parent, cache, hocvu.__version__)
    glossary = read_course(root).glossary
    built = build_site(settings, notebooks, wheel, output=settings.var / "site", report=say, glossary=glossary)
    say(f"Trang bài học đã sẵn sàng: {built.notebooks} sổ tay, {built.size_mb:.0f} MB, {built.seconds:.0f} giây.")
    return 0


def library(settings: Settings, chosen: Namespace) -> int:
    """Build var/library, the free handouts: HTML always, PDF and PNG where Chromium is."""
    built = build_library(settings.root, settings.var, read_course(settings.root), say)
    say(f"Thư viện học liệu: {built.files} tệp, {built.seconds:.0f} giây." + ("" if built.printed else " Chưa có PDF."))
    return 0
