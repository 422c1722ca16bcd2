"""Tables of the book room: private, ask `book.api`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection, models
from django.db.models import F, Q

from vestry.councils.api import Scoped, ScopedQuerySet, scoped
from vestry.councils.api import current as current_council

HELD, BOOKED, RELEASED, LAPSED, CANCELLED = "held", "booked", "released", "lapsed", "cancelled"
STATES = (HELD, BOOKED, RELEASED, LAPSED, CANCELLED)
TAKING = (HELD, BOOKED)

WAITING, OFFERED, TAKEN, GONE = "waiting", "offered", "taken", "gone"

# One statement may carry so many cells on either database.
AT_ONCE = 2000


class Resource(Scoped):
    """Something there are so many of: a room, chairs, registrars, a crew's room on the lorry."""

    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    stock = models.PositiveIntegerField()
    grain = models.PositiveSmallIntegerField()
    """How many minutes each of its cells is long."""
    feed = models.CharField(max_length=500, blank=True)
    """Where others say when it is busy: the address of an iCalendar file."""
    feed_read_at = models.DateTimeField(null=True)
    feed_lost = models.BooleanField(default=False)
    """Whether it could not be read the last time."""

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "slug"], name="book_resource_once"),
            models.CheckConstraint(condition=Q(grain__gte=1, grain__lte=60), name="book_resource_grain"),
        ]


class Busy(Scoped):
    """A time in which a resource is busy elsewhere, as its feed said last. In minutes, as a booking."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="busy")
    start = models.BigIntegerField()
    end = models.BigIntegerField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "resource", "start", "end"], name="book_busy_once"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="book_busy_takes_time"),
        ]


class Calendar(Scoped):
    """What is offered together, as the pack says it."""

    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    team = models.SlugField(max_length=80, blank=True, db_index=False)
    plan = models.JSONField()
    current = models.BooleanField(default=True)
    """False once the pack has it no more: what was booked stays."""
    feed = models.PositiveIntegerField(default=0)
    """Which of its secret addresses is good; 0 for none."""
    came_free = models.BooleanField(default=False)
    """Whether something came free that nobody who waits was asked about yet."""

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "slug"], name="book_calendar_once"),
        ]


class Closed(Scoped):
    """Days an officer has closed."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="closed")
    first = models.DateField()
    last = models.DateField()
    why = models.CharField(max_length=200, blank=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "calendar", "first", "last"], name="book_closed_once"),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="book_closed_in_order"),
        ]


class Booking(Scoped):
    """A place set aside, booked, or given back. ``start`` and ``end`` are minutes of UTC since 1970."""

    reference = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    """The same for the same wish for ever: asking twice comes to the same as once."""
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="bookings")
    state = models.CharField(max_length=10)
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    units = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField(default=0)
    """How long was asked for; 0 where the calendar says how long."""
    extras = models.JSONField(default=dict)
    until = models.DateTimeField(null=True)
    """When a hold ends."""
    service = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=0)
    journey = models.CharField(max_length=40, blank=True)
    series = models.CharField(max_length=20, blank=True)
    """The first of those that were booked as a repeat."""
    who = models.CharField(max_length=200, blank=True)
    """For whom an officer booked it."""
    made_at = models.DateTimeField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "reference"], name="book_reference_once"),
            models.UniqueConstraint(fields=["council", "key"], name="book_key_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="book_state"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="book_takes_time"),
            models.CheckConstraint(condition=Q(units__gte=1), name="book_takes_units"),
            models.CheckConstraint(
                condition=~Q(state=HELD) | Q(until__isnull=False), name="book_every_hold_ends"
            ),
        ]
        indexes = [
            models.Index(fields=["council", "until"], condition=Q(state=HELD), name="book_held_until"),
            models.Index(fields=["council", "calendar", "start"], name="book_by_calendar"),
            models.Index(fields=["council", "journey"], condition=~Q(journey=""), name="book_by_journey"),
        ]


