"""Putting a backup back into an empty place: killed at any moment, the place says so and can be restored again."""

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

from hocvu.backup.archive import Archive, open_archive
from hocvu.backup.making import sync_folder
from hocvu.backup.manifest import FILES, Manifest, course_prints, settings_to_remember
from hocvu.backup.renewal import RESTORED, renew
from hocvu.backup.sqlite_file import count_store, revision_of, settle, sqlite_path
from hocvu.errors import HocvuError
from hocvu.records import list_audit, open_records
from hocvu.records.copying import Report, copy_store, open_empty
from hocvu.records.store import connect_records, known_revisions
from hocvu.settings import QUEUE_FILE, RESTORING, SECRET_FILE, STORE_FILE, Settings

READY = "ready"  # in the folder of the restore: everything beside it is checked; from here on only moved into place
DONE = "restoring.done"
LOCK = "restore.lock"
SPARE_BYTES = 64 << 20


class RestoreRefused(HocvuError):
    """Nothing was restored; the message says why and what to do."""

    code = "restore_refused"


@dataclass(frozen=True)
class Restored:
    """What is there now. notes: what the person should know, in Vietnamese."""

    manifest: Manifest
    sha256: str
    notes: tuple[str, ...]


def check_backup(path: Path, report: Report) -> Restored:
    """Read a whole backup and check it, without putting it anywhere. Raises BadBackup, RestoreRefused."""
    with open_archive(path) as archive:
        _refuse_newer(archive.manifest)
        archive.unpack(None, report)
        return Restored(archive.manifest, archive.sha256, ())


def restore_backup(settings: Settings, path: Path, now: datetime, report: Report) -> Restored:
    """Put a backup into the empty `var`, and into the empty database that the settings name.

    Raises BadBackup, RestoreRefused, CopyRefused. What broke off is done again, or finished, by the same call.
    """
    try:
        with open_archive(path) as archive, _only_one(settings.var):
            _refuse_newer(archive.manifest)
            folder = settings.var / RESTORING
            if not _is_ready(folder, archive.sha256):
                _prepare(settings, archive, folder, now, report)
            _put_in_place(settings, folder, archive.sha256, report)
            return Restored(archive.manifest, archive.sha256, _notes(settings, archive.manifest))
    except (OSError, SQLAlchemyError, sqlite3.Error) as error:
        raise RestoreRefused(
            f"{settings.var}: chưa phục hồi được ({getattr(error, 'orig', error)}). Khắc phục rồi chạy lại lệnh này."
        ) from error


def _refuse_newer(manifest: Manifest) -> None:
    if manifest.schema not in known_revisions():
        raise RestoreRefused(
            f"Bản sao lưu có lược đồ {manifest.schema} của hocvu {manifest.hocvu}, mới hơn bản đang cài "
            f"({known_revisions()[0]}). Anh/chị cài đúng bản hocvu ấy hoặc mới hơn rồi phục hồi."
        )


def _is_ready(folder: Path, sha256: str) -> bool:
    """Whether an earlier call got as far as moving things into place. Raises RestoreRefused if it was another file."""
    try:
        ready = (folder / READY).read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    if ready != sha256:
        raise RestoreRefused(
            f"{folder}: đang phục hồi dở một bản sao lưu khác (bản kê có mã {ready}). "
            "Chạy lại với đúng tệp ấy, hoặc phục hồi vào một thư mục HOCVU_VAR khác."
        )
    return True


def _prepare(settings: Settings, archive: Archive, folder: Path, now: datetime, report: Report) -> None:
    """Put everything into a folder of its own: checked, migrated, renewed. Nothing in it is used before that."""
    if folder.exists():  # a call that was killed before anything left it
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    try:
        _refuse_full_place(settings)
        _refuse_small_disk(settings.var, archive.manifest)
        archive.unpack(folder, report)
        _check_counts(folder / STORE_FILE, archive.manifest)
        records = open_records(f"sqlite:///{folder.resolve() / STORE_FILE}")  # migrates
        try:
            with records.session() as s:
                renew(s, archive.sha256, archive.manifest.made_at, now)
        finally:
            records.close()
        settle(folder / STORE_FILE)
        if sqlite_path(settings.store_url) is None:
            (folder / QUEUE_FILE).unlink(missing_ok=True)  # PostgreSQL has its own, filled again from the store
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _write_synced(folder / READY, archive.sha256)
    sync_folder(folder)


