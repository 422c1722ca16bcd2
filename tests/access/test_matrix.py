"""The permission matrix, run: every address, every way of asking, every person in `matrix.md`."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from vestry.councils import api as councils
from vestry.kernel import utc_now
from vestry.people.tests.officers import put_everybody, sign_in
from vestry.services import api as services
from vestry.services.tests.services_to_try import ANSWERS, ORIGIN, TUESDAY_NOON, furnish

HERE, AT_HOME = "testserver", "saltmarsh.localhost"
METHODS = ("GET", "POST")
STATUS = {
    "page": {200},
    "done": {302},
    "mend": {400, 415, 422},
    "not now": {409},
    "code": {200},
    "none": {404},
    "sign in": {302},
    "token": {401},
}
# What nobody may read who may not read the case.
SECRETS = ("sam@example.com", "2 High Street", "The crew will come back")
SIGN_IN = "/desk/sign-in/"


def read_matrix():
    """The rows: (method, address name, {person: what they meet})."""
    people = []
    for line in (Path(__file__).parent / "matrix.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "asked":
            people = cells[2:]
        elif cells[0] in METHODS:
            yield cells[0], cells[1], dict(zip(people, cells[2:], strict=True))


ROWS = list(read_matrix())


def named_patterns(patterns, namespace="", words=()):
    """Every address there is: its name, and the words it is made with."""
    for pattern in patterns:
        inside = (*words, *pattern.pattern.regex.groupindex, *getattr(pattern.pattern, "converters", ()))
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from named_patterns(pattern.url_patterns, namespace + inner, inside)
        else:
            yield f"{namespace}{pattern.name}", tuple(dict.fromkeys(inside))


def is_static(name):
    return name.partition(":")[0] not in {"desk", "public", "rest"} and not name.startswith("account_")


class World:
    """A council at work with a case, a journey half way, and whoever comes."""

    def __init__(self, other_council):
        sent = services.submit_answers(
            service="missed-bin",
            answers=ANSWERS,
            key="key-1",
            client="tests",
            origin=ORIGIN,
            now=TUESDAY_NOON,
        )
        token = services.start(service="missed-bin", origin=ORIGIN, now=utc_now()).token
        self.words = {
            "reference": sent.reference,
            "action": "collected",
            "parked": 1,
            "slug": "missed-bin",
            "service": "missed-bin",
            "token": token,
            "step": "bin",
            "uidb36": "1",
            "key": "set-password",
        }
        due = utc_now() + timedelta(days=10)
        self.forms = {
            "desk:hand-over": {"to": "waste/tom"},
            "desk:note": {"note": "x"},
            "desk:message": {"text-to-resident": "x", "answer": "no"},
            "desk:due": {"due-day": due.day, "due-month": due.month, "due-year": due.year, "reason": "x"},
            "public:status": {"reference": sent.reference},
            "public:status-of": {"answer": "x"},
        }
        self.clients = {slug: sign_in(Client(), slug) for slug in ("priya", "tom", "maya", "grace", "sam")}
        with councils.scope(other_council):
            self.clients |= {"owen": sign_in(Client(), "owen"), "owen at home": sign_in(Client(), "owen")}
        self.clients["nobody"] = Client()

    def address(self, name):
        if name == "rest:nowhere":
            return "/api/v1/nowhere"
        words = dict(named_patterns(get_resolver().url_patterns))[name]
        return reverse(name, kwargs={word: self.words[word] for word in words})

    def ask(self, person, method, name):
        """What somebody gets; whatever it did is undone."""
        host = AT_HOME if person == "owen at home" else HERE
        with transaction.atomic():
            asked = getattr(self.clients[person], method.lower())
            response = asked(self.address(name), self.forms.get(name, {}), headers={"host": host})
            transaction.set_rollback(True)
        return response


@pytest.fixture
def world(council, other_council):
    cache.clear()  # allauth counts tries in it
    put_everybody(other_council)
    furnish()
    return World(other_council)


def meets(response, answer):
    """What is wrong with a response, if this is what it should be."""
    html = response.content.decode()
    if response.status_code not in STATUS[answer]:
        return f"got {response.status_code}"
    to_sign_in = response.headers.get("Location", "").startswith(SIGN_IN)
    if (answer == "sign in") != to_sign_in:
        return f"was sent to {response.headers.get('Location')}"
    if answer == "code" and 'name="reference"' not in html:
        return "is not asked for a reference"
    if answer in {"none", "sign in", "code", "token"} and any(secret in html for secret in SECRETS):
        return "could read what is not for them"
    return ""


@pytest.mark.parametrize(("method", "name", "answers"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
def test_everybody_meets_what_the_matrix_says(world, method, name, answers):
    wrong = {
        person: f"{method} {name}: {fault}, should be “{answer}”"
        for person, answer in answers.items()
        if (fault := meets(world.ask(person, method, name), answer))
    }
    assert wrong == {}


def test_every_address_has_a_row():
    known = {name for _method, name, _answers in ROWS}
    there = {name for name, _words in named_patterns(get_resolver().url_patterns) if not is_static(name)}
    assert there - known == set(), "write a row for each in tests/access/matrix.md"
    assert known - there == set(), "these are gone"


def test_what_has_no_row_is_refused(world):
    rows = {(method, name) for method, name, _answers in ROWS}
    names = {name for _method, name, _answers in ROWS}
    taken = []
    for name in sorted(names):
        for method in (*METHODS, "PUT", "DELETE", "PATCH"):
            if (method, name) in rows or name.startswith("account_"):
                continue
            for person in world.clients:
                response = world.ask(person, method, name)
                if response.status_code not in {302, 404, 405}:
                    taken.append((method, name, person, response.status_code))
    assert taken == [], "write a row for it in tests/access/matrix.md"


def test_everybody_in_the_matrix_is_asked_for():
    for _method, name, answers in ROWS:
        assert list(answers) == [
            "nobody",
            *("priya", "tom", "maya", "grace", "sam"),
            *("owen", "owen at home"),
        ], name
        assert set(answers.values()) <= set(STATUS), name


def test_a_wrong_answer_in_the_matrix_is_seen(world):
    assert meets(world.ask("maya", "GET", "desk:case"), "page") == "got 404"
    assert meets(world.ask("priya", "GET", "desk:case"), "none") == "got 200"
    assert "sign-in" in meets(world.ask("nobody", "GET", "desk:case"), "done")
    leaking = world.ask("priya", "GET", "desk:case")
    leaking.status_code = 404
    assert "could read" in meets(leaking, "none")


def test_the_words_of_the_matrix_are_explained():
    text = (Path(__file__).parent / "matrix.md").read_text()
    assert set(re.findall(r"^\| ([a-z ]+) \| [a-z]", text, re.MULTILINE)) >= set(STATUS)
