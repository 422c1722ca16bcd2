"""Somebody's name is written wherever one walk can write it; afterwards it stands in no column and no file.

A table that is new has to be named here: as one this walk writes to, or as one that holds nobody's details.
"""

import importlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from vestry.book import api as book
from vestry.book.tests.made import calendars as book_calendars
from vestry.cases import api as cases
from vestry.channels.public.tests.visitor import Visitor
from vestry.config import worker
from vestry.documents.tests import made
from vestry.documents.tests.made import scanners
from vestry.kernel import Ref, _plugs, local_day, utc_now
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.notify.tests.posted import fakes, plugged
from vestry.outbound import files
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.services import api as services
from vestry.services.tests.services_to_try import offer

WHO = "quixotina"
EMAIL = f"{WHO}@example.com"
TELL = """
service: tell-us
title: Tell us
summary: Tell us everything.
why: clean-streets
owner: waste
class: official
reference: TU
contact: {name: your-name, email: email}
keep: {closed: 1 month, abandoned: 30 days}
journey:
  - page: What is it?
    id: what
    ask:
      - long-text: {id: story, ask: What happened?, max: 500}
      - file: {id: proof, ask: Upload a photo, name: a photo, types: [photo], megabytes: 1}
  - page: Who else
    id: who
    ask:
      - list: {id: people, ask: Who else?, one: person, many: people, max: 3,
               each: [{text: {id: called, ask: What are they called?}}]}
  - page: About you
    id: you
    ask:
      - text: {id: your-name, ask: What is your name?}
      - email: {id: email, ask: What is your email address?}
  - check: Check your answers
case:
  team: waste
  stages:
    open: {title: Being looked at}
    waiting: {title: Waiting, clock: stopped, on-reply: open}
    done: {title: Done, end: answered}
  actions:
    - {do: Ask, id: ask, from: open, to: waiting, by: [officer], message: required}
    - {do: Answer, id: answer, from: open, to: done, by: [officer],
       ask: [{text: {id: found, ask: What did you find?}}]}
messages:
  sent: {subject: Dear ((name)), body: "Dear ((name)), we have it."}
  over: {subject: "((name)), it is done", body: "We found: ((found))"}
on:
  submitted: [{notify: sent}]
  case.done: [{notify: over}]
"""
# Where this walk writes the name; looked at before it is erased, so that the walk is known to write it.
WRITTEN = {
    "book_booking.who",
    "book_waiter.who",
    "book_waiter.email",
    "cases_done.answers",
    "cases_message.text",
    "cases_note.text",
    "cases_task.title",
    "cases_task.reason",
    "cases_word.word",
    "documents_document.name",
    "notify_message.body",
    "notify_message.last_error",
    "notify_message.subject",
    "notify_message.to",
    "notify_message.to_name",
    "services_journey.contact",
    "services_journey.said",
    "services_journey.typed",
}
# Tables that hold nobody's details but officers', whose work is on record.
NOBODYS = {
    *("councils_council", "councils_host", "django_migrations", "django_session", "django_content_type"),
    *("places_address", "places_round", "places_ward", "services_draft", "services_offer"),
    *("services_timer", "services_version"),
    *("cases_case", "cases_link", "cases_plan", "documents_loose", "report_report", "services_link"),
    *("ledger_entry", "ledger_head", "ledger_held", "ledger_position", "ledger_seal"),
    *("people_account", "people_clientkey", "people_clientwrite", "people_code", "people_officer"),
    *("people_session", "people_tally", "people_team", "parking_permit_space"),
    *("book_busy", "book_calendar", "book_cell", "book_closed", "book_resource", "book_taking"),
    # Payments outlive the answers. What an officer wrote of a refund does not: vestry/pay/tests/test_refunds.
    *(
        "pay_charge",
        "pay_day",
        "pay_disbelieved",
        "pay_mismatch",
        "pay_payment",
        "pay_refund",
        "pay_settings",
    ),
}
# Of these every row is an officer's work, or the council's own.
NOBODYS_ROOMS = ("account_", "strategy_", "technology_", "otp_", "two_factor_", "auth_", "mfa_")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setitem(_plugs, "documents.store", lambda: files.Folder(tmp_path))
    monkeypatch.setitem(_plugs, "documents.scan", scanners.FakeScanner)
    return tmp_path


@pytest.fixture
def mailbox():
    with plugged(fakes.FakeEmail()) as mailbox:
        yield mailbox


