"""Searching at the desk: what is looked for never stands in an address."""

import pytest

from vestry.channels.desk import search
from vestry.channels.desk.tests.pages import errors, submit, text


@pytest.fixture
def priya(signed_in):
    return signed_in("priya")


def look_for(client, what):
    return client.post("/desk/search/", {"text": what}, follow=True)


def test_by_an_email_address_which_no_address_of_a_page_holds(priya, reference):
    found = look_for(priya, "sam@example.com")
    assert reference in text(found)
    ((where, _status),) = found.redirect_chain
    assert "sam" not in where
    assert reference in text(priya.get(where)), "the page can be loaded again"


def test_by_what_was_chosen_as_it_reads_not_as_it_is_kept_and_by_notes(priya, reference):
    assert reference in text(look_for(priya, "Rubbish"))
    assert reference not in text(look_for(priya, "refuse"))
    priya.post(f"/desk/cases/{reference}/note/", {"note": "Ask Brenda about the gate."})
    assert reference in text(look_for(priya, "brenda gate"))


def test_another_teams_officer_finds_nothing_and_another_session_no_search(priya, signed_in, reference):
    found = look_for(priya, "sam@example.com")
    maya = signed_in("maya")
    assert "Nothing that you can see was found." in text(look_for(maya, "sam@example.com"))
    assert "sam@example.com" not in maya.get(found.redirect_chain[0][0]).content.decode()


def test_an_empty_search_says_what_to_enter_and_one_that_finds_nothing_keeps_what_was_typed(priya):
    assert [target for target, _said in errors(priya.post("/desk/search/", {"text": " "}))] == ["text"]
    assert 'value="zebra"' in look_for(priya, "zebra").content.decode()


@pytest.mark.parametrize("nonsense", ["\x00", "a" * 5000, "%", "🦓", "'; drop table --"])
def test_nonsense_finds_nothing_and_breaks_nothing(priya, reference, nonsense):
    assert look_for(priya, nonsense).status_code in {200, 422}
    assert reference not in text(look_for(priya, nonsense))


def test_page_after_page_and_only_the_last_searches_are_kept(priya, monkeypatch):
    monkeypatch.setattr("vestry.cases.api.searching.PAGE", 1)
    monkeypatch.setattr(search, "KEPT", 2)
    older, newer = submit("key-1"), submit("key-2", bin="garden", permit="1")
    found = look_for(priya, "sam@example.com")
    assert newer in text(found)
    assert older not in text(found)
    where = found.redirect_chain[0][0]
    following = found.context["next"] if found.context else ""
    if following:
        assert older in text(priya.get(f"/desk/search/{following}"))
    for what in ("one", "two"):
        look_for(priya, what)
    assert "Cases found for" not in text(priya.get(where)), "the oldest search is forgotten"
