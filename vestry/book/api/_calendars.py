"""Calendars: what is offered, what is free, and which days are closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter

import msgspec
from django.db import transaction
from django.db.models import Q

from vestry.book import events, rules
from vestry.book.api._busy import busy_of
from vestry.book.api._views import BookingView, NoSuchCalendar, Slot, booking_view
from vestry.book.models import BOOKED, HELD, TAKING, Booking, Calendar, Cell, Closed, Resource, Taking
from vestry.book.rules import DAY, ONE, Closure, Notice, Plan, Span, Wanted, minute_of, moment_of
from vestry.councils import api as councils
from vestry.kernel import Ref, WorkingCalendar
from vestry.ledger import api as ledger


@dataclass(frozen=True, kw_only=True)
class ResourcePlan:
    """A resource as a pack says it."""

    slug: str
    title: str
    stock: int
    feed: str = ""
    """Where others say when it is busy: the address of an iCalendar file."""


@dataclass(frozen=True, kw_only=True)
class CalendarPlan:
    """A calendar as a pack says it."""

    slug: str
    title: str
    plan: Plan
    team: str = ""


@dataclass(frozen=True, kw_only=True)
class CalendarView:
    """A calendar that can be booked. ``plan`` knows what officers have closed."""

    slug: str
    title: str
    team: str
    plan: Plan


def dump(plan: Plan) -> object:
    """A plan as the table keeps it."""
    return msgspec.to_builtins(plan, str_keys=True)


def load(row: Calendar) -> Plan:
    """The pack's plan, and what was closed since."""
    plan = msgspec.convert(row.plan, Plan, strict=False, str_keys=True)
    closed = tuple(Closure(first=each.first, last=each.last) for each in row.closed.all())
    return replace(plan, closures=plan.closures + closed)


def find_row(slug: str) -> Calendar:
    """The calendar of that name. Raises `NoSuchCalendar`."""
    row = Calendar.objects.prefetch_related("closed").filter(slug=slug, current=True).first()
    if row is None:
        raise NoSuchCalendar
    return row


def view(row: Calendar) -> CalendarView:
    """As others see it."""
    return CalendarView(slug=row.slug, title=row.title, team=row.team, plan=load(row))


def calendars() -> list[CalendarView]:
    """The council's calendars, by title."""
    return [
        view(row)
        for row in Calendar.objects.prefetch_related("closed").filter(current=True).order_by("title")
    ]


def get_calendar(slug: str) -> CalendarView:
    """One calendar. Raises `NoSuchCalendar`."""
    return view(find_row(slug))


def resources() -> dict[str, str]:
    """The council's resources: slug to title."""
    return dict(Resource.objects.order_by("slug").values_list("slug", "title"))


@transaction.atomic
def put_calendars(*, resources: Sequence[ResourcePlan], calendars: Sequence[CalendarPlan]) -> None:
    """Make these the council's calendars. What is booked stays so, even where there is less now."""
    # All of them before anything is counted: see `models.keep_grains`.
    kept = {row.slug: row for row in Resource.objects.select_for_update().order_by("pk")}
    for each in resources:
        using = [one.plan for one in calendars if each.slug in _needs(one.plan)]
        grain = rules.grain(using)
        row = kept.get(each.slug)
        if row is None:
            said = {"title": each.title, "stock": each.stock, "feed": each.feed}
            Resource.objects.create(slug=each.slug, grain=grain, **said)
            continue
        if row.feed != each.feed:
            # What the other address said holds no more.
            row.busy.all().delete()
            row.feed, row.feed_read_at, row.feed_lost = each.feed, None, False
        recount = row.grain != grain
        row.title, row.stock, row.grain = each.title, each.stock, grain
        row.save()
        if recount:
            _count_again(row)
    named = {each.slug for each in calendars}
    Calendar.objects.exclude(slug__in=named).update(current=False)
    for one in calendars:
        said = {
            "title": one.title,
            "team": one.team,
            "plan": dump(one.plan),
            "current": True,
        }
        Calendar.objects.update_or_create(slug=one.slug, defaults=said)


def _needs(plan: Plan) -> set[str]:
    return {*plan.needs, *plan.each, *plan.extras}


def _count_again(row: Resource) -> None:
    """Its cells are of another length now."""
    taken: dict[int, int] = defaultdict(int)
    for each in Taking.objects.filter(resource=row, booking__state__in=TAKING):
        for at in rules.cells(Span(start=each.start, end=each.end), row.grain):
            taken[at] += each.many
    Cell.objects.filter(resource=row).delete()
    Cell.objects.bulk_create(
        (
            Cell(resource=row, at=at, taken=many, stock=max(many, row.stock))
            for at, many in sorted(taken.items())
        ),
        batch_size=1000,
    )


def slots(
    *, calendar: str, from_: date, to: date, wanted: Wanted = ONE, now: datetime, mine: str = ""
) -> tuple[Slot, ...]:
    """What is free and may be asked for now: slots that begin on these days, both included, in order.

    ``mine`` is the reference of a booking, or of the first of a repeat, that is about to be moved: what it
    takes counts as free, and what it holds may still be had though others are too late for it. A booking as
    large or as long as the calendar never has gets none. Raises `NoSuchCalendar`.
    """
    return _free([find_row(calendar)], from_, to, wanted, now, mine)


