import pytest
from django.core.cache import cache
from django.test import Client

from vestry.channels.desk import case, inbox, parked, search, tasks, together, work
from vestry.channels.desk.tests.pages import submit
from vestry.people.tests.officers import put_everybody, sign_in
from vestry.services.tests.services_to_try import TUESDAY_NOON, furnish


@pytest.fixture
def officers(council, other_council, monkeypatch):
    """A council at work: its officers, its services, at noon on a Tuesday."""
    cache.clear()  # allauth counts tries in it
    for module in (case, inbox, parked, search, tasks, together, work):
        monkeypatch.setattr(module, "utc_now", lambda: TUESDAY_NOON)
    put_everybody(other_council)
    furnish()


@pytest.fixture
def reference(officers):
    """A missed bin, reported."""
    return submit()


@pytest.fixture
def signed_in(officers):
    """`signed_in("priya")`: a browser in which she is signed in."""
    return lambda slug: sign_in(Client(), slug)
