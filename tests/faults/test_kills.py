"""What was acknowledged is there once, whatever was killed meanwhile. 200 kills: `make bench BENCH=kills`."""

import pytest

from tests.faults import kills


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_dozen_kills_lose_and_double_nothing():
    count = kills.run(12, seed=1894, pause=(0.1, 0.8))
    assert count.wrong == []
    assert count.told.api
    assert count.told.pages
    assert count.told.failures, "nobody noticed anything: then nothing was killed"
