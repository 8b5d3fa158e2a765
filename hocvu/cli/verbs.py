"""What each verb does: it calls one thing, and says how it went."""

import csv
import shutil
import subprocess
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import uvicorn

import hocvu
from hocvu.demo.world import DEMO_LOGINS, DEMO_PASSWORD, seed_demo
from hocvu.errors import HocvuError, UnknownItem
from hocvu.grading import grade_answers
from hocvu.notebooks import read_notebook, write_notebook
from hocvu.portal.app import create_app
from hocvu.portal.export_xlsx import write_workbook
from hocvu.portal.page_hr import band_namer
from hocvu.portal.score_table import About, write_csv
from hocvu.portal.services import start_services
from hocvu.publishing.check import check_course, notebooks_of, slugs_of
from hocvu.publishing.learner_wheel import pack_learner_wheel
from hocvu.publishing.release import NOTEBOOK, generate_release, write_release
from hocvu.publishing.site import build_site
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.assignment import AssignmentSpec
from hocvu.questions.beside import ANSWERS_FILE, read_answers
from hocvu.records import PeopleFilter, find_unit_by_code, iter_people_scores, unit_and_children
from hocvu.settings import Settings


class BadSubmission(HocvuError):
    """A submission on disk that cannot be read."""

    code = "bad_submission"


class BadOutput(HocvuError):
    """An export was asked for that cannot be written."""

    code = "bad_output"


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
    problems = check_course(settings.root)
    for problem in problems:
        print(problem, file=sys.stderr)
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
    built = build_site(settings, notebooks, wheel, output=settings.var / "site", report=_say)
    _say(f"Trang bài học đã sẵn sàng: {built.notebooks} sổ tay, {built.size_mb:.0f} MB, {built.seconds:.0f} giây.")
    return 0


def serve(settings: Settings, chosen: Namespace) -> int:
    """Run the portal until it is stopped."""
    settings = replace(settings, port=chosen.port or settings.port)
    app = create_app(settings)
    _say(f"\nHọc vụ AI đang chạy. Mở địa chỉ này trong trình duyệt:  {settings.portal}\n")
    if settings.portal.startswith("http://localhost"):
        _say_demo_logins()
    _say("Dừng lại: nhấn Ctrl+C.")
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", server_header=False)
    return 0


def _say_demo_logins() -> None:
    _say(f"Tài khoản dùng thử (dữ liệu mô phỏng), mật khẩu chung: {DEMO_PASSWORD}")
    for login in DEMO_LOGINS:
        _say(f"  {login.login:<14} {login.what}")
    _say("")


def seed_demo_world(settings: Settings, chosen: Namespace) -> int:
    """Fill the store with the demo world, saying how far it is."""
    services = start_services(settings)
    seed_demo(services, chosen.people, chosen.seed, _say)
    services.records.close()
    return 0


def grade(settings: Settings, chosen: Namespace) -> int:
    """Print student, item, points, max_points, status for every submission; nothing of the learner's is executed."""
    spec = compile_assignment(settings.root / "source" / chosen.assignment / NOTEBOOK)
    folders = sorted(path.parent for path in chosen.submitted.glob(f"*/{spec.slug}/{ANSWERS_FILE}"))
    table = csv.writer(sys.stdout)
    table.writerow(["student", "item", "points", "max_points", "status"])
    failed = 0
    for folder in folders:
        try:
            rows = _grade_folder(spec, folder)
        except HocvuError as error:
            print(f"hocvu: {error}", file=sys.stderr)
            failed = 1
            continue
        table.writerows(rows)
    return failed


def _grade_folder(spec: AssignmentSpec, folder: Path) -> list[list[object]]:
    try:
        found = read_answers(folder)
        results = grade_answers(spec, found["answers"], found["seed"])
    except (ValueError, OSError, UnknownItem) as error:
        raise BadSubmission(f"{folder}/{ANSWERS_FILE}: {error} Ask the learner to hand in again.") from error
    student = folder.parent.name
    return [[student, result.item_id, result.points, result.max_points, result.status] for result in results]


def export(settings: Settings, chosen: Namespace) -> int:
    """Write the score table of the running period as .xlsx or .csv."""
    output: Path = chosen.output
    if output.suffix not in (".xlsx", ".csv"):
        raise BadOutput(f"{output}: ends in {output.suffix or 'nothing'!r}. Name a file that ends in .xlsx or .csv.")
    services = start_services(settings)
    with services.records.reading() as s:
        unit = find_unit_by_code(s, chosen.unit) if chosen.unit else None
        if chosen.unit and unit is None:
            raise BadOutput(f"--unit {chosen.unit}: no such unit. Use a unit code from the HR page.")
        only = PeopleFilter(unit_ids=unit_and_children(s, unit.id) if unit else None)
        about = About(
            services.course, unit.name if unit else "mọi đơn vị", "hocvu export", services.clock(), band_namer(services)
        )
        people = iter_people_scores(s, period_id=services.period_id, only=only)
        if output.suffix == ".xlsx":
            with write_workbook(people, about) as workbook, output.open("wb") as file:
                shutil.copyfileobj(workbook, file)
        else:
            with output.open("w", encoding="utf-8-sig", newline="") as text:
                write_csv(text, people, about)
    services.records.close()
    _say(f"{output}: {about.filter_text}")
    return 0


def _say(text: str) -> None:
    print(text, flush=True)
