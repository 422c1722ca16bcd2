"""A resident sends files with what they write on the status page, or without words."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from vestry.cases import api as cases
from vestry.channels.public import status, uploads
from vestry.channels.public.tests.visitor import Reader
from vestry.documents import api as documents
from vestry.documents.tests import made
from vestry.kernel import Ref
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.services import api as services
from vestry.services.tests.services_to_try import ORIGIN, TUESDAY_NOON, furnish, offer

BENCH = """
service: bench
title: Tell us about a bench
summary: Anybody may know.
why: clean-streets
owner: waste
class: public
reference: BE
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
def reference(council, other_council, monkeypatch, scanner):
    monkeypatch.setattr(status, "utc_now", lambda: TUESDAY_NOON)
    put_everybody(other_council)
    furnish()
    offer(BENCH)
    taken = services.submit_answers(
        service="bench",
        answers={"email": "jo@example.com"},
        key="key-of-a-bench-that-is-told",
        client="tests",
        origin=ORIGIN,
        now=TUESDAY_NOON,
    )
    return taken.reference


@pytest.fixture
def resident(reference):
    return Resident(reference)


class Resident:
    """Has the page open, in a browser that holds posts against the token of the form."""

    def __init__(self, reference):
        self.address = f"/status/{reference}/"
        self.client = Client(enforce_csrf_checks=True)
        self.read(self.client.get(self.address))

    def read(self, response):
        self.status, self.source = response.status_code, response.content.decode()
        self.page = Reader(self.source)
        return self

    def send(self, **typed):
        form = next(form for form in self.page.forms if "answer" in form.names)
        assert form.encoding == "multipart/form-data"
        typed = {name.replace("__", "-"): value for name, value in typed.items()}
        assert set(typed) <= form.names
        sent = {}
        for name, value in form.fields:
            sent.setdefault(name, []).append(value)
        sent["answer"] = html.unescape(self.written)
        return self.read(self.client.post(self.address, sent | typed, follow=True))

    @property
    def shown(self):
        (form,) = (form for form in self.page.forms if "answer" in form.names)
        kept = [value for name, value in form.fields if name == "files-kept"]
        return [one.name for one in documents.find(ids=kept)]

    @property
    def written(self):
        return re.search(r"<textarea[^>]*>\s*([^<]*)</textarea>", self.source)[1]


def photo(name="bench.jpg", content=None):
    return SimpleUploadedFile(name, made.picture() if content is None else content, "image/jpeg")


def given(reference):
    return [one.name for one in documents.of(owner=Ref("case", reference))]


def written(reference):
    tom = people.get_officer("tom")
    return [one.text for one in cases.messages(officer=tom, reference=reference) if one.from_resident]


def test_a_photo_comes_with_the_words_and_lies_in_the_case(resident, reference):
    resident.send(answer="It looks like this.", files=[photo(), photo("bench-2.jpg")])
    assert resident.status == 200
    assert "We have received your message." in resident.page.text
    assert given(reference) == ["bench.jpg", "bench-2.jpg"]
    assert written(reference) == ["It looks like this."]
    assert resident.page.text.count("You sent us a file.") == 2
    said = [line.what for line in cases.timeline(officer=people.get_officer("tom"), reference=reference)]
    assert sum(line.startswith("A file was given (jpeg, ") for line in said) == 2
    assert resident.shown == []


