"""The capability ``book``: asks for a day, then a time, holds the place, and books it at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import msgspec
from django.utils.translation import gettext as _

from vestry.book import api
from vestry.book.options import Options
from vestry.book.step import asking, waiting
from vestry.design import expressions
from vestry.design.capability import (
    Capability,
    Confirmed,
    Contact,
    Forgetting,
    Happening,
    Outline,
    Page,
    Problem,
    Row,
    Standing,
    Stop,
    Stopped,
    Visit,
    Work,
)
from vestry.design.questions import Question
from vestry.design.waiting import Taken, Waiting, Waits
from vestry.kernel import SYSTEM, Ref

HAPPENINGS = {
    "book.booked": "book.booked",
    "book.changed": "book.changed",
    "book.cancelled": "book.cancelled",
    "book.joined": "book.joined",
    "book.offered": "book.offered",
}
ALL_CANCELLED = "book.all-cancelled"
"""Nothing of what the step booked is booked any more; of a repeat, after its last was cancelled."""
ALWAYS = frozenset({"booked_day", "booked_time"})


class Book(Capability):
    """A time or a place, held while somebody answers the rest."""

    word: ClassVar[str] = "book"
    options: ClassVar[type[msgspec.Struct]] = Options
    happenings: ClassVar[Mapping[str, str]] = HAPPENINGS
    addresses: ClassVar[frozenset[str]] = waiting.ADDRESSES
    ends_waiting: ClassVar[frozenset[str]] = frozenset({"book.left"})
    moves: ClassVar[frozenset[str]] = frozenset({"book.changed", "book.cancelled"})
    dated: ClassVar[bool] = True

    def problems(self, options: Options, outline: Outline) -> Iterable[Problem]:
        """Calendars the council doesn't have, and expressions that can't be worked out."""
        yield from _calendar_problems(options, outline)
        yield from _expression_problems(options, outline)

    def questions(self, options: Options) -> Sequence[Question]:
        """One, whatever is free just now."""
        return (_question(options),)

    def ask(self, options: Options, visit: Visit) -> Page | Stop:
        """The days or times that are free; a stop where there are none at all."""
        offer = _offer(options, visit)
        if isinstance(offer, Stop):
            return offer
        question = _question(options, offer)
        if _has_chosen(options, visit):
            return Page(questions=(question,), title=question.ask)
        if not question.days({}) and not (offer.joined or question.full({})):
            return _nothing_free()
        return Page(questions=(question,), title=question.ask)

    def hold(self, options: Options, visit: Visit) -> dict[str, Any]:
        """The place is set aside. Raises `Stopped` where somebody was faster."""
        return self._held(options, visit, visit.now + timedelta(minutes=options.hold_minutes))

    def take_over(self, options: Options, visit: Visit, token: str) -> dict[str, Any] | None:
        """What a program held by the API. None for a token that opens no hold, or one that was sent."""
        try:
            taken = api.take_over(token=token, key=_key(options, visit), course=_course(visit))
        except api.NoSuchBooking:
            return None
        return {"reference": taken.reference}

    def extend(self, options: Options, visit: Visit, until: datetime) -> Any:
        """Kept until then; taken again where it lapsed and is still free. Raises `Stopped`."""
        try:
            if not _references(visit.held) or not _fits(_offer(options, visit), options, visit):
                return self._held(options, visit, until)
            for reference in _references(visit.held):
                api.extend(reference=reference, until=until, actor=visit.actor, now=visit.now)
        except (api.HoldEnded, api.NoSuchBooking):
            raise Stopped(_gone()) from None
        return visit.held

    def _held(self, options: Options, visit: Visit, until: datetime) -> dict[str, Any]:
        offer, answer = _offer(options, visit), visit.said.get(_question_id(options))
        if isinstance(offer, Stop):
            raise Stopped(offer)
        if not answer:
            raise Stopped(_gone())
        try:
            first, *more = api.repeat(
                slots=asking.slots({**answer, "calendar": offer.calendar}),
                wanted=offer.wanted,
                until=until,
                course=_course(visit),
                key=_key(options, visit),
                actor=visit.actor,
                now=visit.now,
            )
        except (api.Full, api.NotOffered, api.AlreadyEnded):
            raise Stopped(_gone()) from None
        return _held(first.reference, [each.reference for each in more])

    def fits(self, options: Options, visit: Visit) -> bool:
        """Whether the place, or the wait for one, is for what is asked for now."""
        offer = _offer(options, visit)
        try:
            return waiting.fits(visit, offer) and _fits(offer, options, visit)
        except api.NoSuchBooking:
            return False

    def release(self, options: Options, visit: Visit) -> None:
        """The place is given back, and whoever waits for one waits no more."""
        # Who waits is locked before any booking, as in `api.offer`.
        waiting.stop(visit)
        for reference in _references(visit.held):
            api.release(reference=reference, actor=visit.actor, now=visit.now)

    def waiting(self, options: Options, visit: Visit) -> Waiting | None:
        """Whether and how somebody waits for a place."""
        return waiting.of(options, visit, _offer(options, visit))

    def wait(self, options: Options, visit: Visit, answers: Mapping[str, Any]) -> Waits:
        """Their place on the list. What was held is given back. Raises `Wrong`."""
        self.release(options, visit)
        return waiting.join(options, visit, _offer(options, visit), answers)

    def take_waited(self, options: Options, visit: Visit, link: str) -> Taken:
        """The freed place is held like any other. Raises `Stopped` where it is kept no more."""
        until = visit.now + timedelta(minutes=options.hold_minutes)
        offer = _offer(options, visit)
        try:
            taken = waiting.take(visit, offer, link=link, key=_key(options, visit), until=until)
        except (api.NothingOffered, api.NoSuchWaiter, api.AlreadyEnded):
            raise Stopped(waiting.over()) from None
        said = {_question_id(options): asking.answer(taken.slot)}
        return Taken(held=_held(taken.reference, []), said=said)

    def gives(self, options: Options, visit: Visit) -> Mapping[str, Any]:
        """The day, the time and the calendar of what is chosen."""
        answer = visit.said.get(_question_id(options))
        return asking.given(answer) if answer else {}

    def due(self, now: datetime) -> int:
        """Holds whose time is up are ended, what is free is offered, and long after names are erased."""
        return api.lapse(now=now) + api.offer(now=now) + api.forget_past(now=now)

    def confirm(self, options: Options, visit: Visit) -> Confirmed:
        """The place is booked. Raises `Stopped` when it went."""
        try:
            # A machine sends all answers at once: nothing was held for it.
            fits = _references(visit.held) and _fits(_offer(options, visit), options, visit)
            held = visit.held if fits else self.hold(options, visit)
            booked, *more = [
                api.confirm(reference=reference, actor=visit.actor, now=visit.now)
                for reference in _references(held)
            ]
        except (api.HoldEnded, api.NoSuchBooking):
            raise Stopped(_gone()) from None
        given = asking.given(asking.answer(booked.slot, [each.slot for each in more]))
        return Confirmed(words={**given, "reference": booked.reference}, ref=Ref("booking", booked.reference))

    def show(self, options: Options, visit: Visit, confirmed: Mapping[str, Any]) -> Sequence[Row]:
        """When it is, as it stands now."""
        found = api.series_of(reference=confirmed.get("reference", "-"))
        said = [_as_it_stands(it) for it in found]
        return (Row(label=_("Booked for"), text="\n".join(said)),) if said else ()

    def announces(self, options: Options) -> Mapping[str, frozenset[str]]:
        """A message about a booking can say its day and its time, one about a waiting list its own words."""
        return dict.fromkeys((*HAPPENINGS.values(), ALL_CANCELLED), ALWAYS) | waiting.WORDS

    def happened(self, options: Options, fact: str, payload: Mapping[str, Any]) -> Sequence[str]:
        """What was cancelled as the last of it answers to two words."""
        named = super().happened(options, fact, payload)
        return (*named, ALL_CANCELLED) if fact == "book.cancelled" and not payload["left"] else named

    def words(self, options: Options, about: Ref, fact: str, payload: Mapping[str, Any]) -> Mapping[str, str]:
        """The day and the time; of what was cancelled, those it had."""
        if about.kind == "waiter":
            return waiting.words(about, payload)
        if "start" in payload:
            start, end = asking.moments(payload)
        else:
            it = api.get(reference=about.key)
            start, end = it.start, it.end
        return {"booked_day": asking.said_day(start.date()), "booked_time": asking.said_time(start, end)}

    def listens(self, options: Options) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """What cancels what is booked."""
        return ((("cancel",), options.cancel),) if options.cancel else ()

    def follow(self, options: Options, happening: Happening) -> None:
        """What has not begun is cancelled, however late."""
        late = {"actor": SYSTEM, "now": happening.now, "by_officer": True}
        for it in (it for made in happening.made for it in api.series_of(reference=made.key)):
            if it.state == "booked" and it.start > happening.now:
                api.cancel(reference=it.reference, **late)

    def whom(self, options: Options, about: Ref, fact: str) -> Contact | None:
        """Whoever waits gave an address for it."""
        return waiting.whom(about) if about.kind == "waiter" else None

    def calls_for(self, fact: str, payload: Mapping[str, Any]) -> Work | None:
        """A calendar kept elsewhere that cannot be read: whoever trusts it books over what it says."""
        if fact != "book.feed_lost":
            return None
        return Work(
            title=_("A calendar kept elsewhere cannot be read"),
            hint=_(
                "When something is busy elsewhere is not known any more; what was known last still holds. "
                "Ask whoever keeps that calendar for its address, and put it into calendars.yaml."
            ),
        )

    def days(self, made: Ref) -> Sequence[date]:
        """Of what is booked; of a repeat, each of its times."""
        if made.kind != "booking":
            return ()
        return sorted(it.start.date() for it in api.series_of(reference=made.key) if it.state == "booked")

    def stands(self, about: Ref) -> Standing | None:
        """A booking is over when its time is, a repeat when its last is."""
        if about.kind != "booking":
            return None
        found = api.series_of(reference=about.key)
        return Standing(ended_at=max(each.end for each in found)) if found else None

    def forget(self, forgetting: Forgetting) -> None:
        """For whom it was."""
        api.forget(journeys=forgetting.keys("journey"), references=forgetting.keys("booking"))


def _as_it_stands(it: api.BookingView) -> str:
    when = asking.said(it.start, it.end)
    return when if it.state == "booked" else _("{when} (cancelled)").format(when=when)


def _has_chosen(options: Options, visit: Visit) -> bool:
    """Whether a place is theirs already: then what else is free, a search over months, is asked of no page
    that only passes by here.
    """
    if visit.said.get(_question_id(options)):
        return True
    theirs = _references(visit.held)
    return bool(theirs) and api.get(reference=theirs[0]).is_held(visit.now)


def _fits(offer: asking.Offer | Stop, options: Options, visit: Visit) -> bool:
    """Whether the places held are those that are asked for: what is paid is reckoned from the answers.

    What cannot be offered any more stays as it was held. Raises `NoSuchBooking`.
    """
    answer = visit.said.get(_question_id(options))
    if isinstance(offer, Stop) or not answer:
        return True
    slots = asking.slots({**answer, "calendar": offer.calendar})
    held = [api.get(reference=reference) for reference in _references(visit.held)]
    wished = [(offer.calendar, *_moments(slot), asking.plain(offer.wanted)) for slot in sorted(slots)]
    places = [(each.calendar, *_moments(each.slot), asking.plain(each.wanted)) for each in held]
    return not held or sorted(places, key=str) == sorted(wished, key=str)


def _moments(slot: api.Slot) -> tuple[float, float]:
    # Two hours of one night look the same on the clock.
    return slot.start.timestamp(), slot.end.timestamp()


def _course(visit: Visit) -> api.Course:
    return api.Course(service=visit.service, version=visit.version, journey=visit.journey)


def _key(options: Options, visit: Visit) -> str:
    return f"{visit.journey}/{options.id}"


def _held(first: str, more: Sequence[str]) -> dict[str, Any]:
    return {"reference": first, "more": list(more)} if more else {"reference": first}


def _references(held: Mapping[str, Any] | None) -> list[str]:
    return [held["reference"], *held.get("more", ())] if held and "reference" in held else []


def _question_id(options: Options) -> str:
    return f"{options.id}-time"


def _question(options: Options, offer: asking.Offer | None = None) -> asking.Slots:
    ask = options.ask or _("Choose a day and time")
    return asking.Slots(id=_question_id(options), ask=ask, hint=options.hint, offer=offer)


def _offer(options: Options, visit: Visit) -> asking.Offer | Stop:
    def number(text: str, otherwise: int) -> int:
        value = expressions.work_out(text, visit.words, visit.today) if text else otherwise
        return int(value or 0)

    try:
        calendar = options.calendar
        if not isinstance(calendar, str):
            calendar = calendar.of.get(str(expressions.work_out(calendar.by, visit.words, visit.today)), "")
        wanted = api.Wanted(
            units=number(options.units, 1),
            minutes=number(options.minutes, 0),
            extras={name: many for name, text in options.extras.items() if (many := number(text, 0))},
        )
        times = number(options.times, 1)
        plan = api.get_calendar(calendar).plan
    except (api.NoSuchCalendar, expressions.CannotWorkOut, ValueError, TypeError):
        return _not_there()
    mine = next(iter(_references(visit.held)), "")
    return asking.Offer(
        calendar=calendar,
        now=visit.now,
        mine=mine,
        wanted=wanted,
        times=max(1, min(times, api.MOST_TIMES)),
        apart=options.apart_days,
        waits=plan.waits and times <= 1,
        joined=waiting.live(visit) is not None,
    )


def _calendar_problems(options: Options, outline: Outline) -> Iterator[Problem]:
    known = outline.known.get("calendars")
    if known is None:
        return
    named: dict[tuple[str | int, ...], str] = (
        {("calendar",): options.calendar}
        if isinstance(options.calendar, str)
        else {("calendar", "of", value): slug for value, slug in options.calendar.of.items()}
    )
    for path, slug in named.items():
        if slug not in known:
            there = ", ".join(sorted(known)) or _("none")
            what = _("The council has no calendar “{name}”.").format(name=slug)
            yield Problem(path=path, what=what, instead=_("It has: {known}.").format(known=there))


def _expression_problems(options: Options, outline: Outline) -> Iterator[Problem]:
    written: dict[tuple[str | int, ...], str] = {
        ("units",): options.units,
        ("minutes",): options.minutes,
        ("times",): options.times,
    }
    written |= {("extras", name): text for name, text in options.extras.items()}
    if not isinstance(options.calendar, str):
        written["calendar", "by"] = options.calendar.by
    for path, text in written.items():
        if not text:
            continue
        try:
            unknown = expressions.names(text) - outline.words
        except expressions.NotUnderstood as fault:
            yield Problem(path=path, what=str(fault))
            continue
        for name in sorted(unknown):
            there = ", ".join(sorted(outline.words)) or _("none")
            what = _("Nothing called “{name}” is known by then.").format(name=name)
            yield Problem(path=path, what=what, instead=_("Known are: {known}.").format(known=there))


def _gone() -> Stop:
    return Stop(
        title=_("That time is not available any more"),
        reason=_("Somebody else has taken it, or we do not offer it any more."),
        instead=_("Go back and choose another one. Your other answers are kept."),
    )


def _nothing_free() -> Stop:
    return Stop(
        title=_("Nothing is free at the moment"),
        reason=_("Every time we offer is taken, or does not fit what you asked for."),
        instead=_("Try again tomorrow: times come free when others cancel. Or change what you asked for."),
    )


def _not_there() -> Stop:
    return Stop(
        title=_("We cannot offer any times for this"),
        reason=_("There is no calendar for what you answered."),
        instead=_("Go back and check your answers, or contact us."),
    )
