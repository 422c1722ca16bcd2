"""How a service stands against the six principles: on its page, before it is published, and looked at."""

import pytest
from django.test import Client

from vestry.channels.desk.tests.pages import errors, text
from vestry.kernel import Ref, utc_now
from vestry.people.tests.officers import PLACEMENTS, put_officers, sign_in
from vestry.services import api as services
from vestry.services.tests.services_to_try import MISSED_BIN, put_why
from vestry.technology import api as technology
from vestry.technology.tests.technologies import NOON, decided, put, run

PAGE = "/desk/services/missed-bin/"
LOOK = f"{PAGE}look/"
ABOUT = Ref("service", "missed-bin")
PARKS = {"slug": "pat", "name": "Pat", "email": "pat@harrowmere.example"}


@pytest.fixture
def grace(officers):
    put_why()
    # What she publishes asks for one.
    put_officers(PLACEMENTS, demo_second_step=["grace"])
    return sign_in(Client(), "grace")


def draft_of(client, written):
    draft = client.post("/desk/drafts/", {"service": "missed-bin"}).headers["Location"]
    return draft, client.post(draft, {"text": written, "edition": 1})


def test_its_page_says_the_six_words_and_what_each_rests_on(grace):
    said = text(grace.get(PAGE))
    assert all(f"{title} ? Not known" in said for title in technology.rubrics().titles.values())
    assert "It does not say what it runs on." in said
    assert "By its definition" in said
    assert "It is put together from parts that are there once for every service: case, report." in said
    assert "Nobody has looked at its page yet." in said
    assert "What is missing: Can we" not in said
    assert "Was it designed on evidence of what people need? Not known." in said


def test_a_draft_says_how_it_would_stand_before_it_is_published(grace):
    put()
    decided("tidy-rounds", now=utc_now())
    research = "{day: 2026-10-01, whom: Six residents, learnt: A thing, changed: A thing}"
    more = f"owner: waste\nruns-on: [tidy-rounds]\nresearch:\n  - {research}"
    written = MISSED_BIN.replace("owner: waste", more)
    draft, kept = draft_of(grace, written)
    assert kept.status_code == 302, errors(kept)
    said = text(grace.get(f"{draft}publish/"))
    assert "This is how it would stand. None of it keeps you from publishing." in said
    assert "In a document, 1 October 2026: Six residents. A thing A thing" in said
    assert "It runs on Tidy Rounds" in said
    assert "Do people finish, first time and unaided? Not known." in said
    assert "A look at its page: 16 questions wait for it." in said
    # A mistake of its spelling is published whatever the six words are.
    view = services.drafts(officer=people_of("grace"))[0]
    assert grace.post(f"{draft}publish/", {"edition": view.edition, "over": 1}).status_code == 302
    assert "It runs on Tidy Rounds" in text(grace.get(PAGE))


def people_of(slug):
    from vestry.people import api as people

    return people.get_officer(slug)


def test_what_a_definition_newly_does_not_meet_is_mended_or_explained(grace):
    careless = MISSED_BIN.replace("class: official-personal", "class: official")
    draft, kept = draft_of(grace, careless)
    assert kept.status_code == 422
    ((_line, said),) = errors(kept)
    assert "Proportionately secure: not met. It asks who people are" in said
    assert grace.get(f"{draft}publish/").status_code == 302
    why = "although: {proportionately-secure: Until the law of May.}\n"
    assert grace.post(draft, {"text": careless + why, "edition": 2}).status_code == 302
    said = text(grace.get(f"{draft}publish/"))
    assert "Proportionately secure ✕ Not met It is published all the same: Until the law of May." in said


def test_a_number_that_was_published_beside_another_is_not_asked_about_again(grace):
    numbered = MISSED_BIN + "standard: {lgsl: 524, lgil: 8}\n"
    twin = numbered.replace("service: missed-bin", "service: lost-bin").replace("a missed bin", "a lost bin")
    draft, kept = draft_of(grace, numbered)
    grace.post(f"{draft}publish/", {"edition": 2, "over": 1})
    new = grace.post("/desk/drafts/", {}).headers["Location"]
    kept = grace.post(new, {"text": twin, "edition": 1})
    assert "“Report a missed bin” has the same number" in text(kept)
    explained = twin + "although: {flexible: One of the two goes in spring.}\n"
    assert grace.post(new, {"text": explained, "edition": 2}).status_code == 302
    assert grace.post(f"{new}publish/", {"edition": 3, "over": 0}).status_code == 302
    _draft, kept = draft_of(grace, numbered.replace("Tell us if", "Tell us when"))
    assert kept.status_code == 302, errors(kept)
    assert "“Report a lost bin” has the same number" in text(grace.get(PAGE))


def test_its_page_is_looked_at_and_what_was_seen_is_shown(grace):
    assert "http://testserver/services/missed-bin/" in text(grace.get(LOOK))
    posted = {"address": "https://elsewhere.example/", "walk": "press Send"}
    assert grace.post(LOOK, posted).headers["Location"] == LOOK
    look = technology.claim_look(now=utc_now())
    # Whatever else is posted, it is the service's own page, and nothing is sent there.
    assert (look.about, look.address, look.walk) == (ABOUT, "http://testserver/services/missed-bin/", "")
    assert grace.get(LOOK)["Refresh"] == "4"
    again = grace.post(LOOK, {})
    assert again.status_code == 409
    assert "Wait until that is done" in text(again)
    technology.end_look(look=look, run=run(started=utc_now()), now=utc_now())
    page = grace.get(LOOK)
    assert "1 findings were kept." in text(page)
    sha256 = run().evidence[0].sha256
    assert f"{PAGE}evidence/{sha256}/" in page.content.decode()
    assert grace.get(f"{PAGE}evidence/{sha256}/").content == b"server: old"
    assert grace.get(f"{PAGE}evidence/{'0' * 64}/").status_code == 404
    said = text(grace.get(PAGE))
    assert "Mobile ready ✕ Not met" in said
    assert "1024 pixels at 360." in said


def test_another_teams_service_is_read_but_not_looked_at_by_others(grace):
    from vestry.people import api as people

    put_officers([*PLACEMENTS, people.Placement(**PARKS, teams={"information": ("designer", "manager")})])
    pat = sign_in(Client(), "pat")
    assert "Have its page looked at" not in text(pat.get(PAGE))
    for address in (LOOK, f"{PAGE}evidence/{'0' * 64}/"):
        assert pat.get(address).status_code == 404
    assert pat.post(LOOK).status_code == 404
    assert grace.get("/desk/services/nothing/look/").status_code == 404


def test_services_by_principles_shows_each_by_itself_and_by_what_it_runs_on(grace):
    technology.take_run(about=ABOUT, run=run(started=NOON), by=Ref("officer", "grace"), now=NOON)
    page = grace.get("/desk/technologies/services/")
    assert "Report a missed bin" in text(page)
    assert "✕ Not met" in text(page)
    assert f'href="{PAGE}"' in page.content.decode()
    # Who may not read services finds its name only.
    assert (
        f'href="{PAGE}"' not in sign_in(Client(), "tom").get("/desk/technologies/services/").content.decode()
    )
