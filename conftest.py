"""What every test may ask for: two councils, so that a leak between them would show."""

import pytest


def _establish(slug, name, *hosts):
    from vestry.councils import api as councils

    return councils.establish(slug=slug, name=name, hosts=hosts, contact_email=f"hello@{slug}.example")


@pytest.fixture
def council(db):
    """Harrowmere, whose scope the test runs in; its host is the test client's own."""
    from vestry.councils import api as councils

    harrowmere = _establish("harrowmere", "Harrowmere District Council", "testserver", "harrowmere.localhost")
    with councils.scope(harrowmere):
        yield harrowmere


@pytest.fixture
def other_council(db):
    """Saltmarsh, next door."""
    return _establish("saltmarsh", "Saltmarsh Borough Council", "saltmarsh.localhost")
