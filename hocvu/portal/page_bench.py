"""A bench as a plain page: the form of an experiment, what it gives on the learner's own data, and a way to keep it."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from hocvu.labs.bench import Bench
from hocvu.portal.access import Form, Learner, LogIn, Running, check_form, field
from hocvu.portal.benches import bench_of
from hocvu.portal.errors import not_found
from hocvu.portal.exercise_form import read_answers
from hocvu.portal.services import Assignment, Services
from hocvu.portal.submission import current_draft, find_assignment, keep_draft
from hocvu.portal.views import render
from hocvu.questions.experiment import Experiment
from hocvu.questions.values import Unreadable
from hocvu.records import Draft

router = APIRouter(include_in_schema=False)


@router.get("/bai-tap/{slug}/thu/{item_id}")
def show_bench(request: Request, slug: str, item_id: str, me: Learner, services: Running) -> Response:
    """The bench with the draft's setting, run once if there is one."""
    assignment, question = find_bench(services, slug, item_id)
    draft = _draft(services, me, assignment)
    raw = draft.answers.get(item_id)
    if raw is None and isinstance(question.lab, Bench):  # as the lesson opens it; nothing is answered by looking
        raw = question.lab.defaults
    return _page(request, assignment, question, draft, raw, without_marks=False)


@router.post("/bai-tap/{slug}/thu/{item_id}")
def run_bench(request: Request, slug: str, item_id: str, me: Learner, services: Running, form: Form) -> Response:
    """Run the setting that was sent, or keep it as the answer and go back to the exercise."""
    assignment, question = find_bench(services, slug, item_id)
    check_form(form, me)
    raw = read_answers(assignment, form)[item_id]
    if field(form, "viec") == "dung":
        keep_draft(services, me.person.id, assignment, {item_id: raw}, services.clock())
        return RedirectResponse(f"/bai-tap/{slug}?da-luu=1#cau-{item_id}", 303)
    without_marks = field(form, "khong_dau") == "1"
    return _page(request, assignment, question, _draft(services, me, assignment), raw, without_marks=without_marks)


def find_bench(services: Services, slug: str, item_id: str) -> tuple[Assignment, Experiment]:
    """Return the assignment and its experiment; 404 if the item is none, or has no bench."""
    assignment = find_assignment(services, slug)
    item = assignment.items.get(item_id)
    if item is None or not isinstance(item.question, Experiment) or bench_of(item.question) is None:
        raise not_found()
    return assignment, item.question


def _draft(services: Services, me: LogIn, assignment: Assignment) -> Draft:
    with services.records.session(durable=False) as s:
        return current_draft(s, services, me.person.id, assignment)


def _page(
    request: Request, assignment: Assignment, question: Experiment, draft: Draft, raw: object, *, without_marks: bool
) -> Response:
    outcome, problem = "", ""
    try:
        value = question.parse(raw)
        bench = bench_of(question)
        outcome = bench.draw(value, draft.seed, without_marks) if bench and value is not None else ""
    except Unreadable as error:
        problem = str(error)
    context = {
        "assignment": assignment,
        "question": question,
        "face": bench_of(question),
        "controls": question.lab.html(question.id, raw, None),
        "outcome": outcome,
        "problem": problem,
        "without_marks": without_marks,
    }
    return render(request, "bench.html", context, status=422 if problem else 200)
