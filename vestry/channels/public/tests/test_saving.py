"""Save and come back later, by a link in an email."""

import re
from datetime import timedelta

import pytest

from vestry.channels.public import journeys, saving
from vestry.channels.public.tests.visitor import Visitor
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.notify.tests.posted import fakes, plugged
from vestry.services.tests.services_to_try import HOME, MISSED_BIN, PAGES, TUESDAY_NOON, offer, stored

SAM = "sam@example.com"


class InView(fakes.FakeEmail):
    """As the demo's: what was sent can be read."""

    desk_is_mailbox = True


@pytest.fixture
def later(monkeypatch):
    def move(**time):
        for module in (journeys, saving):
            monkeypatch.setattr(module, "utc_now", lambda: TUESDAY_NOON + timedelta(**time))

    return move


def begin(visitor):
    return visitor.open("/services/missed-bin/").press()


def to_reach(visitor):
    visitor.press(home__postcode="HM1 2AB").press(home__uprn=HOME).press(**PAGES["day"])
    assert visitor.here.endswith("/reach/")


def press_save(visitor, **typed):
    """Press the second button of a page."""
    form = visitor.page.forms[0]
    form.fields.append(("save", "yes"))
    return visitor.press(**typed)


def save(visitor, to=SAM):
    if "/save/" not in visitor.here:
        press_save(visitor)
    return visitor.press(send__to=to)


def links():
    """The links that were emailed, newest last."""
    with plugged(InView()):
        bodies = [message.body for message in reversed(notify.sent())]
    return [re.search(r"https?://[^/]+(/resume/[^/]+/)", body).group(1) for body in bodies]


def facts(name):
    return [fact.payload for fact in ledger.since(0) if fact.name == f"services.{name}"]


def test_what_was_saved_is_gone_on_with_on_another_device(visitor):
    begin(visitor).press(bin="refuse")
    save(visitor)
    assert SAM in visitor.page.text
    assert "8 December 2026 at midday" in visitor.page.text, "a fortnight, for what is personal"
    (link,) = links()
    elsewhere = Visitor().open(link)
    assert elsewhere.page.forms[0].action == link
    elsewhere.press()
    assert elsewhere.here.endswith("/home/"), "where it was left, and nothing skipped"
    assert elsewhere.here != visitor.here.replace("save", "home")
    left = elsewhere.here
    assert elsewhere.follow("Back").page.text.count("Rubbish")
    assert visitor.open(visitor.here).status == 404, "it has a new address since"
    assert elsewhere.open(left).press(**{"home-postcode": "HM1 2AB"}).status == 200


def test_a_mail_filter_that_opens_the_link_burns_nothing(visitor):
    begin(visitor)
    save(visitor)
    (link,) = links()
    before = stored(), len(ledger.since(0))
    pages = set()
    for _ in range(5):
        for ask in (visitor.client.get, visitor.client.head):
            response = ask(link)
            assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
            pages.add(response.content)
    assert len(pages - {b""}) == 1
    assert (stored(), len(ledger.since(0))) == before
    assert visitor.open(link).press().here.endswith("/bin/")


def test_a_filter_learns_nothing_from_a_page(visitor):
    begin(visitor)
    save(visitor)
    good, forged = visitor.client.get(links()[0]), visitor.client.get("/resume/" + "a" * 43 + "/")
    assert forged.status_code == good.status_code == 200
    assert b"missed" not in good.content
    assert good.content.replace(links()[0].encode(), b"") == forged.content.replace(
        b"/resume/" + b"a" * 43 + b"/", b""
    )


def test_nothing_typed_is_lost_on_a_page_filled_in_halfway(visitor):
    begin(visitor).press(bin="refuse")
    to_reach(visitor)
    press_save(visitor, your__name="Sam \x00 Resident")
    save(visitor)
    visitor.open(links()[-1]).press()
    assert visitor.here.endswith("/reach/")
    assert "Sam  Resident" in visitor.response.content.decode()
    visitor.press(tell__me="yes")
    press_save(visitor, email="sam at example")
    save(visitor)
    visitor.open(links()[-1]).press()
    page = visitor.response.content.decode()
    assert "sam at example" in page
    assert "Sam Resident" in page
    visitor.press(email=SAM)
    assert visitor.here.endswith("/check/")
    assert "Sam Resident" in " ".join(visitor.page.text.split())
    visitor.press()
    assert "'typed': {}" in str(stored())


