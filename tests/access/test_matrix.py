"""The permission matrix, run: every address, every way of asking, every person in `matrix.md`."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from vestry.book import api as book
from vestry.cases import api as cases
from vestry.councils import api as councils
from vestry.documents import api as documents
from vestry.documents.tests.made import picture
from vestry.kernel import SYSTEM, Ref, local_day, utc_now
from vestry.pay import api as pay
from vestry.pay.tests.paying import CARD, COLLECTION, plugged
from vestry.pay.tests.paying import World as Paying
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody, sign_in
from vestry.services import api as services
from vestry.services.models import Journey
from vestry.services.tests.services_to_try import (
    ANSWERS,
    ORIGIN,
    TUESDAY_NOON,
    furnish,
)
from vestry.strategy import api as strategy
from vestry.strategy.tests.strategies import BIN
from vestry.strategy.tests.strategies import put as put_strategy
from vestry.technology import api as technology
from vestry.technology.tests import technologies

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
    "nothing": {403},
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
# Secrets of links that nobody was ever sent.
FORGED = {"link": "forged", "secret": "forged"}


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
    ours = {"desk", "inbound", "preview", "public", "rest"}
    return name.partition(":")[0] not in ours and not name.startswith(("account_", "mfa_"))


def put_technologies():
    """Two, one of them being assessed, with a waiver that priya asked for."""
    technologies.put()
    priya, now = Ref("officer", "priya"), utc_now()
    technology.begin(technology="old-booker", kind="renew", by=priya, now=now)
    made = technology.Waiving(
        principle="cloud-native",
        why="law",
        reason="x",
        owner="x",
        instead="x",
        exit_step="x",
        ends=now.date() + timedelta(days=30),
    )
    technology.ask_waiver(technology="old-booker", made=made, by=priya, now=now)
    look = technology.ask_look(
        about=Ref("technology", "old-booker"), address="https://old.example/", by=priya, now=now
    )
    technology.end_look(look=technology.claim_look(now=now), run=technologies.run(), now=now)
    technology.take_run(about=Ref("service", "missed-bin"), run=technologies.run(), by=priya, now=now)
    (piece,) = technology.evidence("old-booker")
    return {"look": look, "number": piece.id, "supplier": "example-old"}


def something_to_book():
    """A hall that the officers of waste look after, and what one of them booked."""
    week = dict.fromkeys(range(7), (book.read_hours("09:00-17:00"),))
    plan = book.Plan(open=week, every=60, lasts=60, needs={"hall": 1}, waits=True)
    book.put_calendars(
        resources=[book.ResourcePlan(slug="hall", title="Hall", stock=1)],
        calendars=[book.CalendarPlan(slug="hall", title="Hall", team="waste", plan=plan)],
    )
    now = utc_now()
    today = local_day(now)
    slot = book.slots(calendar="hall", from_=today, to=today + timedelta(days=9), now=now)[-1]
    made = book.desk_book(slot=slot, who="x", key="matrix", actor=Ref("officer", "priya"), now=now)
    # Not today: after closing time nobody can wait for it any more.
    day = slot.start.date()
    waits = {"calendar": "hall", "first": day, "last": day, "actor": Ref("officer", "priya"), "now": now}
    waiter = book.join(who="x", key="matrix", **waits).reference
    words = {"waiter": waiter, "wait_link": book.waiter_token(reference=waiter)}
    return words | {"calendar": "hall", "booking": made.reference, "hold": made.reference, "secret": "x"}


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
        put_strategy()
        strategy.hang(BIN, on=local_day(TUESDAY_NOON))
        asked = {"officer": people.get_officer("tom"), "slug": "clean-streets", "now": TUESDAY_NOON}
        strategy.propose(**asked, sentence="Every street is clean.", reason="Every one.")
        draft = services.begin_draft(service="missed-bin", officer=people.get_officer("grace"), now=utc_now())
        self.words = {
            **something_to_book(),
            **put_technologies(),
            "reference": sent.reference,
            "action": "collected",
            "draft": draft,
            "parked": 1,
            "id": "4711",
            "statement": "clean-streets",
            "proposal": 1,
            "view": "strategy",
            "ending": "csv",
            "technology": "old-booker",
            "principle": "cloud-native",
            "waiver": 1,
            "kind": "service",
            "thing": "missed-bin",
            "parent": "lasting",
            "how": "serves",
            "slug": "missed-bin",
            "service": "missed-bin",
            "token": token,
            "step": "bin",
            **FORGED,
            "uidb36": "1",
            "key": "set-password",
            "officer": "priya",
            "session": "x",
            "journey": "1",
            "pk": 1,
        }
        priya = people.get_officer("priya")
        again = {"service": "missed-bin", "client": "tests", "origin": ORIGIN, "now": TUESDAY_NOON}
        answers = ANSWERS | {"bin": "garden", "permit": "1"}
        other = services.submit_answers(answers=answers, key="key-2", **again).reference
        about = {"officer": priya, "reference": sent.reference, "now": TUESDAY_NOON}
        cases.add_to_case(title="Ring them", **about)
        (task,) = cases.tasks_of(officer=priya, reference=sent.reference)
        self.words |= {"prefix": self.give_a_key(), "file": self.give_a_file(Ref("case", sent.reference))}
        self.words |= {"other": other, "task": task.id, "batch": "nothing", **self.pay_for(sent.reference)}
        self.forms = self.filled_in(sent.reference, other)
        self.clients = {slug: sign_in(Client(), slug) for slug in ("priya", "tom", "maya", "grace", "sam")}
        with councils.scope(other_council):
            self.clients |= {"owen": sign_in(Client(), "owen"), "owen at home": sign_in(Client(), "owen")}
        self.clients["nobody"] = Client()

    @staticmethod
    def filled_in(reference, other):
        """What stands in each form that is sent."""
        due = utc_now() + timedelta(days=10)
        return {
            "desk:hand-over": {"to": "waste/tom"},
            "desk:note": {"note": "x"},
            "desk:extend": {"reason": "x"},
            "desk:task-add": {"title": "x", "owner": "-"},
            "desk:task": {"came": "done"},
            "desk:task-give": {"to": "priya"},
            "desk:link": {"other": other, "role": "related"},
            "desk:search": {"text": "sam@example.com"},
            "desk:together-do": {"case": reference, "do": "take"},
            "desk:technology-look": {"address": "https://old.example/"},
            "desk:message": {"text-to-resident": "x", "answer": "no"},
            "desk:refund": {"amount": "1", "why": "other"},
            "desk:refund-decide": {"decision": "yes"},
            "desk:money-explain": {"note": "x"},
            "desk:due": {"due-day": due.day, "due-month": due.month, "due-year": due.year, "reason": "x"},
            "public:account": {"email": "sam@example.com"},
            "desk:draft": {"text": "x", "edition": 1},
            "public:status": {"reference": reference},
            "public:status-of": {"answer": "x"},
        }

    @staticmethod
    def pay_for(reference):
        """What was paid in a case's journey, a refund that waits and one that failed, a day that differs."""
        journey = str(Journey.objects.get(subject=f"case:{reference}").pk)
        world = Paying()
        with plugged(world.provider):
            course = pay.Course(service="missed-bin", version=1, journey=journey)
            charge = pay.charge(
                lines=(COLLECTION,), key="missed:1", title="A bin", course=course, now=world.now
            )
            world.depart(charge)
            world.gives(CARD)
            pay.look(reference=charge.reference, now=world.now)
            payment = f"{charge.reference}-1"
            asked = {"payment": payment, "pence": 500, "why": "other", "key": "1", "now": world.now}
            refund = pay.refund(**asked, by=Ref("officer", "tom"))
            failed = pay.refund(**asked | {"key": "2"}, by=Ref("officer", "tom"))
            pay.approve(refund=failed.reference, by=Ref("officer", "grace"), now=world.now)
            world.simulator.faults = {"refuse-refund"}
            pay.send_refunds(now=world.now)
            pay.reconcile(day=local_day(world.now), now=world.now, report=[])
        (found,) = pay.mismatches(day=local_day(world.now))
        words = {
            "charge": charge.reference,
            "payment": payment,
            "refund": refund.reference,
            "failed": failed.reference,
        }
        owed = pay.charge(lines=(COLLECTION,), key="owed:1", title="A bin", now=world.now)
        words |= {"paid": pay.link(reference=charge.reference), "to_pay": pay.link(reference=owed.reference)}
        return words | {"mismatch": found.id, "day": found.day.isoformat()}

    @staticmethod
    def give_a_key():
        """What the key of a program begins with."""
        made = people.new_key(
            client="crm",
            held=[people.Held("officer", "waste")],
            scopes=["cases.read"],
            expires=local_day(utc_now()),
            now=utc_now(),
            actor=SYSTEM,
        )
        return "_".join(made.split("_")[:2])

    @staticmethod
    def give_a_file(case):
        """A photo that came with the case. No scanner is there, so nobody can open it yet."""
        photo = documents.receive(
            owner=Ref("journey", "1"),
            actor=SYSTEM,
            name="photo.jpg",
            stream=BytesIO(picture()),
            allowed=documents.kinds_of(["photo"]),
            kinds="a JPG",
            now=TUESDAY_NOON,
        )
        documents.keep(ids=[photo.id], owners=[Ref("journey", "1")], to=case, actor=SYSTEM, now=TUESDAY_NOON)
        return photo.id

    def address(self, name):
        if name == "rest:nowhere":
            return "/api/v1/nowhere"
        words = dict(named_patterns(get_resolver().url_patterns))[name]
        more = {"token": self.words["draft"]} if name.startswith("preview:") else {}
        if name == "desk:refund-seen-to":
            more = {"refund": self.words["failed"]}
        known = self.words | {"sha256": technologies.KEPT} | more
        return reverse(name, kwargs={word: known[word] for word in words})

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
            if (method, name) in rows or name.startswith(("account_", "mfa_")):
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
