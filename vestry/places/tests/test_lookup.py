"""Addresses are looked up through a port; while nobody answers there, nobody is stuck."""

from datetime import UTC, date, datetime

import pytest

from vestry import kernel
from vestry.design.questions import Asking, NotYet, Wrong
from vestry.places import api
from vestry.places.questions import Address
from vestry.places.tests.lookups import FailingLookup, FakeLookup
from vestry.places.tests.places_to_try import put_gazetteer

pytestmark = pytest.mark.django_db

ASKING = Asking(now=datetime(2026, 11, 23, 12, tzinfo=UTC), said={})
ANYWHERE = Address(id="home", ask="What is your address?")
WITHIN = Address(id="home", ask="What is your address?", within="council")
FAR = api.AddressView(uprn="7", line="1 Far Road, Far", postcode="ZZ1 1ZZ")


@pytest.fixture
def plugged(council, monkeypatch):
    put_gazetteer()
    return lambda lookup: monkeypatch.setitem(kernel._plugs, "places.lookup", lambda: lookup)


def post(question, **parts):
    return question.clean(question.read({f"home-{part}": value for part, value in parts.items()}), ASKING)


def test_whoever_is_plugged_in_is_asked(plugged):
    plugged(FakeLookup(FAR))
    assert api.find_addresses("zz11zz") == [FAR]
    assert api.get_address("0007") == FAR
    assert api.find_addresses("HM1 2AB") == []
    assert post(ANYWHERE, postcode="zz1 1zz", uprn="7")["line"] == "1 Far Road, Far"


@pytest.mark.parametrize("parts", [{}, {"listed": "HM1 2AB", "uprn": "100000000002"}])
def test_unreachable_the_address_can_be_entered_and_the_postcode_stays(plugged, parts):
    plugged(FailingLookup())
    with pytest.raises(NotYet) as stopped:
        post(ANYWHERE, postcode="hm1 2ab", **parts)
    raw = stopped.value.raw
    assert ANYWHERE.stage(raw) == "typing"
    assert raw["postcode"] == "HM1 2AB"
    assert "cannot look up addresses at the moment" in ANYWHERE.told(raw)
    answer = post(ANYWHERE, **raw | {"line1": "2 High Street", "town": "Harrow Mere"})
    assert ANYWHERE.shown(answer) == "2 High Street, Harrow Mere, HM1 2AB"


def test_unreachable_within_the_council_it_is_said_and_nothing_is_lost(plugged):
    plugged(FailingLookup())
    with pytest.raises(Wrong, match="Try again in a few minutes") as stopped:
        post(WITHIN, postcode="hm1 2ab")
    assert stopped.value.part == "postcode"
    raw = WITHIN.read({"home-postcode": "hm1 2ab"})
    assert WITHIN.stage(raw) == "postcode"
    assert WITHIN.parts(raw)["postcode"] == "hm1 2ab"


def test_unreachable_a_machine_is_told(plugged):
    plugged(FailingLookup())
    for question in (ANYWHERE, WITHIN):
        with pytest.raises(Wrong, match="cannot look up addresses"):
            question.clean({"uprn": "100000000002"}, ASKING)


def test_an_address_is_entered_from_the_start_where_that_will_do(plugged):
    with pytest.raises(NotYet) as stopped:
        post(ANYWHERE, postcode="hm1 2ab", typing="myself")
    assert ANYWHERE.stage(stopped.value.raw) == "typing"
    assert ANYWHERE.told(stopped.value.raw) == ""
    with pytest.raises(NotYet) as stopped:
        post(WITHIN, postcode="hm1 2ab", typing="myself")
    assert WITHIN.stage(stopped.value.raw) == "list"


def test_rounds_are_the_councils_own_and_need_no_lookup(plugged):
    plugged(FailingLookup())
    until = date(2026, 12, 1)
    assert api.visits(uprn="100000000002", kind="food", after=date(2026, 11, 20), until=until)
