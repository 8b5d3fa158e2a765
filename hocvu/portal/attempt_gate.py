"""The gate of assignments with work scenarios: who may hand in when, and how pages and refusals say it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hocvu.portal.attempts_policy import LIMITS, Allowed, Next, NoMore, Wait, next_attempt
from hocvu.portal.errors import ApiError
from hocvu.portal.services import Assignment, Services
from hocvu.records import list_attempts

GAP_HOURS = f"{LIMITS.min_gap.total_seconds() / 3600:g}"


class AttemptRefused(ApiError):
    """A submission of work scenarios that the rules of attempts do not let in; the answers stay in the draft."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(422, code, message)


@dataclass(frozen=True)
class AttemptNote:
    """What pages say about the coming attempt. left: how many; when: `14:05, 25/11` if there is one to wait for."""

    may_submit: bool
    left: int
    when: str
    max_attempts: int = LIMITS.max_attempts
    gap_hours: str = GAP_HOURS


def coming_attempt(s: Session, services: Services, person_id: str, assignment: Assignment, now: datetime) -> Next:
    """Return whether the person may hand in another attempt of this assignment now."""
    if not assignment.is_limited:
        return Allowed()
    attempts = list_attempts(s, person_id, assignment.slug)
    moments = [one.submitted_at for one in attempts if one.period_id == services.period_id]
    return next_attempt(moments, now, limited=True)


def let_in(coming: Next, declared: bool) -> None:
    """Raise AttemptRefused unless an attempt with work scenarios may be handed in now as the learner's own work."""
    if isinstance(coming, Wait):
        raise AttemptRefused(
            "too_early",
            f"Bài chưa được nộp: hai lượt làm bài tình huống cách nhau ít nhất {GAP_HOURS} giờ. "
            f"Anh/chị nộp lượt này được từ {coming.when} (giờ Việt Nam). Câu trả lời vẫn được giữ trong bản nháp.",
        )
    if isinstance(coming, NoMore):
        raise AttemptRefused(
            "no_more_attempts",
            f"Bài chưa được nộp: anh/chị đã dùng hết {LIMITS.max_attempts} lượt làm bài tình huống của kỳ này. "
            "Kết quả tốt nhất của từng câu vẫn được giữ.",
        )
    if not declared:
        raise AttemptRefused(
            "not_declared",
            "Bài chưa được nộp: anh/chị hãy đánh dấu ô «Tôi tự làm bài này» ở cuối trang bài tập rồi nộp lại.",
        )


def attempt_note(services: Services, person_id: str, assignment: Assignment) -> AttemptNote | None:
    """Return what to say about the coming attempt; None where attempts have no limit."""
    if not assignment.is_limited:
        return None
    with services.records.reading() as s:
        coming = coming_attempt(s, services, person_id, assignment, services.clock())
    left = coming.left if isinstance(coming, Allowed) else None
    return AttemptNote(isinstance(coming, Allowed), left or 0, coming.when if isinstance(coming, Wait) else "")
