"""When a resource is busy elsewhere: read from an address that others keep. Nothing is booked then."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import structlog
from django.db.models import Q

from vestry.book import events
from vestry.book.api._feeds import NotICalendar, times
from vestry.book.models import Busy, Resource
from vestry.book.ports import Feeds, NotRead
from vestry.book.rules import Span
from vestry.kernel import SYSTEM, Fact, Ref, local_day, port
from vestry.ledger import api as ledger

log = structlog.get_logger()

EACH = timedelta(minutes=15)
AHEAD = timedelta(days=400)


def busy_of(resources: Collection[int], reach: Span) -> dict[int, list[Span]]:
    """When they are busy elsewhere, by resource, of all that lies in reach."""
    found: dict[int, list[Span]] = {}
    rows = Busy.objects.filter(resource_id__in=resources, start__lt=reach.end, end__gt=reach.start)
    for resource, start, end in rows.values_list("resource_id", "start", "end"):
        found.setdefault(resource, []).append(Span(start=start, end=end))
    return found


def is_busy(resources: Iterable[Resource], span: Span) -> bool:
    """Whether any of them is busy elsewhere then."""
    asked = [row.pk for row in resources if row.feed]
    return bool(asked) and bool(busy_of(asked, span))


def read_feeds(*, now: datetime) -> int:
    """Read the calendars of others that were not read for a while. How many.

    Call it outside any transaction: it asks the network. Where one cannot be read, what was read last goes on
    to hold, and that is said once.
    """
    due = Resource.objects.exclude(feed="").filter(Q(feed_read_at=None) | Q(feed_read_at__lte=now - EACH))
    return sum(_read(row, now) for row in list(due.order_by("pk")))


def _read(row: Resource, now: datetime) -> bool:
    # Whoever sets the time reads: another worker beside this one does not.
    mine = Resource.objects.filter(pk=row.pk, feed_read_at=row.feed_read_at)
    if not mine.update(feed_read_at=now):
        return False
    feeds: Feeds = port("book.feeds")
    first = local_day(now)
    try:
        found = times(feeds.read(row.feed), first=first, last=first + AHEAD)
    except (NotRead, NotICalendar) as fault:
        log.warning("feed_not_read", resource=row.slug, why=type(fault).__name__)
        _lost(row, now)
        return True
    _keep(row, found, now)
    return True


def _lost(row: Resource, now: datetime) -> None:
    with ledger.transaction():
        if Resource.objects.filter(pk=row.pk, feed_lost=False).update(feed_lost=True):
            _record(row, events.FeedLost(), now)


def _keep(row: Resource, found: list[Span], now: datetime) -> None:
    with ledger.transaction():
        # No key of it changes: whoever books it meanwhile does not wait.
        locked = Resource.objects.select_for_update(no_key=True).get(pk=row.pk)
        if locked.feed != row.feed:
            return
        before = {(start, end) for start, end in locked.busy.values_list("start", "end")}
        after = {(span.start, span.end) for span in found}
        if before != after:
            locked.busy.all().delete()
            Busy.objects.bulk_create(
                [Busy(resource=locked, start=start, end=end) for start, end in sorted(after)], batch_size=1000
            )
        if before != after or locked.feed_lost:
            locked.feed_lost = False
            locked.save(update_fields=["feed_lost"])
            _record(row, events.FeedRead(times=len(after)), now)


def _record(row: Resource, fact: Fact, now: datetime) -> None:
    ledger.record(fact, subject=Ref("resource", row.slug), actor=SYSTEM, now=now)
