"""One Chromium for all browser tests; it is gone before others begin, for its driver keeps an event loop running."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest_site import open_chromium


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser
