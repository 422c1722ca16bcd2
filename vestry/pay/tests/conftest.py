import pytest

from vestry.pay.tests.paying import World, plugged


@pytest.fixture
def world(council):
    made = World()
    with plugged(made.provider):
        yield made
