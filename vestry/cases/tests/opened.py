"""Cases to try things with."""

import itertools
from datetime import UTC, datetime

from vestry.cases import api
from vestry.cases.tests.plans import COMPLAINT, FOI, MISSED_BIN
from vestry.kernel import Ref
from vestry.people import api as people

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WALKER = Ref("resident", "journey-1")
_journeys = itertools.count(1)


def open_case(plan, *, now=NOON, journey="", **origin):
    """Open one; each comes from a journey of its own."""
    said = {"service": "missed-bin", "title": "Report a missed bin", "version": 1, "prefix": "MB", **origin}
    said = {"information_class": "official-personal", **said}
    journey = journey or f"journey-{next(_journeys)}"
    more = {name: said.pop(name) for name in ("shut", "place", "words") if name in said}
    return api.open_case(
        origin=api.Origin(journey=journey, **said), plan=plan, actor=WALKER, now=now, **more
    ).reference


def open_bin(**more):
    """A missed bin, for the waste team."""
    return open_case(MISSED_BIN, **more)


def open_foi(**more):
    """A request for information."""
    foi = {"service": "foi", "title": "Make a freedom of information request", "prefix": "FOI"}
    return open_case(FOI, **foi, **more)


def open_complaint(**more):
    """A complaint, which may go from the waste team to information governance."""
    complaint = {"service": "complaint", "title": "Make a complaint", "prefix": "C"}
    return open_case(COMPLAINT, **complaint, **more)


def priya():
    return people.get_officer("priya")


def tom():
    return people.get_officer("tom")


def maya():
    return people.get_officer("maya")


def grace():
    return people.get_officer("grace")


def sam():
    return people.get_officer("sam")


def said(reference):
    """The timeline's sentences."""
    return [line.what for line in api.timeline(officer=grace(), reference=reference)]
