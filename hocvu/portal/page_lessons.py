"""Lessons: the way to the notebook that computes in the browser, and the same lesson as a plain page."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from hocvu.course import Module
from hocvu.portal.access import Learner, Running
from hocvu.portal.benches import first_bench
from hocvu.portal.errors import not_found
from hocvu.portal.lite import LESSON_PATH, site_folder
from hocvu.portal.services import Services
from hocvu.portal.submission import current_draft
from hocvu.portal.views import render
from hocvu.records import create_ticket

router = APIRouter(include_in_schema=False)


@router.get("/bai-hoc-noi/{slug}")
def open_notebook(slug: str, me: Learner, services: Running) -> Response:
    """Go to the lesson on the lessons' origin with a one-minute ticket; the plain page if no site has been built."""
    find_lesson(services, slug)
    if not (site_folder(services.settings) / "notebooks/index.html").is_file():
        return RedirectResponse(f"/bai-hoc/{slug}", 303)
    with services.records.session(durable=False) as s:
        ticket = create_ticket(s, me.person.id, now=services.clock())
    query = urlencode({"ve": ticket, "toi": f"{LESSON_PATH}?path={slug}/lesson.ipynb"})
    return RedirectResponse(f"{services.settings.lite}/vao?{query}", 303)


@router.get("/bai-hoc/{slug}")
def show_lesson(request: Request, slug: str, me: Learner, services: Running) -> Response:
    """The lesson as a page: for phones, old machines and screen readers."""
    module = find_lesson(services, slug)
    assignment = services.assignments.get(slug)
    bench = first_bench(assignment) if assignment else None
    controls = ""
    if assignment and bench:
        with services.records.session(durable=False) as s:
            answers = current_draft(s, services, me.person.id, assignment).answers
        controls = bench.lab.html(bench.id, answers.get(bench.id), None)
    context = {
        "module": module,
        "page": services.lessons[slug],
        "bench": bench,
        "controls": controls,
        "has_exercise": assignment is not None,
    }
    return render(request, "lesson.html", context)


def find_lesson(services: Services, slug: str) -> Module:
    """Return the module whose lesson is published; raises 404."""
    module = services.course.find_module(slug)
    if module is None or slug not in services.lessons:
        raise not_found()
    return module
