"""How a re-grading is said in Vietnamese, on the page and at the terminal."""

from collections.abc import Iterator, Mapping

from hocvu.ledger.regrade import Change, Left, PersonPlan
from hocvu.portal.words import LEVELS, item_number, points
from hocvu.results import Status

LEFT_WORDS = {
    Left.QUESTION_CHANGED: "không chấm lại được: đề đã đổi",
    Left.NEEDS_PERSON: "do người chấm, máy không ghi đè",
    Left.NOT_CHECKED: "đáp án mới chưa chấm được câu trả lời này",
    Left.CODE: "câu viết mã: máy này thiếu hộp cát nên chưa chạy lại",
}
BADGE_WORDS = {Status.GRADED: "có huy hiệu", Status.NEEDS_REVIEW: "chờ người xem"}
STATE_WORDS = {
    "running": "đang dở",
    "done": "đã xong",
    "rolling_back": "đang hoàn tác dở",
    "rolled_back": "đã hoàn tác",
}


def change_words(change: Change) -> str:
    """Return `câu 1.2, lượt 1: 0/4 → 4/4 điểm`; of code, `câu 2.C, lượt 1: chưa có huy hiệu → có huy hiệu`."""
    old, new = change.old, change.new
    where = f"câu {item_number(change.row.item_id)}, lượt {change.attempt.attempt_no}"
    if change.is_code:
        before, after = (BADGE_WORDS.get(one.status, "chưa có huy hiệu") for one in (old, new))
        return f"{where}: {before} → {after}" if before != after else f"{where}: {after}, nhận xét đổi"
    before, after = (f"{points(one.points)}/{points(one.max_points)}" for one in (old, new))
    return f"{where}: {before} → {after} điểm" if before != after else f"{where}: {after} điểm, nhận xét đổi"


def crossing_words(plan: PersonPlan) -> str:
    """Return `NL1 chưa đạt M1 → M1; mức hoàn thành 0 → 1`, "" when no level and no band changes."""
    said = [f"{code} {_level(old)} → {_level(new)}" for code, (old, new) in sorted(plan.crossings.items())]
    if plan.before.band != plan.after.band:
        said.append(f"mức hoàn thành {plan.before.band} → {plan.after.band}")
    return "; ".join(said)


def _level(level: int) -> str:
    return LEVELS[level] if level else "chưa đạt M1"


def count_words(counts: Mapping[str, int]) -> Iterator[str]:
    """Yield the sums as lines; what is zero and says nothing is left out."""
    yield f"Số người có kết quả đổi: {counts['people']}."
    yield f"Kết quả tăng: {counts['up']}; giảm: {counts['down']}; chỉ đổi nhận xét hoặc trọng số: {counts['same']}."
    yield f"Vượt lên một mức năng lực: {counts['level_up']}; tụt mức: {counts['level_down']}."
    yield f"Lên mức hoàn thành: {counts['band_up']}; xuống mức hoàn thành: {counts['band_down']}."
    yield f"Xem lại, không đổi: {counts['unchanged']}."
    if counts["down_left"]:
        yield f"Thấp hơn nên không ghi: {counts['down_left']} kết quả."
    for reason, words in LEFT_WORDS.items():
        if counts[reason.value]:
            yield f"{words[:1].upper()}{words[1:]}: {counts[reason.value]} kết quả."