def test_an_answer_half_changed_when_it_is_saved_is_asked_before_it_is_sent(visitor):
    begin(visitor).press(bin="refuse")
    to_reach(visitor)
    visitor.press(tell__me="yes").press(email=SAM)
    visitor.open(visitor.here.replace("check", "reach"))
    press_save(visitor, email="new@")
    save(visitor)
    visitor.open(links()[-1]).press()
    assert visitor.here.endswith("/reach/")
    assert "new@" in visitor.response.content.decode()


def test_pausing_twice_the_newest_link_works_and_the_one_before_is_refused(visitor):
    begin(visitor)
    save(visitor)
    first = links()[0]
    visitor.follow("Continue where you stopped")
    save(visitor)
    refused = visitor.open(first).press()
    assert refused.status == 404
    assert "This link does not work" in refused.page.title
    visitor.open(first).press()
    assert [fact["why"] for fact in facts("link_refused")] == ["replaced"], "told once"
    assert visitor.open(links()[1]).press().here.endswith("/bin/")
    # And from there once more, on whatever device.
    save(visitor)
    assert Visitor().open(links()[2]).press().here.endswith("/bin/")


def test_a_link_works_again_and_again_and_the_address_before_it_is_closed(visitor):
    begin(visitor)
    save(visitor)
    phone = Visitor().open(links()[0]).press()
    laptop = Visitor().open(links()[0]).press()
    assert phone.here != laptop.here
    assert phone.open(phone.here).status == 404
    assert laptop.press(bin="refuse").here.endswith("/home/")
    assert len(facts("resumed")) == 2


@pytest.mark.parametrize("forged", ["a" * 43, "x", "%00", "💧", "..", "%ED%A0%80"])
def test_a_forged_link_is_refused_and_says_nothing_else_than_an_old_one(visitor, forged):
    begin(visitor)
    save(visitor)
    forged_page = visitor.client.post(f"/resume/{forged}/")
    assert forged_page.status_code in {400, 404}
    assert facts("link_refused") == []


def test_an_expired_link_is_refused_recorded_and_told_apart_from_nothing(visitor, later):
    begin(visitor)
    save(visitor)
    later(days=14)
    old = visitor.client.post(links()[0])
    forged = visitor.client.post("/resume/" + "a" * 43 + "/")
    assert old.status_code == forged.status_code == 404
    assert old.content == forged.content
    assert [fact["why"] for fact in facts("link_refused")] == ["expired"]
    assert facts("address_refused") == [{"what": "link"}] * 2, "alike, whether it ever was"


def test_an_address_that_opens_nothing_is_put_on_record_and_no_more_often_than_is_of_use(visitor, settings):
    begin(visitor)
    forged = re.sub(r"/[\w-]{43}/", "/" + "a" * 43 + "/", visitor.here)
    elsewhere = visitor.here.replace("/missed-bin/", "/tell-us/")
    settings.LIMITS = True
    never, not_there = visitor.client.get(forged), visitor.client.get(elsewhere)
    assert never.status_code == not_there.status_code == 404
    assert never.content == not_there.content
    assert facts("address_refused") == [{"what": "journey"}] * 2
    for _ in range(30):
        visitor.client.get(forged)
    assert len(facts("address_refused")) == 20


def test_a_saved_journey_outlives_its_address(visitor, later):
    begin(visitor).press(bin="garden")
    left = visitor.here
    save(visitor)
    later(days=13)
    assert visitor.open(left).status == 404
    visitor.open(links()[0]).press()
    assert visitor.here.endswith("/permit/")
    visitor.press(permit="G-1")
    later(days=20)
    assert visitor.open(links()[0]).press().here.endswith("/home/"), "whoever went on has longer"


