"""The exercise page: one form that works without JavaScript; nothing the learner typed is ever thrown away."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.datastructures import FormData

from hocvu.portal.access import Form, Learner, LogIn, Running, Visitor, check_form, field
from hocvu.portal.attempt_gate import AttemptRefused, attempt_note
from hocvu.portal.draft_saving import Changes, OtherAttempt, restore_kept, save_changes
from hocvu.portal.errors import ApiError
from hocvu.portal.exercise_form import Given, count_answered, read_page, show_parts, write_base
from hocvu.portal.page_login import login_page
from hocvu.portal.parked import page_stamp, park, read_stamp
from hocvu.portal.services import Assignment, Services
from hocvu.portal.store_trouble import store_trouble
from hocvu.portal.submission import (
    NothingAnswered,
    UnreadableAnswers,
    current_draft,
    find_assignment,
    submit,
)
from hocvu.portal.views import render
from hocvu.portal.words import vietnam_clock
from hocvu.questions.confidence import STEPS
from hocvu.records import Draft, Kept, list_attempts, revision_numbers

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
TAKEN_OVER = (
    "Bài chưa được nộp: có câu vừa được sửa ở một cửa sổ khác. Anh/chị chọn bản muốn nộp rồi bấm «Nộp bài» lần nữa."
)


@dataclass(frozen=True)
class Here:
    """What every answer of this page needs: the request, the parts, who it is, and which exercise."""

    request: Request
    services: Services
    me: LogIn
    assignment: Assignment


@router.get("/bai-tap/{slug}")
def show_exercise(request: Request, slug: str, me: Learner, services: Running) -> Response:
    """The exercise with the draft's answers filled in."""
    assignment = find_assignment(services, slug)
    with services.records.session(durable=False) as s:
        draft = current_draft(s, services, me.person.id, assignment)
    return _page(Here(request, services, me, assignment), draft, draft.answers)


@router.post("/bai-tap/{slug}")
def receive_exercise(request: Request, slug: str, visitor: Visitor, services: Running, form: Form) -> Response:
    """Save, try, restore or hand in, by the button that was pressed (`viec`)."""
    assignment = find_assignment(services, slug)
    given = read_page(assignment, form)
    if visitor is None:
        parked = park(services.secret, field(form, "trang"), given.answers)
        return login_page(request, services, toi=f"/bai-tap/{slug}", parked=parked, problem=ENDED, status=401)
    here = Here(request, services, visitor, assignment)
    try:
        check_form(form, visitor)
    except ApiError:
        return _show_again(here, given, form)
    task, key = field(form, "viec"), field(form, "ma_nop")[:128] or str(uuid.uuid4())
    if task == "nop" and (known := _find_known(here, key)):
        return RedirectResponse(f"/ket-qua/{known}", 303)
    try:
        draft, overwritten = _keep(here, given, form)
    except OtherAttempt:
        if task == "nop" and (known := _find_known(here, key)):  # pressed twice: the first press came in just now
            return RedirectResponse(f"/ket-qua/{known}", 303)
        return _show_unsaved(here, given, OTHER_WINDOW, 422)
    except OperationalError as error:  # nothing is stored, but what was typed is on the page again
        trouble, owner = store_trouble(error), read_stamp(here.services.secret, field(form, "trang"))
        return _show_unsaved(here, given, trouble.message, trouble.status, attempt_no=owner[2] if owner else 0)
    if overwritten:
        problem = TAKEN_OVER if task == "nop" else ""
        return _page(here, draft, given.answers, problem=problem, kept=overwritten, status=409 if problem else 200)
    if task == "nop":
        return _hand_in(here, draft, given.answers, key, declared=field(form, "tu_lam") == "1")
    return RedirectResponse(_next_page(here, task, given), 303)


def _keep(here: Here, given: Given, form: FormData) -> tuple[Draft, tuple[Kept, ...]]:
    """Return the draft with the page's answers. Raises OtherAttempt unless the page is of this person's attempt."""
    owner = read_stamp(here.services.secret, field(form, "trang"))
    attempt_no = owner[2] if owner and owner[:2] == (here.me.person.id, here.assignment.slug) else 0
    changes = Changes(given.answers, given.confidence, given.window, attempt_no)
    return save_changes(here.services, here.me.person.id, here.assignment, changes, here.services.clock())