def slots_of(
    *,
    calendars: Iterable[str],
    from_: date,
    to: date,
    wanted: Wanted = ONE,
    now: datetime,
    mine: str = "",
) -> tuple[Slot, ...]:
    """The same over several calendars at once; those that are not there have nothing free."""
    named = list(calendars)
    rows = Calendar.objects.prefetch_related("closed").filter(slug__in=named, current=True)
    return _free(rows, from_, to, wanted, now, mine)


def _free(
    rows: Iterable[Calendar], from_: date, to: date, wanted: Wanted, now: datetime, mine: str
) -> tuple[Slot, ...]:
    plans = {row.slug: load(row) for row in rows}
    spans = _offered(plans, from_, to, wanted, now)
    ranged = [span for each in spans.values() for span in (each[:1] + each[-1:])]
    found: list[Slot] = []
    if ranged:
        reach = Span(start=min(each.start for each in ranged), end=max(each.end for each in ranged))
        taken = _Taken(plans, reach, wanted, mine)
        found = [
            Slot(calendar=slug, start=moment_of(span.start), end=moment_of(span.end))
            for slug, plan in sorted(plans.items())
            for span in taken.free(plan, spans[slug])
        ]
    if mine:
        kept = (slot for slot in _kept(plans, wanted, now, mine) if from_ <= slot.start.date() <= to)
        found += set(kept).difference(found)
    # By both and then by calendar, as they come; a pair for each of a year would take as long as the search.
    found.sort(key=attrgetter("end"))
    found.sort(key=attrgetter("start"))
    return tuple(found)


def _kept(calendars: Collection[str], wanted: Wanted, now: datetime, mine: str) -> Iterator[Slot]:
    """What is held just so: it was asked for in time, though by now it would be too late."""
    theirs = Q(reference=mine) | Q(series=mine)
    held = Booking.objects.filter(theirs, state=HELD, until__gt=now, calendar__slug__in=calendars)
    size = (wanted.units, wanted.minutes, dict(wanted.extras))
    for row in held.select_related("calendar"):
        span = Span(start=row.start, end=row.end)
        if (row.units, row.minutes, row.extras) == size and may_be_offered(
            row.calendar, span, wanted, now, in_time=True
        ):
            yield Slot(calendar=row.calendar.slug, start=moment_of(span.start), end=moment_of(span.end))


def full(*, calendar: str, from_: date, to: date, wanted: Wanted = ONE, now: datetime) -> tuple[Slot, ...]:
    """What is offered on these days and taken: somebody may wait for it. Raises `NoSuchCalendar`.

    What there never is so much of is not full: nobody gets it by waiting.
    """
    plan = load(find_row(calendar))
    if not is_there(plan, wanted):
        return ()
    free = set(slots(calendar=calendar, from_=from_, to=to, wanted=wanted, now=now))
    spans = _offered({calendar: plan}, from_, to, wanted, now)[calendar]
    every = (Slot(calendar=calendar, start=moment_of(span.start), end=moment_of(span.end)) for span in spans)
    return tuple(slot for slot in every if slot not in free)


def is_ever(plan: Plan, wanted: Wanted) -> bool:
    """Whether as much, and as long, can be had at all, were nothing taken."""
    too_long = wanted.minutes > (plan.longest or plan.lasts)
    return not too_long and rules.fits(plan, wanted) and is_there(plan, wanted)


def is_there(plan: Plan, wanted: Wanted) -> bool:
    """Whether the council has as much of everything, were none of it taken."""
    needed = rules.takes(plan, wanted)
    stock = dict(Resource.objects.filter(slug__in=needed).values_list("slug", "stock"))
    return all(many <= stock.get(name, 0) for name, many in needed.items())


def _offered(
    plans: Mapping[str, Plan], from_: date, to: date, wanted: Wanted, now: datetime
) -> dict[str, list[Span]]:
    """What each of the calendars offers; those that are open alike are worked out once."""
    working, minute = councils.working_calendar(), minute_of(now)
    known: list[tuple[Plan, list[Span]]] = []
    spans: dict[str, list[Span]] = {}
    for slug, plan in plans.items():
        # What it takes says nothing about when it is open.
        alike = replace(plan, needs={}, each={})
        found = next((spans for other, spans in known if other == alike), None)
        if found is None:
            found = list(
                rules.offered(alike, first=from_, last=to, wanted=wanted, now=minute, working=working)
            )
            known.append((alike, found))
        spans[slug] = found
    return spans


