"""A council with services, at noon on a Tuesday."""

import pytest

from vestry import kernel
from vestry.channels.public import catalogue, journeys, saving
from vestry.channels.public.tests.visitor import Visitor
from vestry.documents.tests.made import scanners
from vestry.services.tests.services_to_try import TUESDAY_NOON, furnish


@pytest.fixture
def noon(monkeypatch):
    """The clock at the edge stands still, so that it is always the day after the collection."""
    for module in (catalogue, journeys, saving):
        monkeypatch.setattr(module, "utc_now", lambda: TUESDAY_NOON)


@pytest.fixture
def scanner(monkeypatch):
    """A virus scanner that knows the test virus."""
    found = scanners.FakeScanner()
    monkeypatch.setitem(kernel._plugs, "documents.scan", lambda: found)
    return found


@pytest.fixture
def open_council(council, noon):
    furnish()
    return council


@pytest.fixture
def visitor(open_council):
    return Visitor()
