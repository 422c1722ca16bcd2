"""On this fact, do that: each rule once, whatever happens."""

import pytest
from django.urls import reverse

from vestry.cases import api as cases
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.people import api as people
from vestry.people.tests.officers import put_officers, put_teams
from vestry.services import api as services
from vestry.services.readers import STATUS_PAGE, OnRules
from vestry.services.tests.services_to_try import MISSED_BIN, TUESDAY_NOON, fill, furnish, offer, start

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def furnished(council):
    furnish()
    return council


def send_one(**changed):
    token = start()
    fill(token, **changed)
    return services.submit(token=token, now=TUESDAY_NOON)


def read_on():
    ledger.read_on(OnRules(), now=TUESDAY_NOON)
    assert ledger.parked() == []
    return notify.sent(limit=50)


def test_a_message_is_sent_when_it_was_submitted():
    sent = send_one()
    (message,) = read_on()
    assert message.to == "sam@example.com"
    assert message.subject == f"We have your report {sent.reference}"
    link = f"https://harrowmere.example/status/{sent.reference}/"
    assert (
        " ".join(message.body.split())
        == f"Sam, see {link} of Harrowmere District Council for Report a missed bin."
    )
    assert message.about == sent.ref


def test_reading_a_fact_again_sends_nothing_again():
    send_one()
    read_on()
    for fact in ledger.since(0):
        OnRules().handle(fact, now=TUESDAY_NOON)
    assert len(read_on()) == 1


def test_nobody_is_written_to_who_gave_no_address():
    send_one(reach={"tell-me": "no"})
    assert read_on() == []


def test_what_an_officer_does_with_the_case_is_told():
    put_teams({"waste": "Waste"})
    put_officers(
        [
            people.Placement(
                email="jo@harrowmere.example",
                name="Jo",
                slug="jo",
                teams={"waste": ("crew",)},
            )
        ]
    )
    sent = send_one()
    read_on()
    cases.act(
        officer=people.get_officer("jo"),
        reference=sent.reference,
        action="collected",
        answers={},
        now=TUESDAY_NOON,
    )
    newest = next(message for message in read_on() if message.subject == "Collected")
    assert (newest.to, newest.body.strip()) == ("sam@example.com", "It is Collected.")
    assert len(read_on()) == 2


def test_the_rules_are_those_of_the_journeys_own_version():
    send_one()
    offer(MISSED_BIN.replace("We have your report", "Another subject"))
    (message,) = read_on()
    assert message.subject.startswith("We have your report")


def test_the_link_in_messages_leads_to_the_status_page():
    address = reverse("public:status-of", kwargs={"reference": "MB-7K3N-9QFA"})
    assert STATUS_PAGE.format(origin="", reference="MB-7K3N-9QFA") == address
