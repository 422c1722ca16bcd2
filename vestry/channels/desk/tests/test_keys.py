"""The page for keys of programs: who sees which, what is made, that it is shown once, and how it ends."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from vestry.channels.desk.tests.pages import errors, key, text
from vestry.kernel import SYSTEM, Ref, local_day, utc_now
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.people.tests.officers import PLACEMENTS, put_officers, sign_in

TOKEN = re.compile(r"vestry_[0-9a-f]{8}_[-\w]{43}")


@pytest.fixture
def sam(signed_in):
    return signed_in("sam")


@pytest.fixture
def lena(officers):
    """Leads the waste team, and no other."""
    lena = people.Placement(
        slug="lena", name="Lena Voss", email="lena@harrowmere.example", teams={"waste": ("head",)}
    )
    put_officers([*PLACEMENTS, lena])
    return sign_in(Client(), "lena")


def said(**changed):
    last = local_day(utc_now()) + timedelta(days=30)
    return {
        "client": "crew-tablets",
        "role": "crew",
        "team": "waste",
        "scopes": ["cases.read", "cases.note"],
        "expires-day": last.day,
        "expires-month": last.month,
        "expires-year": last.year,
        **changed,
    }


def make(browser, **changed):
    form_key = key(browser.get("/desk/keys/new/"))
    return browser.post("/desk/keys/new/", {"form-key": form_key, **said(**changed)})


def a_key(client="crm", role="officer", team="waste"):
    return people.new_key(
        client=client,
        held=[people.Held(role, team)],
        scopes=["cases.read"],
        expires=local_day(utc_now()),
        now=utc_now(),
        actor=SYSTEM,
    )


def prefix(token):
    return "_".join(token.split("_")[:2])


def facts(client):
    return [(fact.name, str(fact.actor)) for fact in ledger.history(Ref("client", client))]


def test_a_key_is_made_and_shown_once(sam):
    assert "No program has a key now." in text(sam.get("/desk/keys/"))
    made = make(sam)
    (token,) = TOKEN.findall(made.content.decode())
    assert "no-store" in made["Cache-Control"]
    client = people.client_of(token=token, now=utc_now())
    assert (client.name, client.held) == ("crew-tablets", {people.Held("crew", "waste")})
    assert client.scopes == {"cases.read", "cases.note"}
    page = sam.get("/desk/keys/")
    assert "crew in Waste" in text(page)
    assert prefix(token) in text(page)
    assert not TOKEN.search(page.content.decode())
    assert facts("crew-tablets") == [("people.key_made", "officer:sam")]
    assert token not in str([fact.payload for fact in ledger.since(0)])


def test_the_same_form_makes_one_key(sam):
    form = {"form-key": key(sam.get("/desk/keys/new/")), **said()}
    assert sam.post("/desk/keys/new/", form).status_code == 200
    again = sam.post("/desk/keys/new/", form)
    assert again.status_code == 422
    assert "shown only once" in text(again)
    assert not TOKEN.search(again.content.decode())
    assert len(people.client_keys()) == 1


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"client": ""}, "client"),
        ({"client": "Crew tablets!"}, "client"),
        ({"client": "x" * 61}, "client"),
        ({"role": "support"}, "role"),
        ({"team": "moon"}, "team"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["people.look-after"]}, "scopes"),
        ({"expires-year": "2020"}, "expires"),
        ({"expires-year": "2090"}, "expires"),
        ({"expires-day": "x"}, "expires"),
    ],
)
def test_what_is_wrong_is_told_beside_it_and_nothing_typed_is_lost(sam, changed, where):
    page = make(sam, **changed)
    assert page.status_code == 422
    ((target, _sentence),) = errors(page)
    assert target.startswith(where)
    if where != "client":
        assert 'value="crew-tablets"' in page.content.decode()
    assert people.client_keys() == []


def test_a_key_is_ended_and_then_opens_nothing(sam):
    token = a_key()
    for _ in range(2):
        page = sam.post(f"/desk/keys/{prefix(token)}/end/", follow=True)
        assert "The key of crm opens nothing any more." in text_of_all(page)
    with pytest.raises(people.BadKey):
        people.client_of(token=token, now=utc_now())
    assert "ended on" in text(page)
    assert facts("crm") == [("people.key_made", "system:vestry"), ("people.key_taken_back", "officer:sam")]
    assert sam.post("/desk/keys/vestry_00000000/end/").status_code == 404


def text_of_all(page):
    return re.sub(r"<[^>]*>", " ", page.content.decode())


def test_who_leads_a_team_lets_programs_in_to_that_team_only(lena):
    ours, theirs, everybodys = a_key("ours"), a_key("theirs", team="information"), a_key("whole", team="")
    page = text(lena.get("/desk/keys/"))
    assert "ours" in page
    assert "theirs" not in page
    assert "whole" not in page
    for other in (theirs, everybodys):
        assert lena.post(f"/desk/keys/{prefix(other)}/end/").status_code == 404
        assert people.client_of(token=other, now=utc_now())
    assert lena.post(f"/desk/keys/{prefix(ours)}/end/").status_code == 302

    for team in ("information", "-", ""):
        assert errors(make(lena, team=team))[0][0].startswith("team")
    assert make(lena).status_code == 200


@pytest.mark.parametrize("who", ["priya", "tom", "grace"])
def test_nobody_else_comes_here(signed_in, who):
    browser = signed_in(who)
    token = a_key()
    assert browser.get("/desk/keys/").status_code == 404
    assert browser.get("/desk/keys/new/").status_code == 404
    assert browser.post("/desk/keys/new/", said()).status_code == 404
    assert browser.post(f"/desk/keys/{prefix(token)}/end/").status_code == 404
    assert people.client_of(token=token, now=utc_now())
    assert len(people.client_keys()) == 1
