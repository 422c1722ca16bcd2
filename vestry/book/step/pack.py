"""``calendars.yaml``: what can be booked, as a pack writes it, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from django.utils.translation import gettext as _

from vestry.book import api as book
from vestry.book.options import Slug, Text
from vestry.design.capability import PackFile, Problem

_HOURS = "([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]:[0-5][0-9]|2[0-3]:[0-5][0-9]|24:00)"
Hours = Annotated[str, msgspec.Meta(pattern=f"^{_HOURS}$", examples=["09:00-17:00", "18:00-02:00"])]
HoursOrNone = Annotated[str, msgspec.Meta(pattern=f"^({_HOURS}|closed)$", examples=["09:00-12:00", "closed"])]
Several = Annotated[list[Hours], msgspec.Meta(min_length=1)]
Day = Annotated[str, msgspec.Meta(pattern="^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", examples=["2026-12-24"])]
Length = Annotated[
    str, msgspec.Meta(pattern="^[1-9][0-9]{0,3} (minute|hour)s?$", examples=["30 minutes", "2 hours"])
]
Before = Annotated[
    str,
    msgspec.Meta(
        pattern="^[1-9][0-9]{0,3} (minute|hour|working day)s?$", examples=["2 hours", "3 working days"]
    ),
]
Ahead = Annotated[str, msgspec.Meta(pattern="^[1-9][0-9]{0,2} days?$", examples=["90 days"])]
Clock = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["12:00"])]
Count = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
CLOSED: Literal["closed"] = "closed"
Path = tuple[str | int, ...]


Feed = Annotated[str, msgspec.Meta(pattern=r"^(https://[^\s@]+)?$", max_length=500)]


class Resource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something there are so many of."""

    title: Text
    stock: Count
    """How many there are, or how much can be taken at one time."""
    feed: Feed = ""
    """Where others say when it is busy: the address of an iCalendar file. Nothing of it is booked then."""


class Closure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days on which nothing is offered, the last included."""

    first: Day
    last: Day
    why: str = ""


class Calendar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What is offered together."""

    title: Text
    open: Annotated[dict[Weekday, Hours | Several], msgspec.Meta(min_length=1)]
    """When it is open, by weekday."""
    team: Slug | None = None
    """The team that looks after it."""
    every: Length | None = None
    """How far apart times begin; one for each opening, from its begin to its end, when left out."""
    lasts: Length | None = None
    """How long one booking is; as long as ``every`` when left out."""
    longest: Length | None = None
    """How long one may be, where whoever books says how long."""
    before: Length | None = None
    """How long everything it needs is kept free before: getting ready."""
    after: Length | None = None
    """How long everything it needs is kept free after: clearing up."""
    most: Count = 1
    """How many units one booking may ask for."""
    needs: dict[Slug, Count] = {}
    """What one booking takes, and how much of it."""
    each: dict[Slug, Count] = {}
    """What every unit of a booking takes."""
    extras: list[Slug] = []
    """What may be asked for besides."""
    exceptions: dict[Day, HoursOrNone | Several] = {}
    """Days that are not like their weekday."""
    closures: list[Closure] = []
    bank_holidays: Literal["open", "closed"] = CLOSED
    notice: Before | None = None
    """How long before it can be booked at the latest."""
    changes: Before | None = None
    """How long before whoever booked it can move or cancel it at the latest; as ``notice`` when left out."""
    cut_off: Clock | None = None
    """Until what time of the last such working day."""
    ahead: Ahead = "365 days"
    """How many days ahead it can be booked."""
    waiting_list: bool = False
    """Whether people can wait for a place: what comes free is offered to who waits longest."""
    offer: Length = "24 hours"
    """How long a freed place is kept for whoever waited for it."""


