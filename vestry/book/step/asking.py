"""The question ``book`` asks: first the day, then the time, by radios and buttons alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from vestry.book import api
from vestry.design import shown
from vestry.design.questions import Asking, Form, NotYet, Question, Wrong
from vestry.kernel import LONDON, local_day

# As many days as one page can list without losing people.
DAYS_SHOWN = 8
GIVEN = ("day", "slot", "listed", "after", "more", "days", "repeat", "anyway")
# How far ahead full days are told to whoever may wait for them.
LOOKED = 28
# Somebody asks for what is years away; a calendar never offers that, and nobody reckons it.
FARTHEST = 800


@dataclass(frozen=True, kw_only=True)
class Time:
    """A chosen time as an expression sees it."""

    day: date
    time: str
    calendar: str
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a slot question is asked about: which calendar, for how much, when, and what is held already."""

    calendar: str
    now: datetime
    mine: str = ""
    wanted: api.Wanted = field(default_factory=api.Wanted)
    times: int = 1
    apart: int = 7
    """How many days apart those times are."""
    waits: bool = False
    """Whether somebody may wait for what is full."""
    joined: bool = False
    """Whether they do."""


class Slots(Question, frozen=True, kw_only=True):
    """A time in a calendar: first its day, then the time. No definition writes it: ``book`` asks it.

    Nothing is remembered between posts; what is posted says how far the person has come.
    """

    kind: ClassVar[str] = "slot"
    template: ClassVar[str] = "book/slot.html"
    first_part: ClassVar[str] = "day"

    offer: Offer | None = None

    def read(self, form: Form) -> dict[str, str]:
        """What was posted, part by part."""
        return {part: form.get(f"{self.id}-{part}", "") for part in GIVEN}

    def clean(self, raw: Any, asking: Asking) -> dict[str, Any]:
        """``{calendar, start, end}``, and of a repeat the rest in ``more``.

        Raises `Wrong`, or `NotYet` with the days or times to show next.
        """
        if self.offer is None:
            raise Wrong(_("Choose a time again"))
        given = _parts(raw)
        if given["days"]:
            raise NotYet({"after": "" if given["days"] == "first" else given["after"], "day": given["day"]})
        if given["more"]:
            raise NotYet({"after": given["more"]})
        chosen = self._moment(given["slot"])
        if chosen and (not given["day"] or chosen.date() == read_day(given["day"])):
            if kept := self._kept(raw, chosen):
                return kept
            return self._chosen(chosen, given, whole=not isinstance(raw, Mapping))
        if given["slot"]:
            raise Wrong(_("Select a time"), "slot")
        day = read_day(given["day"])
        if day is None:
            raise Wrong(_("Select a day"), "day")
        return self._timed(day, given)

    def _kept(self, raw: Any, start: datetime) -> dict[str, Any] | None:
        """What was decided of a repeat before, where all of it can still be had: nobody is asked twice."""
        before = raw.get("answer") if isinstance(raw, Mapping) else None
        if not (isinstance(before, Mapping) and "more" in before):
            return None
        try:
            wished = slots(before)
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
            return None
        for slot in self.times(start.date()):
            if slot.start == start == wished[0].start and len(set(wished)) == len(wished):
                free = {each.slot for each in self.occurrences(slot) if each.free}
                return answer(slot, wished[1:]) if free.issuperset(wished) else None
        return None

    def _chosen(self, start: datetime, given: Mapping[str, str], *, whole: bool) -> dict[str, Any]:
        for slot in self.times(start.date()):
            if slot.start == start:
                return self._repeated(slot, given, whole=whole)
        raise Wrong(_("This time is not free. Select another one"), "slot")

    def _repeated(self, slot: api.Slot, given: Mapping[str, str], *, whole: bool) -> dict[str, Any]:
        """With the times after it; of those that are taken, the person is told before, and decides."""
        found = self.occurrences(slot)
        taken = [each.slot for each in found if not each.free]
        start = slot.start.isoformat()
        if taken and whole:
            listed = ", ".join(said_day(each.start.date()) for each in taken)
            raise Wrong(_("These are not free: {days}").format(days=listed), "slot")
        if taken and given["repeat"] != start:
            day = slot.start.date().isoformat()
            raise NotYet({"slot": start, "repeat": start, "day": day, "after": given["after"]})
        if taken and given["anyway"] == "no":
            raise NotYet({"after": given["after"]})
        if taken and given["anyway"] != "yes":
            raise Wrong(_("Select whether to book the others"), "anyway")
        if not found:
            return answer(slot)
        return answer(slot, [each.slot for each in found if each.free and each.slot != slot])

    def occurrences(self, slot: api.Slot) -> list[api.Occurrence]:
        """Each time of a repeat, the chosen one first, and whether it is free."""
        offer = self.offer
        if offer is None or offer.times <= 1:
            return []
        return api.conflicts(
            slot=slot,
            every=offer.apart,
            times=offer.times,
            wanted=offer.wanted,
            now=offer.now,
            mine=offer.mine,
        )

    def repeat_listed(self, raw: Any) -> list[api.Occurrence]:
        """The times of the repeat that has some taken."""
        start = self._moment(_parts(raw)["repeat"])
        found = [slot for slot in self.times(start.date()) if slot.start == start] if start else []
        return self.occurrences(found[0]) if found else []

    def _timed(self, day: date, given: Mapping[str, str]) -> dict[str, Any]:
        found = self.times(day)
        if not found:
            raise Wrong(_("Nothing is free on this day. Select another one"), "day")
        if self.whole_days():
            return self._repeated(found[0], given, whole=False)
        if given["listed"] == day.isoformat():
            raise Wrong(_("Select a time"), "slot")
        raise NotYet({"day": day.isoformat(), "listed": day.isoformat(), "after": given["after"]})

    def whole_days(self) -> bool:
        """Whether a day is all there is to choose."""
        if self.offer is None:
            return False
        plan = api.get_calendar(self.offer.calendar).plan
        hours = [*plan.open.values(), *plan.exceptions.values()]
        return not plan.every and all(len(each) <= 1 for each in hours)

    def times(self, day: date) -> tuple[api.Slot, ...]:
        """What is free on a day."""
        return self._free(day, day)

    def stage(self, raw: Any) -> str:
        """What to show: ``days``, ``times``, or the ``repeat`` that has some taken."""
        if self.repeat_listed(raw):
            return "repeat"
        return "times" if read_day(_parts(raw)["listed"]) and self.times_listed(raw) else "days"

    def times_listed(self, raw: Any) -> tuple[api.Slot, ...]:
        """The times of the day that was chosen."""
        day = read_day(_parts(raw)["listed"])
        return self.times(day) if day else ()

    def days(self, raw: Any) -> list[date]:
        """The days to show, those after the last page of them."""
        if self.offer is None:
            return []
        first = local_day(self.offer.now)
        after = self._after(raw)
        day = max(after + timedelta(days=1), first) if after else first
        ahead = first + timedelta(days=api.get_calendar(self.offer.calendar).plan.ahead)
        found: list[date] = []
        while day <= ahead and len(found) < DAYS_SHOWN:
            until = day + timedelta(days=61)
            found += sorted({slot.start.date() for slot in self._free(day, until)})
            day = until + timedelta(days=1)
        return found[:DAYS_SHOWN]

    def full(self, raw: Any) -> list[str]:
        """What is full of what is looked at, as it is said: times of the chosen day, else whole days."""
        if self.offer is None or not self.offer.waits:
            return []
        first, last, listed = self.looked_at(raw)
        found = api.full(
            calendar=self.offer.calendar, from_=first, to=last, wanted=self.offer.wanted, now=self.offer.now
        )
        if listed:
            return [self.said_time(slot) for slot in found if slot.start.date() == first]
        free = {slot.start.date() for slot in self._free(first, last)}
        return [said_day(day) for day in sorted({slot.start.date() for slot in found} - free) if day >= first]

    def looked_at(self, raw: Any) -> tuple[date, date, bool]:
        """The days that are looked at, first and last, and whether the times of one are."""
        given, now = _parts(raw), self.offer.now if self.offer else None
        first = local_day(now) if now else date.min
        if self.stage(raw) == "times" and (day := read_day(given["listed"])):
            return day, day, True
        days, after = self.days(raw), self._after(raw)
        if after:
            first = max(first, after + timedelta(days=1))
        if len(days) == DAYS_SHOWN or self.offer is None:
            return first, days[-1] if days else first, False
        ahead = timedelta(days=api.get_calendar(self.offer.calendar).plan.ahead)
        # As far as somebody looks ahead who sees the last free day.
        return first, min(first + timedelta(days=LOOKED), local_day(self.offer.now) + ahead), False

    def parts(self, raw: Any) -> Mapping[str, str]:
        """Every part as plain text, whatever was sent."""
        return _parts(raw)

    def said_day(self, day: date) -> str:
        """Monday 30 November 2026."""
        return said_day(day)

    def said_time(self, slot: api.Slot) -> str:
        """9am to 10am; in the hour that comes twice, which of the two."""
        return said_time(slot.start, slot.end)

    def _after(self, raw: Any) -> date | None:
        after = read_day(_parts(raw)["after"])
        return after if after and self._is_near(after) else None

    def _is_near(self, day: date) -> bool:
        return self.offer is not None and abs((day - local_day(self.offer.now)).days) <= FARTHEST

    def _free(self, first: date, last: date) -> tuple[api.Slot, ...]:
        if self.offer is None or not self._is_near(first):
            return ()
        offer = self.offer
        # One more day before: what opens in the evening goes on after midnight.
        return tuple(
            slot
            for slot in api.slots(
                calendar=offer.calendar,
                from_=first - timedelta(days=1),
                to=last,
                wanted=offer.wanted,
                now=offer.now,
                mine=offer.mine,
            )
            if first <= slot.start.date() <= last
        )

    def _moment(self, text: str) -> datetime | None:
        try:
            found = datetime.fromisoformat(text)
            return api.here(found if found.tzinfo else found.replace(tzinfo=LONDON))
        except (ValueError, OverflowError):
            return None

    def refill(self, answer: Any) -> dict[str, Any]:
        """What was posted for a stored answer."""
        if not answer:
            return {}
        day = moments(answer)[0].date().isoformat()
        posted = {"slot": answer["start"], "day": day, "listed": day}
        # What cannot be posted: which times of a repeat were decided on.
        return posted | ({"answer": answer} if "more" in answer else {})

    def word(self, answer: Any) -> Time | None:
        """With attributes: ``round_time.day``."""
        if not answer:
            return None
        start, end = moments(answer)
        return Time(
            day=start.date(),
            time=said_time(start, end),
            calendar=answer["calendar"],
            times=len(slots(answer)),
        )

    def shown(self, answer: Any) -> str:
        """Day and time; of a repeat, each on a line."""
        return "\n".join(said(slot.start, slot.end) for slot in slots(answer)) if answer else ""

    def said_slot(self, slot: api.Slot) -> str:
        """Day and time."""
        return said(slot.start, slot.end)

    def schema(self) -> dict[str, Any]:
        """When it begins."""
        return {"type": "string", "format": "date-time", "maxLength": 40}


