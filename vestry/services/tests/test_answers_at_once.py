"""All answers at once, as a machine sends them: the pages' rules, once for each key."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestry.ledger import api as ledger
from vestry.services import api as services
from vestry.services.models import Journey
from vestry.services.tests.services_to_try import ANSWERS, ORIGIN, TUESDAY_NOON, furnish
from vestry.services.tests.test_submission import at_once


@pytest.fixture(autouse=True)
def furnished(council):
    furnish()
    return council


def send(answers=ANSWERS, key="k1", client="c", service="missed-bin"):
    return services.submit_answers(
        service=service, answers=answers, key=key, client=client, origin=ORIGIN, now=TUESDAY_NOON
    )


def faults(answers, **said):
    with pytest.raises(services.NotTaken) as refusal:
        send(answers, **said)
    return {fault.field: fault.sentence for fault in refusal.value.faults}


def test_they_make_a_submission_as_the_pages_do(db):
    sent = send()
    assert sent.reference.startswith("MB-")
    assert [fact.payload.get("channel") for fact in ledger.history(sent.ref)][-1] == "api"
    assert services.contact(sent.ref).email == "sam@example.com"


def test_the_same_key_gives_the_same_result_and_other_answers_are_refused(db):
    sent = send()
    assert send() == sent
    assert send(dict(reversed(ANSWERS.items()))) == sent
    with pytest.raises(services.KeyReused):
        send(ANSWERS | {"your-name": "Kim"})
    assert Journey.objects.count() == 1


def test_another_clients_key_is_another_key(db):
    send()
    assert "already been reported" in faults(ANSWERS, client="d")[""]


def test_a_key_is_free_again_when_its_answers_were_not_taken(db):
    assert "email" in faults(ANSWERS | {"email": "nobody"})
    assert send().reference


def test_what_was_made_is_found_by_its_reference_and_its_own_token_only(db):
    sent, other = send(), send(ANSWERS | {"home": {"uprn": "100000000004"}}, key="k2")
    found = services.get_submission(reference=sent.reference, receipt=sent.receipt)
    assert found.reference == sent.reference
    for receipt in ("", "x", "\x00", other.receipt):
        with pytest.raises(services.NoSuchSubmission):
            services.get_submission(reference=sent.reference, receipt=receipt)


def test_everything_that_is_wrong_is_said_at_once(db):
    said = faults({"bin": "blue", "home": {"postcode": "HM1 2AB"}, "tell-me": "perhaps", "colour": "red"})
    assert said.keys() == {"bin", "home", "day", "tell-me", "colour"}
    assert "not complete" in said["home"]
    assert "The questions are" in said["colour"]


def test_a_step_cannot_be_skipped(db):
    assert "permit" in faults(ANSWERS | {"bin": "garden"})
    late = faults(ANSWERS | {"day": "2026-11-09"})
    assert late.keys() == {""}
    assert late[""].startswith("That is not a collection day.")
    assert ledger.since(0) == []


def test_an_answer_that_is_not_asked_for_is_not_kept(db):
    send(ANSWERS | {"permit": "G-1", "tell-me": False})
    assert Journey.objects.get().said.keys() == {"bin", "home", "day", "tell-me", "your-name"}


@pytest.mark.parametrize("answers", [None, [], "x", 1, {}])
def test_what_is_no_set_of_answers_is_refused(db, answers):
    assert faults(answers)


def test_a_service_that_is_not_there_takes_nothing(db):
    with pytest.raises(services.NoSuchService):
        send(service="nonsense")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_key_twenty_times_at_once_is_one_submission(furnished):
    outcomes = at_once(furnished, [send] * 20)
    assert len({sent.reference for sent in outcomes}) == 1
    assert len({sent.receipt for sent in outcomes}) == 1
    assert [fact.name for fact in ledger.since(0)].count("cases.opened") == 1


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(ANSWERS)) | st.text(max_size=5), anything, max_size=6))
def test_nonsense_gets_sentences_never_an_error(db, answers):
    said = faults({**answers, "your-name": "Sam"}, key="nonsense")
    assert all(said.values())
