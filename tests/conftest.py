"""What every test may use: the course root, and a PATH on which nbgrader finds its own commands."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


@pytest.fixture(scope="session")
def root() -> Path:
    """The course root: the checkout itself."""
    return ROOT
