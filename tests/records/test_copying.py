"""A store copied from SQLite to PostgreSQL and back is the same row for row; anything else is refused whole."""

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Text, cast, insert, inspect, select, text

from hocvu.records import Records, add_audit, add_person, add_unit, list_people, open_draft, open_records
from hocvu.records.columns import UtcTime
from hocvu.records.copying import STAMP, CopyRefused, copy_store, open_empty
from hocvu.records.tables import Base, Draft, Unit
from tests.postgresql import PostgreSQL

NOW = datetime(2026, 11, 24, 1, 2, 3, 456789, tzinfo=UTC)


def quiet(table: str, done: int, there_are: int) -> None:
    assert table in Base.metadata.tables and 0 < done <= there_are


def everything(records: Records) -> dict[str, list[str]]:
    """Table → its rows as text, sorted; JSON as the text in the database, so that NULL is not null."""
    found = {}
    with records.one_moment() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [cast(one, Text) if isinstance(one.type, JSON) else one for one in table.columns]
            found[table.name] = sorted(repr(tuple(row)) for row in connection.execute(select(*columns)))
    return found


def fill(records: Records) -> None:
    """A row in every table, two where a value may be missing or not; hostile texts, a child before its parent."""
    with records.session() as s:
        s.execute(text("DELETE FROM counters"))
        for table in Base.metadata.sorted_tables:
            for number, is_full in ((1, True), (2, False)):
                s.execute(insert(table).values({one.name: value(one, number, is_full) for one in table.columns}))
        s.execute(insert(Unit).values(id=90, code="P90", name="Cha", bloc="Phường"))
        s.execute(insert(Unit).values(id=80, code="P80", name="Con", bloc="Phường", parent_id=90))


CHOICES = {"scope": "portal", "kind": "final", "action": "withdraw", "state": "open", "share": 0.25}
TEXT = "Đặng Thị «Ánh»\t\\N\n\\. 'x' \"y\" 𝛼 e\u0301"


def value(column: Any, number: int, is_full: bool) -> Any:
    if column.nullable and not is_full:
        return None
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return None if key.column.table is column.table else value(key.column, number, is_full)
    if column.name in CHOICES and column.table.name not in ("roster_changes", "leaves", "exemptions", "people"):
        return CHOICES[column.name]
    if isinstance(column.type, UtcTime):
        return NOW.replace(day=number)
    kind: type = column.type.python_type if not isinstance(column.type, JSON) else dict
    size = getattr(column.type, "length", None)
    return {
        str: f"{number}{TEXT}"[:size] if not column.primary_key else f"k{number}",
        int: number + (1 << 40 if column.name in ("seed", "seq", "value") else 0),
        float: 0.1 + number,
        bool: is_full,
        bytes: bytes(range(256)),
        date: date(2027, 2, number),
        dict: {"Ánh": [number, 0.1, None, "\\u0000 là chữ", {"z": 1, "a": 2}]},
    }[kind]


def test_every_table_there_and_back(tmp_path: Path, postgresql: PostgreSQL) -> None:
    with closing(open_records(f"sqlite:///{tmp_path / 'a.db'}")) as first:
        fill(first)
        before = everything(first)
        assert all(before.values())
        with (
            closing(open_empty(postgresql.new_database())) as city,
            closing(open_empty(f"sqlite:///{tmp_path / 'b.db'}")) as home,
        ):
            there, back = copy_store(first, city, quiet), copy_store(city, home, quiet)
            assert there == back and {one.name: one.rows for one in there} == {k: len(v) for k, v in before.items()}
            assert everything(city) == before == everything(home)
            assert set(inspect(city.engine).get_table_names()) == {*before, STAMP}


def test_a_null_stays_a_null(tmp_path: Path) -> None:
    with (
        closing(open_records(f"sqlite:///{tmp_path / 'a.db'}")) as first,
        closing(open_empty(f"sqlite:///{tmp_path / 'b.db'}")) as second,
    ):
        with first.session() as s:
            person = add_person(s, staff_code="CB1", name="Ada", unit_id=add_unit(s, "P01", "Phường", "Phường").id)
            open_draft(s, person.id, "01-thu", make_seed=lambda no: no, now=NOW)
            s.execute(text("UPDATE drafts SET confidence = NULL, revisions = 'null'"))
        copy_store(first, second, quiet)
        with second.reading() as s:
            assert s.execute(text("SELECT confidence, revisions FROM drafts")).one() == (None, "null")
            assert s.scalars(select(Draft.confidence)).one() is None


def test_numbers_go_on_where_they_were(tmp_path: Path, postgresql: PostgreSQL) -> None:
    with (
        closing(open_records(f"sqlite:///{tmp_path / 'a.db'}")) as first,
        closing(open_empty(postgresql.new_database())) as city,
    ):
        with first.session() as s:
            for number in range(7):
                add_unit(s, f"P{number}", "Phường", "Phường")
                add_audit(s, "system", "test", {}, NOW)
        copy_store(first, city, quiet)
        with city.session() as s:
            assert add_unit(s, "P99", "Phường", "Phường").id == 8
            assert add_audit(s, "system", "test", {}, NOW).id == 8


def test_a_target_that_is_not_empty_is_refused_and_kept(office: Any, url: str) -> None:
    with pytest.raises(CopyRefused, match=r"people \(2 dòng\)"):
        open_empty(url)
    with office.records.reading() as s:
        assert len(list_people(s)) == 2


def test_a_database_of_another_system_is_refused(url: str) -> None:
    with closing(open_records(url)) as records, records.session() as s:
        s.execute(text("CREATE TABLE luong (id INTEGER)"))
    with pytest.raises(CopyRefused, match="luong"):
        open_empty(url)


def test_what_the_other_database_cannot_hold_leaves_it_empty(tmp_path: Path, postgresql: PostgreSQL) -> None:
    """PostgreSQL keeps lengths and takes no NUL; SQLite lets both pass."""
    for number, name in enumerate(("x" * 65, "a\0b")):
        target = postgresql.new_database()
        with (
            closing(open_records(f"sqlite:///{tmp_path / f'{number}.db'}")) as first,
            closing(open_empty(target)) as city,
        ):
            with first.session() as s:
                add_unit(s, "P01", "Phường", name)
            with pytest.raises(CopyRefused, match="Bảng units: "):
                copy_store(first, city, quiet)
        open_empty(target).close()


def test_what_others_write_meanwhile_is_not_copied_by_halves(tmp_path: Path) -> None:
    with (
        closing(open_records(f"sqlite:///{tmp_path / 'a.db'}")) as first,
        closing(open_empty(f"sqlite:///{tmp_path / 'b.db'}")) as second,
    ):
        with first.session() as s:
            add_unit(s, "P01", "Phường", "Phường")

        def meanwhile(table: str, done: int, there_are: int) -> None:
            with first.session() as s:
                add_audit(s, "system", f"while {table}", {}, NOW)
                add_unit(s, f"P-{table}", "Phường", "Phường")

        copied = {one.name: one.rows for one in copy_store(first, second, meanwhile)}
        assert copied["units"] == 1 and copied["audit"] == 0