def answer(slot: api.Slot, more: Sequence[api.Slot] | None = None) -> dict[str, Any]:
    start, end = (api.here(each).isoformat() for each in (slot.start, slot.end))
    made: dict[str, Any] = {"calendar": slot.calendar, "start": start, "end": end}
    if more is not None:
        made["more"] = [answer(each) for each in more]
    return made


def plain(wanted: api.Wanted) -> tuple[Any, ...]:
    """What is wanted, so that two wishes can be compared."""
    return wanted.units, wanted.minutes, sorted(wanted.extras.items())


def slots(answer: Mapping[str, Any]) -> list[api.Slot]:
    """All that was chosen: one, or each of a repeat."""
    found = []
    for each in (answer, *answer.get("more", ())):
        start, end = moments(each)
        found.append(api.Slot(calendar=answer["calendar"], start=start, end=end))
    return found


def moments(answer: Mapping[str, Any]) -> tuple[datetime, datetime]:
    start, end = (api.here(datetime.fromisoformat(answer[part])) for part in ("start", "end"))
    return start, end


def given(answer: Mapping[str, Any]) -> dict[str, Any]:
    start, end = moments(answer)
    return {
        "day": start.date(),
        "time": said_time(start, end),
        "calendar": answer["calendar"],
        "times": len(slots(answer)),
    }


def said_day(day: date) -> str:
    return f"{date_format(day, 'l')} {shown.day(day)}"


def said_time(start: datetime, end: datetime) -> str:
    words = {"start": shown.time(start), "end": shown.time(end)}
    said = _("{start} to {end}").format(**words)
    at = start.astimezone(LONDON)
    twice = at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
    if twice:
        before = at.fold == 0
        return said + " " + (_("(before the clocks go back)") if before else _("(after the clocks go back)"))
    return said


def said(start: datetime, end: datetime) -> str:
    return f"{said_day(start.date())}, {said_time(start, end)}"


def _parts(raw: Any) -> dict[str, str]:
    given = raw if isinstance(raw, Mapping) else {"slot": raw}
    return {part: each[:40] if isinstance(each := given.get(part), str) else "" for part in GIVEN}


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