class Calendars(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``calendars.yaml``: what can be booked, and how much there is of what it takes."""

    resources: dict[Slug, Resource] = {}
    calendars: dict[Slug, Calendar] = {}


class CalendarsFile(PackFile):
    """``calendars.yaml``, as the pack's reader takes it."""

    name = "calendars.yaml"
    struct = Calendars
    kinds = ("calendars",)

    def named(self, said: Calendars) -> dict[str, frozenset[str]]:
        """The calendars there will be."""
        return {"calendars": frozenset(said.calendars)}

    def known(self) -> dict[str, frozenset[str]]:
        """The calendars there are."""
        return {"calendars": frozenset(each.slug for each in book.calendars())}

    def problems(self, said: Calendars, known: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
        """Names of nothing, days that are none, lengths that don't fit."""
        return mistakes(said, known.get("teams"))

    def put(self, said: Calendars, *, now: datetime) -> None:
        """Make these the council's calendars."""
        book.put_calendars(resources=resources(said), calendars=calendars(said))


def mistakes(said: Calendars, teams: Collection[str] | None) -> Iterator[Problem]:
    """What the schema cannot see: names of nothing, days that are none, lengths that don't fit."""
    for slug, each in said.calendars.items():
        top: Path = ("calendars", slug)
        for part, names in (("needs", each.needs), ("each", each.each), ("extras", each.extras)):
            for number, name in enumerate(names):
                if name not in said.resources:
                    path: Path = (*top, part, number if part == "extras" else name)
                    what = _('"{name}" is not a resource of this file.').format(name=name)
                    yield _wrong(path, what, _did_you_mean(name, said.resources))
        if not (each.needs or each.each):
            what = _("A booking here would take nothing.")
            better = _('Say what it needs ("needs: {room: 1}") or what each unit takes ("each: {crew: 1}").')
            yield _wrong(top, what, better)
        if each.team and teams is not None and each.team not in teams:
            what = _('"{name}" is not a team of the council.').format(name=each.team)
            yield _wrong((*top, "team"), what, _did_you_mean(each.team, teams))
        yield from _day_mistakes(each, top)
        yield from _length_mistakes(each, top)


def _wrong(path: Path, what: str, instead: str = "") -> Problem:
    return Problem(path=path, what=what, instead=instead)


def _did_you_mean(written: str, known: Iterable[str]) -> str:
    near = get_close_matches(written, sorted(known), 1)
    return _('Did you mean "{word}"?').format(word=near[0]) if near else ""


def _day_mistakes(each: Calendar, top: Path) -> Iterator[Problem]:
    days: dict[Path, str] = {(*top, "exceptions", day): day for day in each.exceptions}
    for number, closure in enumerate(each.closures):
        for part in ("first", "last"):
            days[*top, "closures", number, part] = getattr(closure, part)
    wrong = [(path, day) for path, day in days.items() if not _is_day(day)]
    for path, day in wrong:
        yield _wrong(path, _("There is no such day: {day}.").format(day=day))
    for number, closure in enumerate(each.closures if not wrong else ()):
        if closure.first > closure.last:
            yield _wrong((*top, "closures", number, "last"), _("It ends before it begins."))
    for part, openings in (("open", each.open), ("exceptions", each.exceptions)):
        for name, opening in openings.items():
            hours = [_hours_or_none(text) for text in _several(opening)] if opening != CLOSED else []
            if None in hours:
                yield _wrong((*top, part, name), _("It opens and closes at the same time."))
                continue
            known = sorted(each for each in hours if each)
            if any(one.ends > other.begins for one, other in pairwise(known)):
                yield _wrong((*top, part, name), _("These hours lie over each other."))


def _length_mistakes(each: Calendar, top: Path) -> Iterator[Problem]:
    if each.longest and not (each.every or each.lasts):
        what = _("Where a booking takes the whole opening, nobody can say how long it is.")
        yield _wrong((*top, "longest"), what, _('Say how far apart times begin: "every: 30 minutes".'))
    elif each.longest and _minutes(each.longest) < _minutes(each.lasts or each.every):
        yield _wrong((*top, "longest"), _("This is shorter than a booking lasts."))
    if each.lasts and not each.every:
        what = _('Say how far apart times begin, too: "every: 30 minutes".')
        yield _wrong((*top, "lasts"), what)
    if each.cut_off and not any(said and "working" in said for said in (each.notice, each.changes)):
        what = _("A cut-off is a time on the last working day for it.")
        yield _wrong((*top, "cut-off"), what, _('Say how many: "notice: 1 working day".'))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _hours_or_none(text: str) -> book.Hours | None:
    try:
        return book.read_hours(text)
    except ValueError:
        return None


def _several(opening: str | list[str]) -> list[str]:
    return [opening] if isinstance(opening, str) else opening


def _minutes(text: str | None) -> int:
    if text is None:
        return 0
    number, unit = text.split(" ", 1)
    return int(number) * (60 if unit.startswith("hour") else 1)


def _notice(text: str | None, cut_off: str | None) -> book.Notice:
    if text is None:
        return book.Notice()
    if not re.search("working", text):
        return book.Notice(minutes=_minutes(text))
    hours, minutes = (cut_off or "24:00").split(":")
    return book.Notice(working_days=int(text.split()[0]), by=int(hours) * 60 + int(minutes))


def _read(opening: str | list[str]) -> tuple[book.Hours, ...]:
    return () if opening == CLOSED else tuple(sorted(book.read_hours(text) for text in _several(opening)))


def resources(said: Calendars) -> tuple[book.ResourcePlan, ...]:
    """As the book room takes them."""
    return tuple(
        book.ResourcePlan(slug=slug, title=each.title, stock=each.stock, feed=each.feed)
        for slug, each in said.resources.items()
    )


def calendars(said: Calendars) -> tuple[book.CalendarPlan, ...]:
    """As the book room takes them."""
    return tuple(
        book.CalendarPlan(
            slug=slug,
            title=each.title,
            team=each.team or "",
            plan=_plan(each),
        )
        for slug, each in said.calendars.items()
    )


def _plan(each: Calendar) -> book.Plan:
    return book.Plan(
        open={WEEKDAYS.index(day): _read(opening) for day, opening in each.open.items()},
        every=_minutes(each.every),
        lasts=_minutes(each.lasts or each.every),
        longest=_minutes(each.longest),
        before=_minutes(each.before),
        after=_minutes(each.after),
        most=each.most,
        needs=each.needs,
        each=each.each,
        extras=frozenset(each.extras),
        exceptions={date.fromisoformat(day): _read(opening) for day, opening in each.exceptions.items()},
        closures=tuple(
            book.Closure(first=date.fromisoformat(one.first), last=date.fromisoformat(one.last))
            for one in each.closures
        ),
        bank_holidays=each.bank_holidays == "open",
        notice=_notice(each.notice, each.cut_off),
        changes=_notice(each.changes or each.notice, each.cut_off),
        ahead=int(each.ahead.split()[0]),
        offer=_minutes(each.offer),
        waits=each.waiting_list,
    )