def test_a_link_to_what_was_deleted_is_refused(visitor):
    begin(visitor)
    save(visitor)
    visitor.follow("Continue where you stopped").follow("Delete your answers").press()
    assert visitor.open(links()[0]).press().status == 404
    assert [fact["why"] for fact in facts("link_refused")] == ["deleted"]


def test_after_sending_a_link_shows_the_confirmation_and_no_answers(visitor):
    begin(visitor).press(bin="refuse")
    save(visitor)
    visitor.follow("Continue where you stopped")
    to_reach(visitor)
    visitor.press(tell__me="yes").press(email=SAM).press()
    elsewhere = Visitor().open(links()[0]).press()
    assert elsewhere.here.endswith("/done/")
    assert "High Street" not in elsewhere.page.text


def test_another_councils_link_leads_nowhere(visitor, other_council):
    begin(visitor)
    save(visitor)
    next_door = Visitor("saltmarsh.localhost")
    assert next_door.open(links()[0]).press().status == 404
    assert facts("link_refused") == []


def test_the_address_and_the_link_stand_in_no_fact_and_the_link_not_in_the_database(visitor):
    begin(visitor)
    save(visitor)
    secret = links()[0].split("/")[2]
    told = str([fact.payload for fact in ledger.since(0)])
    assert SAM not in told
    assert secret not in told
    assert secret not in str(stored())
    assert SAM not in str(stored())
    assert notify.sent()[0].hidden


def test_nobody_can_be_flooded(visitor):
    for _ in range(5):
        begin(visitor)
        save(visitor, "victim@example.com")
    begin(visitor)
    save(visitor, "  Victim@Example.com ")
    assert visitor.status == 422
    assert "Wait an hour" in visitor.page.text
    assert len(notify.sent()) == 5
    save(visitor, "other@example.com")
    assert len(notify.sent()) == 6


def test_a_stranger_who_names_a_mailbox_takes_nothing_from_whom_it_belongs_to(visitor):
    stranger = Visitor()
    stranger.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    for _ in range(6):
        begin(stranger)
        save(stranger)
    assert stranger.status == 422
    begin(visitor)
    save(visitor)
    assert visitor.status == 200
    assert len(notify.sent()) == 6
    assert visitor.open(links()[-1]).press().here.endswith("/bin/")


def test_one_journey_cannot_write_to_everybody(visitor):
    begin(visitor)
    press_save(visitor)
    for number in range(7):
        visitor.open(re.sub("save/.*", "save/", visitor.here))
        save(visitor, f"sam{number}@example.com")
    assert len(notify.sent()) == 5


def test_the_form_sent_twice_sends_one_link(visitor):
    begin(visitor)
    press_save(visitor)
    form = visitor.page.forms[0]
    key = dict(form.fields)["form-key"]
    for _ in range(3):
        visitor.client.post(form.action, {"form-key": key, "send-to": SAM})
    assert len(notify.sent()) == 1


def test_a_wrong_address_is_told_beside_the_field(visitor):
    begin(visitor)
    save(visitor, "nonsense")
    assert visitor.status == 422
    assert "Enter an email address in the correct format" in visitor.page.text
    assert len(notify.sent()) == 0


def test_whoever_comes_back_to_a_changed_service_is_told_first(visitor):
    begin(visitor).press(bin="garden").press(permit="G-1")
    save(visitor)
    text = MISSED_BIN.replace("What is your permit number?", "What is your new permit number?")
    offer(text + "\npeople-midway: carry-over\n")
    visitor.open(links()[0]).press()
    assert visitor.here.endswith("/changed/")
    assert "What is your new permit number?" in visitor.page.text
    assert "You answered: G-1" in visitor.page.text
    visitor.press()
    assert visitor.here.endswith("/permit/")
    assert 'value="G-1"' in visitor.response.content.decode(), "filled in, to be looked at again"
    assert visitor.press().here.endswith("/home/")
