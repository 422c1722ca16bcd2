"""A resident sees where it stands, and answers."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from vestry.cases import api as cases
from vestry.channels.public import status
from vestry.councils import api as councils
from vestry.kernel import Ref
from vestry.notify import api as notify
from vestry.notify.tests.posted import fakes, plugged
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.services import api as services
from vestry.services.tests.services_to_try import ANSWERS, ORIGIN, TUESDAY_NOON, furnish, offer

ABSENT = "MB-0000-0000"
TABLE = """
service: tell-us
title: Tell us about a bench
summary: Anybody may know.
why: clean-streets
owner: waste
class: public
reference: TU
contact: {email: email}
keep: {closed: 1 year, abandoned: 30 days}
journey:
  - page: How do we answer?
    ask:
      - email: {id: email, ask: What is your email address?}
  - check: Check your answers
case:
  team: waste
  stages:
    open: {title: Being looked at, next: We will go and see.}
    waiting: {title: Waiting for you, clock: stopped, on-reply: open}
    answered: {title: Answered, end: answered}
  actions:
    - {do: Ask, id: ask, from: open, to: waiting, message: required}
    - {do: Answer, id: answer, from: open, to: answered}
"""


@pytest.fixture
def clock(monkeypatch):
    """The clock at the edge; `clock.now` can be set on."""

    class Clock:
        now = TUESDAY_NOON

    monkeypatch.setattr(status, "utc_now", lambda: Clock.now)
    return Clock


@pytest.fixture(autouse=True)
def mailbox():
    with plugged(fakes.FakeEmail()) as mailbox:
        yield mailbox


@pytest.fixture
def reference(council, other_council, clock):
    put_everybody(other_council)
    furnish()
    offer(TABLE)
    return submit("missed-bin", ANSWERS)


def submit(service, answers):
    key = f"key-{service}-{answers}"
    return services.submit_answers(
        service=service, answers=answers, key=key, client="tests", origin=ORIGIN, now=TUESDAY_NOON
    ).reference


def words(response):
    html = response.content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("<main")[2]).split())


def codes():
    """How many codes were sent."""
    return sum(message.called == notify.CODE for message in notify.sent())


def the_code(mailbox):
    """The newest one, out of its email."""
    notify.deliver_due(now=status.utc_now() + timedelta(seconds=1))
    found = [re.search(r"Your code is ([0-9]{6})", email.body) for email in mailbox.taken]
    return [code[1] for code in found if code][-1]


def ask(client, reference):
    return client.post("/status/", {"reference": reference}, follow=True)


def enter(client, reference, mailbox):
    ask(client, reference)
    return client.post("/status/code/", {"code": the_code(mailbox)}, follow=True)


def test_by_reference_and_code_to_what_happened_and_what_happens_next(client, reference, mailbox):
    response = ask(client, reference)
    assert f"If {reference} is one of our reference numbers" in words(response)
    response = client.post("/status/code/", {"code": the_code(mailbox)}, follow=True)
    assert response.redirect_chain[-1][0] == f"/status/{reference}/"
    said = words(response)
    for expected in (
        "Report a missed bin",
        "The crew will come back.",
        "We expect to finish this by 26 November 2026.",
        "You sent this to us.",
    ):
        assert expected in said, expected


@pytest.mark.parametrize(
    "written", [str.lower, lambda text: text.replace("-", " "), lambda text: text.replace("-", "")]
)
def test_a_reference_may_be_typed_as_it_is_read_out(client, reference, written):
    typed = written(reference).replace("0", "o").replace("1", "l")
    assert f"If {reference} is" in words(ask(client, typed))
    assert codes() == 1


@pytest.mark.parametrize(
    "typed", ["", "  ", "MB", "what?", "x" * 5000, "\x00", "<script>", "MB-7K3N-9QFA-EXTRA-LONG"]
)
def test_what_can_be_no_reference_is_said_and_kept(client, reference, typed):
    response = client.post("/status/", {"reference": typed})
    assert response.status_code == 422
    assert 'href="#reference"' in response.content.decode()
    assert "Enter a reference number, like MB-7K3N-9QFA" in words(response)
    assert codes() == 0


def seen(client, reference):
    """Everything a stranger learns by asking for a reference and trying a code."""
    asked = client.post("/status/", {"reference": reference})
    page = client.get("/status/code/")
    wrong = client.post("/status/code/", {"code": "000000"})
    direct = client.get(f"/status/{reference}/")
    answered = client.post(f"/status/{reference}/", {"answer": "x"})
    for response in (asked, page, wrong, direct, answered):
        html = response.content.decode().replace(reference, "REFERENCE")
        html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
        yield response.status_code, response.headers.get("Location"), html


def test_a_stranger_can_not_tell_a_reference_that_exists_from_one_that_does_not(reference, other_council):
    with councils.scope(other_council):
        put_everybody()
        offer(TABLE)
        theirs = submit("tell-us", {"email": "x@example.com"})
    without_email = submit(
        "missed-bin", {**ANSWERS, "tell-me": False, "email": None, "home": {"uprn": "100000000004"}}
    )
    found = [list(seen(Client(), one)) for one in (reference, ABSENT, theirs, without_email)]
    assert found[0] == found[1] == found[2] == found[3]


def test_for_a_reference_that_is_nobody_s_nothing_is_left_behind(client, reference):
    before = len(notify.sent())
    for _ in range(6):
        ask(client, ABSENT)
    assert len(notify.sent()) == before
    assert people.new_code(purpose=Ref("status", ABSENT), now=TUESDAY_NOON) is not None


def test_after_five_codes_the_page_still_says_the_same(client, reference):
    said = {words(ask(client, reference)) for _ in range(7)}
    assert len(said) == 1
    assert codes() == 5


def test_opening_links_sends_nothing_and_uses_nothing_up(client, reference, mailbox):
    ask(client, reference)
    code = the_code(mailbox)
    scanner = Client()
    for _ in range(10):
        for address in (
            "/status/",
            "/status/code/",
            f"/status/{reference}/",
            f"/status/?reference={reference}",
        ):
            scanner.get(address)
            scanner.head(address)
            client.get(address)
    assert codes() == 1
    assert client.post("/status/code/", {"code": code}).status_code == 302


def test_the_link_in_a_message_leads_to_asking_for_a_code(client, reference):
    response = client.get(f"/status/{reference}/")
    assert f'value="{reference}"' in response.content.decode()
    assert "Send me a code" in words(response)


def test_the_sixth_wrong_code_closes_even_the_right_one(client, reference, mailbox):
    ask(client, reference)
    code = the_code(mailbox)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        response = client.post("/status/code/", {"code": wrong})
        assert response.status_code == 422
        assert "That code is not right, or it is too old" in words(response)
    assert client.post("/status/code/", {"code": code}).status_code == 422


@pytest.mark.parametrize(
    "typed", ["", " ", "\x00", "x" * 5000, "\uff11\uff12\uff13\uff14\uff15\uff16", "123 456 789"]
)
def test_nonsense_for_a_code_is_no_fault(client, reference, typed):
    ask(client, reference)
    assert client.post("/status/code/", {"code": typed}).status_code == 422


def test_without_asking_first_there_is_no_code_page(client, reference):
    assert client.get("/status/code/").headers["Location"] == "/status/"
    assert client.post("/status/code/", {"code": "123456"}).headers["Location"] == "/status/"


def test_a_code_opens_one_reference_in_one_browser_at_one_council_for_an_hour(
    client, reference, clock, mailbox
):
    other = submit("missed-bin", {**ANSWERS, "home": {"uprn": "100000000004"}})
    enter(client, reference, mailbox)
    page = f"/status/{reference}/"
    assert "What has happened" in words(client.get(page))
    assert "Send me a code" in words(client.get(f"/status/{other}/"))
    assert "Send me a code" in words(Client().get(page))
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert "Send me a code" in words(thief.get(page, headers={"host": "saltmarsh.localhost"}))
    clock.now = TUESDAY_NOON + timedelta(minutes=59)
    assert "What has happened" in words(client.get(page))
    clock.now = TUESDAY_NOON + timedelta(hours=1)
    assert "Send me a code" in words(client.get(page))


def test_the_session_that_is_opened_is_a_new_one(client, reference, mailbox):
    ask(client, reference)
    before = client.session.session_key
    client.post("/status/code/", {"code": the_code(mailbox)})
    assert client.session.session_key != before
    assert not client.session.exists(before)
    assert client.cookies["sessionid"]["max-age"] == "", "gone when the browser is closed"


def test_leaving_the_page_closes_it(client, reference, mailbox):
    enter(client, reference, mailbox)
    assert client.post(f"/status/{reference}/", {"finish": "yes"}).headers["Location"] == "/status/"
    assert "Send me a code" in words(client.get(f"/status/{reference}/"))


def question(reference):
    cases.message(
        officer=people.get_officer("priya"),
        reference=reference,
        text="Was it behind the gate?",
        wants_answer=True,
        now=TUESDAY_NOON,
    )


def key_of(response):
    return re.search(r'name="form-key" value="(\w+)"', response.content.decode())[1]


def test_the_resident_reads_a_message_and_answers_it_once(client, reference, mailbox):
    question(reference)
    response = enter(client, reference, mailbox)
    assert "What we asked you Was it behind the gate? What is your answer?" in words(response)
    form = {"answer": "No, in front of it.", "form-key": key_of(response)}
    for _ in range(2):
        response = client.post(f"/status/{reference}/", form, follow=True)
    said = words(response)
    assert "We have received your message." in said
    assert "What we asked you" not in said, "it is answered"
    assert said.count("No, in front of it.") == 1
    written = cases.messages(officer=people.get_officer("priya"), reference=reference)
    assert [(one.from_resident, one.text) for one in written] == [
        (False, "Was it behind the gate?"),
        (True, "No, in front of it."),
    ]


@pytest.mark.parametrize("typed", ["", "   ", "\x00"])
def test_nothing_written_is_said_beside_the_field(client, reference, typed, mailbox):
    enter(client, reference, mailbox)
    response = client.post(f"/status/{reference}/", {"answer": typed})
    assert response.status_code == 422
    assert 'href="#answer"' in response.content.decode()


def test_who_answers_when_it_was_closed_in_the_meantime_keeps_their_words(client, reference, mailbox):
    key = key_of(enter(client, reference, mailbox))
    tom = people.get_officer("tom")
    cases.act(officer=tom, reference=reference, action="collected", answers={}, now=TUESDAY_NOON)
    response = client.post(f"/status/{reference}/", {"answer": "Wait, there is more.", "form-key": key})
    assert response.status_code == 422
    assert "This was closed in the meantime" in words(response)
    assert "Wait, there is more." in words(response)


def test_a_closed_case_says_so_and_asks_nothing(client, reference, mailbox):
    tom = people.get_officer("tom")
    cases.act(officer=tom, reference=reference, action="collected", answers={}, now=TUESDAY_NOON)
    said = words(enter(client, reference, mailbox))
    assert "We have emptied your bin." in said
    assert "We have closed this. Nothing else will happen." in said
    assert "If there is still a problem, write to hello@harrowmere.example" in said
    assert "What do you want to tell us?" not in said


def test_what_is_for_officers_only_is_not_there(client, reference, mailbox):
    priya = people.get_officer("priya")
    cases.take(officer=priya, reference=reference, now=TUESDAY_NOON)
    cases.note(officer=priya, reference=reference, text="Complains a lot.", now=TUESDAY_NOON)
    said = words(enter(client, reference, mailbox))
    assert "Complains" not in said
    assert "Priya" not in said


def test_a_service_whose_class_asks_for_no_code_opens_without(client, reference):
    public = submit("tell-us", {"email": "x@example.com"})
    assert "We will go and see." in words(client.get(f"/status/{public}/"))


def test_where_the_case_waits_for_the_resident_the_form_comes_first(client, reference):
    public = submit("tell-us", {"email": "x@example.com"})
    cases.act(
        officer=people.get_officer("priya"),
        reference=public,
        action="ask",
        answers={},
        text="Which bench?",
        now=TUESDAY_NOON,
    )
    said = words(client.get(f"/status/{public}/"))
    assert said.index("We will continue when we have your answer.") < said.index("What has happened")
    assert "What we asked you Which bench? What is your answer?" in said
    assert said.index("What is your answer?") < said.index("What has happened")
    assert "Close this page" not in said, "anybody may see it, so there is nothing to close"
    client.post(f"/status/{public}/", {"answer": "The green one."})
    assert cases.next_step(reference=public).stage == "Being looked at"


def test_an_answer_can_not_be_forged(reference):
    careful = Client(enforce_csrf_checks=True)
    assert careful.post("/status/", {"reference": reference}).status_code == 403
    assert codes() == 0


def test_no_page_of_it_is_kept_by_a_cache(client, reference, mailbox):
    enter(client, reference, mailbox)
    for address in ("/status/", f"/status/{reference}/"):
        assert "no-store" in client.get(address).headers["Cache-Control"]