class Taking(Scoped):
    """How much of one resource a booking takes, and from when to when."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="takings")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="takings")
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    many = models.PositiveIntegerField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "booking", "resource"], name="book_taking_once")
        ]
        indexes = [models.Index(fields=["council", "resource", "end"], name="book_taking_by_end")]


class Full(Exception):
    """There is not as much left."""


class Cells(ScopedQuerySet):
    """The cells resources are counted in."""

    def shift(self, changes: Mapping[tuple[Resource, int], int]) -> None:
        """Take more of some cells and less of others, inside a transaction: all of it, or `Full`.

        The cells are locked first, always in the same order, so that no two wait for each other; nobody who
        books another resource or another time waits at all. What is decided then is decided on what is
        locked, and the table's own constraint stands behind it.
        """
        wanted = sorted((at, resource.pk, resource.stock, by) for (resource, at), by in changes.items() if by)
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            taken = _lock([(resource, at, stock) for at, resource, stock, _by in part])
            if any(by > 0 and taken[resource, at] + by > stock for at, resource, stock, by in part):
                raise Full
        by_change: dict[tuple[int, int], list[int]] = {}
        for at, resource, _stock, by in wanted:
            by_change.setdefault((resource, by), []).append(at)
        for (resource, by), cells in by_change.items():
            for start in range(0, len(cells), AT_ONCE):
                self.filter(resource_id=resource, at__in=cells[start : start + AT_ONCE]).update(
                    taken=F("taken") + by
                )


class Cell(Scoped):
    """How much of a resource is taken from one minute on, for as long as the resource's grain.

    ``stock`` is what may be taken as it was last locked; more that was taken when there was more stays.
    """

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="cells")
    at = models.BigIntegerField()
    taken = models.IntegerField()
    stock = models.IntegerField()

    objects = scoped(Cells)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "resource", "at"], name="book_cell_once"),
            # No booking gets past this, whoever writes it and however.
            models.CheckConstraint(condition=Q(taken__gte=0, taken__lte=F("stock")), name="book_never_more"),
        ]


def keep_grains() -> None:
    """Keep how long the cells are until the transaction ends: a pack that changes it waits for that, and then
    it is waited for. Those who book do not wait for each other.

    It is one row for all resources, the first that `put_calendars` locks, so that nobody has a part of them
    who waits for the rest.
    """
    if connection.features.has_select_for_update:
        table = connection.ops.quote_name(Resource._meta.db_table)
        statement = f"select id from {table} where council_id = %s order by id limit 1 for key share"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(statement, [current_council().id])


def _lock(cells: Iterable[tuple[int, int, int]]) -> dict[tuple[int, int], int]:
    """Lock cells in the order given, making those that are not there. What is taken of each."""
    council = current_council().id
    rows = [(council, resource, at, stock) for resource, at, stock in cells]
    table = connection.ops.quote_name(Cell._meta.db_table)
    values = ", ".join(["(%s, %s, %s, 0, %s)"] * len(rows))
    # Nothing is put together from outside: names of this table, and placeholders.
    statement = (
        f"insert into {table} (council_id, resource_id, at, taken, stock) values {values} "  # noqa: S608
        "on conflict (council_id, resource_id, at) do update set stock = "
        f"case when {table}.taken > excluded.stock then {table}.taken else excluded.stock end "
        "returning resource_id, at, taken"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])
        return {(resource, at): taken for resource, at, taken in cursor.fetchall()}


class Waiter(Scoped):
    """Somebody who waits for a place in a calendar, between two days."""

    key = models.CharField(max_length=120)
    reference = models.CharField(max_length=20)
    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="waiters")
    first = models.DateField()
    last = models.DateField()
    units = models.PositiveIntegerField(default=1)
    minutes = models.PositiveIntegerField(default=0)
    extras = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=WAITING)
    booking = models.ForeignKey(Booking, null=True, on_delete=models.SET_NULL, related_name="+")
    """The place that is kept for them."""
    service = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=0)
    journey = models.CharField(max_length=40, blank=True)
    step = models.CharField(max_length=60, blank=True)
    """The step of the journey it is for."""
    who = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    """Where the offer goes."""
    since = models.DateTimeField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "key"], name="book_waits_once"),
            models.UniqueConstraint(fields=["council", "reference"], name="book_waiter_once"),
            models.CheckConstraint(
                condition=Q(state__in=[WAITING, OFFERED, TAKEN, GONE]), name="book_waiter_state"
            ),
        ]
        indexes = [
            models.Index(
                fields=["council", "calendar", "since"], condition=Q(state=WAITING), name="book_waiting"
            )
        ]
