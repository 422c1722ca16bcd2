"""A scanner and a store for tests, plugged in."""

import pytest

from vestry import kernel
from vestry.documents.tests.made import scanners, stores


@pytest.fixture
def plugged(monkeypatch):
    """Plug an adapter into a port for one test."""

    def plug(name, adapter):
        monkeypatch.setitem(kernel._plugs, name, lambda: adapter)
        return adapter

    return plug


@pytest.fixture
def scanner(plugged):
    return plugged("documents.scan", scanners.FakeScanner())


@pytest.fixture
def store(plugged):
    return plugged("documents.store", stores.FakeStore())
