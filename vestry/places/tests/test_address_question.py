"""The address question, post by post, as a person without script meets it and as a machine does."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestry.design.questions import Asking, NotYet, Wrong
from vestry.places.questions import Address, Place
from vestry.places.tests.places_to_try import put_gazetteer

pytestmark = pytest.mark.django_db

ASKING = Asking(now=datetime(2026, 11, 23, 12, tzinfo=UTC), said={})
ANYWHERE = Address(id="home", ask="What is your address?")
WITHIN = Address(id="home", ask="What is your address?", within="council")
OPTIONAL = Address(id="home", ask="What is your address?", optional=True)
TWO = {"uprn": "100000000002", "line": "2 High Street, Harrow Mere", "postcode": "HM1 2AB", "ward": "mere"}


@pytest.fixture(autouse=True)
def gazetteer(council):
    put_gazetteer()


def post(question, **parts):
    return question.clean(question.read({f"home-{part}": value for part, value in parts.items()}), ASKING)


def shown_next(question, **parts):
    with pytest.raises(NotYet) as stopped:
        post(question, **parts)
    return stopped.value.raw


def refused(question, **parts):
    with pytest.raises(Wrong) as stopped:
        post(question, **parts)
    return stopped.value.part


def test_a_postcode_shows_its_addresses_and_a_chosen_one_is_the_answer():
    raw = shown_next(WITHIN, postcode="hm12ab")
    assert WITHIN.stage(raw) == "list"
    assert [found.uprn for found in WITHIN.found(raw)] == ["100000000002", "100000000010"]
    assert post(WITHIN, postcode=raw["postcode"], listed=raw["listed"], uprn="100000000002") == TWO


def test_another_postcode_shows_another_list_whatever_was_chosen_before():
    raw = shown_next(WITHIN, postcode="HM1 3CD", listed="HM1 2AB", uprn="100000000002")
    assert [found.uprn for found in WITHIN.found(raw)] == ["42"]
    assert not raw.get("uprn")


def test_searching_again_shows_the_list_even_with_an_address_chosen():
    raw = shown_next(WITHIN, postcode="HM1 2AB", listed="HM1 2AB", uprn="100000000002", search="yes")
    assert WITHIN.stage(raw) == "list"


def test_continuing_without_choosing_says_so():
    assert refused(WITHIN, postcode="HM1 2AB", listed="HM1 2AB") == "uprn"
    assert refused(WITHIN, postcode="HM1 2AB", listed="HM1 2AB", uprn="42") == "uprn"


@pytest.mark.parametrize("typed", ["", "HM1", "somewhere", "HM1 9ZZ"])
def test_within_the_council_a_postcode_must_be_ours(typed):
    assert refused(WITHIN, postcode=typed) == "postcode"


@pytest.mark.parametrize("parts", [{"typing": "yes"}, {"line1": "1 Far Road"}, {"uprn": "not-listed"}])
def test_within_the_council_nothing_can_be_typed_out(parts):
    assert refused(WITHIN, postcode="ZZ1 1ZZ", town="Far", **parts) == "postcode"
    assert "list" in WITHIN.stage(shown_next(WITHIN, postcode="HM1 2AB", **parts))


@pytest.mark.parametrize(
    "parts",
    [
        {"postcode": "ZZ1 1ZZ"},
        {"postcode": "HM1 2AB", "listed": "HM1 2AB", "uprn": "not-listed"},
    ],
)
def test_an_address_can_be_typed_out_where_any_will_do(parts):
    raw = shown_next(ANYWHERE, **parts)
    assert ANYWHERE.stage(raw) == "typing"
    assert raw["postcode"] == parts.get("postcode", "")
    typed = {"line1": "1 Far Road", "line2": " ", "town": "Far", "postcode": "zz11zz"}
    answer = post(ANYWHERE, **{**raw, **typed})
    assert answer == {"uprn": "", "line": "1 Far Road, Far", "postcode": "ZZ1 1ZZ", "ward": ""}
    assert ANYWHERE.shown(answer) == "1 Far Road, Far, ZZ1 1ZZ"


def test_what_is_missing_of_a_typed_address_is_named():
    assert refused(ANYWHERE, typing="yes") == "line1"
    assert refused(ANYWHERE, typing="yes", town="Far", postcode="ZZ1 1ZZ") == "line1"
    assert refused(ANYWHERE, typing="yes", line1="1 Far Road") == "postcode"
    assert refused(ANYWHERE, typing="yes", line1="x" * 201, postcode="ZZ1 1ZZ") == "line1"


def test_from_typing_one_can_go_back_to_searching():
    raw = shown_next(ANYWHERE, typing="yes", postcode="HM1 2AB", search="yes")
    assert ANYWHERE.stage(raw) == "list"


def test_an_optional_address_may_be_left_empty():
    assert post(OPTIONAL) is None
    assert post(OPTIONAL, typing="yes") is None
    assert OPTIONAL.stage(shown_next(OPTIONAL, uprn="not-listed")) == "typing"
    assert OPTIONAL.shown(None) == ""


@pytest.mark.parametrize("uprn", ["100000000002", "0100000000002", 100000000002])
def test_a_machine_sends_a_uprn(uprn):
    assert WITHIN.clean({"uprn": str(uprn)[-12:] if isinstance(uprn, str) else uprn}, ASKING) == TWO


def test_a_machine_with_an_unknown_uprn_is_refused():
    with pytest.raises(Wrong) as refusal:
        WITHIN.clean({"uprn": "999"}, ASKING)
    assert refusal.value.part == "uprn"


@pytest.mark.parametrize("line", ["1 Far Road", "1 Far Road, Far", "Flat 2, 1 Far Road, Hamlet, Far"])
def test_a_stored_answer_fills_the_form_and_comes_out_the_same(line):
    typed = {"uprn": "", "line": line, "postcode": "ZZ1 1ZZ", "ward": ""}
    assert ANYWHERE.clean(ANYWHERE.refill(typed), ASKING) == typed
    assert WITHIN.clean(WITHIN.refill(TWO), ASKING) == TWO
    assert WITHIN.refill(None) == {}


def test_an_expression_sees_its_parts():
    assert WITHIN.word(TWO) == Place(**TWO)
    assert WITHIN.word(TWO).ward == "mere"
    assert WITHIN.word(None) is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
parts = st.sampled_from(["postcode", "uprn", "line1", "line2", "town", "listed", "typing", "search"])
typed = st.sampled_from(["HM1 2AB", "100000000002", "yes", "not-listed", "ZZ1 1ZZ", "", "\x00", "\ud800"])
nearly = st.dictionaries(parts, typed | anything, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.sampled_from([ANYWHERE, WITHIN, OPTIONAL]), raw=anything | nearly)
def test_whatever_is_sent_is_an_answer_or_a_sentence(question, raw):
    assert question.stage(raw) in {"postcode", "list", "typing"}
    said = outcome(question, raw)
    if isinstance(said, Wrong):
        assert said.sentence
        assert said.part in {"postcode", "uprn", "line1", "line2", "town"}
    elif isinstance(said, NotYet):
        assert question.stage(said.raw) in {"list", "typing"}
    else:
        assert question.optional if said is None else said["line"]
        assert question.clean(question.refill(said), ASKING) == said
        question.shown(said).encode()


def outcome(question, raw):
    try:
        return question.clean(raw, ASKING)
    except (Wrong, NotYet) as said:
        return said
