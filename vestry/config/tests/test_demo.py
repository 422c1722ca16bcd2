"""What a stranger is told to try works, whenever they try it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from vestry.config.commands.demo import _a_missed_bin
from vestry.councils import api as councils
from vestry.kernel import SYSTEM
from vestry.places import api as places
from vestry.services import api as services

PACK = Path(__file__).parents[3] / "packs" / "harrowmere"


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 23, 3, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 17, 0, tzinfo=UTC),
        datetime(2026, 11, 29, 12, 0, tzinfo=UTC),
        datetime(2026, 12, 28, 12, 0, tzinfo=UTC),
        datetime(2027, 1, 1, 12, 0, tzinfo=UTC),
        datetime(2027, 3, 29, 9, 0, tzinfo=UTC),
    ],
)
def test_the_missed_bin_to_try_can_be_reported(db, now):
    council = services.publish_pack(folder=PACK, now=now, actor=SYSTEM).council
    postcode, rest = _a_missed_bin(now).split(", ", 1)
    line, _bin, day = rest.rsplit(", ", 2)
    with councils.scope(council):
        (uprn,) = {home.uprn for home in places.find_addresses(postcode) if home.line == line}
        answers = {
            "home": {"uprn": uprn},
            "bin": "food",
            "day": datetime.strptime(day, "%d %B %Y").date().isoformat(),
            "assisted": False,
            "your-name": "Sam",
            "email": "sam@example.org",
        }
        sent = services.submit_answers(
            service="missed-bin", answers=answers, key="one", client="t", origin="http://localhost", now=now
        )
    assert sent.reference.startswith("MB-")
