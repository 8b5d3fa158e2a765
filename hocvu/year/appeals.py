"""Appeals (kiến nghị): what may be asked, until when it is answered, and how two people decide it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from hocvu.errors import HocvuError
from hocvu.records import Person, add_audit, find_attempt, find_item_version, find_person
from hocvu.records.appeals import (
    ANSWERED,
    IN_REVIEW,
    RECEIVED,
    add_appeal,
    add_appeal_event,
    find_appeal,
    open_appeals_about,
)
from hocvu.records.tables_year import Appeal
from hocvu.year.desk import Desk
from hocvu.year.faulty import withdraw_item

LONGEST_TEXT = 4000


class Kind(StrEnum):
    """What an appeal is about."""

    GRADING = "grading"
    ITEM = "item"
    PERSON = "person"
    TECHNICAL = "technical"
    ACCESS = "access"
    EXEMPTION = "exemption"
    PERSONAL_DATA = "personal_data"


KIND_NAMES = {
    Kind.GRADING: "Chấm sai",
    Kind.ITEM: "Đề hoặc đáp án sai",
    Kind.PERSON: "Sai thông tin cá nhân hoặc đơn vị",
    Kind.TECHNICAL: "Sự cố kỹ thuật",
    Kind.ACCESS: "Cần hỗ trợ tiếp cận",
    Kind.EXEMPTION: "Đề nghị miễn hoặc hoãn",
    Kind.PERSONAL_DATA: "Yêu cầu về dữ liệu cá nhân",
}
ABOUT_ITEMS = (Kind.GRADING, Kind.ITEM)


class Outcome(StrEnum):
    """How an appeal is concluded. Exemptions are decided by people outside: the appeal only carries them there."""

    REGRADE = "regrade"
    FAULTY_ITEM = "faulty_item"
    DONE = "done"
    FORWARDED = "forwarded"
    KEPT = "kept"


OUTCOME_NAMES = {
    Outcome.REGRADE: "Đáp án hoặc cách chấm sai: cần chấm lại cho mọi người",
    Outcome.FAULTY_ITEM: "Câu hỏng: rút câu, mọi người đã làm được trọn điểm",
    Outcome.DONE: "Đã xử lý xong theo kiến nghị",
    Outcome.FORWARDED: "Đã chuyển người có thẩm quyền quyết định",
    Outcome.KEPT: "Giữ nguyên kết quả",
}
ITEM_OUTCOMES = (Outcome.REGRADE, Outcome.FAULTY_ITEM)
STATE_NAMES = {RECEIVED: "Đã nhận", IN_REVIEW: "Đang xem", ANSWERED: "Đã trả lời"}
OVERDUE_NAME = "Quá hạn"


class AppealRefused(HocvuError):
    """An appeal or a step of its review cannot be taken; the message says why and what to do."""

    code = "appeal_refused"


@dataclass(frozen=True)
class Petition:
    """What a person sends. attempt_id and item_id come with the result row they press."""

    kind: Kind
    text: str
    attempt_id: str = ""
    item_id: str = ""


@dataclass(frozen=True)
class Opinion:
    """What the first reviewer proposes: an outcome, and the answer the person will read."""

    outcome: Outcome
    answer: str


def state_name(appeal: Appeal, today: date) -> str:
    """Return the state as people read it; overdue is one of its own."""
    return OVERDUE_NAME if is_overdue(appeal, today) else STATE_NAMES[appeal.state]


def is_overdue(appeal: Appeal, today: date) -> bool:
    return appeal.state != ANSWERED and today > appeal.due_on


def outcomes_for(kind: str) -> tuple[Outcome, ...]:
    """What an appeal of a kind can be concluded with: only those about items can change items."""
    return tuple(one for one in Outcome if kind in ABOUT_ITEMS or one not in ITEM_OUTCOMES)


def send_appeal(s: Session, desk: Desk, person: Person, petition: Petition, now: datetime) -> Appeal:
    """Return the received appeal. After the window it is received too, and marked as late: people decide about it.

    Raises AppealRefused.
    """
    text = petition.text.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise AppealRefused(f"Chưa gửi: anh/chị viết nội dung kiến nghị (tối đa {LONGEST_TEXT} ký tự) rồi gửi lại.")
    period_id, version_id = desk.period_id, None
    if petition.attempt_id:
        period_id, version_id = _about(s, person, petition)
    elif petition.item_id or petition.kind in ABOUT_ITEMS:
        raise AppealRefused(
            "Chưa gửi: kiến nghị về chấm điểm hoặc câu hỏi cần gắn với một lượt nộp. Anh/chị mở «Bài đã nộp», "
            "chọn lượt nộp, rồi bấm «Kiến nghị về câu này» ở đúng câu."
        )
    is_data = petition.kind is Kind.PERSONAL_DATA
    appeal = add_appeal(
        s,
        period_id=period_id,
        person_id=person.id,
        kind=petition.kind.value,
        text=text,
        received_at=now,
        due_on=desk.plan.answer_due(now, desk.calendar, personal_data=is_data).day,
        is_late=desk.plan.is_late(now) and not is_data,
        attempt_id=petition.attempt_id or None,
        item_id=petition.item_id,
        item_version_id=version_id,
    )
    add_audit(s, person.id, "appeal.send", {"appeal": appeal.number, "kind": appeal.kind}, now)
    return appeal


def propose_answer(s: Session, desk: Desk, appeal_id: str, reviewer: Person, opinion: Opinion, now: datetime) -> Appeal:
    """The first reviewer's opinion; a second one must agree. Raises AppealRefused."""
    appeal = _open_appeal(s, appeal_id, reviewer)
    if opinion.outcome not in outcomes_for(appeal.kind) or (opinion.outcome in ITEM_OUTCOMES and not appeal.item_id):
        raise AppealRefused("Cách xử lý này không dùng được cho kiến nghị này. Anh/chị chọn cách khác.")
    if not opinion.answer.strip() or len(opinion.answer) > LONGEST_TEXT:
        raise AppealRefused(f"Anh/chị viết câu trả lời có lý do (tối đa {LONGEST_TEXT} ký tự).")
    appeal.state, appeal.outcome, appeal.answer = IN_REVIEW, opinion.outcome.value, opinion.answer.strip()
    appeal.first_reviewer_id, appeal.second_reviewer_id = reviewer.id, None
    add_appeal_event(s, appeal.id, reviewer.id, "proposed", "", now)
    add_audit(s, reviewer.id, "appeal.propose", {"appeal": appeal.number, "outcome": appeal.outcome}, now)
    return appeal


