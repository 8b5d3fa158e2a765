"""Annexes (phụ lục điều chỉnh): corrections of a frozen result, upward or by a signed decision, in a chain."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hocvu.errors import HocvuError
from hocvu.records import Person, add_audit
from hocvu.records.tables_year import Annex, Snapshot
from hocvu.records.years import add_annex, find_snapshot, list_annexes, lock_annexes, snapshot_lines_near
from hocvu.year.desk import Decision, Desk, iso, levels_of, require_city_hr
from hocvu.year.freeze import Kind, snapshot_id
from hocvu.year.parts import canonical_line

FORMAT = "hocvu-annex/1"
ANNEX_TYP = "hocvu-annex+jws"
MEASURES = ("coverage", "points", "band")


class AnnexRefused(HocvuError):
    """The correction cannot be made; the message says why and what to do."""

    code = "annex_refused"


@dataclass(frozen=True)
class Correction:
    """What a person's frozen result should say. Only what is named changes."""

    staff_code: str
    reason: str
    levels: Mapping[str, int]
    band: int | None = None
    decision: Decision = Decision()
    appeal_number: str = ""


def frozen_result(s: Session, snapshot: Snapshot, staff_code: str) -> dict[str, Any] | None:
    """Return a person's frozen row as the annexes left it, None if they were not on the roster."""
    row = _row(snapshot_lines_near(s, snapshot.id, "results", staff_code), staff_code)
    if row is None:
        return None
    for annex in list_annexes(s, snapshot.id):
        if annex.staff_code == staff_code:
            row = json.loads(annex.body)["after"]
    return row


def correct_frozen(desk: Desk, correction: Correction, officer: Person | None, now: datetime) -> Annex:
    """Return the signed annex. Raises NotAllowed, AnnexRefused."""
    by = require_city_hr(officer, "Phụ lục điều chỉnh")
    with desk.records.session() as s:
        snapshot = find_snapshot(s, snapshot_id(desk.period_id, Kind.FINAL))
        if snapshot is None:
            raise AnnexRefused(
                "Kỳ này chưa chốt chính thức nên chưa cần phụ lục. Anh/chị sửa qua kiến nghị hoặc chấm lại."
            )
        annexes = lock_annexes(s, snapshot.id)
        before = frozen_result(s, snapshot, correction.staff_code)
        if before is None:
            raise AnnexRefused(
                f"Mã {correction.staff_code}: không có trong danh sách đã chốt. Anh/chị kiểm tra lại mã CBCCVC."
            )
        after = _corrected(before, correction)
        _check(before, after, correction)
        annex = _sign(desk, snapshot, annexes, correction, before, after, by, now)
        add_annex(s, annex)
        detail = {"snapshot": snapshot.id, "number": annex.number, "sha256": annex.sha256}
        add_audit(s, by.id, "year.annex", detail, now)
        return annex


def _row(lines: Sequence[bytes], staff_code: str) -> dict[str, Any] | None:
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return next((row for row in rows if row["staff_code"] == staff_code), None)


def _corrected(before: Mapping[str, Any], correction: Correction) -> dict[str, Any]:
    levels = levels_of(before)
    unknown = [code for code in correction.levels if code not in levels]
    if unknown:
        raise AnnexRefused(
            f"Năng lực {', '.join(unknown)}: không có trong kết quả đã chốt. Các mã: {', '.join(levels)}."
        )
    band = before["band"] if correction.band is None else correction.band
    return {**before, "levels": {**levels, **correction.levels}, "band": band}


def _check(before: Mapping[str, Any], after: Mapping[str, Any], correction: Correction) -> None:
    if not correction.reason.strip():
        raise AnnexRefused("Anh/chị ghi lý do điều chỉnh.")
    if before == after:
        raise AnnexRefused("Kết quả sau điều chỉnh giống hệt kết quả đã chốt, nên không cần phụ lục.")
    if not correction.decision.is_empty and not correction.decision.is_complete:
        raise AnnexRefused("Anh/chị ghi đủ số, ngày và người ký của quyết định, hoặc để trống cả ba.")
    if is_downward(before, after) and not correction.decision.is_complete:
        raise AnnexRefused(
            "Điều chỉnh này làm giảm kết quả đã chốt. Chỉ làm được khi có quyết định đã ký: "
            "anh/chị ghi số, ngày và người ký."
        )


def is_downward(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether anything in the result is lower than before."""
    had, has = levels_of(before), levels_of(after)
    lower = any(has.get(code, 0) < level for code, level in had.items())
    return lower or any(after[name] < before[name] for name in MEASURES)


def _sign(
    desk: Desk,
    snapshot: Snapshot,
    annexes: Sequence[Annex],
    correction: Correction,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: Person,
    now: datetime,
) -> Annex:
    number = len(annexes) + 1
    body = canonical_line(
        {
            "format": FORMAT,
            "snapshot": snapshot.id,
            "snapshot_sha256": snapshot.sha256,
            "number": number,
            "previous_sha256": annexes[-1].sha256 if annexes else snapshot.sha256,
            "staff_code": correction.staff_code,
            "before": before,
            "after": after,
            "direction": "down" if is_downward(before, after) else "up",
            "reason": correction.reason.strip(),
            "appeal": correction.appeal_number,
            "decision": correction.decision.row(),
            "made_at": iso(now),
            "made_by": by.staff_code,
        }
    )
    return Annex(
        snapshot_id=snapshot.id,
        number=number,
        staff_code=correction.staff_code,
        body=body.decode(),
        sha256=hashlib.sha256(body).hexdigest(),
        signature=desk.key.sign(body, ANNEX_TYP),
        made_at=now,
        made_by=by.staff_code,
    )
