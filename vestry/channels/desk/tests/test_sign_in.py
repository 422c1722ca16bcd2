"""Signing in: who gets in, and that nobody learns why they did not."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.cache import cache
from django.test import Client

from vestry.channels.desk.tests.pages import errors, text
from vestry.councils import api as councils
from vestry.kernel import utc_now
from vestry.notify import api as notify
from vestry.notify.tests.posted import fakes, plugged
from vestry.people import api as people
from vestry.people.tests.officers import NEXT_DOOR, PASSWORD, PLACEMENTS, put_everybody, put_officers

SALTMARSH = {"host": "saltmarsh.localhost"}


@pytest.fixture(autouse=True)
def mailbox(council, other_council, settings):
    cache.clear()
    # Django's test runner swaps the one in the settings for one that sends nothing anywhere.
    settings.EMAIL_BACKEND = "vestry.channels.desk.mail.ThroughNotify"
    put_everybody(other_council, password=PASSWORD)
    with plugged(fakes.FakeEmail()) as mailbox:
        yield mailbox


def sign_in(client, email="priya@harrowmere.example", password=PASSWORD, **more):
    return client.post(
        "/desk/sign-in/", {"login": email, "password": password, **more.pop("form", {})}, **more
    )


def test_the_desk_leads_to_signing_in_and_back(client):
    response = client.get("/desk/?whose=mine", follow=True)
    assert response.redirect_chain[0][0] == "/desk/sign-in/?next=/desk/%3Fwhose%3Dmine"
    assert "Sign in to the desk" in text(response)
    target, *_more = re.findall(r'name="next" value="([^"]*)"', response.content.decode())
    response = sign_in(client, form={"next": target})
    assert response.headers["Location"] == "/desk/?whose=mine"
    assert "Signed in as Priya Nair" in client.get("/desk/").content.decode()


@pytest.mark.parametrize("email", ["PRIYA@harrowmere.example", " priya@harrowmere.example "])
def test_an_email_is_the_same_in_any_case(client, email):
    assert sign_in(client, email).headers["Location"] == "/desk/"


def test_one_does_not_come_back_to_another_site(client):
    assert sign_in(client, form={"next": "https://evil.example/"}).headers["Location"] == "/desk/"


def refusals(client):
    yield sign_in(client, password="wrong horse")
    yield sign_in(client, "nobody@harrowmere.example")
    yield sign_in(client, NEXT_DOOR[0].email)
    put_officers([one for one in PLACEMENTS if one.slug != "tom"])
    yield sign_in(client, "tom@harrowmere.example")


def test_whatever_is_wrong_the_words_are_the_same(client):
    said = set()
    for response in refusals(client):
        assert response.status_code == 200
        assert errors(response) == [("login", "The email address or password is not right")]
        said.add(re.sub(r"value=\"[^\"]*\"", "", response.content.decode()))
    assert len(said) == 1
    assert not client.get("/desk/").wsgi_request.user.is_authenticated


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (
            {"login": "", "password": ""},
            [("login", "Enter your email address"), ("password", "Enter your password")],
        ),
        (
            {"login": "priya", "password": "x"},
            [("login", "Enter an email address in the correct format, like name@example.com")],
        ),
        ({"login": "\x00", "password": "\x00"}, None),
        ({"login": "x" * 5000 + "@harrowmere.example", "password": "x" * 5000}, None),
    ],
)
def test_what_is_missing_is_said_beside_its_field(client, form, expected):
    response = client.post("/desk/sign-in/", form)
    assert response.status_code == 200
    assert errors(response) == expected if expected else errors(response)


def test_five_wrong_tries_are_enough_for_one_account_and_do_not_lock_others_out(client):
    for _ in range(5):
        sign_in(client, password="wrong horse")
    response = sign_in(client)
    assert errors(response) == [("login", "Too many tries. Wait five minutes, then try again")]
    assert sign_in(Client(), "tom@harrowmere.example").headers["Location"] == "/desk/"


def test_unknown_accounts_are_locked_out_just_the_same(client):
    said = {
        email: [errors(sign_in(client, email, "wrong horse")) for _ in range(6)]
        for email in ("maya@harrowmere.example", "nobody@harrowmere.example")
    }
    assert said["maya@harrowmere.example"] == said["nobody@harrowmere.example"]


def test_a_session_of_one_council_is_nobody_s_at_the_other(client):
    sign_in(client)
    assert client.get("/desk/").status_code == 200
    response = client.get("/desk/", headers=SALTMARSH)
    assert response.headers["Location"].startswith("/desk/sign-in/")


def test_not_even_for_somebody_who_works_at_both(client, other_council):
    both = people.Placement(
        slug="pn", name="P. Nair", email="priya@harrowmere.example", teams={"waste": ("officer",)}
    )
    with councils.scope(other_council):
        put_officers([*NEXT_DOOR, both])
    sign_in(client)
    response = client.get("/desk/", headers=SALTMARSH)
    assert response.headers["Location"].startswith("/desk/sign-in/")
    sign_in(client, headers=SALTMARSH)
    assert "Signed in as P. Nair" in client.get("/desk/", headers=SALTMARSH).content.decode()


def test_whoever_leaves_is_out_at_once_and_can_not_go_round_in_circles(client):
    sign_in(client)
    put_officers([one for one in PLACEMENTS if one.slug != "priya"])
    response = client.get("/desk/", follow=True)
    assert "Sign in to the desk" in text(response)
    assert len(response.redirect_chain) == 1


def test_signing_out(client):
    sign_in(client)
    assert client.get("/desk/sign-out/").status_code == 200, "a link alone signs nobody out"
    assert client.get("/desk/").status_code == 200
    assert client.post("/desk/sign-out/").headers["Location"] == "/desk/sign-in/"
    assert client.get("/desk/").status_code == 302


def test_nobody_signs_up(client):
    for address in ("/desk/sign-up/", "/desk/signup/", "/accounts/signup/"):
        assert client.get(address).status_code == 404


def test_a_session_is_a_new_one_after_signing_in(client):
    client.get("/desk/sign-in/")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client)
    assert client.session.session_key != before
    assert not client.session.exists(before)


def emails(mailbox):
    notify.deliver_due(now=utc_now())
    return mailbox.taken


def link_in(mailbox):
    (email,) = emails(mailbox)
    return re.search(r"http://\S+", email.body)[0]


@pytest.mark.parametrize(
    ("email", "sent"),
    [
        ("Priya@harrowmere.example", 1),
        ("nobody@harrowmere.example", 0),
        (NEXT_DOOR[0].email, 0),
    ],
)
def test_a_link_for_a_new_password_goes_only_to_officers_here(client, mailbox, email, sent):
    response = client.post("/desk/sign-in/forgotten/", {"email": email}, follow=True)
    assert "If an officer here has that email address" in text(response)
    assert all(message.hidden for message in notify.sent())
    assert len(emails(mailbox)) == sent


def test_a_new_password_by_the_link(client, mailbox):
    client.post("/desk/sign-in/forgotten/", {"email": "priya@harrowmere.example"})
    link = link_in(mailbox)
    assert mailbox.taken[0].subject == "Your new password for Harrowmere District Council"
    response = client.get(link, follow=True)
    assert "Make a new password" in text(response)
    form = response.wsgi_request.path
    short = client.post(form, {"password1": "short", "password2": "short"})
    assert errors(short)[0][0] == "password1"
    unlike = client.post(form, {"password1": "three random words", "password2": "other random words"})
    assert errors(unlike) == [("password2", "You must type the same password each time.")]
    done = client.post(
        form, {"password1": "three random words", "password2": "three random words"}, follow=True
    )
    assert "Your new password is saved" in text(done)
    assert sign_in(Client(), password="three random words").headers["Location"] == "/desk/"
    assert "no longer works" in text(Client().get(link, follow=True))


def test_the_link_works_only_where_it_was_asked_for(client, mailbox):
    client.post("/desk/sign-in/forgotten/", {"email": "priya@harrowmere.example"})
    path = link_in(mailbox).removeprefix("http://testserver")
    assert "no longer works" in text(client.get(path, headers=SALTMARSH, follow=True))
    assert "no longer works" in text(client.get(path.replace("new-password/", "new-password/z"), follow=True))


@pytest.mark.parametrize(("minutes", "opens"), [(58, True), (62, False)])
def test_the_link_ends_after_an_hour(client, mailbox, monkeypatch, minutes, opens):
    client.post("/desk/sign-in/forgotten/", {"email": "priya@harrowmere.example"})
    link = link_in(mailbox)
    assert "within an hour" in mailbox.taken[0].body
    later = datetime.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _: later)
    assert ("no longer works" not in text(client.get(link, follow=True))) is opens


def test_somebody_who_never_had_a_password_makes_one_by_the_link(client, mailbox):
    new = people.Placement(
        slug="new", name="New Here", email="new@harrowmere.example", teams={"waste": ("crew",)}
    )
    put_officers([*PLACEMENTS, new])
    assert sign_in(client, new.email, "").status_code == 200
    client.post("/desk/sign-in/forgotten/", {"email": new.email})
    assert "Make a new password" in text(client.get(link_in(mailbox), follow=True))


def test_too_many_links_are_not_sent(client, mailbox):
    for _ in range(8):
        response = client.post("/desk/sign-in/forgotten/", {"email": "priya@harrowmere.example"})
    assert response.status_code == 429
    assert "Too many tries" in text(response)
    assert len(emails(mailbox)) == 5


def test_a_session_lasts_a_long_shift_and_no_longer(client):
    sign_in(client)
    assert timedelta(hours=8) < timedelta(seconds=client.session.get_expiry_age()) < timedelta(hours=12)


def test_who_is_signed_out_while_writing_gets_their_words_back(client):
    written = "It took me half an hour\nto write <this> down."
    response = client.post("/desk/cases/MB-0000-0000/note/", {"note": written, "form-key": "x" * 32})
    assert response.status_code == 403
    assert "It took me half an hour to write <this> down." in text(response)
    assert "x" * 32 not in text(response)
    assert "/desk/sign-in/?next=/desk/cases/MB-0000-0000/note/" in response.content.decode()
