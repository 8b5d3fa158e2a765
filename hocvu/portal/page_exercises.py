"""The exercise page: one form that works without JavaScript; nothing the learner typed is ever thrown away."""

import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from hocvu.portal.access import Form, Learner, LogIn, Running, Visitor, check_form, field
from hocvu.portal.errors import ApiError
from hocvu.portal.exercise_form import count_answered, read_answers, show_parts
from hocvu.portal.page_login import login_page
from hocvu.portal.parked import page_stamp, park, read_stamp
from hocvu.portal.services import Assignment, Services
from hocvu.portal.submission import (
    NothingAnswered,
    UnreadableAnswers,
    current_draft,
    find_assignment,
    keep_draft,
    submit,
)
from hocvu.portal.views import render
from hocvu.portal.words import vietnam_clock
from hocvu.records import Draft, list_attempts

router = APIRouter(include_in_schema=False)

ENDED = (
    "Phiên làm việc đã hết. Câu trả lời của anh/chị được giữ trong trang này: "
    "anh/chị đăng nhập lại là quay về bài tập với đầy đủ câu trả lời."
)
LOGGED_IN_AGAIN = (
    "Anh/chị đã đăng nhập lại ở một cửa sổ khác nên lần gửi này chưa được nhận. "
    "Câu trả lời vẫn còn trong các ô bên dưới: anh/chị bấm lại nút lúc nãy."
)
OTHER_WINDOW = (
    "Bài tập này đã được nộp ở một cửa sổ khác. Đây là lượt mới với dữ liệu mới; "
    "câu trả lời vừa gửi vẫn còn trong các ô bên dưới."
)


@router.get("/bai-tap/{slug}")
def show_exercise(request: Request, slug: str, me: Learner, services: Running) -> Response:
    """The exercise with the draft's answers filled in."""
    assignment = find_assignment(services, slug)
    with services.records.session(durable=False) as s:
        draft = current_draft(s, services, me.person.id, assignment)
    return _page(request, services, me, assignment, draft, draft.answers)


@router.post("/bai-tap/{slug}")
def receive_exercise(request: Request, slug: str, visitor: Visitor, services: Running, form: Form) -> Response:
    """Save, try or hand in, by the button that was pressed (`viec`)."""
    assignment = find_assignment(services, slug)
    answers = read_answers(assignment, form)
    if visitor is None:
        parked = park(services.secret, field(form, "trang"), answers)
        return login_page(request, services, toi=f"/bai-tap/{slug}", parked=parked, problem=ENDED, status=401)
    try:
        check_form(form, visitor)
    except ApiError:
        return _show_again(request, services, visitor, assignment, answers, form)
    task = field(form, "viec")
    if task == "nop":
        return _hand_in(request, services, visitor, assignment, answers, form)
    keep_draft(services, visitor.person.id, assignment, answers, services.clock())
    if task.startswith("thu:") and task[4:] in assignment.items:
        return RedirectResponse(f"/bai-tap/{slug}/thu/{task[4:]}", 303)
    return RedirectResponse(f"/bai-tap/{slug}?da-luu=1", 303)


def _show_again(
    request: Request, services: Services, me: LogIn, assignment: Assignment, answers: Mapping[str, Any], form: Form
) -> Response:
    """Return the page with what was typed, nothing saved: the form is of an older session of the same person."""
    owner = read_stamp(services.secret, field(form, "trang"))
    if owner is None or owner[0] != me.person.id:
        raise ApiError(403, "csrf")
    with services.records.session(durable=False) as s:
        draft = current_draft(s, services, me.person.id, assignment)
    return _page(request, services, me, assignment, draft, answers, problem=LOGGED_IN_AGAIN, status=403)


def _hand_in(
    request: Request,
    services: Services,
    me: LogIn,
    assignment: Assignment,
    answers: Mapping[str, Any],
    form: Form,
) -> Response:
    key, now = field(form, "ma_nop")[:128] or str(uuid.uuid4()), services.clock()
    owner = read_stamp(services.secret, field(form, "trang"))
    with services.records.reading() as s:
        known = any(one.idempotency_key == key for one in list_attempts(s, me.person.id, assignment.slug))
    try:
        if known or _is_current(services, me, assignment, owner):
            receipt = submit(services, me.person.id, assignment.slug, answers, key, now)
            return RedirectResponse(f"/ket-qua/{receipt.id}", 303)
        problem, errors = OTHER_WINDOW, {}
    except UnreadableAnswers as error:
        problem, errors = error.message, error.items
    except NothingAnswered as error:
        problem, errors = error.message, {}
    draft = keep_draft(services, me.person.id, assignment, answers, now)
    return _page(request, services, me, assignment, draft, answers, errors, problem, status=422)


def _is_current(services: Services, me: LogIn, assignment: Assignment, owner: tuple[str, str, int] | None) -> bool:
    """Return whether the posted page belongs to the attempt the person is at now."""
    with services.records.session(durable=False) as s:
        draft = current_draft(s, services, me.person.id, assignment)
    return owner == (me.person.id, assignment.slug, draft.attempt_no)


def _page(
    request: Request,
    services: Services,
    me: LogIn,
    assignment: Assignment,
    draft: Draft,
    answers: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    *,
    status: int = 200,
) -> Response:
    context = {
        "assignment": assignment,
        "parts": show_parts(assignment, answers, draft.seed, errors or {}),
        "answered": count_answered(assignment, answers),
        "attempt_no": draft.attempt_no,
        "saved_at": vietnam_clock(draft.saved_at) if draft.saved_at else "",
        "just_saved": "da-luu" in request.query_params,
        "stamp": page_stamp(services.secret, me.person.id, assignment.slug, draft.attempt_no),
        "key": str(uuid.uuid4()),
        "person_key": me.person.id,
        "errors": errors or {},
        "problem": problem,
    }
    return render(request, "exercise.html", context, status=status)