def test_a_photo_without_words_is_an_answer(resident, reference):
    tom = people.get_officer("tom")
    cases.act(
        officer=tom,
        reference=reference,
        action="ask",
        answers={},
        text="What does it look like?",
        now=TUESDAY_NOON,
    )
    resident.read(resident.client.get(resident.address))
    assert "Waiting for you" in resident.page.text
    resident.send(files=photo())
    assert given(reference) == ["bench.jpg"]
    assert written(reference) == [""]
    assert cases.get_case(officer=tom, reference=reference).stage == "open", "it goes on, as for words"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (photo("bench.jpg", made.PAGE), "“bench.jpg” is not what its name says. It must be a JPG"),
        (photo("bench.gif", made.picture("GIF")), "“bench.gif” must be a JPG, PNG, PDF, DOCX or ODT"),
        (photo("bench.jpg", b""), "“bench.jpg” is empty"),
        (photo("bench.jpg", made.picture() + b"\0" * 10_000_000), "“bench.jpg” must be smaller than 10MB"),
        (photo("letter.pdf", made.infected_pdf()), "“letter.pdf” has a virus, so we did not keep it"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_the_rest_is_kept(resident, reference, file, said):
    resident.send(answer="It looks like this.", files=[photo("good.jpg"), file])
    assert resident.status == 422
    assert said in resident.page.text
    assert "#files" in [href for href, _ in resident.page.links]
    assert "files" in resident.page.ids
    assert resident.written == "It looks like this."
    assert resident.shown == ["good.jpg"]
    assert given(reference) == [], "nothing was sent yet"
    assert written(reference) == []
    resident.send()
    assert given(reference) == ["good.jpg"]
    assert written(reference) == ["It looks like this."]


def test_a_wrong_file_alone_is_not_asked_for_words_as_well(resident):
    resident.send(files=photo("bench.jpg", made.PAGE))
    assert [href for href, _ in resident.page.links if href.startswith("#")].count("#answer") == 0


def test_neither_words_nor_a_file_is_said_beside_the_words(resident):
    resident.send(answer="  ")
    assert resident.status == 422
    assert "#answer" in [href for href, _ in resident.page.links]


def test_more_are_added_and_removed_before_they_are_sent(resident, reference):
    resident.send(answer="Two views", files=photo("one.jpg"), files__add="yes")
    assert (resident.status, resident.shown) == (200, ["one.jpg"])
    resident.send(files=photo("two.jpg"), files__add="yes")
    kept = documents.of(owner=Ref("reply", reference))
    resident.send(files__remove=kept[0].id)
    assert (resident.shown, resident.written) == (["two.jpg"], "Two views")
    assert given(reference) == []
    resident.send()
    assert given(reference) == ["two.jpg"]


def test_the_same_form_twice_is_one_answer_with_its_file_once(resident, reference):
    page = resident.page
    resident.send(answer="Here", files=photo())
    resident.page = page
    resident.send(answer="Here", files=photo())
    assert given(reference) == ["bench.jpg"]
    assert written(reference) == ["Here"]


def test_what_was_not_sent_is_in_no_case(resident, reference):
    resident.send(files=photo("never.jpg"), files__add="yes")
    Resident(reference).send(files=photo("sent.jpg"))
    assert given(reference) == ["sent.jpg"]
    unsent = Ref("reply", reference)
    assert [one.name for one in documents.of(owner=unsent)] == ["never.jpg"]
    assert not services.texts_of(journey=unsent), "so it is swept away"


def test_anothers_file_is_nobodys(resident, reference):
    theirs = documents.receive(
        owner=Ref("reply", "BE-0000-0000"),
        actor=Ref("resident", "BE-0000-0000"),
        name="theirs.jpg",
        stream=photo().file,
        allowed=documents.kinds_of(["photo"]),
        kinds="a photo",
        now=TUESDAY_NOON,
    )
    form = next(form for form in resident.page.forms if "answer" in form.names)
    form.names |= {"files-kept", "files-remove"}
    resident.send(answer="Mine", files__kept=theirs.id, files__remove=theirs.id)
    assert "theirs.jpg" not in resident.page.text
    assert given(reference) == []
    assert documents.find(ids=[theirs.id])


def test_far_too_much_is_refused_before_it_is_read(resident, reference, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_BODY", 1000)
    resident.send(answer="Here", files=photo())
    assert resident.status == 422
    assert "Each file must be smaller than 10MB" in resident.page.text
    assert written(reference) == []


def test_without_the_token_of_the_form_nothing_is_taken(resident, reference):
    for more in ({}, {"files": photo()}):
        response = resident.client.post(resident.address, {"answer": "Forged", "form-key": "f" * 32, **more})
        assert response.status_code == 403
    assert written(reference) == []
    assert documents.of(owner=Ref("reply", reference)) == []


def test_closed_in_the_meantime_takes_no_file(resident, reference):
    tom = people.get_officer("tom")
    cases.act(officer=tom, reference=reference, action="answer", answers={}, now=TUESDAY_NOON)
    resident.send(answer="Wait", files=photo())
    assert resident.status == 422
    assert "This was closed in the meantime" in resident.page.text
    assert resident.written == "Wait"
    assert documents.of(owner=Ref("reply", reference)) == []


def test_where_a_code_is_needed_a_stranger_sends_no_file(reference, scanner):
    offer(BENCH.replace("class: public", "class: official-personal").replace("bench", "bank"))
    taken = services.submit_answers(
        service="bank",
        answers={"email": "jo@example.com"},
        key="key-of-a-bank-that-is-told",
        client="tests",
        origin=ORIGIN,
        now=TUESDAY_NOON,
    )
    response = Client().post(f"/status/{taken.reference}/", {"answer": "Hello", "files": photo()})
    assert "Send me a code" in response.content.decode()
    assert written(taken.reference) == []
    assert documents.of(owner=Ref("reply", taken.reference)) == []
