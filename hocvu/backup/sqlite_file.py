"""SQLite files: a copy of one moment while others write, and what a copy holds."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from hocvu.errors import HocvuError

STEP_PAGES = 2048  # copied between two reports: 8 MB
COUNTED = {
    "people": "SELECT count(*) FROM people",
    "attempts": "SELECT count(*) FROM attempts",
    "results": "SELECT count(*) FROM results",
    "frozen_years": "SELECT count(*) FROM snapshots WHERE kind = 'final'",
}


class DamagedStore(HocvuError):
    """SQLite finds its own file broken."""

    code = "damaged_store"


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite URL; None for another database."""
    parsed = make_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def copy_sqlite(source: Path, target: Path, report: Callable[[int, int], None]) -> None:
    """Copy the database as it is at one moment; those who write go on writing. Raises DamagedStore.

    The open read keeps the moment (WAL): without it every write of another process would begin the copy anew.
    """
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as reading,
        closing(sqlite3.connect(target, isolation_level=None)) as writing,
    ):
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        writing.execute("PRAGMA synchronous = OFF")  # on the disk before the archive is renamed, not at each step
        reading.backup(writing, pages=STEP_PAGES, progress=lambda _, left, total: report(total - left, total))
    settle(target)
    _check(target)


def settle(path: Path) -> None:
    """Leave one plain file, without -wal and -shm beside it, safe on the disk."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def count_store(path: Path) -> dict[str, int]:
    """Return what the manifest says a store holds; older schemas had no frozen years."""
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        counted = {key: query for key, query in COUNTED.items() if key != "frozen_years" or "snapshots" in tables}
        return {key: connection.execute(query).fetchone()[0] for key, query in counted.items()}


def revision_of(path: Path) -> str:
    """Return the schema of a store's file, "" if it is no store of ours."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return ""
    return str(row[0]) if row else ""


def _check(path: Path) -> None:
    """A copy of a broken database is no backup: better told today than on the day it is needed."""
    with closing(sqlite3.connect(path)) as connection:
        (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise DamagedStore(
            f"{path.name}: cơ sở dữ liệu bị hỏng ({said}). Giữ nguyên tệp, tìm bản sao lưu tốt gần nhất."
        )
