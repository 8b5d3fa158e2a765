"""One city per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.year.city import City


@pytest.fixture
def city(tmp_path: Path, root: Path) -> Iterator[City]:
    city = City(tmp_path, root)
    yield city
    city.records.close()
