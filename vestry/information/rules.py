"""How carefully: the information classes, and the one table of what each asks for.

A control that nobody obeys is no control: each of them is named with who does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

PUBLIC, OFFICIAL, PERSONAL, SENSITIVE = CLASSES = (
    "public",
    "official",
    "official-personal",
    "official-sensitive",
)
"""From what anybody may know to what could do harm."""


class UnknownClass(LookupError):
    """There is no information class of that name."""


@dataclass(frozen=True, kw_only=True)
class Controls:
    """What a class asks for."""

    journey_idle: timedelta
    """How long the address of an unfinished journey stays open after the last answer. (services)"""
    journey_saved: timedelta
    """How long an emailed link to an unfinished journey works after the last answer. (services)"""
    status_code: bool
    """Whether the status page asks for a code sent to the resident's email. (channels, public)"""
    message_shows_text: bool
    """Whether an email repeats what was written, or only says that there is something to read. (cases)"""
    second_step: bool
    """Whether officers who read it must have a second step when they sign in. (services, people)"""
    list_shows_place: bool
    """Whether the desk's lists show the place a case is about, or only the case's own page. (cases)"""
    search_finds_words: bool
    """Whether a case is found by any word of its answers, or by its reference only. (cases)"""


# An evening and the next day: people look for a paper, or ask at home. Where harm can be done, a lunch break.
A_DAY, AN_HOUR = timedelta(hours=24), timedelta(hours=1)
# Long enough to wait for a letter. Where harm can be done, a weekend: others may read the same mailbox.
A_MONTH, A_FORTNIGHT, A_WEEKEND = timedelta(days=30), timedelta(days=14), timedelta(days=3)

_TABLE: Mapping[str, Controls] = MappingProxyType(
    {
        PUBLIC: Controls(
            journey_idle=A_DAY,
            journey_saved=A_MONTH,
            status_code=False,
            message_shows_text=True,
            second_step=False,
            list_shows_place=True,
            search_finds_words=True,
        ),
        OFFICIAL: Controls(
            journey_idle=A_DAY,
            journey_saved=A_MONTH,
            status_code=True,
            message_shows_text=True,
            second_step=False,
            list_shows_place=True,
            search_finds_words=True,
        ),
        PERSONAL: Controls(
            journey_idle=A_DAY,
            journey_saved=A_FORTNIGHT,
            status_code=True,
            message_shows_text=True,
            second_step=True,
            list_shows_place=True,
            search_finds_words=True,
        ),
        SENSITIVE: Controls(
            journey_idle=AN_HOUR,
            journey_saved=A_WEEKEND,
            status_code=True,
            message_shows_text=False,
            second_step=True,
            list_shows_place=False,
            search_finds_words=False,
        ),
    }
)


def control(information_class: str) -> Controls:
    """What a class asks for. Raises `UnknownClass`."""
    try:
        return _TABLE[information_class]
    except KeyError:
        known = ", ".join(CLASSES)
        raise UnknownClass(f"There is no class {information_class!r}. There are: {known}.") from None
