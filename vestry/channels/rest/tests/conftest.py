import pytest

from vestry.channels.rest.tests.calling import EVERYTHING, Caller, furnish, offer


@pytest.fixture
def offered(council):
    """Harrowmere with services to try."""
    furnish()
    offer(EVERYTHING)
    return council


@pytest.fixture
def api(offered, client):
    return Caller(client, client.get("/api/v1/openapi.json").json())
