"""One warm process for the tests of sessions."""

from collections.abc import Iterator

import pytest

from hocvu.sandbox import Warm
from tests.attacks.story import GUEST


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with Warm(guest=GUEST) as warm:
        yield warm
