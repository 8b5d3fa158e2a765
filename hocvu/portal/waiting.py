"""What a page says about an attempt that waits to be graded: its place, an honest estimate, when to look again."""

from dataclasses import dataclass
from math import ceil

from hocvu.portal.services import Services
from hocvu.portal.words import vietnam_time
from hocvu.records import find_waiting

SHORTEST_S, LONGEST_S, USUAL_S = 3, 30, 10  # between two looks of the page


@dataclass(frozen=True)
class WaitingNote:
    """Sentences for the learner. refresh_s: the page loads itself again after this long."""

    title: str
    where: str
    how_long: str
    refresh_s: int


def waiting_note(services: Services, attempt_id: str) -> WaitingNote | None:
    """Return what to say; None for an attempt that is on no queue."""
    now = services.clock()
    with services.records.reading() as s:
        waiting = find_waiting(s, attempt_id, now)
    if waiting is None:
        return None
    if waiting.place == 0:
        return WaitingNote(
            "Đã nhận bài, đang chờ chấm lại",
            "Hệ thống chưa chấm được bài này. Đây là trục trặc của hệ thống, không phải điểm 0.",
            f"Bài được tự động chấm lại lúc {vietnam_time(waiting.next_try_at)} (giờ Việt Nam).",
            LONGEST_S,
        )
    where = f"Anh/chị đang ở vị trí thứ {waiting.place} trong hàng chờ chấm."
    return WaitingNote(
        "Đã nhận bài, đang chấm" if waiting.is_running else "Đã nhận bài, đang chờ chấm",
        "Máy đang chấm bài của anh/chị." if waiting.is_running else where,
        f"Thời gian chờ: {_span(waiting.wait_s)}.",
        USUAL_S if waiting.wait_s is None else min(LONGEST_S, max(SHORTEST_S, ceil(waiting.wait_s))),
    )


def _span(seconds: float | None) -> str:
    """Return a span of time as people say it, never shorter than it is."""
    if seconds is None:
        return "chưa ước lượng được"
    if seconds <= 5:
        return "khoảng vài giây"
    if seconds <= 60:
        return f"khoảng {10 * ceil(seconds / 10)} giây"
    return f"khoảng {ceil(seconds / 60)} phút"
