"""On this fact, do that: the ``on:`` rules of definitions, and what a person has to do whatever they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from vestry.councils import api as councils
from vestry.design import shown
from vestry.design.capability import Capability, Contact, Happening
from vestry.kernel import Ref
from vestry.ledger.api import Recorded, Wanted
from vestry.services.api import _days as days
from vestry.services.api import _sending as sending
from vestry.services.api import _waiting as waiting
from vestry.services.api._row import contact_of
from vestry.services.api._submissions import rows_of
from vestry.services.api._versions import definition_of, find_version
from vestry.services.api._where import SUBMITTED
from vestry.services.definition.capabilities import installed
from vestry.services.definition.language import Definition, Item
from vestry.services.definition.timed import DAY
from vestry.services.events import DayReached, JourneySubmitted
from vestry.services.models import Journey, Timer

# The public channel's addresses for them; a test there holds them together.
STATUS_PAGE = "{origin}/status/{reference}/"
SERVICE_PAGE = "{origin}/services/{service}/"


class OnRules:
    """Carries out what definitions ask for when something happens."""

    name = "services.on_rules"
    wants = Wanted(of_a_service=True)

    def handle(self, fact: Recorded, *, now: datetime) -> None:
        """Find the rules of the fact's own version and hand each to its capability."""
        version = find_version(fact.service, fact.service_version) if fact.service else None
        if version is None:
            return
        definition = definition_of(version)
        for on, words, whom in _happened(definition, fact):
            rules = definition.on.get(on, ())
            following = [item for item in definition.journey if on in _listened(item)]
            if not (rules or following):
                continue
            row = _journey_of(fact)
            happening = Happening(
                on=on,
                key=f"{fact.seq}:{on}",
                about=Ref.read(row.subject) if row and row.subject else fact.subject,
                service=fact.service,
                version=fact.service_version,
                to=whom or (contact_of(row) if row else Contact()),
                words=common_words(definition, row) | words,
                made=_made(row),
                messages=definition.messages,
                opens=any(words.keys() & each.addresses for each in installed().values()),
                now=now,
            )
            for index, rule in enumerate(rules):
                key = f"{happening.key}:{index}"
                installed()[rule.word].react(rule.options, replace(happening, key=key))
            for item in following:
                made = _made(row, item.id)
                installed()[item.word].follow(item.options, replace(happening, made=made))


class CallsForWork:
    """Brings what a person has to do because of a fact, such as a message nobody got, before them.

    And takes it from them again where another fact has settled it.
    """

    name = "services.calls_for_work"

    @property
    def wants(self) -> Wanted:
        """The facts of the rooms in which capabilities are."""
        return Wanted(rooms=frozenset(part for each in installed().values() for part in _rooms(each)))

    def handle(self, fact: Recorded, *, now: datetime) -> None:
        """Ask the capability whose fact it is, and hand what it says to each that takes work."""
        room = fact.name.partition(".")[0]
        for capability in installed().values():
            if room not in _rooms(capability):
                continue
            takers = [each for each in installed().values() if each.takes_work]
            for settled in capability.settles_work(fact.name, fact.payload):
                for taker in takers:
                    taker.end_work(f"{capability.word}:{settled.called}", why=settled.why, now=now)
            work = capability.calls_for(fact.name, fact.payload)
            if work is None:
                continue
            about, team = _whose(fact)
            key = f"{fact.seq}:{capability.word}:{work.called}".rstrip(":")
            for taker in takers:
                taker.take_work(replace(work, team=work.team or team), about=about, key=key, now=now)


class MovesDays:
    """Counts days again that come from what a step made, such as a booking that was moved."""

    name = "services.moves_days"

    @property
    def wants(self) -> Wanted:
        """Those that move something."""
        return Wanted(names=frozenset(name for each in installed().values() for name in each.moves))

    def handle(self, fact: Recorded, *, now: datetime) -> None:
        """Of the journey in whose course it was made."""
        if fact.journey.isdecimal() and any(fact.name in each.moves for each in installed().values()):
            days.count_again(journey=int(fact.journey), now=now)


class StopsWaiting:
    """Keeps no answers for a wait that is over, however it ended."""

    name = "services.stops_waiting"

    @property
    def wants(self) -> Wanted:
        """Those that say that somebody waits no more."""
        return Wanted(names=frozenset(name for each in installed().values() for name in each.ends_waiting))

    def handle(self, fact: Recorded, *, now: datetime) -> None:
        """Of the one in whose journey they waited."""
        if fact.journey.isdecimal() and any(fact.name in each.ends_waiting for each in installed().values()):
            waiting.waited(journey=int(fact.journey), now=now)


