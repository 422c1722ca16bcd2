"""What was booked with something that was sent."""

from __future__ import annotations

from vestry.book import api as book
from vestry.kernel import Ref
from vestry.services import api as services


def of(about: Ref) -> list[book.BookingView]:
    """The bookings that came of something that was sent: of a repeat, all."""
    firsts = [each.key for each in services.made(about) if each.kind == "booking"]
    return [it for first in firsts for it in book.series_of(reference=first)]
