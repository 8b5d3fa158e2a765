"""Opening the store: SQLite (WAL) or PostgreSQL, migrated to the newest schema, safe from threads and processes."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, make_url, text
from sqlalchemy.orm import Session

BUSY_TIMEOUT_S = 10
MIGRATION_LOCK = 20_270_001  # PostgreSQL advisory lock: any constant that nothing else in the database uses


class Records:
    """The open store. session() writes, reading() only reads; both may be used from any thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(hocvu_mode="durable")
        self._quick_writer = engine.execution_options(hocvu_mode="quick")

    @contextmanager
    def session(self, *, durable: bool = True) -> Iterator[Session]:
        """A writing session: commits at the end, rolls back on an exception.

        durable: the commit is on disk before it returns, as attempts need; False is for drafts, which survive a
        kill of the process but may lose their last moments in a power failure.
        """
        engine = self._writer if durable else self._quick_writer
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A reading session: changes are not kept. On SQLite it sees one moment and never waits for writers."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def one_moment(self) -> Iterator[Connection]:
        """A reading connection that sees one moment, however long it reads. Nobody waits for it."""
        is_postgresql = self.engine.dialect.name == "postgresql"
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ") if is_postgresql else self.engine
        with engine.connect() as connection:
            yield connection

    @property
    def revision(self) -> str | None:
        """The schema that the store has now; None: no tables of ours."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def close(self) -> None:
        self.engine.dispose()


def open_records(url: str) -> Records:
    """Return the store at `url` (SQLAlchemy URL), created or migrated to the newest schema.

    Two processes may start at once: one migrates while the other waits.
    """
    engine = _create_engine(url)
    records = Records(engine)
    try:
        _migrate(records)
    except BaseException:
        engine.dispose()
        raise
    return records


def connect_records(url: str) -> Records:
    """Return the store at `url` as it is, whatever its schema: nothing is migrated."""
    return Records(_create_engine(url))


def known_revisions() -> tuple[str, ...]:
    """Return every schema that this version can migrate from, the newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions())


def alembic_config() -> Config:
    """Alembic's configuration, without an ini file: migrations travel inside the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _migrate(records: Records) -> None:
    config = alembic_config()
    head = ScriptDirectory.from_config(config).get_current_head()
    with records.engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
    with records._writer.begin() as connection:  # one transaction: BEGIN IMMEDIATE, or the advisory lock, queues us
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _create_engine(url: str) -> Engine:
    parsed = make_url(url)
    options: dict[str, Any] = {"json_serializer": _dump_json}
    if parsed.get_backend_name() == "sqlite":
        options["connect_args"] = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
        if parsed.database in (None, "", ":memory:"):
            options["poolclass"] = StaticPool  # one connection: for tests in one thread
        else:
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    else:
        options["pool_pre_ping"] = True  # after a restart of the database the next request simply works
    engine = create_engine(url, **options)
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _dump_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own starts too late
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
    _use_wal(cursor)
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Turn WAL on. busy_timeout does not cover this step: two processes that open a new file at once must wait here."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("hocvu_mode")
    if mode is None:
        connection.exec_driver_sql("BEGIN")
        return
    # Only outside a transaction does SQLite take a new value of synchronous.
    connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if mode == 'durable' else 'NORMAL'}")
    # A writer takes the lock at once: upgrading a read later fails with "database is locked" without waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("hocvu_mode") == "quick":
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
