"""Freezing a period: look first, then make one signed snapshot that nothing changes any more."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import hocvu
from hocvu.errors import HocvuError
from hocvu.grading import ENGINE_VERSION
from hocvu.records import Person, add_audit
from hocvu.records.appeals import count_open_appeals
from hocvu.records.tables_year import Snapshot
from hocvu.records.years import add_snapshot, find_snapshot, list_snapshots, snapshot_lines
from hocvu.year.calendar import day_in_vietnam
from hocvu.year.content import Content, build_content
from hocvu.year.desk import Desk, iso, levels_of, require_city_hr, vietnamese_day
from hocvu.year.parts import canonical_line

FORMAT = "hocvu-snapshot/1"
SNAPSHOT_TYP = "hocvu-snapshot+jws"


class Kind(StrEnum):
    """Freeze 1, open to petitions, and freeze 2, for good."""

    PROVISIONAL = "provisional"
    FINAL = "final"


KIND_NAMES = {Kind.PROVISIONAL: "Chốt tạm", Kind.FINAL: "Chốt chính thức"}


class FreezeRefused(HocvuError):
    """The period cannot be frozen now; the message says why and what to do."""

    code = "freeze_refused"


class NotConfirmed(HocvuError):
    """The confirmation text was not typed as asked."""

    code = "not_confirmed"


@dataclass(frozen=True)
class Preview:
    """What a freeze would hold. obstacles keep it from being made, warnings are for the person who decides."""

    kind: Kind
    confirmation: str
    cutoff_at: datetime
    obstacles: tuple[str, ...]
    warnings: tuple[str, ...]
    content: Content


def snapshot_id(period_id: str, kind: Kind) -> str:
    return f"{period_id}-{kind.value}"


def confirmation_text(period_id: str, kind: Kind) -> str:
    """What must be typed, so that nobody freezes a year by a slip."""
    return f"{KIND_NAMES[kind].upper()} {period_id}"


def preview_freeze(desk: Desk, kind: Kind, now: datetime) -> Preview:
    """Return what the freeze would be, and everything in its way. Nothing is written."""
    with desk.records.reading() as s:
        _one_moment(s)
        obstacles = tuple(_obstacles(s, desk, kind, now))
        waiting = count_open_appeals(s, desk.period_id)
        content = _build(s, desk)
    return Preview(
        kind=kind,
        confirmation=confirmation_text(desk.period_id, kind),
        cutoff_at=desk.plan.cutoff_at,
        obstacles=obstacles,
        warnings=tuple(_warnings(desk, kind, waiting, now)),
        content=content,
    )


def freeze(desk: Desk, kind: Kind, officer: Person | None, confirmation: str, now: datetime) -> Snapshot:
    """Return the new snapshot, stored and signed.

    Raises NotAllowed, NotConfirmed, FreezeRefused. The content is read without holding up anybody who hands in.
    """
    by = require_city_hr(officer, KIND_NAMES[kind])
    if confirmation.strip() != confirmation_text(desk.period_id, kind):
        wanted = confirmation_text(desk.period_id, kind)
        raise NotConfirmed(f"Chưa chốt: câu xác nhận chưa đúng. Anh/chị gõ đúng «{wanted}» rồi thử lại.")
    with desk.records.reading() as s:
        _one_moment(s)
        _refuse(_obstacles(s, desk, kind, now))
        content = _build(s, desk)
        manifest = _manifest(s, desk, kind, content, by, now)
    snapshot = _sign(desk, kind, manifest, content, by, now)
    try:
        with desk.records.session() as s:
            _refuse(_obstacles(s, desk, kind, now))
            add_snapshot(s, snapshot, {part.name: part.chunks for part in content.parts})
            detail = {"snapshot": snapshot.id, "sha256": snapshot.sha256, "people": content.people}
            add_audit(s, by.id, "year.freeze", detail, now)
    except IntegrityError as error:
        raise FreezeRefused(_frozen_already(desk, kind)) from error
    return snapshot


def _refuse(obstacles: list[str]) -> None:
    if obstacles:
        raise FreezeRefused(" ".join(obstacles))


def _obstacles(s: Session, desk: Desk, kind: Kind, now: datetime) -> list[str]:
    found: list[str] = []
    if find_snapshot(s, snapshot_id(desk.period_id, kind)) is not None:
        found.append(_frozen_already(desk, kind))
    if now < desk.plan.cutoff_at:
        last_day = vietnamese_day(desk.plan.period.ends_on)
        found.append(f"Chưa chốt được: kỳ {desk.period_id} còn nhận bài đến 24:00 ngày {last_day}.")
    if kind is Kind.FINAL:
        found.extend(_unlike_provisional(s, desk))
        if now < desk.plan.final_from:
            found.append(
                f"Chưa chốt chính thức được trước ngày {vietnamese_day(desk.plan.final_on)}: "
                "hạn trả lời kiến nghị chưa hết."
            )
    return found


def _unlike_provisional(s: Session, desk: Desk) -> list[str]:
    provisional = find_snapshot(s, snapshot_id(desk.period_id, Kind.PROVISIONAL))
    if provisional is None:
        return ["Chưa chốt chính thức được: kỳ này chưa chốt tạm, nên chưa ai xem và kiến nghị được."]
    before, now = json.loads(provisional.manifest)["rule_version"], desk.course.rule.version
    if before == now:
        return []
    return [f"Chưa chốt chính thức được: quy tắc {now} khác quy tắc lúc chốt tạm ({before}) trong course/scoring.toml."]


def _frozen_already(desk: Desk, kind: Kind) -> str:
    return (
        f"Kỳ {desk.period_id} đã có bản «{KIND_NAMES[kind].lower()}»; mỗi bản chỉ làm một lần. "
        "Cần sửa kết quả đã chốt chính thức thì lập phụ lục điều chỉnh."
    )


def _warnings(desk: Desk, kind: Kind, waiting: int, now: datetime) -> list[str]:
    found = []
    if kind is Kind.FINAL and waiting:
        found.append(f"Còn {waiting} kiến nghị chưa trả lời; sau khi chốt chỉ sửa được bằng phụ lục điều chỉnh.")
    if not desk.course.rule.signed_by:
        found.append(f"Quy tắc {desk.course.rule.version} chưa có người ký ban hành.")
    if day_in_vietnam(now) >= desk.plan.classified_before:
        found.append(f"Đã quá ngày {vietnamese_day(desk.plan.classified_before)}, hạn có kết quả để xếp loại.")
    return found


def _one_moment(s: Session) -> None:
    """Let a long read see one moment. SQLite's reading sessions do so by themselves."""
    if s.get_bind().dialect.name == "postgresql":
        s.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _build(s: Session, desk: Desk) -> Content:
    return build_content(s, desk.period_id, desk.course.rule, desk.plan.cutoff_at, levels_last_year(s, desk.period_id))


