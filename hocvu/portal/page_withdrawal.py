"""For instructors and HR of the city: propose to withdraw a faulty item, see who would change, sign as the second."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from hocvu.portal.access import Form, ItemKeeper, LogIn, Running, check_form, field
from hocvu.portal.clean import clean_text
from hocvu.portal.errors import ApiError
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.portal.year_desk import desk_of
from hocvu.records import Person, add_audit, find_person, list_items
from hocvu.records.two_steps import OPEN, list_item_proposals
from hocvu.records.withdrawals import RESTORE, WITHDRAW, withdrawn_items
from hocvu.year.faulty import LONGEST_NOTE, ItemRefused
from hocvu.year.item_proposals import Effect, preview_item, propose_item, refuse_item, sign_item

router = APIRouter(include_in_schema=False)

PATH = "/rut-cau"
ACTION_NAMES = {WITHDRAW: "Rút câu", RESTORE: "Đưa lại câu"}
STATE_NAMES = {"open": "Chờ người thứ hai ký", "agreed": "Đã ký", "refused": "Không ký", "dropped": "Đã rút đề xuất"}
NOT_THE_CITY = "Rút câu ảnh hưởng mọi đơn vị: chỉ giảng viên và cán bộ tổ chức của toàn thành phố đề xuất, ký được."


@router.get(PATH)
def show_items(
    request: Request, me: ItemKeeper, services: Running, cau: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """The items that count, what waits for a signature, and of a chosen item who would change."""
    _check(me.person)
    return _page(request, me, services, clean_text(cau))


@router.post(PATH)
def propose(request: Request, me: ItemKeeper, services: Running, form: Form) -> Response:
    """Propose; nothing changes yet."""
    _check(me.person)
    check_form(form, me)
    item, action = field(form, "cau")[:64], field(form, "viec")
    try:
        with services.records.session() as s:
            propose_item(s, desk_of(services), item, action, field(form, "ly_do"), me.person, services.clock())
    except ItemRefused as error:
        return _page(request, me, services, item, problem=error.message)
    return RedirectResponse(f"{PATH}#cho-ky", 303)


@router.post(PATH + "/{proposal_id}/quyet-dinh")
def decide(request: Request, proposal_id: int, me: ItemKeeper, services: Running, form: Form) -> Response:
    """A second person signs, and it is done; or says why not."""
    _check(me.person)
    check_form(form, me)
    desk, now = desk_of(services), services.clock()
    try:
        with services.records.session() as s:
            if field(form, "y_kien") == "ky":
                sign_item(s, desk, proposal_id, me.person, now)
            else:
                refuse_item(s, desk, proposal_id, me.person, field(form, "ly_do"), now)
    except ItemRefused as error:
        return _page(request, me, services, "", problem=error.message)
    return RedirectResponse(f"{PATH}#cho-ky", 303)


def _check(person: Person) -> None:
    if "instructor" not in person.roles and person.hr_unit_id is not None:
        raise ApiError(403, "not_allowed", NOT_THE_CITY)


def _page(request: Request, me: LogIn, services: Services, item_id: str, *, problem: str = "") -> Response:
    desk = desk_of(services)
    effect: Effect | None = None
    action = WITHDRAW
    with services.records.reading() as s:
        out = withdrawn_items(s, desk.period_id)
        items = list_items(s, desk.period_id)
        action = RESTORE if item_id in out else WITHDRAW
        if item_id:
            try:
                effect = preview_item(s, desk, item_id, action)
            except ItemRefused as error:
                problem = problem or error.message
        proposals = list_item_proposals(s, desk.period_id)
        who = {one: find_person(s, one) for row in proposals for one in (row.proposed_by, row.decided_by) if one}
    if effect is not None:
        with services.records.session(durable=False) as s:
            detail = {"item": item_id, "period": desk.period_id}
            add_audit(s, me.person.id, "item.preview", detail, services.clock())
    context = {
        "items": [one for one in items if one.is_graded],
        "out": out,
        "item": next((one for one in items if one.item_id == item_id), None) if effect else None,
        "action": action,
        "effect": effect,
        "waiting": [row for row in proposals if row.state == OPEN],
        "decided": [row for row in proposals if row.state != OPEN],
        "who": {one: person.staff_code if person else "" for one, person in who.items()},
        "prompts": _prompts(services),
        "action_names": ACTION_NAMES,
        "state_names": STATE_NAMES,
        "period": desk.period_id,
        "problem": problem,
        "longest": LONGEST_NOTE,
    }
    return render(request, "withdrawal.html", context, status=422 if problem else 200)


def _prompts(services: Services) -> dict[str, str]:
    """What each item asks, for those of the open assignments."""
    return {
        item.id: item.question.prompt for assignment in services.assignments.values() for item in assignment.spec.items
    }
