"""*Tell us you are moving*, of the example council, on its pages: into, within and out of the district."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vestry.channels.public.tests.visitor import Visitor
from vestry.councils import api as councils
from vestry.kernel import SYSTEM, Ref, utc_now
from vestry.services import api as services

HARROWMERE = Path(__file__).parents[4] / "packs" / "harrowmere"
OLD, NEW = "999900000101", "999900000102"


@pytest.fixture
def visitor(db):
    council = services.publish_pack(folder=HARROWMERE, now=utc_now(), actor=SYSTEM).council
    with councils.scope(council):
        yield Visitor(council.hosts[0]).open("/services/moving/").press()


def day(id, when=datetime(2026, 11, 2, tzinfo=UTC)):
    return {f"{id}__day": str(when.day), f"{id}__month": str(when.month), f"{id}__year": str(when.year)}


def begin(visitor, move):
    visitor.press(move=move).press(**day("move-day".replace("-", "__")))
    assert visitor.here.endswith("/tasks/")
    assert "Confirm that this is true Cannot start yet" in visitor.page.text
    return visitor


def at_home(visitor, id, uprn):
    id = id.replace("-", "__")
    visitor.press(**{f"{id}__postcode": "hm1 1aa"})
    return visitor.press(**{f"{id}__uprn": uprn})


def elsewhere(visitor, id):
    id = id.replace("-", "__")
    visitor.press(**{f"{id}__postcode": "ZZ1 1ZZ"})
    typed = {"line1": "1 Far Road", "town": "Far", "postcode": "ZZ1 1ZZ"}
    return visitor.press(**{f"{id}__{part}": said for part, said in typed.items()})


def person(visitor, who, student="no", course=""):
    visitor.press(person=who).press(**day("born", datetime(2001, 3, 31, tzinfo=UTC)))
    visitor.press(student=student)
    return visitor.press(course=course) if course else visitor


def leaving(visitor, tenure, account=""):
    visitor.follow("The home you are leaving").press(account=account)
    at_home(visitor, "leaving", OLD).press(leaving__tenure=tenure)


def finish(visitor):
    visitor.follow("How to contact you")
    visitor.press(your__name="Pat Reed").press(email="pat@example.org").press(phone="")
    visitor.follow("Confirm that this is true").press()
    assert visitor.status == 422
    assert "Tick the box to confirm that what you have told us is true and complete" in visitor.page.text
    visitor.press(declaration="yes").follow("Check your answers and send")
    assert visitor.here.endswith("/check/"), visitor.page.text
    checked = visitor.page.text
    visitor.press()
    reference = re.search(r"MV-\w{4}-\w{4}", visitor.page.text).group()
    return checked, {row.label: row.text for row in services.shown(Ref("case", reference))}


def test_into_the_district_with_two_people_in_a_rented_home(visitor):
    begin(visitor, "into").follow("The home you are leaving")
    elsewhere(visitor, "came-from").follow("Your new home")
    at_home(visitor, "new-home", NEW)
    visitor.press(tenure="tenant").press(landlord="Mere Lettings").press(rent="£850.50").press()
    visitor.follow("The people who will live with you").press(people="yes")
    person(visitor, "Sam Reed").press(people="yes")
    person(visitor, "Kim Reed", "yes", "Mere College").press(people="no")
    checked, shown = finish(visitor)
    assert "£850.50" in checked
    assert "Which home in Harrowmere are you leaving?" not in shown
    assert shown["Who will live with you in your new home?"] == "Sam Reed\nKim Reed"
    assert "Where they study: Mere College" in shown["Person 2"]
    assert "Where they study" not in shown["Person 1"]
    assert shown["What address are you leaving?"] == "1 Far Road, Far, ZZ1 1ZZ"


def test_within_the_district_from_a_home_that_is_sold_to_one_of_ones_own_alone(visitor):
    leaving(begin(visitor, "within"), "owner", "12345678")
    visitor.press(becomes="sold").press(**day("sold__on")).follow("Your new home")
    at_home(visitor, "new-home", NEW).press(tenure="owner").press()
    visitor.follow("The people who will live with you").press(people="no")
    checked, shown = finish(visitor)
    assert "I am selling it" in checked
    assert shown["What will happen to your home when you have left?"] == "I am selling it"
    assert not {"How much rent will you pay a month?", "Person 1", "What address are you moving to?"} & set(
        shown
    )


def test_out_of_the_district_from_a_rented_home(visitor):
    leaving(begin(visitor, "out"), "tenant")
    visitor.follow("Your new home")
    assert "The people who will live with you" not in visitor.page.text
    elsewhere(visitor, "going-to")
    _, shown = finish(visitor)
    assert shown["What address are you moving to?"] == "1 Far Road, Far, ZZ1 1ZZ"
    assert "Which home in Harrowmere are you moving to?" not in shown


def test_who_changes_their_mind_is_asked_only_what_now_applies_and_keeps_the_rest(visitor):
    leaving(begin(visitor, "within"), "tenant")
    visitor.follow("Your new home")
    at_home(visitor, "new-home", NEW).press(tenure="owner").press()
    visitor.follow("The people who will live with you").press(people="yes")
    person(visitor, "Sam Reed").press(people="no")
    visitor.open(visitor.here.replace("/tasks/", "/move/")).press(move="out")
    assert "if you rent it. Incomplete" in visitor.page.text
    visitor.follow("Your new home")
    elsewhere(visitor, "going-to")
    _, shown = finish(visitor)
    assert not {"Person 1", "Who will live with you in your new home?"} & set(shown)
    assert shown["Which home in Harrowmere are you leaving?"].startswith("1 Mere Road")
