"""A capability that is nobody's but the tests': slots, of which each can be held by one person at a time."""

from importlib.metadata import entry_points
from typing import ClassVar

import msgspec
from django.db import connection

from vestry.design.capability import Capability, Confirmed, Page, Stop, Stopped
from vestry.design.kinds import Radios
from vestry.design.questions import Wrong
from vestry.services.definition import capabilities

SOMEBODY = "somebody else"


class SlotOptions(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    ask: str
    slots: dict[str, str]


class Slots(Capability):
    """Strict: what is held twice, or given back without being held, is a fault of the journey."""

    word: ClassVar[str] = "slots"
    options: ClassVar[type[msgspec.Struct]] = SlotOptions

    def questions(self, options):
        return [Radios(id=f"{options.id}-slot", ask=options.ask, options=options.slots)]

    def ask(self, options, visit):
        return Page(questions=self.questions(options))

    def hold(self, options, visit):
        slot = visit.said[f"{options.id}-slot"]
        assert visit.held is None, "held before it was given back"
        if by := holder(slot):
            sentence = f"Taken by {by}"
            raise Stopped(Stop(title="Taken", reason=sentence)) if slot == "s1" else Wrong(sentence)
        put(slot, owner(options, visit))
        return {"slot": slot}

    def release(self, options, visit):
        assert holder(visit.held["slot"]) == owner(options, visit), "given back, but not held"
        give_back(visit.held["slot"])

    def confirm(self, options, visit):
        assert visit.held == {"slot": visit.said[f"{options.id}-slot"]}
        assert holder(visit.held["slot"]) == owner(options, visit)
        return Confirmed(words={"slot": visit.held["slot"]})


def owner(options, visit):
    return f"{visit.journey}/{options.id}"


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def none_held():
    """A table of its own for the length of a test, so that what is rolled back is rolled back here too."""
    run("create temporary table if not exists slots_held (slot text primary key, held_by text)")
    run("delete from slots_held")


def holder(slot):
    rows = run("select held_by from slots_held where slot = %s", slot)
    return rows[0][0] if rows else ""


def put(slot, by=SOMEBODY):
    run("insert into slots_held values (%s, %s)", slot, by)


def give_back(slot):
    run("delete from slots_held where slot = %s", slot)


def held_by(journey):
    """What a journey holds: step and slot."""
    rows = run("select held_by, slot from slots_held where held_by like %s", f"{journey}/%")
    return {by.partition("/")[2]: slot for by, slot in rows}


class Entry:
    def __init__(self, kind):
        self.load = lambda: kind


def install(monkeypatch):
    """As if its package were installed."""
    there = [*entry_points(group="vestry.capabilities"), Entry(Slots)]
    known = {"vestry.capabilities": there}
    monkeypatch.setattr(
        capabilities, "entry_points", lambda group: known.get(group) or entry_points(group=group)
    )
    capabilities.installed.cache_clear()
