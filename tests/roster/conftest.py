"""One town per test, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hocvu.records import open_records
from tests.roster.town import Town


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'records.db'}"
    else:
        url = str(request.getfixturevalue("postgresql").new_database())
    records = open_records(url)
    yield Town(records)
    records.close()
