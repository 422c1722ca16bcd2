"""Files in a journey, without script."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from vestry.channels.public import uploads
from vestry.documents import api as documents
from vestry.documents.tests import made
from vestry.kernel import Ref
from vestry.people.api import LIMITS, Limit
from vestry.services import api as services
from vestry.services.tests.services_to_try import TUESDAY_NOON, offer

GRAFFITI = """
service: graffiti
title: Report graffiti
summary: Show us what was painted.
why: clean-streets
owner: waste
class: official
reference: GR
contact: {email: email}
keep: {closed: 1 year, abandoned: 30 days}
journey:
  - page: What did you see?
    id: seen
    ask:
      - text: {id: where, ask: Where is it?}
      - file: {id: photos, ask: Upload photos of it, name: a photo of it, types: [photo, pdf], max: 3,
               megabytes: 1}
  - page: Proof
    ask:
      - file: {id: proof, ask: Upload a letter, name: a letter, types: [pdf, document], optional: true}
  - page: Your email
    ask:
      - email: {id: email, ask: What is your email address?}
  - check: Check your answers
case:
  team: waste
  stages:
    open: {title: Being looked at}
    gone: {title: Gone, end: cleaned}
  actions:
    - {do: Cleaned, id: clean, from: open, to: gone, by: [officer]}
"""


@pytest.fixture
def journey(visitor):
    offer(GRAFFITI)
    visitor.open("/services/graffiti/").press()
    assert visitor.page.forms[0].names >= {"where", "photos"}
    return visitor


def photo(name="wall.jpg", content=None):
    return SimpleUploadedFile(name, made.picture() if content is None else content, "image/jpeg")


def names(visitor):
    return [one.name for one in documents.find(ids=kept(visitor))]


def kept(visitor):
    return [value for name, value in visitor.page.forms[0].fields if name.endswith("-kept")]


def owner_of(visitor):
    view = services.at(token=visitor.here.split("/")[3], now=TUESDAY_NOON).journey
    return Ref("journey", view.id)


def test_a_photo_is_given_seen_and_sent(journey):
    journey.press(where="The bridge", photos=photo())
    assert journey.status == 200
    assert "Upload a letter" in journey.page.text
    journey.press().press(email="jo@example.com")
    assert "wall.jpg" in journey.page.text
    owner = owner_of(journey)
    journey.press()
    assert documents.of(owner=owner) == []
    (case,) = {fact.subject for fact in _facts("documents.kept")}
    assert case.kind == "case"
    assert [one.name for one in documents.of(owner=case)] == ["wall.jpg"]


def _facts(name):
    from vestry.ledger import api as ledger

    return [fact for fact in ledger.since(0) if fact.name == name]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (photo("wall.jpg", made.PAGE), "“wall.jpg” is not what its name says. It must be a JPG, PNG or PDF"),
        (photo("wall.gif", made.picture("GIF")), "“wall.gif” must be a JPG, PNG or PDF"),
        (photo("bill.pdf", made.PROGRAM), "“bill.pdf” is not what its name says"),
        (photo("wall.jpg", b""), "“wall.jpg” is empty"),
        (photo("wall.png", made.picture("PNG")[:-40]), "“wall.png” is damaged"),
        (photo("IMG_0001.HEIC", made.heic()), "“IMG_0001.HEIC” is a photo in the format HEIC"),
        (photo("wall.jpg", made.picture() + b"\0" * 1_000_000), "“wall.jpg” must be smaller than 1MB"),
        (photo("wall.jpg", b"\xff\xd8\xff" + b"\0" * documents.LARGEST), "must be smaller than 1MB"),
        (photo("bill.pdf", made.infected_pdf()), "“bill.pdf” has a virus, so we did not keep it"),
        (photo("..\\..\\a\u202egpj.exe", made.PROGRAM), "“agpj.exe” must be a JPG"),
        ("", "Select a photo of it"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_and_the_other_answers_stay(journey, scanner, file, said):
    journey.press(where="The bridge", photos=file)
    assert journey.status == 422
    assert said in journey.page.text
    assert ("where", "The bridge") in journey.page.forms[0].fields
    assert "#photos" in [href for href, _ in journey.page.links]
    assert "photos" in journey.page.ids
    assert documents.of(owner=owner_of(journey)) == []
    journey.press(photos=photo())
    assert "Upload a letter" in journey.page.text


def test_a_good_file_is_kept_while_another_answer_is_mended(journey):
    journey.press(where="", photos=photo())
    assert journey.status == 422
    assert names(journey) == ["wall.jpg"]
    journey.press(where="The bridge")
    assert "Upload a letter" in journey.page.text


def test_more_are_added_and_removed_without_going_on(journey):
    journey.press(where="The bridge", photos=photo("one.jpg"), photos__add="yes")
    assert journey.status == 200
    assert names(journey) == ["one.jpg"]
    assert ("where", "The bridge") in journey.page.forms[0].fields
    journey.press(photos=[photo("two.jpg"), photo("bad.jpg", b"x")])
    assert names(journey) == ["one.jpg", "two.jpg"], "what was good of several is kept"
    assert "“bad.jpg” is not what its name says" in journey.page.text
    journey.press(photos__remove=kept(journey)[0])
    assert names(journey) == ["two.jpg"]
    assert [one.name for one in documents.of(owner=owner_of(journey))] == ["two.jpg"]
    journey.press(photos=[photo("three.jpg"), photo("four.jpg"), photo("five.jpg")])
    assert "You can upload up to 3 files" in journey.page.text
    assert names(journey) == ["two.jpg", "three.jpg", "four.jpg"]
    journey.press()
    assert "Upload a letter" in journey.page.text


def test_where_one_is_asked_for_another_takes_its_place(journey):
    journey.press(where="The bridge", photos=photo())
    proof = journey.here
    journey.press(proof=photo("a.pdf", made.pdf())).open(proof)
    assert names(journey) == ["a.pdf"]
    journey.press(proof=photo("b.docx", made.office())).press(email="jo@example.com")
    assert "b.docx" in journey.page.text
    assert "a.pdf" not in journey.page.text
    journey.press()
    assert sorted(one.name for one in _kept()) == ["b.docx", "wall.jpg"], "what was replaced is gone"


def _kept():
    return documents.find(ids=[fact.payload["document"] for fact in _facts("documents.kept")])


def test_leaving_deletes_the_files(journey):
    journey.press(where="The bridge", photos=photo())
    owner = owner_of(journey)
    assert documents.of(owner=owner)
    journey.open("/".join(journey.here.split("/")[:4]) + "/leave/").press()
    assert documents.of(owner=owner) == []


def test_anothers_file_is_nobodys(journey):
    journey.press(where="The bridge", photos=photo(), photos__add="yes")
    theirs = kept(journey)
    journey.open("/services/graffiti/").press()
    # As nobody's page says it.
    journey.page.forms[0].names.update(["photos-kept"])
    journey.press(where="The bridge", photos="", photos__kept=theirs)
    assert "Select a photo of it" in journey.page.text
    journey.page.forms[0].names.add("photos-remove")
    journey.press(photos__remove=theirs[0])
    assert documents.find(ids=theirs)


def test_far_too_much_is_refused_before_it_is_read(journey, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_BODY", 1000)
    journey.press(where="The bridge", photos=photo(content=b"x" * 5000))
    assert journey.status == 422
    assert "Each file must be smaller than 1MB" in journey.page.text


def test_a_connection_that_uploads_without_end_is_told_to_wait_and_nothing_else_is_lost(journey, monkeypatch):
    monkeypatch.setitem(LIMITS, "files", Limit(many=2, within=timedelta(hours=1)))
    journey.press(where="", photos=[photo("one.jpg"), photo("two.jpg")])
    journey.press(where="The bridge", photos=photo("three.jpg"))
    assert journey.status == 422
    assert "Too many files came from your internet connection. Upload this one in " in journey.page.text
    assert ("where", "The bridge") in journey.page.forms[0].fields
    assert names(journey) == ["one.jpg", "two.jpg"]
    journey.press()
    assert "Upload a letter" in journey.page.text, "without a file it goes on"


def test_what_was_set_aside_is_named_by_no_answer_so_that_it_is_swept(journey):
    journey.press(where="The bridge", photos=[photo("one.jpg"), photo("two.jpg")], photos__add="yes")
    owner, (first, _second) = owner_of(journey), kept(journey)
    journey.page.forms[0].fields = [("asked", "where"), ("asked", "photos"), ("photos-kept", first)]
    journey.press(where="The bridge")
    assert "Upload a letter" in journey.page.text
    named = services.texts_of(journey=owner)
    assert [one.name for one in documents.of(owner=owner) if one.id in named] == ["one.jpg"]


def test_a_page_that_asks_for_no_file_takes_none(journey):
    journey.press(where="The bridge", photos=photo()).press()
    response = journey.client.post(journey.here, {"email": photo()})
    assert response.status_code == 400


SEVERAL = """
service: dumped
title: Report things dumped
summary: Tell us what was dumped.
why: clean-streets
owner: waste
class: official
reference: DU
contact: {email: email}
keep: {closed: 1 year, abandoned: 30 days}
journey:
  - page: What was dumped
    ask:
      - list:
          id: things
          ask: What was dumped?
          one: thing
          many: things
          max: 3
          each:
            - text: {id: what, ask: What is it?}
            - file: {id: photos, ask: Upload a photo of it, name: a photo of it, types: [photo], max: 2}
  - page: Your email
    ask:
      - email: {id: email, ask: What is your email address?}
  - check: Check your answers