def found():
    """Every column that holds the name, and every session."""
    engine = importlib.import_module(settings.SESSION_ENGINE).SessionStore
    columns = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    said = str(engine().decode(value)) if name == "session_data" else str(value)
                    if WHO in said.lower():
                        columns.add(f"{table}.{name}")
    return columns


def walk(mailbox):
    """One person's way, with everything they and the officers can write. The case's reference."""
    visitor = Visitor().open("/services/tell-us/").press()
    photo = SimpleUploadedFile(f"{WHO}.jpg", made.picture(), "image/jpeg")
    visitor.press(story=f"I am {WHO}", proof=photo)
    visitor.press(called=f"{WHO} too").press(people="no")
    visitor.press(your__name=WHO.title(), email=EMAIL)
    visitor.press()
    (sent,) = [fact for fact in ledger.since(0) if fact.name == "services.submitted"]
    reference = sent.subject.key
    Client().post("/status/", {"reference": reference})
    left = Visitor().open("/services/tell-us/").press()
    left.page.forms[0].fields.append(("save", "yes"))
    left.press(story=f"{WHO} saves")
    left.press(send__to=EMAIL)
    return reference


def book_for_somebody():
    """What an officer books for them, and where they wait."""
    book_calendars()
    now = utc_now()
    first = local_day(now) + timedelta(days=2)
    week = {"from_": first, "to": first + timedelta(days=4)}
    slot = book.slots(calendar="birth", **week, now=now)[0]
    priya = Ref("officer", "priya")
    book.desk_book(slot=slot, who=WHO, key="desk", actor=priya, now=now)
    here = {"calendar": "birth", "first": first, "last": first, "actor": priya, "now": now}
    book.join(**here, who=WHO, email=EMAIL, key="wait")


def work(reference, mailbox):
    """What officers write, and what they are answered."""
    priya = next(one for one in people.find_officers() if one.slug == "priya")
    now = utc_now()
    words = {"officer": priya, "reference": reference, "now": now}
    cases.note(**words, text=f"{WHO} rang")
    cases.message(**words, text=f"Dear {WHO}")
    cases.add_to_case(**words, title=f"Ring {WHO}")
    cases.add_to_case(**words, title=f"Write to {WHO}")
    tasks = cases.tasks_of(officer=priya, reference=reference)
    cases.end(officer=priya, task=tasks[0].id, now=now, not_needed=f"{WHO} is away")
    cases.act(**words, action="ask", answers={}, text=f"Where, {WHO}?")
    cases.reply(reference=reference, text=f"Here, {WHO}", now=now, actor=cases.resident_of(reference))
    cases.act(**words, action="answer", answers={"found": f"{WHO} was right"})
    while worker.turn(now + timedelta(seconds=5)):
        pass


def test_what_was_told_us_is_in_no_column_and_no_file_any_more(council, other_council, folder, mailbox):
    put_everybody(other_council)
    offer(TELL, now=utc_now())
    reference = walk(mailbox)
    with connection.cursor() as cursor:
        # A mail server may say the address it refuses.
        cursor.execute("UPDATE notify_message SET last_error = %s", [f"550 no mailbox {EMAIL}"])
    work(reference, mailbox)
    book_for_somebody()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notify_message SET last_error = %s", [f"550 no mailbox {EMAIL}"])
    missed = WRITTEN - found()
    assert not missed, f"the walk does not write {missed}"
    assert stored(folder)

    later = utc_now() + timedelta(days=100)
    for days in range(5):
        while worker.turn(later + timedelta(days=days)):
            pass
    assert cases.forgotten(reference=reference)
    assert found() == set()
    assert stored(folder) == []
    assert services.shown(Ref("case", reference)) == []
    assert all(not message.to for message in notify.sent())
    pages(reference)


def stored(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def pages(reference):
    """What is left is told in words, to the resident and at the desk."""
    page = Client().get(f"/status/{reference}/")
    assert page.status_code == 200
    assert "Your personal details were erased" in page.content.decode()
    page = Client().post("/status/", {"reference": reference}, follow=True)
    assert "Your personal details were erased" in page.content.decode()


def test_every_table_is_looked_at_here():
    """A table of personal details that the walk does not write to would be a hole nobody sees."""
    known = NOBODYS | {column.partition(".")[0] for column in WRITTEN}
    with_names = connection.introspection.django_table_names(only_existing=False)
    unknown = sorted(
        table for table in with_names if table not in known and not table.startswith(NOBODYS_ROOMS)
    )
    assert not unknown, f"Does a person stand in these? Let the walk write to them, or say no here: {unknown}"
