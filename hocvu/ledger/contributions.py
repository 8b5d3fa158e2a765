"""Confirming what a person did for others: decided by a person, only recorded here, and the score that follows."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.errors import HocvuError
from hocvu.ledger.rescore import rescore_people
from hocvu.records import ContributionRow, Person, add_audit, add_contribution, revoke_contribution
from hocvu.scores import Contribution
from hocvu.vietnamese import nfc


class ContributionRefused(HocvuError):
    """A contribution cannot be recorded; the message says why."""

    code = "contribution_refused"


def kinds_of(rule: Rule) -> tuple[str, ...]:
    """What people may confirm, in the words of the rule."""
    return tuple(kind for band in rule.bands for kind in band.contributions)


def check_kind(rule: Rule, kind: str) -> None:
    """Raise ContributionRefused for what the rule does not name."""
    if kind not in kinds_of(rule):
        known = "; ".join(kinds_of(rule))
        raise ContributionRefused(f"Đóng góp {kind!r} không có trong quy tắc {rule.version}. Chọn một trong: {known}.")


def confirm_contribution(
    s: Session, period_id: str, rule: Rule, person: Person, kind: str, by: Person, note: str, now: datetime, day: date
) -> ContributionRow:
    """Return the stored confirmation; the person's score follows at once. Raises ContributionRefused.

    day: of `now` in Việt Nam, which is the day on the record.
    """
    check_kind(rule, kind)
    if by.id == person.id:
        raise ContributionRefused("Không ai tự xác nhận đóng góp của mình; cần một người có thẩm quyền khác.")
    if not note.strip():
        raise ContributionRefused("Anh/chị ghi căn cứ: số, ngày của văn bản hoặc việc cụ thể đã làm.")
    contribution = Contribution(kind, by.staff_code, day, nfc(note.strip()))
    row = add_contribution(s, person.id, period_id, contribution, now)
    add_audit(s, by.id, "contribution.confirmed", {"contribution": row.id, "person": person.id}, now)
    rescore_people(s, period_id, [person.id], rule, now)
    return row


def take_back_contribution(
    s: Session, rule: Rule, contribution_id: int, by: Person, now: datetime, reason: str = ""
) -> ContributionRow:
    """Take a confirmation back; it stays on record, and the score follows. Raises UnknownRecord."""
    row = revoke_contribution(s, contribution_id, by.staff_code, now, reason)
    add_audit(s, by.id, "contribution.revoked", {"contribution": row.id, "person": row.person_id}, now)
    rescore_people(s, row.period_id, [row.person_id], rule, now)
    return row
