"""My course: the ten modules, the next step, and the six competencies in short."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hocvu.portal.access import Learner, Running
from hocvu.portal.progress import ModuleProgress, State, module_progress, person_score
from hocvu.portal.views import render

router = APIRouter(include_in_schema=False)


@router.get("/")
def show_course(request: Request, me: Learner, services: Running) -> Response:
    """The learner's front page."""
    with services.records.reading() as s:
        modules = module_progress(s, services, me.person.id)
        score = person_score(s, services, me.person.id)
    published = [one for one in modules if one.state is not State.CLOSED]
    context = {
        "course": services.course,
        "modules": modules,
        "score": score,
        "next": _next_step(published),
        "done": sum(one.state is State.HANDED_IN for one in published),
        "published": len(published),
        "given_name": me.person.name.split()[-1] if me.person.name.split() else "",
    }
    return render(request, "course.html", context)


@router.get("/du-lieu-cua-toi")
def show_privacy(request: Request, services: Running, me: Learner) -> Response:
    """What the system keeps about a person, and what no machine decides."""
    return render(request, "privacy.html", {"course": services.course})


def _next_step(published: Sequence[ModuleProgress]) -> ModuleProgress | None:
    """Return the module to go on with: one begun, else the first new one."""
    for wanted in (State.WORKING, State.NEW):
        for one in published:
            if one.state is wanted:
                return one
    return None
