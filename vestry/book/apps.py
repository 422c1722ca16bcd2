"""The book room."""

from django.apps import AppConfig


class BookConfig(AppConfig):
    """A time or a place taken: calendars, holds, bookings, waiting lists."""

    name = "vestry.book"
    label = "book"
