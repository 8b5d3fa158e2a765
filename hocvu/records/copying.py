"""Copying a whole store into an empty one, SQLite or PostgreSQL, and proving that every row arrived as it was."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import JSON, Connection, Table, Text, cast, column, func, insert, inspect, select, table, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from hocvu.errors import HocvuError
from hocvu.records.store import Records, connect_records, known_revisions, open_records
from hocvu.records.tables import Base, Counter

Row = tuple[Any, ...]
Report = Callable[[str, int, int], None]  # what is being done, how far, of how much

CHUNK = 2000  # rows a statement
STAMP = "alembic_version"


class CopyRefused(HocvuError):
    """The copy was not begun, or was taken back whole; the message says why and what to do."""

    code = "copy_refused"


@dataclass(frozen=True)
class CopiedTable:
    """A table that is the same on both sides. sha256: of its rows, in whatever order."""

    name: str
    rows: int
    sha256: str


def open_empty(url: str) -> Records:
    """Return the store at `url`, made or migrated, that holds nothing yet. Raises CopyRefused otherwise."""
    try:
        records = connect_records(url)
        try:
            _refuse_strangers(records)
        finally:
            records.close()
        records = open_records(url)
    except ArgumentError as error:
        raise CopyRefused(
            "Địa chỉ cơ sở dữ liệu đích không đúng dạng. Ví dụ: postgresql+psycopg://hocvu@10.0.0.9/hocvu"
        ) from error
    except OperationalError as error:
        raise CopyRefused(f"Không mở được cơ sở dữ liệu đích: {error.orig}. Chưa chép gì.") from error
    try:
        _refuse_rows(records)
    except BaseException:
        records.close()
        raise
    return records


def copy_store(source: Records, target: Records, report: Report) -> tuple[CopiedTable, ...]:
    """Copy every table as it is at one moment into the empty `target`, in one transaction: all of it or nothing.

    Raises CopyRefused, also when what arrived is not what was sent.
    """
    for records, side in ((source, "nguồn"), (target, "đích")):
        if records.revision != known_revisions()[0]:
            raise CopyRefused(
                f"Cơ sở dữ liệu {side} có lược đồ {records.revision}, bản hocvu này cần {known_revisions()[0]}. "
                "Anh/chị khởi động cổng học bằng bản này một lần để nâng cấp, rồi chạy lại."
            )
    with source.one_moment() as reading, target.session() as s:
        writing = s.connection()
        writing.execute(Base.metadata.tables[Counter.__tablename__].delete())  # rows that migrations put in
        copied = tuple(_copy_table(reading, writing, each, report) for each in Base.metadata.sorted_tables)
        _set_sequences(writing)
    return copied


def count_rows(connection: Connection, each: Table) -> int:
    return connection.execute(select(func.count()).select_from(each)).scalar_one()


def _copy_table(reading: Connection, writing: Connection, each: Table, report: Report) -> CopiedTable:
    there_are, sums = count_rows(reading, each), _RowSum()
    try:
        for rows in _parents_first(each, _read(reading, each)):
            sums.add(rows)
            _write(writing, each, rows)
            report(each.name, sums.rows, there_are)
        arrived = _RowSum()
        for rows in _read(writing, each):
            arrived.add(rows)
    except (DBAPIError, psycopg.Error) as error:  # COPY goes past SQLAlchemy
        said = str(getattr(error, "orig", error)).strip()
        raise CopyRefused(f"Bảng {each.name}: {said}. Đích được giữ trống như trước.") from error
    if (arrived.rows, arrived.sha256) != (there_are, sums.sha256):
        raise CopyRefused(
            f"Bảng {each.name}: nguồn có {there_are} dòng, mã {sums.sha256[:12]}; đích có {arrived.rows} dòng, "
            f"mã {arrived.sha256[:12]}. Đích được giữ trống như trước."
        )
    return CopiedTable(each.name, there_are, arrived.sha256)


class _RowSum:
    """Number and checksum of rows, the same in whatever order they come: each database sorts texts its own way."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            line = _LINES.encode(row).encode("utf-8", "surrogatepass")
            self._sum += int.from_bytes(hashlib.sha256(line).digest())
            self.rows += 1

    @property
    def sha256(self) -> str:
        return f"{self._sum % (1 << 256):064x}"