def _put_in_place(settings: Settings, folder: Path, sha256: str, report: Report) -> None:
    """Move what is ready into place, the store last. Whatever was done before is not done again."""
    store = sqlite_path(settings.store_url)
    for name in FILES:
        if name != STORE_FILE:
            _move(folder / name, settings.var / name)
    if store is None:
        _fill_database(settings.store_url, folder / STORE_FILE, sha256, report)
    else:
        _move(folder / STORE_FILE, store)
        sync_folder(store.parent)
    sync_folder(settings.var)
    done = settings.var / DONE
    shutil.rmtree(done, ignore_errors=True)
    folder.rename(done)  # from here on the place is whole
    sync_folder(settings.var)
    shutil.rmtree(done, ignore_errors=True)


def _move(source: Path, target: Path) -> None:
    """Never over a file that is there, unless it is the very same one: the last call was killed between the steps."""
    if not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.stat().st_dev != target.parent.stat().st_dev:  # a database file on another disk
        part = target.with_name(f"{target.name}.part")
        shutil.copyfile(source, part)
        settle(part)
        part.rename(target)
    elif not (target.exists() and target.samefile(source)):
        os.link(source, target)
    source.unlink()


def _fill_database(url: str, store: Path, sha256: str, report: Report) -> None:
    """Copy the store into an empty PostgreSQL, in one transaction that also says which backup it was."""
    if _holds(url, sha256):
        return
    source, target = connect_records(f"sqlite:///{store.resolve()}"), open_empty(url)
    try:
        copy_store(source, target, lambda table, done, all_: report(f"chép bảng {table}", done, all_))
    finally:
        source.close()
        target.close()


def _holds(url: str, sha256: str) -> bool:
    """Whether this very backup is in the database: the last call was killed after the copy."""
    records = connect_records(url)
    try:
        if records.revision != known_revisions()[0]:
            return False
        with records.reading() as s:
            return any(entry.detail.get("manifest") == sha256 for entry in list_audit(s, action=RESTORED))
    finally:
        records.close()


def _refuse_full_place(settings: Settings) -> None:
    store = sqlite_path(settings.store_url)
    names = [settings.var / name for name in FILES]
    if store is None:
        open_empty(settings.store_url).close()
    else:
        names.append(store)
    beside = [path.with_name(f"{path.name}{ending}") for path in names for ending in ("-wal", "-shm", "-journal")]
    found = sorted({str(path) for path in (*names, *beside) if path.exists() or path.is_symlink()})
    if found:
        raise RestoreRefused(
            f"Chỗ này không trống, đã có: {', '.join(found)}. Chưa động vào gì. "
            "Chuyển các tệp ấy đi nơi khác, hoặc đặt HOCVU_VAR là một thư mục trống."
        )


def _refuse_small_disk(var: Path, manifest: Manifest) -> None:
    needed, free = manifest.total_bytes + SPARE_BYTES, shutil.disk_usage(var).free
    if free < needed:
        raise RestoreRefused(f"{var}: còn trống {free / 1e6:.0f} MB, cần {needed / 1e6:.0f} MB. Chưa phục hồi gì.")


def _check_counts(store: Path, manifest: Manifest) -> None:
    found, schema = count_store(store), revision_of(store)
    if found != dict(manifest.counts) or schema != manifest.schema:
        raise RestoreRefused(
            f"Cơ sở dữ liệu trong bản sao lưu có {found}, lược đồ {schema}; bản kê ghi {dict(manifest.counts)}, "
            f"lược đồ {manifest.schema}. Không phục hồi: dùng một bản sao lưu khác."
        )


def _notes(settings: Settings, manifest: Manifest) -> tuple[str, ...]:
    notes = []
    here = settings_to_remember(settings)
    if other := {name: value for name, value in manifest.settings.items() if here.get(name) != value}:
        notes.append(
            f"Cài đặt lúc sao lưu khác ở đây: {', '.join(f'{name}={value}' for name, value in other.items())}."
        )
    prints = course_prints(settings.root)
    if course := sorted(path for path, sha256 in manifest.course.items() if prints.get(path) != sha256):
        notes.append(f"Nội dung khóa học khác lúc sao lưu hoặc thiếu: {', '.join(course)}.")
    if settings.secret_hex and settings.secret_hex != (settings.var / SECRET_FILE).read_text(encoding="ascii"):
        notes.append("HOCVU_SECRET_HEX khác khóa trong bản sao lưu: các mã kích hoạt chưa dùng không còn hiệu lực.")
    return tuple(notes)


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    with (var / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RestoreRefused(f"{var}: một lệnh phục hồi khác đang chạy ở đây.") from error
        yield


def _write_synced(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
