"""Making a backup while the portal runs: copies of one moment, then one file that appears whole or not at all."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

import hocvu
from hocvu.backup.archive import write_archive
from hocvu.backup.manifest import (
    FILES,
    FORMAT,
    FileEntry,
    Manifest,
    course_prints,
    settings_to_remember,
    sha256_of,
)
from hocvu.backup.sqlite_file import DamagedStore, copy_sqlite, count_store, revision_of, settle, sqlite_path
from hocvu.errors import HocvuError
from hocvu.records import open_records
from hocvu.records.copying import Report, copy_store
from hocvu.records.store import connect_records
from hocvu.settings import QUEUE_FILE, SECRET_FILE, STORE_FILE, Settings
from hocvu.signing import KEY_FILE

PART = ".hocvu-part"  # ending of the folder, beside the backup, in which it is made
SPARE_BYTES = 64 << 20  # left to the portal on the disk, whatever the copy takes
REBUILT = {"site", "cache", "library"}  # in `var`, made again by `make site`


class BackupFailed(HocvuError):
    """No backup was made; the message says why and what to do."""

    code = "backup_failed"


@dataclass(frozen=True)
class Made:
    """A finished backup. sha256: of its manifest. left_out: names in `var` that nobody says anything about."""

    manifest: Manifest
    sha256: str
    size_bytes: int
    left_out: tuple[str, ...]


def make_backup(settings: Settings, path: Path, now: datetime, report: Report) -> Made:
    """Write the backup to `path`, which must not exist. Raises BackupFailed, DamagedStore, RestoreUnfinished."""
    _refuse(settings, path)
    try:
        with _workshop(path) as folder:
            _collect(settings, folder, report)
            manifest = _describe(settings, folder, now)
            sha256 = write_archive(folder / "archive", manifest, folder, report)
            (folder / "archive").rename(path)
            sync_folder(path.parent)
    except sqlite3.OperationalError as error:
        raise BackupFailed(_no_room(path, str(error))) from error
    except sqlite3.DatabaseError as error:
        raise DamagedStore(
            f"{settings.var}: SQLite không đọc được cơ sở dữ liệu ({error}). Chưa sao lưu gì."
        ) from error
    except SQLAlchemyError as error:
        raise BackupFailed(
            f"Cơ sở dữ liệu không trả lời ({getattr(error, 'orig', error)}). Chưa sao lưu gì."
        ) from error
    except OSError as error:
        raise BackupFailed(_no_room(error.filename or path, str(error.strerror))) from error
    return Made(manifest, sha256, path.stat().st_size, _unknown(settings.var))


def sync_folder(folder: Path) -> None:
    """Let what was renamed in a folder survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse(settings: Settings, path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise BackupFailed(f"{path}: đã có tệp này, không ghi đè. Anh/chị chọn tên khác, ví dụ thêm ngày và giờ.")
    if not path.parent.is_dir():
        raise BackupFailed(f"{path.parent}: không có thư mục này.")
    if not settings.secret_hex and not (settings.var / SECRET_FILE).is_file():
        raise BackupFailed(f"{settings.var}: không có tệp {SECRET_FILE} của cổng học. Kiểm tra HOCVU_VAR.")
    store = sqlite_path(settings.database)
    if store is None:
        return  # PostgreSQL: only the copying tells how much it is
    if not store.is_file():
        raise BackupFailed(f"{store}: không có cơ sở dữ liệu ở đây. Kiểm tra HOCVU_VAR và HOCVU_DATABASE_URL.")
    sizes = [one.stat().st_size for one in (store, store.with_name(f"{store.name}-wal")) if one.is_file()]
    needed, free = 2 * sum(sizes) + SPARE_BYTES, shutil.disk_usage(path.parent).free
    if free < needed:
        raise BackupFailed(
            f"{path.parent}: còn trống {_megabytes(free)}, cần khoảng {_megabytes(needed)}. "
            "Chưa sao lưu gì: giải phóng dung lượng hoặc chọn đĩa khác."
        )


def _collect(settings: Settings, folder: Path, report: Report) -> None:
    """Put a copy of everything into `folder`.

    The queue comes before the store: a job that the queue calls done is graded in the store. The keys come after
    it: whatever the store says was signed, the key that signed it was there before.
    """
    store = sqlite_path(settings.database)
    queue = settings.var / QUEUE_FILE
    if store is not None and queue.is_file():
        copy_sqlite(queue, folder / QUEUE_FILE, lambda done, all_: report("chép hàng chờ chấm", done, all_))
    if store is None:
        _copy_postgresql(settings.database, folder / STORE_FILE, report)
    else:
        copy_sqlite(store, folder / STORE_FILE, lambda done, all_: report("chép cơ sở dữ liệu", done, all_))
    _write_private(folder / SECRET_FILE, settings.read_secret().hex())
    key = settings.var / KEY_FILE
    if key.is_file():
        _write_private(folder / KEY_FILE, key.read_text(encoding="ascii"))


def _copy_postgresql(url: str, target: Path, report: Report) -> None:
    source, copy = connect_records(url), open_records(f"sqlite:///{target}")
    try:
        copy_store(source, copy, lambda table, done, all_: report(f"chép bảng {table}", done, all_))
    finally:
        source.close()
        copy.close()
    settle(target)


def _describe(settings: Settings, folder: Path, now: datetime) -> Manifest:
    names = [name for name in FILES if (folder / name).is_file()]
    schema = revision_of(folder / STORE_FILE)
    if not schema:
        raise BackupFailed(f"{settings.var}: cơ sở dữ liệu này không phải của hocvu, hoặc cổng học chưa chạy lần nào.")
    counts = count_store(folder / STORE_FILE)
    if counts.get("frozen_years") and KEY_FILE not in names:
        raise BackupFailed(f"{settings.var}: có kỳ đã chốt mà không có {KEY_FILE}. Kiểm tra HOCVU_VAR.")
    return Manifest(
        format=FORMAT,
        made_at=now.isoformat(timespec="seconds"),
        hocvu=hocvu.__version__,
        database="postgresql" if sqlite_path(settings.database) is None else "sqlite",
        schema=schema,
        counts=counts,
        files=tuple(FileEntry(one, (folder / one).stat().st_size, sha256_of(folder / one)) for one in names),
        settings=settings_to_remember(settings),
        course=course_prints(settings.root),
    )


@contextmanager
def _workshop(path: Path) -> Iterator[Path]:
    """A folder beside the backup for its parts, gone afterwards. What a killed backup left there is removed first."""
    for left_over in path.parent.glob(f".*{PART}"):
        with _owned(left_over) as is_ours:
            if is_ours:
                shutil.rmtree(left_over)
    folder = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    folder.mkdir(mode=0o700)
    try:
        with _owned(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _owned(folder: Path) -> Iterator[bool]:
    """Hold a folder's lock, which a killed process lets go; False if a living one has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def _unknown(var: Path) -> tuple[str, ...]:
    """Names in `var` that are neither in a backup nor known to be made again: somebody should look at them."""
    names = {path.name for path in var.iterdir()} if var.is_dir() else set()
    beside = {f"{name}{ending}" for name in (STORE_FILE, QUEUE_FILE) for ending in ("-wal", "-shm", "-journal")}
    known = {*FILES, *REBUILT, *beside}
    return tuple(sorted(name for name in names - known if not name.endswith((".lock", PART))))


def _no_room(path: Path, said: str) -> str:
    return (
        f"{path}: không đọc hoặc không ghi được ({said}), thường vì đĩa đã đầy. "
        "Chưa có bản sao lưu nào, phần làm dở đã xóa. Anh/chị giải phóng dung lượng hoặc chọn đĩa khác rồi chạy lại."
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
