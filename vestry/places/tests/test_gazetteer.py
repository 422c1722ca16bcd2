"""The gazetteer: a postcode however typed, an address by its number, a pack that replaces it."""

from datetime import date

import pytest

from vestry.councils.api import scope
from vestry.places import api
from vestry.places.tests.places_to_try import HIGH_STREET, put_gazetteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def gazetteer(council):
    put_gazetteer()


@pytest.mark.parametrize(
    "typed", ["HM1 2AB", "hm12ab", " hm1  2ab. ", "HM1\u00a02AB", "\tHm1-2aB", "\uff28\uff2d1 2AB"]
)
def test_a_postcode_is_found_however_it_was_typed(typed):
    assert [found.line for found in api.find_addresses(typed)] == [
        "2 High Street, Harrow Mere",
        "10 High Street, Harrow Mere",
    ]


@pytest.mark.parametrize("typed", ["", "HM1", "2AB", "HM1 2A", "HM1 2AB HM1 2AB", "\x00", "HM1 9ZZ", "½"])
def test_what_is_no_postcode_of_ours_finds_nothing(typed):
    assert api.find_addresses(typed) == []


def test_an_o_typed_for_a_zero_is_read_as_one():
    assert api.tidy_postcode("hm1 oab") == "HM1 0AB"


def test_an_address_is_found_by_its_number_with_or_without_leading_zeros():
    assert api.get_address("42") == api.get_address("000000000042")
    assert api.get_address("42").postcode == "HM1 3CD"


@pytest.mark.parametrize("uprn", ["43", "", "0", "abc", "1" * 13, "\x00", "٤٢"])
def test_an_unknown_number_is_nobodys_address(uprn):
    assert api.get_address(uprn) is None


def test_another_council_does_not_see_it(other_council):
    with scope(other_council):
        assert api.find_addresses("HM1 2AB") == []
        assert api.get_address("42") is None
        assert api.schedules() == frozenset()


def test_a_new_gazetteer_replaces_the_old_one():
    moved = api.AddressView(uprn="42", line="1 Mill Lane", postcode="HM1 3CD")
    assert api.put_addresses([moved, HIGH_STREET[0]]) == 2
    assert api.get_address("42").line == "1 Mill Lane"
    assert [found.uprn for found in api.find_addresses("HM1 2AB")] == [HIGH_STREET[0].uprn]


@pytest.mark.parametrize(
    ("uprn", "postcode", "refusal"),
    [("42", "nowhere", api.NotAPostcode), ("forty-two", "HM1 2AB", api.NotAUprn)],
)
def test_a_gazetteer_with_nonsense_in_it_is_refused_whole(uprn, postcode, refusal):
    with pytest.raises(refusal, match=r"nowhere|forty-two"):
        api.put_addresses([HIGH_STREET[0], api.AddressView(uprn=uprn, line="?", postcode=postcode)])
    assert len(api.find_addresses("HM1 2AB")) == 2


def test_visits_come_by_the_round_of_the_address():
    window = {"after": date(2026, 11, 1), "until": date(2026, 11, 16)}
    refuse = api.visits(uprn=HIGH_STREET[0].uprn, kind="refuse", **window)
    assert [visit.day for visit in refuse] == [date(2026, 11, 2), date(2026, 11, 16)]
    assert refuse[0].over.isoformat() == "2026-11-02T16:30:00+00:00"
    assert len(api.visits(uprn=HIGH_STREET[0].uprn, kind="food", schedule="bins", **window)) == 3


@pytest.mark.parametrize(
    ("uprn", "kind"), [("42", "refuse"), ("999", "refuse"), (HIGH_STREET[0].uprn, "garden")]
)
def test_where_nothing_is_collected_nothing_comes(uprn, kind):
    assert api.visits(uprn=uprn, kind=kind, after=date(2026, 1, 1), until=date(2027, 1, 1)) == []


def test_what_there_is_to_collect():
    assert api.schedules() == {"bins"}
    assert api.kinds("bins") == {"refuse", "food"}
    assert api.kinds("none") == frozenset()
    assert api.wards() == {"hill": "Hill", "mere": "Mere"}