class _Taken:
    """Which cells have not enough left, read at once for all that is asked."""

    def __init__(self, plans: Mapping[str, Plan], reach: Span, wanted: Wanted, mine: str) -> None:
        self.wanted = wanted
        needed: dict[str, int] = {}
        for plan in plans.values():
            for name, many in rules.takes(plan, wanted).items():
                needed[name] = max(many, needed.get(name, 0))
        rows = {row.slug: row for row in Resource.objects.filter(slug__in=needed)}
        self.stock = {name: row.stock for name, row in rows.items()}
        self.grain = {name: row.grain for name, row in rows.items()}
        names = {row.pk: name for name, row in rows.items()}
        margin = max((max(plan.before, plan.after) for plan in plans.values()), default=0) + 60
        by_limit: dict[int, list[int]] = defaultdict(list)
        for name, row in rows.items():
            by_limit[row.stock - needed[name]].append(row.pk)
        scarce = Q(pk__in=[])
        for limit, ids in by_limit.items():
            scarce |= Q(resource_id__in=ids, taken__gt=limit)
        cells = Cell.objects.filter(scarce, at__gte=reach.start - margin, at__lt=reach.end + margin)
        own = _own(mine)
        self.cells: dict[str, dict[int, int]] = defaultdict(dict)
        for resource, at, taken in cells.values_list("resource_id", "at", "taken"):
            self.cells[names[resource]][at] = taken - own.get((resource, at), 0)
        wide = Span(start=reach.start - margin, end=reach.end + margin)
        for pk, spans in busy_of([row.pk for row in rows.values() if row.feed], wide).items():
            name = names[pk]
            for span in spans:
                for at in rules.cells(_within(span, wide), self.grain[name]):
                    self.cells[name][at] = self.stock[name]

    def free(self, plan: Plan, spans: list[Span]) -> list[Span]:
        """Those of the slots that fit."""
        full: dict[str, set[int]] = {}
        for name, many in rules.takes(plan, self.wanted).items():
            if name not in self.stock or self.stock[name] < many:
                return []
            limit = self.stock[name] - many
            full[name] = {at for at, taken in self.cells[name].items() if taken > limit}
        return rules.free(plan, spans, full=full, grains=self.grain)


def _within(span: Span, reach: Span) -> Span:
    return Span(start=max(span.start, reach.start), end=min(span.end, reach.end))


def _own(mine: str) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    if mine:
        # Those of a repeat move together while it is held; once booked, each by itself.
        theirs = Q(booking__reference=mine) | Q(booking__series=mine, booking__state=HELD)
        rows = Taking.objects.select_related("resource").filter(theirs, booking__state__in=TAKING)
        for row in rows:
            for at in rules.cells(Span(start=row.start, end=row.end), row.resource.grain):
                found[row.resource_id, at] += row.many
    return found


def may_be_offered(
    row: Calendar, span: Span, wanted: Wanted, now: datetime, *, in_time: bool = False
) -> bool:
    """Whether exactly this may be asked for now, whatever is taken.

    With ``in_time`` it was asked for before it was too late: then it may be too late now.
    """
    plan, working = load(row), councils.working_calendar()
    if in_time:
        plan = replace(plan, notice=Notice())
    return row.current and rules.is_offered(plan, span, wanted=wanted, now=minute_of(now), working=working)


def in_time_to_change(row: Calendar, start: int, now: datetime) -> bool:
    """Whether it can still be changed or cancelled without asking anybody."""
    working: WorkingCalendar = councils.working_calendar()
    return minute_of(now) < load(row).changes.until(start, working)


def bookings_between(*, calendar: str, first: date, last: date) -> list[BookingView]:
    """What is held or booked there and begins on these days, both included, in order."""
    reach = {"start__gte": rules.wall_clock(first, 0), "start__lt": rules.wall_clock(last + DAY, 0)}
    rows = Booking.objects.select_related("calendar").filter(
        calendar__slug=calendar, state__in=(HELD, BOOKED), **reach
    )
    return [booking_view(row) for row in rows.order_by("start", "pk")]


def close(
    *, calendar: str, first: date, last: date, why: str = "", actor: Ref, now: datetime
) -> list[BookingView]:
    """Offer nothing on these days. What is booked on them is given back, for somebody to see to.

    Twice comes to the same as once. Raises `NoSuchCalendar`.
    """
    row = find_row(calendar)
    with ledger.transaction():
        _made, new = Closed.objects.get_or_create(
            calendar=row, first=first, last=last, defaults={"why": why[:200]}
        )
        if new:
            fact = events.Closed(first=first.isoformat(), last=last.isoformat())
            ledger.record(fact, subject=Ref("calendar", calendar), actor=actor, now=now)
    return bookings_between(calendar=calendar, first=first, last=last)


def open_again(*, calendar: str, first: date, last: date, actor: Ref, now: datetime) -> None:
    """Take a closing back. Raises `NoSuchCalendar`; one that isn't there is taken back already."""
    row = find_row(calendar)
    with ledger.transaction():
        if row.closed.filter(first=first, last=last).delete()[0]:
            fact = events.Opened(first=first.isoformat(), last=last.isoformat())
            ledger.record(fact, subject=Ref("calendar", calendar), actor=actor, now=now)


def closings(*, calendar: str) -> list[tuple[date, date, str]]:
    """What officers have closed: from, to, why."""
    return list(find_row(calendar).closed.order_by("first").values_list("first", "last", "why"))
