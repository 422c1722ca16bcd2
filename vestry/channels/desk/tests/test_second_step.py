"""The second step of signing in, where officers are signed in, and how that ends."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from vestry.channels.desk.tests.pages import errors, given_back, text
from vestry.kernel import Ref, utc_now
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.notify.tests.posted import fakes, plugged
from vestry.people import api as people
from vestry.people.tests.officers import PASSWORD, PLACEMENTS, TEAMS, put_everybody, put_officers, put_teams

DEMO_SECRET = "VESTRYDEMOVESTRYDEMOVESTRYDEMO22"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
)


@pytest.fixture(autouse=True)
def mailbox(council, other_council, settings):
    cache.clear()
    settings.EMAIL_BACKEND = "vestry.channels.desk.mail.ThroughNotify"
    put_everybody(other_council, password=PASSWORD)
    with plugged(fakes.FakeEmail()) as mailbox:
        yield mailbox


@pytest.fixture
def careful():
    put_teams(TEAMS, second_step={"waste"})


def code_for(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_in(client, slug="priya", **headers):
    form = {"login": people.get_officer(slug).email, "password": PASSWORD}
    return client.post("/desk/sign-in/", form, headers=headers)


def enrol(client):
    page = client.get("/desk/security/app/").content.decode()
    (secret,) = re.findall(r'vestry-key">([A-Z2-7]+)<', page)
    response = client.post("/desk/security/app/", {"code": code_for(secret)})
    assert response.headers["Location"] == "/desk/security/recovery-codes/"
    return secret


def said(slug="priya"):
    """What was stated of how they sign in; that they have a place comes before."""
    names = [entry.name for entry in ledger.history(Ref("officer", slug))]
    told = [name.removeprefix("people.") for name in names if name.startswith("people.")]
    return [name for name in told if name not in {"officer_placed", "role_given"}]


def test_somebody_adds_an_app_and_needs_its_code_from_then_on(client, mailbox, monkeypatch):
    # A test is one transaction that never ends.
    monkeypatch.setattr("allauth.mfa.totp.internal.flows.transaction.on_commit", lambda do: do())
    sign_in(client)
    secret = enrol(client)
    codes = re.findall(r"<li>(\d{8})</li>", client.get("/desk/security/recovery-codes/").content.decode())
    assert len(codes) == 10
    notify.deliver_due(now=utc_now())
    assert "has changed" in mailbox.taken[-1].subject
    assert "An app that shows codes was added." in mailbox.taken[-1].body
    client.post("/desk/sign-out/")

    assert sign_in(client).headers["Location"] == "/desk/sign-in/second-step/"
    assert client.get("/desk/").status_code == 302, "the password alone opens nothing"
    wrong = client.post("/desk/sign-in/second-step/", {"code": "000000"})
    assert errors(wrong) == [("code", "That code is not right. Wait for the next one, then try again")]
    assert errors(client.post("/desk/sign-in/second-step/", {"code": ""})) == [("code", "Enter the code")]
    right = client.post("/desk/sign-in/second-step/", {"code": code_for(secret, 1)})
    assert right.headers["Location"] == "/desk/"
    client.post("/desk/sign-out/")
    sign_in(client)
    assert client.post("/desk/sign-in/second-step/", {"code": codes[0]}).headers["Location"] == "/desk/"
    assert said() == [
        "signed_in",
        "second_step_added",
        "second_step_added",
        "signed_in",
        "signed_in",
    ]


def test_a_recovery_code_opens_once(client):
    sign_in(client)
    enrol(client)
    code = re.findall(r"<li>(\d{8})</li>", client.get("/desk/security/recovery-codes/").content.decode())[0]
    for expected in (302, 200):
        client.post("/desk/sign-out/")
        sign_in(client)
        assert client.post("/desk/sign-in/second-step/", {"code": code}).status_code == expected


def test_nobody_guesses_codes(client):
    sign_in(client)
    secret = enrol(client)
    other = Client()
    sign_in(other)
    for _ in range(5):
        other.post("/desk/sign-in/second-step/", {"code": "000000"})
    response = other.post("/desk/sign-in/second-step/", {"code": code_for(secret, 1)})
    assert errors(response) == [("code", "Too many tries. Wait five minutes, then try again")]


def test_what_is_stored_of_an_app_makes_no_codes(client):
    sign_in(client)
    secret = enrol(client)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_a_careful_team_s_officer_comes_nowhere_before_they_have_one(client, careful):
    sign_in(client)
    for address in ("/desk/", "/desk/cases/MB-7K3N-9QFA/"):
        assert client.get(address).headers["Location"] == "/desk/security/"
    assert "a password alone is not enough" in text(client.get("/desk/security/"))
    enrol(client)
    assert client.get("/desk/").status_code == 200
    client.post("/desk/security/app/remove/")
    assert client.get("/desk/").headers["Location"] == "/desk/security/"


def test_who_is_signed_in_when_it_comes_to_be_asked_for_is_asked_at_once(client):
    sign_in(client)
    sign_in(maya := Client(), "maya")
    assert client.get("/desk/").status_code == 200
    put_teams(TEAMS, second_step={"waste"})
    assert client.get("/desk/").headers["Location"] == "/desk/security/"
    assert "a password alone is not enough" in text(client.get("/desk/security/"))
    note = "It took me half an hour\nto write <this> down."
    response = client.post("/desk/cases/MB-0000-0000/note/", {"note": note})
    assert response.status_code == 403
    assert given_back(response) == [note]
    enrol(client)
    assert client.get("/desk/").status_code == 200

    assert maya.get("/desk/").status_code == 200
    put_officers(
        [
            people.Placement(slug="maya", name="Maya", email=each.email, teams={"waste": ("officer",)})
            if each.slug == "maya"
            else each
            for each in PLACEMENTS
        ]
    )
    assert maya.get("/desk/").headers["Location"] == "/desk/security/"


def test_who_removes_it_in_one_browser_is_asked_in_the_other(client, careful):
    sign_in(client)
    secret = enrol(client)
    other = Client()
    sign_in(other)
    other.post("/desk/sign-in/second-step/", {"code": code_for(secret, 1)})
    assert other.get("/desk/").status_code == 200
    client.post("/desk/security/app/remove/")
    assert other.get("/desk/").headers["Location"] == "/desk/security/"


@pytest.mark.parametrize(("slug", "asked"), [("tom", True), ("maya", False), ("grace", True)])
def test_who_must_have_one_follows_from_their_teams(client, careful, slug, asked):
    sign_in(client, slug)
    assert (client.get("/desk/").status_code == 302) == asked


def test_the_demo_asks_nobody_and_says_so(client, careful, settings):
    settings.DEMO = True
    sign_in(client)
    assert client.get("/desk/").status_code == 200
    assert "This is a demo" in text(client.get("/desk/security/"))


def test_the_demo_s_second_step_is_shown_in_the_demo_only(client, settings):
    settings.DEMO = True
    put_officers(PLACEMENTS, demo_second_step=["priya"])
    sign_in(client)
    assert code_for(DEMO_SECRET) in text(client.get("/desk/sign-in/second-step/"))
    settings.DEMO = False
    assert "demo" not in text(client.get("/desk/sign-in/second-step/"))


def test_changing_it_asks_again_after_a_while(client):
    sign_in(client)
    session = client.session
    session["since"] = (utc_now() - timedelta(hours=1)).isoformat()
    session.save()
    response = client.get("/desk/security/app/")
    assert response.headers["Location"].startswith("/desk/sign-in/again/")
    page = client.get(response.headers["Location"])
    assert "Show that it is still you" in text(page)
    form = {"password": "wrong horse", "next": "/desk/security/app/"}
    assert errors(client.post("/desk/sign-in/again/", form))
    form["password"] = PASSWORD
    assert client.post("/desk/sign-in/again/", form).headers["Location"] == "/desk/security/app/"


def test_where_somebody_is_signed_in_is_listed_and_ended_one_by_one_and_all(client):
    phone, third = Client(), Client()
    sign_in(client)
    sign_in(phone, **{"user-agent": PHONE})
    sign_in(third)
    for each in (client, phone, third):
        assert each.get("/desk/").status_code == 200
    page = client.get("/desk/security/")
    assert "Chrome, Android" in text(page)
    assert not any(each.cookies["sessionid"].value in page.content.decode() for each in (client, phone))
    row = next(one for one in people.sessions_of(officer=priya(), here="", now=utc_now()) if one.device)
    assert client.post(f"/desk/security/sessions/{row.id}/end/").status_code == 302
    assert phone.get("/desk/").status_code == 302
    assert third.get("/desk/").status_code == 200
    client.post("/desk/security/sessions/end-others/")
    assert third.get("/desk/").status_code == 302
    assert client.get("/desk/").status_code == 200
    assert said()[-2:] == ["sessions_ended", "sessions_ended"]


def priya():
    return people.get_officer("priya")


def test_nobody_ends_another_s_session(client):
    sign_in(client)
    other = Client()
    sign_in(other, "tom")
    (row,) = people.sessions_of(officer=priya(), here="", now=utc_now())
    other.post(f"/desk/security/sessions/{row.id}/end/")
    other.post("/desk/security/sessions/end-others/")
    assert client.get("/desk/").status_code == 200


def test_whoever_left_is_out_at_once_and_stays_out_whatever_the_pack_says(client):
    sign_in(client)
    sam = Client()
    sign_in(sam, "sam")
    assert "signed in at 1 place" in text(sam.get("/desk/people/"))
    sam.post("/desk/people/priya/stop/")
    sam.post("/desk/people/priya/stop/")
    assert client.get("/desk/").status_code == 302
    put_everybody(password=PASSWORD)
    assert errors(sign_in(client)) == [("login", "The email address or password is not right")]
    assert priya().slug not in {each.slug for each in people.find_officers()}
    sam.post("/desk/people/priya/allow/")
    assert sign_in(client).headers["Location"] == "/desk/"
    assert said() == ["signed_in", "officer_stopped", "sessions_ended", "officer_allowed", "signed_in"]


def test_nobody_stops_themselves(client):
    sign_in(client, "sam")
    client.post("/desk/people/sam/stop/")
    assert client.get("/desk/people/").status_code == 200
    assert client.post("/desk/people/nobody/stop/").status_code == 404


def test_a_lock_out_is_stated_once(client):
    for _ in range(8):
        client.post("/desk/sign-in/", {"login": priya().email, "password": "wrong horse"})
    assert said() == ["sign_in_locked"]


def test_facts_of_second_steps_played_back_give_what_is_there(client):
    sign_in(client)
    enrol(client)
    client.post("/desk/security/recovery-codes/new/")
    client.post("/desk/security/app/remove/")
    enrol(client)
    there = {}
    for entry in ledger.history(Ref("officer", "priya")):
        if entry.name == "people.second_step_added":
            there[entry.payload["number"]] = entry.payload["kind"]
        if entry.name == "people.second_step_removed":
            del there[entry.payload["number"]]
    assert there == dict(Authenticator.objects.values_list("pk", "type"))
    assert sorted(there.values()) == ["recovery_codes", "totp"]


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", "1", '{"response": {"userHandle": "MQ"}}'])
def test_a_passkey_that_is_none_opens_nothing(client, credential):
    client.get("/desk/sign-in/passkey/", headers={"accept": "application/json"})
    assert client.post("/desk/sign-in/passkey/", {"credential": credential}).status_code == 302
    assert client.get("/desk/").status_code == 302
