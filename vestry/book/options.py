"""What a service definition may say under ``book:``."""

from __future__ import annotations

from typing import Annotated

import msgspec

Slug = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Minutes = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,2} minutes?$", examples=["15 minutes"])]

Apart = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,2} days?$", examples=["7 days"])]


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which calendar, by what was answered: ``{by: home.ward, of: {hillside: rounds-north}}``."""

    by: Text
    """An expression over the answers."""
    of: Annotated[dict[str, Slug], msgspec.Meta(min_length=1)]
    """What it may come to, and the calendar of each."""


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``book: {id: round, calendar: bulky-rounds, units: len(items), hold: 15 minutes}``."""

    id: Slug
    calendar: Slug | Choice
    """A calendar of the council, or which one by what was answered."""
    ask: str = ""
    """The question, where "Choose a day and time" does not say it."""
    hint: str = ""
    units: str = ""
    """How many units: an expression over the answers. One, when left out."""
    minutes: str = ""
    """How long, where the calendar leaves that to whoever books: an expression over the answers."""
    extras: dict[Slug, Text] = {}
    """How much of which resource besides: each an expression over the answers."""
    times: str = ""
    """How many times, where it repeats: an expression over the answers. What is taken is listed first."""
    apart: Apart = "7 days"
    """How many days apart those times are."""
    hold: Minutes = "15 minutes"
    """How long the place is kept while somebody answers the rest."""
    cancel: str = ""
    """What happens that cancels what is booked and has not begun: case.cancelled."""

    @property
    def calendars(self) -> frozenset[str]:
        """Every calendar it may lead to."""
        of = (self.calendar,) if isinstance(self.calendar, str) else self.calendar.of.values()
        return frozenset(of)

    @property
    def apart_days(self) -> int:
        """``apart`` as a number."""
        return int(self.apart.split()[0])

    @property
    def hold_minutes(self) -> int:
        """``hold`` as a number."""
        return int(self.hold.split()[0])