def return_to_first(s: Session, appeal_id: str, reviewer: Person, why: str, now: datetime) -> Appeal:
    """The second reviewer does not agree: the opinion goes back, with the reason. Raises AppealRefused."""
    appeal = _open_appeal(s, appeal_id, reviewer)
    _second(s, appeal, reviewer)
    if not why.strip():
        raise AppealRefused("Anh/chị ghi lý do chưa đồng ý để người thứ nhất xem lại.")
    appeal.state, appeal.outcome, appeal.answer, appeal.first_reviewer_id = RECEIVED, "", "", None
    add_appeal_event(s, appeal.id, reviewer.id, "returned", why.strip()[:LONGEST_TEXT], now)
    add_audit(s, reviewer.id, "appeal.return", {"appeal": appeal.number}, now)
    return appeal


def conclude_appeal(s: Session, desk: Desk, appeal_id: str, reviewer: Person, now: datetime) -> Appeal:
    """The second reviewer agrees: the answer is given, to everybody touched by the same fault. Raises AppealRefused."""
    appeal = _open_appeal(s, appeal_id, reviewer)
    first = _second(s, appeal, reviewer)
    _answer(s, appeal, reviewer, now)
    if appeal.outcome == Outcome.FAULTY_ITEM:
        withdraw_item(s, desk, appeal.item_id, appeal.answer, [first, reviewer], now)
    if appeal.outcome in ITEM_OUTCOMES:
        _answer_alike(s, appeal, reviewer, now)
    return appeal


