"""One city per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.books import Ledger
from tests.ledger.school import School


@pytest.fixture
def books(tmp_path: Path, root: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path, root) as books:
        yield books


@pytest.fixture
def school(tmp_path: Path, root: Path) -> Iterator[School]:
    with School(tmp_path, root) as school:
        yield school
