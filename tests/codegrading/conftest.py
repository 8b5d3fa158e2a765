"""One light grader (standard library and numpy) for the stories about graded notebooks."""

from collections.abc import Iterator

import pytest

from tests.codegrading.story import Classroom


@pytest.fixture(scope="session")
def room() -> Iterator[Classroom]:
    with Classroom() as room:
        yield room