class Settles:
    """Finishes a journey that waits for another site, after the fact that says it was settled there."""

    name = "services.settles"

    @property
    def wants(self) -> Wanted:
        """Those that say that something was settled."""
        return Wanted(names=frozenset(name for each in installed().values() for name in each.settles))

    def handle(self, fact: Recorded, *, now: datetime) -> None:
        """Finish the one in whose course it happened, once, whoever else learns of it."""
        if fact.journey.isdecimal() and any(fact.name in each.settles for each in installed().values()):
            sending.finish_settled(journey=int(fact.journey), now=now)


def _listened(item: Item) -> set[str]:
    return {on for _path, on in installed()[item.word].listens(item.options)}


def _made(row: Journey | None, step: str = "") -> tuple[Ref, ...]:
    """What each step made, such as a charge; or what one did."""
    confirmed = row.confirmed if row else {}
    return tuple(Ref.read(each["ref"]) for id, each in confirmed.items() if each["ref"] and step in ("", id))


def _rooms(capability: Capability) -> list[str]:
    """Where a capability is, each part of it: in one of them its facts are stated."""
    return type(capability).__module__.split(".")


def _whose(fact: Recorded) -> tuple[Ref, str]:
    """What work is about: what came of the journey, once something did; and the team of its service."""
    row = _journey_of(fact) if fact.journey else None
    version = find_version(fact.service, fact.service_version) if fact.service else None
    came = Ref.read(row.subject) if row and row.subject else fact.subject
    return came, definition_of(version).owner if version else ""


def _happened(definition: Definition, fact: Recorded) -> Iterator[tuple[str, dict[str, str], Contact | None]]:
    """The ``on:`` words a fact answers to, each with what a message about it may say, and to whom if said."""
    if fact.name == JourneySubmitted.name:
        yield SUBMITTED, {}, None
        return
    if fact.name == DayReached.name:
        timer = Timer.objects.filter(pk=fact.payload["timer"]).first()
        if timer:
            yield fact.payload["on"], {DAY: shown.day(timer.day)}, None
        return
    room = fact.name.partition(".")[0]
    for item in definition.journey:
        capability = installed()[item.word]
        if room in _rooms(capability):
            for on in capability.happened(item.options, fact.name, fact.payload):
                words = dict(capability.words(item.options, fact.subject, fact.name, fact.payload))
                paths = capability.addresses & words.keys()
                words |= {name: f"{_origin(fact)}{words[name]}" for name in paths}
                yield on, words, capability.whom(item.options, fact.subject, fact.name)
            return


def _origin(fact: Recorded) -> str:
    row = _journey_of(fact)
    return row.origin if row else ""


def _journey_of(fact: Recorded) -> Journey | None:
    """The journey in whose course it happened, or whose outcome it is about."""
    if fact.journey.isdecimal():
        return Journey.objects.filter(pk=int(fact.journey)).first()
    return Journey.objects.filter(subject=str(fact.subject)).first()


def common_words(definition: Definition, row: Journey | None) -> dict[str, str]:
    """What every message may say."""
    council = councils.current()
    reference = Ref.read(row.subject).key if row and row.subject else ""
    # Before it is sent there is no page of its own yet: the one that asks for a reference.
    status = STATUS_PAGE.format(origin=row.origin, reference=reference) if row else ""
    return {
        "reference": reference,
        "service": definition.title,
        "council": council.name,
        "name": contact_of(row).name if row else "",
        "status_page": status if reference else status.removesuffix("/"),
        "service_page": SERVICE_PAGE.format(origin=row.origin, service=definition.service) if row else "",
        "came_of": _came_of(definition, row),
    }


def _came_of(definition: Definition, row: Journey | None) -> str:
    """Each thing that came of it, such as the day that is booked and what was paid, on lines of its own."""
    if row is None or row.submitted_at is None or row.forgotten_at is not None:
        return ""
    # Every room that took part is asked, and most messages do not say it.
    if not any("came_of" in each.subject + each.body for each in definition.messages.values()):
        return ""
    return "\n".join(f"{each.label}:{_apart(each.text)}{each.text}" for each in rows_of(row))


def _apart(text: str) -> str:
    # A label and the first of many days on one line would read as if the others were of another kind.
    return "\n" if "\n" in text else " "
