"""One Chromium for all browser tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest_site import open_chromium


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser
