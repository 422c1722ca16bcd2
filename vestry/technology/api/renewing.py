"""The days that matter: who is reminded of them, and a calendar of them. See `technology.api`."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from vestry.kernel import SYSTEM, Ref, local_day
from vestry.ledger import api as ledger
from vestry.technology import events, models
from vestry.technology.api.refusals import NoSuchCalendar
from vestry.technology.api.register import Entry, entry_of
from vestry.technology.api.standing import Stand
from vestry.technology.rules.dates import Renewal, stage

SECRET_BYTES = 24


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """Somebody has to be reminded: of what, why now (``soon``, ``begin``, ``last``), and under which ``key``
    it is once.
    """

    entry: Entry
    renewal: Renewal
    stage: str

    @property
    def key(self) -> str:
        """What tells this end of this contract from every other."""
        return f"technology/{self.entry.slug}/{self.renewal.end.isoformat()}"

    @property
    def said(self) -> str:
        """What was reminded of, as the register remembers it."""
        return f"{self.renewal.end.isoformat()} {self.stage}"


def take_reminders(*, now: datetime) -> list[Reminder]:
    """The reminders that are due and were not given yet; they count as given from now on. Inside the
    transaction of whoever gives them.
    """
    today, found = local_day(now), []
    rows = models.Technology.objects.exclude(contract=None)
    for pk in [row.pk for row in rows if _due(row, today)]:
        # Looked at again under the lock: another worker may have been here.
        row = rows.select_for_update().filter(pk=pk).first()
        due = _due(row, today) if row else None
        if row is None or due is None:
            continue
        row.reminded = due.said
        row.save(update_fields=["reminded"])
        fact = events.RenewalAnnounced(
            end=due.renewal.end.isoformat(),
            last_notice=due.renewal.last_notice.isoformat(),
            stage=due.stage,
        )
        ledger.record(fact, subject=due.entry.ref, actor=SYSTEM, now=now)
        found.append(due)
    return found


def _due(row: models.Technology, today: date) -> Reminder | None:
    entry = entry_of(row)
    next_one = entry.renewal(today)
    if next_one is None or entry.leaving:
        return None
    now_is = stage(next_one, today)
    due = Reminder(entry=entry, renewal=next_one, stage=now_is)
    return due if now_is and row.reminded != due.said else None


def make_calendar(*, whose: Ref, by: Ref, now: datetime) -> str:
    """A secret for a link to the days that matter; one that was made before for the same is worth nothing any
    more. It is told once.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with ledger.transaction():
        models.Calendar.objects.update_or_create(
            whose=str(whose), defaults={"hash": _hash(secret), "made_by": str(by), "made_at": now}
        )
        ledger.record(events.CalendarMade(), subject=_subject(whose), actor=by, now=now)
    return secret


def end_calendar(*, whose: Ref, by: Ref, now: datetime) -> None:
    """Take a link back. Taken back already, nothing happens."""
    with ledger.transaction():
        if models.Calendar.objects.filter(whose=str(whose)).delete()[0]:
            ledger.record(events.CalendarEnded(), subject=_subject(whose), actor=by, now=now)


def calendars(whose: Iterable[Ref]) -> dict[Ref, date]:
    """Of these, who has a link, and since when."""
    rows = models.Calendar.objects.filter(whose__in=[str(each) for each in whose])
    return {Ref.read(row.whose): local_day(row.made_at) for row in rows}


def calendar_of(secret: str) -> tuple[Ref, Ref]:
    """Whose link this is, and who made it. Raises `NoSuchCalendar`."""
    row = models.Calendar.objects.filter(hash=_hash(secret)).first()
    if row is None:
        raise NoSuchCalendar
    return Ref.read(row.whose), Ref.read(row.made_by)


def _subject(whose: Ref) -> Ref:
    return Ref("calendar", f"{whose.kind}-{whose.key}")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day in the calendar, in the reader's words; ``link`` leads to the page about it."""

    technology: str
    what: str
    day: date
    title: str
    link: str


def days_of(stands: Sequence[Stand], *, owner: str = "") -> list[tuple[Stand, date, str]]:
    """The days that matter of all technologies, or of those a team owns: each with what it is."""
    return [
        (stand, day, what)
        for stand in stands
        if not owner or stand.entry.owner == owner
        for day, what in stand.days
    ]


def as_calendar(days: Iterable[Day], *, name: str, host: str, now: datetime) -> bytes:
    """These days as an iCalendar file, which calendars of all kinds read. A day keeps its name, so that a
    calendar moves it when it moves.
    """
    feed = Calendar()
    feed.add("prodid", "-//Vestry//Technologies//EN")
    feed.add("version", "2.0")
    feed.add("name", name)
    feed.add("x-wr-calname", name)
    for each in days:
        event = Event()
        event.add("uid", f"{each.technology}-{each.what}-{each.day.isoformat()}@{host}")
        event.add("dtstamp", now)
        event.add("dtstart", each.day)
        event.add("dtend", each.day + timedelta(days=1))
        event.add("summary", each.title)
        event.add("url", each.link)
        event.add("transp", "TRANSPARENT")
        feed.add_component(event)
    return feed.to_ical()
