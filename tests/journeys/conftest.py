"""Journeys run against a real site in a process of its own, worker inside, as `make run` starts it."""

import pytest

from tests.journeys import site as sites
from tests.journeys import walks


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with sites.running(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def missed():
    """Collections nobody has reported yet, one for each that asks."""
    return iter(walks.missed_collections())


@pytest.fixture
def look(check_axe):
    """Look at a page: it is no wider than the screen, and axe finds nothing."""

    def look(page):
        check_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url

    return look
