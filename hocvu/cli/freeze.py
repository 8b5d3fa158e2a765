"""Verbs of the year: freeze a period, withdraw a faulty item. Both name who decides."""

import shutil
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hocvu.cli.say import say
from hocvu.course import read_course
from hocvu.records import Person, find_by_staff_code, open_records
from hocvu.records.years import find_snapshot
from hocvu.settings import Settings
from hocvu.year.bundle import write_bundle
from hocvu.year.desk import Desk, NotAllowed, open_desk
from hocvu.year.faulty import restore_item, withdraw_item
from hocvu.year.freeze import KIND_NAMES, Kind, Preview, preview_freeze
from hocvu.year.freeze import freeze as make_freeze


@contextmanager
def _desk(settings: Settings, period_id: str) -> Iterator[Desk]:
    records = open_records(settings.database)
    try:
        yield open_desk(records, read_course(settings.root), settings, period_id)
    finally:
        records.close()


def freeze(settings: Settings, chosen: Namespace) -> int:
    """Freeze a period; without --confirm only say what the freeze would hold."""
    kind = Kind(chosen.kind)
    now = datetime.now(UTC)
    with _desk(settings, chosen.period) as desk:
        if not chosen.confirm:
            return _show(preview_freeze(desk, kind, now))
        snapshot = make_freeze(desk, kind, _person(desk, chosen.by), chosen.confirm, now)
        say(f"{KIND_NAMES[kind]} kỳ {desk.period_id}: {snapshot.people} người.")
        say(f"SHA-256 của bản kê:  {snapshot.sha256}")
        say(f"Vân tay khóa:        {desk.key.fingerprint}")
        if chosen.output:
            _write(desk, snapshot.id, chosen.output)
    return 0


def withdraw(settings: Settings, chosen: Namespace) -> int:
    """Withdraw a faulty item from the running period, or restore it, by the decision of two people."""
    with _desk(settings, chosen.period) as desk:
        deciders = [_person(desk, code) for code in chosen.by]
        decide = restore_item if chosen.restore else withdraw_item
        with desk.records.session() as s:
            decision = decide(s, desk, chosen.item, chosen.note, deciders, datetime.now(UTC))
        done = "đưa lại" if chosen.restore else "rút"
        say(f"Đã {done} câu {decision.item_id} của kỳ {desk.period_id}; {decision.credited} người được cộng trọn điểm.")
    return 0


def _show(preview: Preview) -> int:
    say(f"Xem trước, chưa chốt gì. {KIND_NAMES[preview.kind]}:")
    for part in preview.content.parts:
        say(f"  {part.file:18} {part.lines:>8} dòng  {part.sha256}")
    for warning in preview.warnings:
        say(f"Lưu ý: {warning}")
    for obstacle in preview.obstacles:
        say(f"Cản trở: {obstacle}")
    if not preview.obstacles:
        say(f'Để chốt, thêm: --by <mã CBCCVC> --confirm "{preview.confirmation}"')
    return 1 if preview.obstacles else 0


def _write(desk: Desk, snapshot_id: str, output: Path) -> None:
    with desk.records.reading() as s:
        snapshot = find_snapshot(s, snapshot_id)
        if snapshot is not None:
            with write_bundle(s, snapshot, desk.key) as bundle, output.open("wb") as file:
                shutil.copyfileobj(bundle, file)
            say(f"{output}: gói để kiểm tra bằng hocvu verify")


def _person(desk: Desk, staff_code: str) -> Person:
    with desk.records.reading() as s:
        person = find_by_staff_code(s, staff_code)
    if person is None:
        raise NotAllowed(f"--by {staff_code!r}: không có ai mang mã này. Anh/chị ghi mã CBCCVC của người quyết định.")
    return person
