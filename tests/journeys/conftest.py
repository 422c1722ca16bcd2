"""Journeys run against a real site in a process of its own, worker inside, as `make run` starts it."""

import pytest

from tests.journeys import site as sites


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with sites.running(tmp_path_factory.mktemp("site")) as running:
        yield running
