import pytest

from vestry.people.tests.officers import PASSWORD, put_everybody


@pytest.fixture
def officers(council, other_council):
    put_everybody(other_council, password=PASSWORD)
