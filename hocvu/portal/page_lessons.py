"""Lessons: the way to the notebook that computes in the browser, and the same lesson as a plain page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from hocvu.course import Module
from hocvu.labs.bench import Bench
from hocvu.labs.benches import BENCHES
from hocvu.portal.access import Learner, LogIn, Running
from hocvu.portal.benches import bench_of, experiment_on
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import not_found
from hocvu.portal.lite import LESSON_PATH, site_folder
from hocvu.portal.services import Assignment, Services
from hocvu.portal.submission import current_draft
from hocvu.portal.views import render
from hocvu.records import create_ticket

router = APIRouter(include_in_schema=False)
FORM = "ban"  # the controls of a lesson's bench are named ban.<control>


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
    page, learner = services.lessons[slug], _learner(services, me, slug)
    names = {part.bench for part in page.parts if part.bench}
    context = {
        "module": module,
        "page": page,
        "rules_benches": _rules_benches(learner, names),
        "benches": {name: shown_bench(BENCHES[name], learner) for name in names & set(BENCHES)},
        "has_exercise": learner.assignment is not None,
    }
    return render(request, "lesson.html", context)


@router.get("/bai-hoc/{slug}/ban/{name}")
def try_bench(request: Request, slug: str, name: str, me: Learner, services: Running) -> Response:
    """A bench of the lesson, run with the setting in the address: nothing is kept, so it can be sent to a colleague."""
    module = find_lesson(services, slug)
    bench = BENCHES.get(name)
    if bench is None or name not in {part.bench for part in services.lessons[slug].parts}:
        raise not_found()
    fields = {key: [clean_text(text) for text in request.query_params.getlist(key)] for key in request.query_params}
    raw, problem = bench.from_form(FORM, fields), ""
    try:
        shown = shown_bench(bench, _learner(services, me, slug), raw)
    except ValueError as error:
        problem = str(error)
        shown = ShownBench(name, bench.title, bench.html(FORM, raw, None), "")
    context = {"module": module, "bench": shown, "problem": problem}
    return render(request, "lesson_bench.html", context, status=422 if problem else 200)


@dataclass(frozen=True)
class Looking:
    """Who looks at a lesson: the seed of their data, and their answers so far."""

    assignment: Assignment | None
    seed: int
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class ShownBench:
    """A bench on a page: its controls and what they lead to. item: the experiment that is done on it."""

    name: str
    title: str
    controls: str
    outcome: str
    item: str = ""


def _learner(services: Services, me: LogIn, slug: str) -> Looking:
    assignment = services.assignments.get(slug)
    if assignment is None:
        return Looking(None, 0, {})
    with services.records.session(durable=False) as s:
        draft = current_draft(s, services, me.person.id, assignment)
        return Looking(assignment, draft.seed, draft.answers)


def shown_bench(bench: Bench, learner: Looking, raw: object = None) -> ShownBench:
    """Return the bench with this setting, its defaults where there is none. Raises ValueError in Vietnamese."""
    setting = bench.parse(raw) or bench.defaults
    experiment = experiment_on(learner.assignment, bench.name) if learner.assignment else None
    controls, outcome = bench.html(FORM, setting, None), bench.outcome(setting, learner.seed)
    return ShownBench(bench.name, bench.title, controls, outcome, experiment.id if experiment else "")


def _rules_benches(learner: Looking, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the benches of the lesson that can only be tried as an answer of the exercise."""
    shown: dict[str, dict[str, Any]] = {}
    for name in set(names) - set(BENCHES):
        question = experiment_on(learner.assignment, name) if learner.assignment else None
        if question:
            controls = question.lab.html(question.id, learner.answers.get(question.id), None)
            shown[name] = {"question": question, "face": bench_of(question), "controls": controls}
    return shown


def find_lesson(services: Services, slug: str) -> Module:
    """Return the module whose lesson is published; raises 404."""
    module = services.course.find_module(slug)
    if module is None or slug not in services.lessons:
        raise not_found()
    return module