def levels_last_year(s: Session, period_id: str) -> dict[str, dict[str, int]] | None:
    """Return staff code → levels of the last final freeze before a period; None in the first year."""
    for snapshot in list_snapshots(s):
        if snapshot.kind == Kind.FINAL and snapshot.period_id < period_id:
            rows = (json.loads(line) for line in snapshot_lines(s, snapshot.id, "results"))
            return {row["staff_code"]: levels_of(row) for row in rows}
    return None


def _manifest(s: Session, desk: Desk, kind: Kind, content: Content, by: Person, now: datetime) -> dict[str, Any]:
    period, provisional = desk.plan.period, find_snapshot(s, snapshot_id(desk.period_id, Kind.PROVISIONAL))
    return {
        "format": FORMAT,
        "id": snapshot_id(desk.period_id, kind),
        "kind": kind.value,
        "period": {
            "code": period.code,
            "starts_on": period.starts_on.isoformat(),
            "ends_on": period.ends_on.isoformat(),
        },
        "cutoff_at": iso(desk.plan.cutoff_at),
        "made_at": iso(now),
        "made_by": by.staff_code,
        "rule_version": desk.course.rule.version,
        "engine_version": ENGINE_VERSION,
        "software": f"hocvu {hocvu.__version__}",
        "open_appeals": count_open_appeals(s, desk.period_id),
        "provisional_sha256": provisional.sha256 if provisional and kind is Kind.FINAL else "",
        "parts": [
            {"file": part.file, "sha256": part.sha256, "lines": part.lines, "size_bytes": part.size_bytes}
            for part in content.parts
        ],
        "key": desk.key.fingerprint,
    }


def _sign(desk: Desk, kind: Kind, manifest: Mapping[str, Any], content: Content, by: Person, now: datetime) -> Snapshot:
    text = canonical_line(manifest)
    return Snapshot(
        id=snapshot_id(desk.period_id, kind),
        period_id=desk.period_id,
        kind=kind.value,
        cutoff_at=desk.plan.cutoff_at,
        made_at=now,
        made_by=by.staff_code,
        people=content.people,
        manifest=text.decode(),
        sha256=hashlib.sha256(text).hexdigest(),
        signature=desk.key.sign(text, SNAPSHOT_TYP),
    )
