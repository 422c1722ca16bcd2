"""What somebody accepted and is about to pay for stays as it was accepted, whatever happens meanwhile."""

from datetime import timedelta

import pytest

from tests.saga.paid import SKIP, Hirer
from vestry.ledger import api as ledger
from vestry.notify.models import Message
from vestry.pay import api as pay
from vestry.pay.tests.paying import CARD, DECLINED, HOUR, NOON, World, plugged
from vestry.services import api as services
from vestry.services import jobs
from vestry.services.models import Journey
from vestry.services.readers import OnRules
from vestry.services.tests.services_to_try import ORIGIN, offer, post

RULES = """
on:
  pay.failed: [{notify: failed}]
  pay.stranded: [{notify: failed}]
messages:
  failed: {subject: Your payment, body: Dear ((name)). It did not work. ((status_page))}
"""


@pytest.fixture
def world(council):
    pay.put_settings(codes={"4010": pay.Code(title="Skips", vat="outside")}, alone=2000)
    made = World()
    with plugged(made.provider):
        yield made


def pays_in_an_hour(hirer):
    hirer.world.wait(HOUR)
    hirer.world.gives(CARD)
    return services.look(token=hirer.token, now=hirer.world.now)


def test_a_price_that_depends_on_the_day_is_that_of_the_day_it_was_accepted(world):
    asks = "  - page: When\n    ask:\n      - date: {id: day, ask: Which day?}\n  - pay: Skip\n"
    priced = SKIP.replace("  - pay: Skip\n", asks)
    offer(priced.replace("amount: 30", 'amount: "30 if today() < day else 50"'), NOON)
    world.wait(timedelta(hours=11, minutes=50))
    hirer = Hirer(world)
    post(hirer.token, "day", world.now, day__day="24", day__month="11", day__year="2026")
    hirer.sends()
    assert pays_in_an_hour(hirer).kind == "done"
    assert (hirer.charge.state, hirer.charge.pence) == (pay.KEPT, 3000)


def test_the_vat_of_a_code_is_that_of_the_day_it_was_accepted(world):
    offer(SKIP.replace("vat: outside, ", ""), NOON)
    hirer = Hirer(world).sends()
    pay.put_settings(codes={"4010": pay.Code(title="Skips", vat="standard")}, alone=2000)
    assert pays_in_an_hour(hirer).kind == "done"
    assert [line.vat for line in hirer.charge.lines] == ["outside"]


def test_whoever_has_not_sent_yet_is_told_by_the_rules_of_the_service(world):
    offer(SKIP + RULES, NOON)
    hirer = Hirer(world).sends()
    world.gives(DECLINED)
    services.look(token=hirer.token, now=world.now)
    ledger.read_on(OnRules(), now=world.now)
    assert [message.subject for message in Message.objects.all()] == ["Your payment"]
    sent = Message.objects.get()
    assert (sent.to, sent.body.strip()) == (
        "sam@example.org",
        f"Dear Sam. It did not work. {ORIGIN}/status/",
    )


def test_a_program_that_sends_again_changes_nothing_of_what_a_person_changes(world):
    offer(SKIP, NOON)

    def send():
        return services.submit_answers(
            service="skip",
            answers={"your-name": "Sam", "email": "sam@example.org"},
            key="1",
            client="crm",
            origin=ORIGIN,
            now=world.now,
        )

    first = send()
    assert first.state == "open"
    token = first.page.rstrip("/").split("/")[-2]
    services.give_up(token=token, now=world.now)
    post(token, "your-name", world.now, your__name="Samantha")
    again = send()
    assert (again.state, again.id) == ("changing", first.id)
    row = Journey.objects.get(pk=first.id)
    assert (row.state, row.said["your-name"]) == (Journey.STARTED, "Samantha")
    services.leave(token=token, now=world.now)
    with pytest.raises(services.KeyReused):
        send()


def test_of_what_was_left_nothing_says_whose_it_was(world):
    offer(SKIP, NOON)
    hirer = Hirer(world)
    services.save(token=hirer.token, email="sam@example.org", key="1", now=world.now)
    world.wait(timedelta(days=60))
    jobs.abandon_idle(now=world.now)
    row = Journey.objects.get(pk=hirer.journey)
    assert (row.state, row.mailbox, row.said) == (Journey.ABANDONED, "", {})
