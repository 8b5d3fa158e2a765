"""Contributions in two steps: somebody puts one forward with evidence, a second person agrees, refuses, or takes back.

Who may: HR and heads of units, about the people they may see (the caller checks whom), and never about themselves.
"""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.ledger.contributions import (
    ContributionRefused,
    check_kind,
    confirm_contribution,
    take_back_contribution,
)
from hocvu.records import ContributionProposal, ContributionRow, Person, add_audit, find_period, find_person
from hocvu.records.two_steps import AGREED, DROPPED, OPEN, REFUSED, add_proposal, decide, open_contribution_proposal
from hocvu.records.years import list_snapshots
from hocvu.vietnamese import nfc

ENTITLED = ("hr", "unit_head")  # roles
LONGEST_NOTE = 1000
LONGEST_LINK = 500
LONGEST_REASON = 500


@dataclass(frozen=True)
class Claim:
    """What a person is said to have done for others. link: where the evidence is, "" = none."""

    kind: str
    note: str
    done_on: date | None
    link: str = ""


def may_confirm(person: Person) -> bool:
    return any(role in person.roles for role in ENTITLED)


def propose_contribution(
    s: Session, period_id: str, rule: Rule, person: Person, claim: Claim, by: Person, now: datetime, today: date
) -> ContributionProposal:
    """Return the stored proposal; nothing counts yet. Raises ContributionRefused."""
    _check_entitled(by, person)
    _check_open(s, period_id)
    done_on = _check_claim(s, period_id, rule, claim, today)
    row = ContributionProposal(
        person_id=person.id,
        period_id=period_id,
        kind=claim.kind,
        note=nfc(claim.note.strip()),
        link=claim.link.strip(),
        done_on=done_on,
        proposed_by=by.id,
        proposed_at=now,
        state=OPEN,
    )
    add_proposal(s, row)
    add_audit(s, by.id, "contribution.proposed", {"proposal": row.id, "person": person.id}, now)
    return row


def agree(s: Session, rule: Rule, proposal_id: int, by: Person, now: datetime, today: date) -> ContributionRow:
    """Return the confirmation that a second person signs; the score follows at once. Raises ContributionRefused."""
    row, person = _waiting(s, proposal_id, by)
    _check_open(s, row.period_id)
    if row.proposed_by == by.id:
        raise ContributionRefused("Anh/chị là người đề xuất; cần một người có thẩm quyền khác xác nhận.")
    made = confirm_contribution(s, row.period_id, rule, person, row.kind, by, evidence_words(row), now, today)
    row.contribution_id = made.id
    decide(s, row, AGREED, by.id, now)
    return made


def refuse(s: Session, proposal_id: int, by: Person, reason: str, now: datetime) -> ContributionProposal:
    """Say no, with a reason the person reads; who put it forward takes it back. Raises ContributionRefused."""
    row, _ = _waiting(s, proposal_id, by)
    state = DROPPED if row.proposed_by == by.id else REFUSED
    decide(s, row, state, by.id, now, _reason(reason))
    add_audit(s, by.id, f"contribution.{state}", {"proposal": row.id, "person": row.person_id}, now)
    return row


def take_back(s: Session, rule: Rule, row: ContributionRow, by: Person, reason: str, now: datetime) -> None:
    """Take a confirmation back, with a reason; it stays on record. Raises ContributionRefused, UnknownRecord."""
    person = find_person(s, row.person_id)
    if person is not None:
        _check_entitled(by, person)
    _check_open(s, row.period_id)
    take_back_contribution(s, rule, row.id, by, now, _reason(reason))


def evidence_words(row: ContributionProposal) -> str:
    """Return the evidence as it stands in the confirmation."""
    link = f" Minh chứng: {row.link}" if row.link else ""
    return f"{row.note.rstrip('.')} (ngày {row.done_on:%d/%m/%Y}).{link}"


def _waiting(s: Session, proposal_id: int, by: Person) -> tuple[ContributionProposal, Person]:
    row = open_contribution_proposal(s, proposal_id)
    person = find_person(s, row.person_id) if row else None
    if row is None or person is None:
        raise ContributionRefused("Đề xuất này đã có người quyết định, hoặc không còn. Anh/chị tải lại trang.")
    _check_entitled(by, person)
    return row, person


def _check_entitled(by: Person, person: Person) -> None:
    if not may_confirm(by):
        raise ContributionRefused("Chỉ tổ chức cán bộ hoặc thủ trưởng đơn vị đề xuất, xác nhận được đóng góp.")
    if by.id == person.id:
        raise ContributionRefused("Không ai tự đề xuất hay tự xác nhận đóng góp của mình; cần người khác.")


def _check_open(s: Session, period_id: str) -> None:
    if any(snapshot.kind == "final" for snapshot in list_snapshots(s, period_id)):
        raise ContributionRefused(f"Kỳ {period_id} đã chốt chính thức; kết quả chỉ đổi bằng phụ lục điều chỉnh.")


def _check_claim(s: Session, period_id: str, rule: Rule, claim: Claim, today: date) -> date:
    check_kind(rule, claim.kind)
    if not claim.note.strip() or len(claim.note) > LONGEST_NOTE:
        raise ContributionRefused(
            f"Anh/chị ghi minh chứng: việc đã làm, số và ngày của văn bản nếu có (tối đa {LONGEST_NOTE} ký tự)."
        )
    if claim.link.strip() and not _is_web_address(claim.link.strip()):
        raise ContributionRefused(
            f"Địa chỉ «{claim.link.strip()[:80]}» không mở được. "
            "Anh/chị ghi địa chỉ bắt đầu bằng https://, hoặc để trống."
        )
    period = find_period(s, period_id)
    if claim.done_on is None or period is None:
        raise ContributionRefused("Anh/chị chọn ngày đã làm việc này.")
    if not period.starts_on <= claim.done_on <= min(period.ends_on, today):
        raise ContributionRefused(
            f"Ngày {claim.done_on:%d/%m/%Y} không nằm trong kỳ {period_id} (từ {period.starts_on:%d/%m/%Y} "
            f"đến {min(period.ends_on, today):%d/%m/%Y}). Đóng góp tính cho kỳ mà việc ấy được làm."
        )
    return claim.done_on


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(text) <= LONGEST_LINK


def _reason(text: str) -> str:
    reason = nfc(" ".join(text.split()))
    if not reason or len(reason) > LONGEST_REASON:
        raise ContributionRefused(f"Anh/chị ghi lý do (tối đa {LONGEST_REASON} ký tự); người có tên sẽ đọc được.")
    return reason
