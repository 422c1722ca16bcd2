import pytest

from vestry.notify.tests.posted import fakes, plugged


@pytest.fixture(autouse=True)
def mailbox():
    with plugged(fakes.FakeEmail()) as email:
        yield email