def _next_page(here: Here, task: str, given: Given) -> str:
    """Return where to go once the page is saved; brings back what was taken over when that is the task."""
    exercise = f"/bai-tap/{here.assignment.slug}"
    verb, _, item_id = task.partition(":")
    if item_id not in here.assignment.items:
        return f"{exercise}?da-luu=1"
    if verb == "thu":
        return f"{exercise}/thu/{item_id}"
    now, person_id = here.services.clock(), here.me.person.id
    if verb == "lay" and restore_kept(here.services, person_id, here.assignment, item_id, given.window.page, now):
        return f"{exercise}?khoi-phuc={item_id}#cau-{item_id}"
    return f"{exercise}?da-luu=1"


def _show_again(here: Here, given: Given, form: FormData) -> Response:
    """Return the page with what was typed, nothing saved: the form is of an older session of the same person."""
    owner = read_stamp(here.services.secret, field(form, "trang"))
    if owner is None or owner[0] != here.me.person.id:
        raise ApiError(403, "csrf")
    return _show_unsaved(here, given, LOGGED_IN_AGAIN, 403, attempt_no=owner[2])


def _show_unsaved(here: Here, given: Given, problem: str, status: int, attempt_no: int = 0) -> Response:
    """Return the page with what was typed, nothing saved. What depends on an older attempt's data is left out."""
    with here.services.records.session(durable=False) as s:
        draft = current_draft(s, here.services, here.me.person.id, here.assignment)
    fresh = here.assignment.fresh_items if draft.attempt_no != attempt_no else frozenset()
    answers = {item_id: raw for item_id, raw in given.answers.items() if item_id not in fresh}
    return _page(here, draft, answers, problem=problem, unsaved=True, status=status)


def _hand_in(here: Here, draft: Draft, answers: Mapping[str, Any], key: str, *, declared: bool) -> Response:
    services, now, errors = here.services, here.services.clock(), dict[str, str]()
    try:
        receipt = submit(services, here.me.person.id, here.assignment.slug, answers, key, now, declared=declared)
        return RedirectResponse(f"/ket-qua/{receipt.id}", 303)
    except UnreadableAnswers as error:
        problem, errors = error.message, error.items
    except (NothingAnswered, AttemptRefused) as error:
        problem = error.message
    except OperationalError as error:
        trouble = store_trouble(error)
        return _page(here, draft, answers, problem=trouble.message, status=trouble.status)
    return _page(here, draft, answers, errors, problem, status=422)


def _find_known(here: Here, key: str) -> str:
    """Return the attempt that this very submission became when it arrived before, "" if it has not."""
    with here.services.records.reading() as s:
        attempts = list_attempts(s, here.me.person.id, here.assignment.slug)
    known = next((one for one in attempts if one.idempotency_key == key), None)
    if known is None:
        return ""
    return submit(here.services, here.me.person.id, here.assignment.slug, {}, key, here.services.clock()).id


def _page(
    here: Here,
    draft: Draft,
    answers: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    *,
    kept: Sequence[Kept] = (),
    unsaved: bool = False,
    status: int = 200,
) -> Response:
    query = here.request.query_params
    stamp = page_stamp(here.services.secret, here.me.person.id, here.assignment.slug, draft.attempt_no)
    context = {
        "assignment": here.assignment,
        "parts": show_parts(here.assignment, answers, draft.seed, errors or {}, draft.confidence or {}),
        "answered": count_answered(here.assignment, answers),
        "attempt_no": draft.attempt_no,
        "attempt_note": attempt_note(here.services, here.me.person.id, here.assignment),
        "saved_at": vietnam_clock(draft.saved_at) if draft.saved_at and not unsaved else "",
        "unsaved": unsaved,
        "just_saved": "da-luu" in query,
        "restored": query.get("khoi-phuc", "") if query.get("khoi-phuc", "") in here.assignment.items else "",
        "kept": [(one.item_id, vietnam_clock(one.saved_at)) for one in kept],
        "steps": STEPS,
        "revisions": write_base(revision_numbers(draft)),
        "stamp": stamp,
        "key": str(uuid.uuid4()),
        "person_key": here.me.person.id,
        "errors": errors or {},
        "problem": problem,
    }
    return render(here.request, "exercise.html", context, status=status)
