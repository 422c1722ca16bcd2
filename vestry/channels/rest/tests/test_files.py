"""Files through the API: uploaded first, then named in an answer."""

import hashlib
import re
import shlex
from datetime import timedelta
from html import unescape

import pytest

from vestry import kernel
from vestry.channels.rest.tests.calling import KEY, UPLOAD, WITH_A_FILE, offer, pointers
from vestry.documents import api as documents
from vestry.documents.tests import made
from vestry.kernel import Ref, utc_now
from vestry.people.api import LIMITS, Limit
from vestry.services import api as services

SEND = "/api/v1/services/show-us/submissions"


@pytest.fixture(autouse=True)
def scanner(monkeypatch):
    monkeypatch.setitem(kernel._plugs, "documents.scan", made.scanners.FakeScanner)


@pytest.fixture
def shown(api):
    offer(WITH_A_FILE)
    return api


def upload(api, content=None, where=UPLOAD, kind="application/pdf"):
    return api.call("POST", where, made.pdf() if content is None else content, content_type=kind)


def test_a_file_is_uploaded_named_in_an_answer_and_lies_in_the_case(shown):
    content = made.pdf()
    answer = upload(shown, content)
    assert answer.status_code == 201
    taken = answer.json()
    assert (taken["name"], taken["media_type"]) == ("bill.pdf", "application/pdf")
    assert (taken["size"], taken["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert taken["checked"]
    sent = shown.send({"what": "A bill", "letter": [taken["id"]]}, path=SEND)
    assert sent.status_code == 201
    (kept,) = documents.of(owner=Ref("case", sent.json()["reference"]))
    assert kept.id == taken["id"]
    again = shown.send({"what": "A bill", "letter": [taken["id"]]}, path=SEND, key=KEY + "-again")
    assert "letter" in str(pointers(again)), "it was sent already, and belongs to that case"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "“bill.pdf” is empty"),
        (made.picture(), "“bill.pdf” is not what its name says. It must be a PDF"),
        (made.infected_pdf(), "“bill.pdf” has a virus, so we did not keep it"),
        (made.pdf(password="x"), "“bill.pdf” is protected with a password"),
        (made.pdf() + b"\n" * 1_000_000, "“bill.pdf” must be smaller than 1MB"),
    ],
)
def test_what_the_page_refuses_is_refused_with_the_same_sentence(shown, content, said):
    answer = upload(shown, content)
    assert answer.status_code == 422
    assert said in pointers(answer)["/answers/letter"]
    assert documents.of(owner=Ref("client", "api")) == []


@pytest.mark.parametrize("question", ["what", "nothing", "%00", "letter-kept"])
def test_a_question_that_takes_no_file_is_named(shown, question):
    answer = upload(shown, where=UPLOAD.replace("letter&", f"{question}&"))
    assert answer.status_code == 422
    (detail,) = pointers(answer).values()
    assert "no question of that name that takes a file" in detail


def test_anothers_file_cannot_be_sent(shown):
    theirs = services.take_file(
        service="show-us", question="letter", form=Form(), client="somebody", now=utc_now()
    )
    answer = shown.send({"what": "A bill", "letter": theirs}, path=SEND)
    assert answer.status_code == 422
    assert "Send the ids of files you have uploaded" in str(pointers(answer))


class Form:
    """As `reading.SentFile`."""

    name = "theirs.pdf"

    def __init__(self):
        import io

        self.file = io.BytesIO(made.pdf())

    def get(self, key, default=None):
        return default

    def getlist(self, key):
        return [self] if key == "letter" else []

    def __contains__(self, key):
        return False


def test_a_connection_that_uploads_without_end_is_told_to_wait(shown, monkeypatch):
    monkeypatch.setitem(LIMITS, "files", Limit(many=2, within=timedelta(hours=1)))
    assert upload(shown).status_code == 201
    assert upload(shown, b"x" * 1_000_001).status_code == 429, "counted by megabytes"
    assert upload(shown).headers["Retry-After"]


def test_the_command_on_the_page_works_as_it_stands(shown):
    page = unescape(shown.client.get("/api/v1/").content.decode())
    (command,) = re.findall(r"<code>(curl [^<]*--data-binary @letter.pdf)</code>", page)
    _curl, url, _header, header, _data, name = shlex.split(command.replace("\\\n", " "))
    assert name == "@letter.pdf"
    answer = upload(shown, where=url.removeprefix("http://testserver"), kind=header.partition(": ")[2])
    assert answer.status_code == 201
    assert answer.json()["name"] == "letter.pdf"
