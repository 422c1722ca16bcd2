"""Waiting for a place in the course of a journey: what is asked and told, and how what came free is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from vestry.book import api
from vestry.book.options import Options
from vestry.book.step import asking
from vestry.design import shown
from vestry.design.capability import Contact, Row, Stop, Stopped, Visit
from vestry.design.kinds import Date, Email
from vestry.design.questions import Question, Wrong
from vestry.design.waiting import Waiting, Waits
from vestry.kernel import LONDON, Ref

ADDRESSES = frozenset({"waiting_page"})
"""The page on which an offer is taken or left. `channels.public` has it; a test holds the two together."""
PAGE = "/waiting/{token}/"
_ABOUT = frozenset({"waits_for", "waits_from", "waits_until", "waiting_page"})
WORDS: Mapping[str, frozenset[str]] = {
    "book.joined": _ABOUT,
    "book.offered": _ABOUT | {"booked_day", "booked_time", "offered_until"},
}
LIVE = ("waiting", "offered")


def live(visit: Visit) -> api.WaiterView | None:
    """Whoever waits in this journey, as long as they do."""
    reference = (visit.held or {}).get("waiter")
    if not reference:
        return None
    try:
        found = api.get_waiter(reference=reference)
    except api.NoSuchWaiter:
        return None
    return found if found.state in LIVE else None


def of(options: Options, visit: Visit, offer: asking.Offer | Stop) -> Waiting | None:
    """How somebody stands who waits, or may."""
    if there := live(visit):
        return _stands(there)
    if isinstance(offer, Stop) or not offer.waits:
        return None
    calendar = api.get_calendar(offer.calendar)
    return Waiting(
        state="open",
        title=calendar.title,
        text=_(
            "When a place comes free on these days, we email you. Whoever has waited longest is asked first. "
            "We keep the place for you for up to {length}; after that we ask the next person."
        ).format(length=shown.duration(timedelta(minutes=calendar.plan.offer))),
        rows=needs(offer.wanted),
        questions=_questions(options),
    )


def _questions(options: Options) -> Sequence[Question]:
    return (
        Email(
            id=f"{options.id}-waits-email",
            ask=_("What is your email address?"),
            hint=_("We only use it to tell you about the waiting list."),
        ),
        Date(
            id=f"{options.id}-waits-first",
            ask=_("What is the first day you could come?"),
            name=_("the first day"),
            earliest="today",
        ),
        Date(
            id=f"{options.id}-waits-last",
            ask=_("What is the last day you could come?"),
            name=_("the last day"),
            earliest="today",
        ),
    )


def needs(wanted: api.Wanted) -> Sequence[Row]:
    """What a booking is to have, as far as there is a choice."""
    rows = []
    if wanted.units > 1:
        rows.append(Row(label=_("How many"), text=str(wanted.units)))
    if wanted.minutes:
        rows.append(Row(label=_("How long"), text=shown.duration(timedelta(minutes=wanted.minutes))))
    titles = api.resources()
    rows += [Row(label=titles.get(slug, slug), text=str(many)) for slug, many in wanted.extras.items()]
    return rows


def _stands(there: api.WaiterView) -> Waiting:
    rows = [
        Row(label=_("From"), text=asking.said_day(there.first)),
        Row(label=_("Until"), text=asking.said_day(there.last)),
        *needs(there.wanted),
    ]
    text = _("We email you when a place comes free. You do not need to do anything until then.")
    if kept := there.offered:
        text = _("A place came free: {when}. We keep it for you until {until}.").format(
            when=asking.said(kept.start, kept.end), until=shown.moment(kept.until) if kept.until else ""
        )
    return Waiting(
        state="offered" if there.state == "offered" else "waiting",
        title=there.calendar_title,
        text=text,
        rows=rows,
        link=api.waiter_token(reference=there.reference),
    )


def join(options: Options, visit: Visit, offer: asking.Offer | Stop, answers: Mapping[str, Any]) -> Waits:
    """Put somebody on the list. Raises `Wrong`."""
    if isinstance(offer, Stop) or not offer.waits:
        raise Wrong(_("There is no waiting list for this any more"))
    email, first, last = (answers[question.id] for question in _questions(options))
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    if last < first:
        raise Wrong(_("The last day must be the first day or after it"), "day")
    plan = api.get_calendar(offer.calendar).plan
    try:
        there = api.join(
            calendar=offer.calendar,
            first=first,
            last=last,
            wanted=offer.wanted,
            email=email,
            course=api.Course(service=visit.service, version=visit.version, journey=visit.journey),
            step=options.id,
            # Whoever left may join again; within one moment it is the same form.
            key=f"{visit.journey}/{options.id}/{visit.now.isoformat()}",
            actor=visit.actor,
            now=visit.now,
        )
    except api.TooFarAhead:
        latest = shown.day(visit.now.astimezone(LONDON).date() + timedelta(days=plan.ahead))
        raise Wrong(_("The last day must be on or before {day}").format(day=latest), "day") from None
    except api.NeverSoMuch:
        raise Wrong(_("There is never as much as you need, or for as long"), "day") from None
    except api.NotOffered:
        raise Wrong(_("Nothing can be booked on these days that you could wait for"), "day") from None
    until = datetime.combine(last, time.max, LONDON) + timedelta(minutes=plan.offer)
    return Waits(held={"waiter": there.reference}, until=until)


def stop(visit: Visit) -> None:
    """Wait no more."""
    if waiter := (visit.held or {}).get("waiter"):
        api.leave(reference=waiter, actor=visit.actor, now=visit.now)


def fits(visit: Visit, offer: asking.Offer | Stop) -> bool:
    """Whether whoever waits, if anybody does, waits for what is asked for now."""
    there = live(visit)
    return there is None or _wished(there, offer)


def _wished(there: api.WaiterView, offer: asking.Offer | Stop) -> bool:
    if isinstance(offer, Stop) or not offer.waits:
        return False
    return (there.calendar, asking.plain(there.wanted)) == (offer.calendar, asking.plain(offer.wanted))


def take(
    visit: Visit, offer: asking.Offer | Stop, *, link: str, key: str, until: datetime
) -> api.BookingView:
    """The place that is kept, held under the journey's key.

    ``link`` has to be that of whoever waits in this journey now: an older one may be in wrong hands. Raises
    `NothingOffered` and the like, and `Stopped` where it is not what is asked for now.
    """
    there, held = api.waits_by(token=link), visit.held or {}
    if "reference" in held:
        # Taken before: pressed twice it leads to the same place, as long as that is held.
        kept = there.offered
        if there.state != "taken" or kept is None or kept.reference != held["reference"]:
            raise api.NothingOffered
        if kept.state != "held":
            raise api.NothingOffered
        return kept
    if held.get("waiter") != there.reference:
        raise api.NothingOffered
    if there.state == "offered" and not _wished(there, offer):
        raise Stopped(_changed())
    return api.accept(reference=there.reference, key=key, until=until, actor=visit.actor, now=visit.now)


def _changed() -> Stop:
    return Stop(
        title=_("This place is not for what you ask for now"),
        reason=_("You changed your answers after you joined the waiting list."),
        instead=_("Go back to your answers, and choose a time or join the waiting list again."),
    )


def over() -> Stop:
    """Nothing is kept any more."""
    return Stop(
        title=_("This place is not kept for you any more"),
        reason=_("Its time was up, or you took it or gave it back before."),
        instead=_("You can choose another time, or join the waiting list again."),
    )


def words(about: Ref, payload: Mapping[str, Any]) -> Mapping[str, str]:
    """What a message about somebody who waits may say."""
    there = api.get_waiter(reference=about.key)
    said = {
        "waits_for": there.calendar_title,
        "waits_from": asking.said_day(there.first),
        "waits_until": asking.said_day(there.last),
        "waiting_page": PAGE.format(token=api.waiter_token(reference=there.reference)),
    }
    if "start" in payload:
        start, end = asking.moments(payload)
        said |= {
            "booked_day": asking.said_day(start.date()),
            "booked_time": asking.said_time(start, end),
            "offered_until": shown.moment(datetime.fromisoformat(payload["until"])),
        }
    return said


def whom(about: Ref) -> Contact:
    """The address they gave; none once they wait no more."""
    return Contact(email=api.get_waiter(reference=about.key).email)
