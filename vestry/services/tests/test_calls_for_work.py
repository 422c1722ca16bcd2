"""What a person has to do because of a fact comes before them, whichever capability says so and does it."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import pytest

from vestry.cases import api as cases
from vestry.design.capability import Capability, Work
from vestry.documents import events as documents
from vestry.kernel import SYSTEM, Fact, Ref
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.notify.ports import Rejected
from vestry.notify.tests.posted import fakes, plugged
from vestry.people import api as people
from vestry.people.tests.officers import put_officers, put_teams
from vestry.services import api as services
from vestry.services import readers
from vestry.services.tests.services_to_try import ANSWERS, ORIGIN, TUESDAY_NOON, furnish

THE_THING = Ref("thing", "1")


@dataclass(frozen=True, kw_only=True)
class Dropped(Fact):
    """Something was dropped."""

    name = "services.dropped"
    sentence = "It was dropped."
    privacy = "Says nothing of anybody."

    broken: bool


class Clumsy(Capability):
    word: ClassVar[str] = "clumsy"

    def calls_for(self, fact, payload):
        return Work(title="Sweep up") if fact == Dropped.name and payload["broken"] else None


class Willing(Capability):
    word: ClassVar[str] = "willing"
    takes_work: ClassVar[bool] = True

    def __init__(self):
        self.taken = []

    def take_work(self, work, *, about, key, now):
        self.taken.append((work.title, about, key))


@pytest.fixture
def willing(council, monkeypatch):
    taker = Willing()
    there = {"clumsy": Clumsy(), "willing": taker, "idle": Capability()}
    monkeypatch.setattr(readers, "installed", lambda: MappingProxyType(there))
    return taker


def test_an_email_nobody_got_is_a_task_in_its_case(council):
    """With what is installed: notify says what has to be done, cases bring it before an officer."""
    sent = missed_bin()
    ledger.read_on(readers.OnRules(), now=TUESDAY_NOON)
    with plugged(fakes.FailingEmail(Rejected("There is no such mailbox."))):
        notify.deliver_due(now=TUESDAY_NOON)
    read_on()
    (task,) = cases.tasks_of(officer=people.get_officer("jo"), reference=sent.reference)
    assert "“confirmation” was not delivered" in task.title
    assert task.open
    for fact in ledger.since(0):
        readers.CallsForWork().handle(fact, now=TUESDAY_NOON)
    assert len(cases.tasks_of(officer=people.get_officer("jo"), reference=sent.reference)) == 1


def missed_bin():
    put_teams({"waste": "Waste"})
    jo = people.Placement(slug="jo", name="Jo", email="jo@h.example", teams={"waste": ("officer",)})
    put_officers([jo])
    furnish()
    return services.submit_answers(
        service="missed-bin", answers=ANSWERS, key="k", client="tests", origin=ORIGIN, now=TUESDAY_NOON
    )


@pytest.mark.parametrize("kept", [True, False])
def test_a_virus_found_in_a_file_that_was_sent_is_one_task_in_its_case(council, kept):
    reference = missed_bin().reference
    with ledger.transaction():
        found = documents.FoundInfected(document="f" * 32, kept=kept)
        ledger.record(found, subject=Ref("case", reference), actor=SYSTEM, now=TUESDAY_NOON)
    read_on()
    for fact in ledger.since(0):
        readers.CallsForWork().handle(fact, now=TUESDAY_NOON)
    told = [task.title for task in cases.tasks_of(officer=people.get_officer("jo"), reference=reference)]
    wanted = "Ask for another copy of a file: it had a virus, and was deleted"
    assert told == ([wanted] if kept else [])


def drop(*, broken):
    with ledger.transaction():
        ledger.record(Dropped(broken=broken), subject=THE_THING, actor=SYSTEM, now=TUESDAY_NOON)


def read_on():
    ledger.read_on(readers.CallsForWork(), now=TUESDAY_NOON)
    assert ledger.parked() == []


def test_work_comes_before_whoever_does_it(willing):
    drop(broken=True)
    drop(broken=False)
    read_on()
    assert [(title, about) for title, about, _key in willing.taken] == [("Sweep up", THE_THING)]


def test_read_twice_it_has_the_same_key(willing):
    drop(broken=True)
    read_on()
    for fact in ledger.since(0):
        readers.CallsForWork().handle(fact, now=TUESDAY_NOON)
    first, second = willing.taken
    assert first == second


def test_two_facts_are_two_pieces_of_work(willing):
    drop(broken=True)
    drop(broken=True)
    read_on()
    assert len({key for _title, _about, key in willing.taken}) == 2
