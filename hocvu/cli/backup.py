"""Verbs of safekeeping: one file with everything, the way back from it, and from one database to another."""

import time
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError

from hocvu.backup.making import make_backup
from hocvu.backup.manifest import Manifest
from hocvu.backup.restoring import check_backup, restore_backup
from hocvu.backup.sqlite_file import sqlite_path
from hocvu.cli.say import say
from hocvu.records.copying import CopyRefused, copy_store, open_empty
from hocvu.records.store import connect_records
from hocvu.settings import Settings

SAY_EVERY_S = 5.0
COUNT_NAMES = {"people": "người", "attempts": "lượt nộp", "results": "kết quả câu", "frozen_years": "kỳ đã chốt"}


def backup(settings: Settings, chosen: Namespace) -> int:
    """Write everything that a lost portal needs into one file, while it runs."""
    path: Path = chosen.file
    made = make_backup(settings, path, datetime.now(UTC), _progress())
    say(f"{path}: {made.size_bytes / 1e6:.1f} MB, {_contents(made.manifest)}.")
    say(f"SHA-256 của bản kê: {made.sha256}")
    if made.left_out:
        names = ", ".join(made.left_out)
        say(f"Trong {settings.var} còn những tệp không nằm trong bản sao lưu, anh/chị xem có cần giữ: {names}.")
    say(
        "Tệp chứa dữ liệu cá nhân và khóa bí mật, chỉ chủ tệp đọc được. Chuyển sang máy khác; chép qua mạng thì mã hóa."
    )
    return 0


def restore(settings: Settings, chosen: Namespace) -> int:
    """Put a backup into an empty place, or only check it."""
    if chosen.check:
        done = check_backup(chosen.file, _progress())
        say(f"{chosen.file}: nguyên vẹn. {_contents(done.manifest)}.")
    else:
        done = restore_backup(settings, chosen.file, datetime.now(UTC), _progress())
        say(f"Đã phục hồi vào {settings.var}: {_contents(done.manifest)}.")
    say(f"Sao lưu lúc {done.manifest.made_at}, hocvu {done.manifest.hocvu}, lược đồ {done.manifest.schema}.")
    say(f"SHA-256 của bản kê: {done.sha256}")
    for note in done.notes:
        say(f"Lưu ý: {note}")
    if not chosen.check:
        say("Mọi người đăng nhập lại. Việc cần soát tiếp: docs/vi/quan-tri.md, mục «Sao lưu và khôi phục».")
    return 0


def copy(settings: Settings, chosen: Namespace) -> int:
    """Copy the store into an empty database of another kind, and prove that every row arrived."""
    path = sqlite_path(settings.database)
    if path is not None and not path.is_file():
        raise CopyRefused(f"{path}: không có cơ sở dữ liệu ở đây. Kiểm tra HOCVU_VAR và HOCVU_DATABASE_URL.")
    source = connect_records(settings.database)
    report = _progress()
    try:
        target = open_empty(chosen.target_url)
        try:
            began = datetime.now(UTC)
            copied = copy_store(source, target, lambda table, done, all_: report(f"chép bảng {table}", done, all_))
        finally:
            target.close()
    except OperationalError as error:
        raise CopyRefused(f"Mất kết nối với cơ sở dữ liệu: {error.orig}. Chưa chép gì.") from error
    finally:
        source.close()
    filled = [table for table in copied if table.rows]
    for table in filled:
        say(f"✔ {table.name:24} {table.rows:>10} dòng  {table.sha256[:16]}")
    say(f"và {len(copied) - len(filled)} bảng trống.")
    say(f"Hai bên giống nhau từng dòng, tính đến {began:%H:%M:%S} UTC. Những gì ghi sau lúc ấy không có ở đích.")
    say("Cổng học phải dừng trước khi chép. Đặt HOCVU_DATABASE_URL là địa chỉ mới rồi khởi động; giữ nguyên HOCVU_VAR.")
    return 0


def _contents(manifest: Manifest) -> str:
    return ", ".join(f"{count} {COUNT_NAMES.get(name, name)}" for name, count in manifest.counts.items())


def _progress() -> Callable[[str, int, int], None]:
    """Say how far a long step is, every few seconds."""
    said_at = time.monotonic()

    def report(what: str, done: int, there_are: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= SAY_EVERY_S:
            said_at = time.monotonic()
            say(f"… {what}: {done / max(there_are, 1):.0%}")

    return report
