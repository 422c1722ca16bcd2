"""On this fact, do that: the ``on:`` rules of definitions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from vestry.councils import api as councils
from vestry.design.capability import Contact, Happening
from vestry.kernel import Ref
from vestry.ledger.api import Recorded
from vestry.services.api._journeys import SUBMITTED
from vestry.services.api._versions import definition_of, find_version
from vestry.services.definition.capabilities import installed
from vestry.services.definition.language import Definition
from vestry.services.events import JourneySubmitted
from vestry.services.models import Journey

# The public channel's address for it; a test there holds the two together.
STATUS_PAGE = "{origin}/status/{reference}/"


class OnRules:
    """Carries out what definitions ask for when something happens."""

    name = "services.on_rules"

    def handle(self, fact: Recorded, *, now: datetime) -> None:
        """Find the rules of the fact's own version and hand each to its capability."""
        version = find_version(fact.service, fact.service_version) if fact.service else None
        if version is None:
            return
        definition = definition_of(version)
        for on, words in _happened(definition, fact):
            rules = definition.on.get(on, ())
            if not rules:
                continue
            row = _journey_of(fact)
            for index, rule in enumerate(rules):
                happening = Happening(
                    on=on,
                    key=f"{fact.seq}:{on}:{index}",
                    about=Ref.read(row.subject) if row and row.subject else fact.subject,
                    service=fact.service,
                    version=fact.service_version,
                    to=Contact(**row.contact) if row else Contact(),
                    words=common_words(definition, row) | words,
                    messages=definition.messages,
                    now=now,
                )
                installed()[rule.word].react(rule.options, happening)


def _happened(definition: Definition, fact: Recorded) -> Iterator[tuple[str, dict[str, str]]]:
    """The ``on:`` words a fact answers to, each with what a message about it may say."""
    if fact.name == JourneySubmitted.name:
        yield SUBMITTED, {}
        return
    room = fact.name.partition(".")[0]
    for item in definition.journey:
        capability = installed()[item.word]
        if room in type(capability).__module__.split("."):
            for on in capability.happened(item.options, fact.name, fact.payload):
                yield on, dict(capability.words(item.options, fact.subject, fact.name, fact.payload))
            return


def _journey_of(fact: Recorded) -> Journey | None:
    """The journey in whose course it happened, or whose outcome it is about."""
    if fact.journey.isdecimal():
        return Journey.objects.filter(pk=int(fact.journey)).first()
    return Journey.objects.filter(subject=str(fact.subject)).first()


def common_words(definition: Definition, row: Journey | None) -> dict[str, str]:
    """What every message may say."""
    council = councils.current()
    reference = Ref.read(row.subject).key if row and row.subject else ""
    return {
        "reference": reference,
        "service": definition.title,
        "council": council.name,
        "name": row.contact.get("name", "") if row else "",
        "status_page": STATUS_PAGE.format(origin=row.origin, reference=reference) if row else "",
    }
