"""One warm process for all sandbox cheats, a fresh learner for each."""

from collections.abc import Iterator

import pytest

from hocvu.sandbox import Warm
from tests.attacks.story import GUEST, Learner
from tests.codegrading.story import Classroom


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with Warm(guest=GUEST) as warm:
        yield warm


@pytest.fixture
def learner(warm: Warm) -> Iterator[Learner]:
    with Learner(warm) as learner:
        yield learner


@pytest.fixture(scope="session")
def room() -> Iterator[Classroom]:
    """One grader of code notebooks for all cheats and for the honest work graded after each."""
    with Classroom() as room:
        yield room
