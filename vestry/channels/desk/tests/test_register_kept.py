"""The register kept at the desk: a technology, its contract, a table, and the days in a calendar."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from icalendar import Calendar

from vestry.channels.desk.tests.pages import errors, text
from vestry.kernel import SYSTEM, local_day, utc_now
from vestry.people import api as people
from vestry.people.tests.officers import PLACEMENTS, put_everybody, sign_in
from vestry.technology import api as technology
from vestry.technology.tests.technologies import put

HOME = "/desk/technologies/"
TIDY = f"{HOME}of/tidy-rounds/"


@pytest.fixture(autouse=True)
def _register(council):
    put_everybody()
    put()


def officer(slug):
    return sign_in(Client(), slug)


NEW = {
    "title": "Bright Rooms",
    "what": "Books rooms.",
    "hosting": "saas",
    "owner": "waste",
    "class": "official",
    "users": ["staff"],
    "people": "40",
    "pounds": "2,400",
    "gives": "Booking, Room Plans",
}


def test_what_we_have_already_is_shown_before_it_is_bought():
    grace = officer("grace")
    looked = text(grace.post(f"{HOME}add/", NEW))
    assert "We have this already" in looked
    assert "Old Booker gives “booking”, too." in looked
    assert "bright-rooms" not in technology.slugs()
    made = grace.post(f"{HOME}add/", NEW | {"twice": "It is left in June."})
    assert made.status_code == 302
    entry = technology.get_technology("bright-rooms")
    assert (entry.pounds, entry.capabilities) == (2_400, ("booking", "room-plans"))
    assert entry.twice_because == "It is left in June."


def test_what_was_seen_is_saved_without_a_reason_too():
    grace = officer("grace")
    grace.post(f"{HOME}add/", NEW | {"twice-seen": "yes"})
    assert "bright-rooms" in technology.slugs()


def test_nothing_that_was_typed_about_a_technology_is_lost():
    page = officer("grace").post(f"{HOME}add/", NEW | {"title": "", "gives": "a/b"})
    assert page.status_code == 422
    assert "Books rooms." in page.content.decode()
    assert "Enter what it is called" in text(page)


def test_a_technology_is_changed_and_its_contract_written_down():
    grace = officer("grace")
    assert "Plans the rounds of the crews." in grace.get(f"{TIDY}change/").content.decode()
    said = NEW | {
        "title": "Tidier Rounds",
        "hosting": "paas",
        "saas-reason": "None does.",
        "saas-looked": "3",
    }
    assert grace.post(f"{TIDY}change/", said | {"twice": "So."}).status_code == 302
    entry = technology.get_technology("tidy-rounds")
    assert entry.title == "Tidier Rounds"
    assert entry.steps["saas"] == technology.Step(reason="None does.", looked_at=3)
    assert entry.contract is not None, "its contract stays"
    form = {
        "reference": "HDC-9",
        "start-day": "31",
        "start-month": "1",
        "start-year": "2026",
        "initial": "12",
        "extension": "12",
        "most": "For-ever",
        "tacit": "yes",
        "notice": "2",
        "breaks": "2027-03-31",
    }
    refused = grace.post(f"{TIDY}contract/", form | {"most": "often", "breaks": "soon"})
    assert refused.status_code == 422
    assert "Enter a number up to 100, or for-ever" in text(refused)
    assert "Enter days as in 2027-03-31" in text(refused)
    assert grace.post(f"{TIDY}contract/", form).status_code == 302
    assert technology.get_technology("tidy-rounds").contract.reference == "HDC-9"
    assert "HDC-9" in grace.get(f"{TIDY}contract/").content.decode()


def over(page):
    return re.search(r'name="over" value="([^"]+)"', page.content.decode()).group(1)


def test_what_somebody_else_changed_meanwhile_is_not_undone():
    grace = officer("grace")
    opened = over(grace.get(f"{TIDY}change/"))
    others = replace(technology.get_technology("tidy-rounds"), owner="information", pounds=9_999)
    technology.write_entries([others], by=SYSTEM, now=utc_now())
    typed = NEW | {"title": "Tidy Rounds", "what": "A better sentence.", "twice": "So."}
    refused = grace.post(f"{TIDY}change/", typed | {"over": opened})
    assert refused.status_code == 409
    ((place, said),) = errors(refused)
    assert (place, said.startswith("Somebody else changed what the register says of it")) == (
        "meanwhile",
        True,
    )
    assert "pounds 9999 2400" in text(refused)
    assert "A better sentence." in refused.content.decode()
    assert technology.get_technology("tidy-rounds") == others
    assert grace.post(f"{TIDY}change/", typed | {"over": over(refused)}).status_code == 302
    assert technology.get_technology("tidy-rounds").what == "A better sentence."


def test_a_contract_somebody_else_wrote_meanwhile_is_not_undone():
    grace = officer("grace")
    opened = over(grace.get(f"{TIDY}contract/"))
    entry = technology.get_technology("tidy-rounds")
    others = replace(entry, contract=replace(entry.contract, taken=1))
    technology.write_entries([others], by=SYSTEM, now=utc_now())
    form = {"reference": "HDC-9", "start-day": "31", "start-month": "1", "start-year": "2026"}
    form |= {"initial": "12", "extension": "12", "most": "for-ever", "tacit": "yes", "over": opened}
    refused = grace.post(f"{TIDY}contract/", form)
    assert refused.status_code == 409
    assert "HDC-9" in refused.content.decode()
    assert "taken 1 0" in text(refused)
    assert technology.get_technology("tidy-rounds").contract.taken == 1
    assert grace.post(f"{TIDY}contract/", form | {"over": over(refused)}).status_code == 302


def test_two_who_add_the_same_at_once_add_two(monkeypatch):
    second = NEW | {"what": "Books rooms, too.", "twice-seen": "yes"}
    name_for = technology.name_for

    def meanwhile(title):
        name = name_for(title)
        monkeypatch.setattr(technology, "name_for", name_for)
        assert officer("grace").post(f"{HOME}add/", NEW | {"twice-seen": "yes"}).status_code == 302
        return name

    monkeypatch.setattr(technology, "name_for", meanwhile)
    made = officer("grace").post(f"{HOME}add/", second)
    assert made["Location"].endswith("/bright-rooms-2/")
    said = [technology.get_technology(each).what for each in ("bright-rooms", "bright-rooms-2")]
    assert said == ["Books rooms.", "Books rooms, too."]


def test_who_may_not_keep_it_is_offered_nothing():
    priya = officer("priya")
    assert "Add a technology" not in text(priya.get(HOME))
    assert priya.get(f"{HOME}add/").status_code == 404
    assert "Change what it says" not in text(priya.get(TIDY))


def test_a_table_is_looked_at_and_then_taken_in():
    grace = officer("grace")
    table = grace.get(f"{HOME}register.csv").content.decode()
    assert "Nothing: the register says all of it." in text(grace.post(f"{HOME}import/", {"text": table}))
    table = table.replace("Tidy Rounds", "Tidier Rounds")
    looked = text(grace.post(f"{HOME}import/", {"text": table}))
    assert "One technology is new or different." in looked
    assert technology.get_technology("tidy-rounds").title == "Tidy Rounds"
    assert "Tidier" in grace.post(f"{HOME}import/", {"text": table, "again": "yes"}).content.decode()
    grace.post(f"{HOME}import/", {"text": table, "save": "yes"})
    assert technology.get_technology("tidy-rounds").title == "Tidier Rounds"


def test_a_table_does_not_undo_what_it_did_not_show():
    grace = officer("grace")
    table = grace.get(f"{HOME}register.csv").content.decode().replace("Tidy Rounds", "Tidier Rounds")
    shown = over(grace.post(f"{HOME}import/", {"text": table}))
    others = replace(technology.get_technology("old-booker"), pounds=1)
    technology.write_entries([others], by=SYSTEM, now=utc_now())
    refused = grace.post(f"{HOME}import/", {"text": table, "save": "yes", "over": shown})
    assert refused.status_code == 409
    assert "Somebody else changed the register" in errors(refused)[0][1]
    assert "pounds 1 48000" in text(refused)
    assert technology.get_technology("old-booker").pounds == 1
    saved = grace.post(f"{HOME}import/", {"text": table, "save": "yes", "over": over(refused)})
    assert saved.status_code == 302


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("", "Paste a table, or choose a file"),
        ("name,title\nx,y", "Line 1, what: The column is missing."),
        ("x" * 300 + "\n", "There is no such column."),
    ],
)
def test_what_is_wrong_with_a_table_is_told_and_nothing_is_taken(table, says):
    page = officer("grace").post(f"{HOME}import/", {"text": table, "save": "yes"})
    assert page.status_code == 422
    assert says in text(page)
    assert table.strip() in page.content.decode()


def test_a_table_is_a_file_too_and_a_film_is_none():
    grace = officer("grace")
    table = grace.get(f"{HOME}register.csv").content.replace(b"Tidy Rounds", b"Tidier Rounds")
    looked = grace.post(f"{HOME}import/", {"file": SimpleUploadedFile("register.csv", table)})
    assert "One technology is new or different." in text(looked)
    film = SimpleUploadedFile("film.csv", b"\xff\xfe\x00")
    assert "must be a table as text" in text(grace.post(f"{HOME}import/", {"file": film}))
    film = SimpleUploadedFile("film.csv", b"x" * 1_100_000)
    assert "too long" in text(grace.post(f"{HOME}import/", {"file": film}))


def test_a_table_is_forged_by_nobody():
    forger = sign_in(Client(enforce_csrf_checks=True), "grace")
    assert forger.post(f"{HOME}import/", {"text": "x", "save": "yes"}).status_code == 403


CALENDAR = f"{HOME}calendar/"


def link(page):
    return re.search(r"http://testserver(/\S+\.ics)", text(page)).group(1)


def read(address):
    """The days of a calendar, as a calendar reads them, without signing in."""
    page = Client().get(address)
    assert page.status_code == 200
    assert page["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(page.content).walk("VEVENT")
    assert len({str(each["uid"]) for each in events}) == len(events)
    return {(str(each["summary"]), each.decoded("dtstart")) for each in events}


def test_the_days_that_matter_are_read_by_a_calendar():
    page = officer("priya").post(CALENDAR, {"of": "mine"})
    contract = technology.get_technology("tidy-rounds").renewal(local_day(utc_now()))
    assert read(link(page)) == {
        ("Tidy Rounds: Begin the renewal", contract.act_by),
        ("Tidy Rounds: Last day to give notice", contract.last_notice),
        ("Tidy Rounds: The contract ends", contract.end),
    }
    assert link(page) not in text(officer("priya").get(CALENDAR)), "it is told once"


def test_a_team_reads_its_own_and_a_new_link_ends_the_old_one():
    priya, maya = officer("priya"), officer("maya")
    old = link(priya.post(CALENDAR, {"of": "waste"}))
    assert read(old)
    assert read(link(maya.post(CALENDAR, {"of": "information"}))) == set()
    assert maya.post(CALENDAR, {"of": "waste"}).status_code == 404
    new = link(priya.post(CALENDAR, {"of": "waste"}))
    assert Client().get(old).status_code == 404
    assert read(new)
    priya.post(CALENDAR, {"of": "waste", "end": "yes"})
    assert Client().get(new).status_code == 404


@pytest.mark.parametrize("of", ["mine", "waste"])
def test_a_link_ends_with_whoever_made_it(of):
    address = link(officer("priya").post(CALENDAR, {"of": of}))
    left = [each for each in PLACEMENTS if each.slug != "priya"]
    people.put_officers(left, now=utc_now(), actor=SYSTEM)
    assert Client().get(address).status_code == 404


def test_a_team_s_link_ends_when_its_maker_leaves_the_team():
    address = link(officer("priya").post(CALENDAR, {"of": "waste"}))
    elsewhere = {"information": ("officer",)}
    moved = [replace(each, teams=elsewhere) if each.slug == "priya" else each for each in PLACEMENTS]
    people.put_officers(moved, now=utc_now(), actor=SYSTEM)
    assert Client().get(address).status_code == 404
