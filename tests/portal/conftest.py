"""One world per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal.world import World


@pytest.fixture
def world(tmp_path: Path, root: Path) -> Iterator[World]:
    with World(tmp_path, root) as world:
        yield world
