"""What every test may use: the course root, and a PATH on which nbgrader finds its own commands."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import PostgreSQL

ROOT = Path(__file__).parent.parent
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write the golden files anew; read the difference")


@pytest.fixture(scope="session")
def root() -> Path:
    """The course root: the checkout itself."""
    return ROOT


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server, started by the first test that asks for it."""
    with PostgreSQL() as server:
        yield server