def _plain(value: Any) -> str:
    """Dates and times as ISO text, bytes as hex."""
    return value.hex() if isinstance(value, bytes) else str(value.isoformat())


_LINES = json.JSONEncoder(ensure_ascii=False, default=_plain)


def _read(connection: Connection, each: Table) -> Iterator[list[Row]]:
    """Yield all rows. JSON comes as the text that it is: taken apart, a NULL and a null would look the same."""
    columns = [cast(one, Text) if isinstance(one.type, JSON) else one for one in each.columns]
    rows = connection.execute(select(*columns), execution_options={"stream_results": True, "yield_per": CHUNK})
    for part in rows.partitions():
        yield [tuple(row) for row in part]


def _write(connection: Connection, each: Table, rows: list[Row]) -> None:
    names = [one.name for one in each.columns]
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.dbapi_connection
        listed = ", ".join(f'"{name}"' for name in names)
        with driver.cursor() as cursor, cursor.copy(f'COPY "{each.name}" ({listed}) FROM STDIN') as stream:
            for row in rows:
                stream.write_row(row)
        return
    plain = table(each.name, *(column(one.name, _as_text(one.type)) for one in each.columns))
    connection.execute(insert(plain), [dict(zip(names, row, strict=True)) for row in rows])


def _as_text(kind: Any) -> Any:
    return Text() if isinstance(kind, JSON) else kind


def _parents_first(each: Table, parts: Iterator[list[Row]]) -> Iterator[list[Row]]:
    """Let rows that name rows of their own table come after those; only such tables (units) are held at once."""
    own = [key for key in each.foreign_keys if key.column.table is each]
    if not own:
        yield from parts
        return
    (link,) = own
    here, there = list(each.columns).index(link.parent), list(each.columns).index(link.column)
    waiting = [row for part in parts for row in part]
    placed: set[Any] = {None}
    while waiting:
        ready = [row for row in waiting if row[here] in placed]
        if not ready:
            raise CopyRefused(f"Bảng {each.name}: các dòng nằm trong vòng, ví dụ {waiting[0][there]!r}.")
        placed.update(row[there] for row in ready)
        waiting = [row for row in waiting if row[there] not in placed]
        yield ready


def _set_sequences(connection: Connection) -> None:
    """Let PostgreSQL number on after the largest number that came; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for each in Base.metadata.sorted_tables:
        number = each.autoincrement_column
        if number is not None:
            largest = connection.execute(select(func.max(number))).scalar()
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, :number), :largest, :used)"),
                {"name": each.name, "number": number.name, "largest": largest or 1, "used": largest is not None},
            )


def _refuse_strangers(records: Records) -> None:
    known = {*Base.metadata.tables, STAMP}
    strangers = sorted(set(inspect(records.engine).get_table_names()) - known)
    if strangers:
        raise CopyRefused(
            f"Cơ sở dữ liệu đích có bảng của hệ thống khác: {', '.join(strangers)}. Dùng một cơ sở trống."
        )
    if records.revision not in (None, *known_revisions()):
        raise CopyRefused(
            f"Cơ sở dữ liệu đích có lược đồ {records.revision} của bản hocvu mới hơn. Dùng một cơ sở trống."
        )


def _refuse_rows(records: Records) -> None:
    with records.one_moment() as connection:
        counts = {each.name: count_rows(connection, each) for each in Base.metadata.sorted_tables}
    found = [f"{name} ({rows} dòng)" for name, rows in counts.items() if rows and name != Counter.__tablename__]
    if found:
        raise CopyRefused(f"Cơ sở dữ liệu đích không trống: {', '.join(found)}. Dùng một cơ sở trống; chưa chép gì.")
