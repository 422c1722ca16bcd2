"""Who is in the middle of a service that is about to change, and what the change means for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vestry.design import shown
from vestry.services.api._deciding import Change, Decision, decide
from vestry.services.api._publishing import foretelling
from vestry.services.api._versions import definition_of
from vestry.services.definition.language import Definition
from vestry.services.midway import CARRY_OVER, FINISH_BY, Policy, Say, say
from vestry.services.models import Journey, Offer, Version
from vestry.services.packs.reading import Source


@dataclass(frozen=True, kw_only=True)
class Midway:
    """The people in the middle of one version. ``until`` is there with *finish-by*: the last moment."""

    version: int
    people: int
    policy: Policy
    until: datetime | None
    moves: bool
    """True when they go on with the new version the next time they come back."""
    sentence: str
    """How many they are and what happens to them, for the officer who publishes."""


@dataclass(frozen=True, kw_only=True)
class Affected:
    """A service as publishing would leave it. ``number`` is the version that would then be its newest."""

    service: str
    title: str
    change: Change
    number: int
    midway: tuple[Midway, ...] = ()
    """A line for each version people are in the middle of; none for a service that stays as it is."""

    @property
    def people(self) -> int:
        """How many people are in the middle of it."""
        return sum(each.people for each in self.midway)

    @property
    def disturbs(self) -> bool:
        """Whether anybody will meet something else than what they began."""
        return any(each.policy != "stay" for each in self.midway)


def affected(*, folder: Path, now: datetime, undo: bool = False) -> list[Affected]:
    """What publishing a pack would mean for people mid-journey, by service. Changes nothing.

    Where it says *undone*, nothing of the pack is published: `WouldUndo`. With ``undo``, as if it were
    published so. Raises `NoPackThere`, `NotPublished` as publishing would.
    """
    with foretelling(folder, undo=undo) as decisions:
        return [_affected(each, now) for each in decisions]


def affected_by(*, text: str, definition: Definition, now: datetime) -> Affected:
    """The same for one service published at the desk, by the text of its definition and what that says."""
    slug = definition.service
    offered = Offer.objects.filter(slug=slug).exists()
    source = Source(text=text, definition=definition)
    return _affected(decide(slug, source, offered=offered, from_desk=True), now)


def _affected(decision: Decision, now: datetime) -> Affected:
    return Affected(
        service=decision.slug,
        title=decision.title,
        change=decision.change,
        number=decision.number,
        midway=tuple(_midway(decision, now)) if decision.change in DISTURBING else (),
    )


DISTURBING = {"changed", "again", "withdrawn"}
"""What people in the middle of a service may notice."""


def _midway(decision: Decision, now: datetime) -> Iterator[Midway]:
    people = _people(decision.slug)
    if not people:
        return
    since = _since(decision, now)
    for version in sorted(people):
        if decision.change == "withdrawn":
            yield _line(version, people[version], Say(), 0, now)
        elif version < decision.number:
            later = [said for number, said in since.items() if number > version]
            yield _line(version, people[version], say(later), decision.number, now)


def _since(decision: Decision, now: datetime) -> dict[int, tuple[Definition, datetime]]:
    """What each version says, and when it was published, with the one there would be."""
    since = {
        each.number: (definition_of(each), each.published_at)
        for each in Version.objects.filter(slug=decision.slug)
    }
    if decision.source and decision.change == "changed":
        since[decision.number] = decision.source.definition, now
    return since


def _people(service: str) -> dict[int, int]:
    """How many are in the middle of each version of a service."""
    begun = Journey.objects.filter(state=Journey.STARTED, version__slug=service)
    return dict(begun.values_list("version__number").annotate(people=Count("pk")).order_by())


def _line(version: int, people: int, said: Say, number: int, now: datetime) -> Midway:
    who = ngettext(
        "%(people)d person is filling in version %(version)d.",
        "%(people)d people are filling in version %(version)d.",
        people,
    ) % {"people": people, "version": version}
    return Midway(
        version=version,
        people=people,
        policy=said.policy,
        until=said.until,
        moves=said.moves(now),
        sentence=f"{who} {_meaning(said, number, now)}",
    )


def _meaning(said: Say, number: int, now: datetime) -> str:
    if said.policy == CARRY_OVER or said.moves(now):
        return _(
            "When they come back, they go on with version %(number)d and are asked only what changed."
        ) % {"number": number}
    if said.policy == FINISH_BY and said.until:
        return _(
            "They can finish it until %(until)s. Whoever comes back later goes on with version %(number)d "
            "and is asked only what changed."
        ) % {"until": shown.moment(said.until), "number": number}
    return _("They finish it as it is.")
