"""Opening the store: migrations equal models, processes and threads get along, nothing half-written stays."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from hocvu.records import Attempt, AuditEntry, Records, add_audit, add_unit, find_attempt, list_audit, list_units
from hocvu.records.tables import Base

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OPEN = "import sys; from hocvu.records import open_records; open_records(sys.argv[1]).close()"


def test_migrations_make_exactly_the_tables_of_the_models(records: Records) -> None:
    with records.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_processes_may_open_a_new_store_at_once(url: str) -> None:
    starting = [subprocess.Popen([sys.executable, "-c", OPEN, url]) for _ in range(2)]
    assert [process.wait(timeout=60) for process in starting] == [0, 0]


def test_threads_write_without_finding_the_database_locked(records: Records) -> None:
    def read_then_write(number: int) -> None:
        with records.session(durable=False) as s:
            count = len(list_audit(s, limit=1000))  # a read first: where late locks would fail
            add_audit(s, "system", "test", {"number": number, "before": count}, NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read_then_write, range(40)))
    with records.reading() as s:
        assert sorted(entry.detail["number"] for entry in list_audit(s)) == list(range(40))


def test_an_exception_leaves_nothing_behind(records: Records) -> None:
    with pytest.raises(RuntimeError), records.session() as s:
        add_unit(s, "P01", "Phường", "Phường")
        raise RuntimeError
    with records.reading() as s:
        assert list_units(s) == []


def test_sqlite_keeps_foreign_keys_and_waits_for_locks(records: Records) -> None:
    if records.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own switches")
    with records.engine.connect() as connection:
        switches = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in PRAGMAS}
    assert switches == PRAGMAS


PRAGMAS = {"foreign_keys": 1, "journal_mode": "wal", "busy_timeout": 10_000}


def test_times_come_back_aware_and_naive_ones_are_refused(records: Records) -> None:
    with records.session() as s:
        add_audit(s, "system", "test", {}, NOW)
    with records.reading() as s:
        assert list_audit(s)[0].at == NOW
        assert list_audit(s)[0].at.tzinfo is not None
    with pytest.raises(Exception, match="no time zone"), records.session() as s:
        add_audit(s, "system", "test", {}, NOW.replace(tzinfo=None))


def test_an_attempt_cannot_be_rewritten(office: Any) -> None:
    attempt, _ = office.submits("Ada", {"1-1": "a"})
    for change in ({"answers": {"1-1": "b"}}, {"sha256": "0" * 64}, {"seed": 1}):
        with pytest.raises(DBAPIError, match="kept as written"), office.records.session() as s:
            s.execute(update(Attempt).where(Attempt.id == attempt.id).values(**change))
    with office.records.reading() as s:
        assert find_attempt(s, attempt.id).answers == {"1-1": "a"}


def test_the_audit_log_only_grows(records: Records) -> None:
    with records.session() as s:
        add_audit(s, "token:1", "scores.list", {"after": 0}, NOW)
    with pytest.raises(DBAPIError, match="kept as written"), records.session() as s:
        s.execute(update(AuditEntry).values(actor="nobody"))
    with pytest.raises(DBAPIError, match="kept as written"), records.session() as s:
        s.execute(text("DELETE FROM audit"))
