"""Where a page of rows ends and the next begins: by what they are in the order of, then by their number."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import DateTimeField, Q
from django.utils.dateparse import parse_datetime

from vestry.kernel import Refused

LARGEST = 2**63 - 1


class NotAPlace(Refused):
    """This is not a place in the list. Begin at the beginning, or go on by a link from a page before."""


def place_of(row: Any, by: str = "") -> str:
    """Where a page ends that has this row at its end."""
    return f"{getattr(row, by).isoformat()}_{row.pk}" if by else str(row.pk)


def onwards(found: Any, after: str, *, by: str = "", newest_first: bool = False) -> Any:
    """The rows in order, from that place on; all of them for none. Without ``by``, in the order of numbers.

    Raises `NotAPlace`.
    """
    sign, further = ("-", "lt") if newest_first else ("", "gt")
    found = found.order_by(*([f"{sign}{by}"] if by else []), f"{sign}id")
    if not after:
        return found
    first, _, last = after.rpartition("_")
    number = _number(last)
    if not by:
        return found.filter(**{f"id__{further}": number})
    place = _moment(first) if isinstance(found.model._meta.get_field(by), DateTimeField) else _day(first)
    beyond = Q(**{f"{by}__{further}": place}) | Q(**{by: place, f"id__{further}": number})
    # Said once more, so that an index answers it.
    return found.filter(beyond, **{f"{by}__{further}e": place})


def leniently(found: Any, after: str, *, by: str = "", newest_first: bool = False) -> Any:
    """As `onwards`, but what is no place begins at the beginning: on a page nobody is to blame for it."""
    try:
        return onwards(found, after, by=by, newest_first=newest_first)
    except NotAPlace:
        return onwards(found, "", by=by, newest_first=newest_first)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))) or int(text) > LARGEST:
        raise NotAPlace
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAPlace from None


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
        if moment is None or moment.tzinfo is None:
            raise NotAPlace
        # In the one time zone databases are asked in: an offset can lead out of what a date can be.
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAPlace from None