def _answer(s: Session, appeal: Appeal, reviewer: Person, now: datetime) -> None:
    appeal.state, appeal.second_reviewer_id, appeal.answered_at = ANSWERED, reviewer.id, now
    add_appeal_event(s, appeal.id, reviewer.id, "answered", "", now)
    add_audit(s, reviewer.id, "appeal.answer", {"appeal": appeal.number, "outcome": appeal.outcome}, now)


def _answer_alike(s: Session, decided: Appeal, reviewer: Person, now: datetime) -> None:
    """One fault, one decision: other open appeals about the item get the same answer, unless a reviewer sent them."""
    reviewers = {decided.first_reviewer_id, decided.second_reviewer_id}
    for other in open_appeals_about(s, decided.period_id, decided.item_id, ABOUT_ITEMS):
        if other.person_id in reviewers:
            continue
        other.outcome, other.answer = decided.outcome, decided.answer
        other.first_reviewer_id = decided.first_reviewer_id
        add_appeal_event(s, other.id, reviewer.id, "same_fault", decided.number, now)
        _answer(s, other, reviewer, now)


def _about(s: Session, person: Person, petition: Petition) -> tuple[str, int | None]:
    """The period and item version of one's own attempt; somebody else's looks like one that does not exist."""
    attempt = find_attempt(s, petition.attempt_id)
    if attempt is None or attempt.person_id != person.id:
        raise AppealRefused("Chưa gửi: không tìm thấy lượt nộp này trong các lượt của anh/chị.")
    if not petition.item_id:
        return attempt.period_id, None
    version = find_item_version(s, attempt.assignment, attempt.version, petition.item_id)
    if version is None:
        raise AppealRefused(f"Chưa gửi: lượt nộp này không có câu {petition.item_id}.")
    return attempt.period_id, version.id


def _open_appeal(s: Session, appeal_id: str, reviewer: Person) -> Appeal:
    appeal = find_appeal(s, appeal_id, lock=True)
    if appeal is None:
        raise AppealRefused("Không tìm thấy kiến nghị này.")
    if appeal.state == ANSWERED:
        raise AppealRefused(f"Kiến nghị {appeal.number} đã được trả lời; câu trả lời không sửa được.")
    if appeal.person_id == reviewer.id:
        raise AppealRefused("Anh/chị là người gửi kiến nghị này nên không xét được. Xin để người khác xét.")
    return appeal


def _second(s: Session, appeal: Appeal, reviewer: Person) -> Person:
    """Return the first reviewer. Two different people, and not authors of items alone."""
    first = find_person(s, appeal.first_reviewer_id) if appeal.first_reviewer_id else None
    if appeal.state != IN_REVIEW or first is None:
        raise AppealRefused("Chưa có ý kiến của người xem xét thứ nhất.")
    if first.id == reviewer.id:
        raise AppealRefused("Người xem xét thứ hai phải là người khác người thứ nhất.")
    if all(is_author(one) for one in (first, reviewer)):
        raise AppealRefused(
            "Hai người xem xét không được đều là người biên soạn. Xin để một cán bộ tổ chức làm người thứ hai."
        )
    return first


def is_author(person: Person) -> bool:
    """Whether a person may have written items. The store does not know who wrote which, so every instructor may."""
    return "instructor" in person.roles


def may_review(person: Person, kind: str) -> bool:
    """HR reviews everything, instructors what is about items."""
    return "hr" in person.roles or (is_author(person) and kind in ABOUT_ITEMS)


def reviewer_kinds(person: Person) -> Sequence[str]:
    """The kinds a person may review; empty: all."""
    return () if "hr" in person.roles else [kind.value for kind in ABOUT_ITEMS]