case:
  team: waste
  stages:
    open: {title: Being looked at}
    gone: {title: Gone, end: cleaned}
  actions:
    - {do: Cleaned, id: clean, from: open, to: gone, by: [officer]}
"""


def test_each_thing_on_a_list_has_files_of_its_own(visitor):
    offer(SEVERAL)
    visitor.open("/services/dumped/").press()
    visitor.press(what="Sofa").press(photos=photo("sofa.gif", made.picture("GIF")))
    assert "“sofa.gif” must be a JPG or PNG" in visitor.page.text
    visitor.press(photos=[photo("front.jpg"), photo("back.jpg")])
    assert "You have added 1 thing" in visitor.page.text
    visitor.press(things="yes").press(what="Fridge").press(photos=photo("fridge.jpg"))
    assert "You have added 2 things" in visitor.page.text
    visitor.press(things="no").press(email="jo@example.com")
    for name in ("front.jpg", "back.jpg", "fridge.jpg"):
        assert name in visitor.page.text
    visitor.press()
    (case,) = {fact.subject for fact in _facts("documents.kept")}
    assert {one.name for one in documents.of(owner=case)} == {"front.jpg", "back.jpg", "fridge.jpg"}
    (row,) = [row for row in services.shown(case) if row.label == "Thing 2"]
    assert "fridge.jpg" in row.text
    assert "front.jpg" not in row.text
