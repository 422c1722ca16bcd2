"""Tables of the strategy room: private, ask `strategy.api`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from vestry.councils.api import Scoped


class Layer(Scoped):
    """One layer, from the top down. A council without any has the seven of `rules.layers`."""

    slug = models.SlugField(max_length=40, db_index=False)
    place = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    asks = models.CharField(max_length=200)
    words = models.PositiveSmallIntegerField()
    review = models.PositiveIntegerField()
    changed_by = models.JSONField(default=list)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="strategy_layer_once")]


class Statement(Scoped):
    """One sentence of the strategy, whatever it says just now. Never deleted: it ends.

    ``reread_since`` is set when something above it changed, until somebody has read it again;
    ``reread_for`` is what changed.
    """

    slug = models.SlugField(max_length=60, db_index=False)
    layer = models.SlugField(max_length=40, db_index=False)
    owner = models.SlugField(max_length=80, blank=True, db_index=False)
    place = models.PositiveIntegerField()
    ended_on = models.DateField(null=True)
    confirmed_on = models.DateField(null=True)
    reread_since = models.DateTimeField(null=True)
    reread_for = models.SlugField(max_length=60, blank=True, db_index=False)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="strategy_statement_once")]


class Wording(Scoped):
    """What a statement said from one day to another; the last has no ``until`` while the statement stands."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    sentence = models.TextField()
    since = models.DateField()
    until = models.DateField(null=True)
    words = models.PositiveIntegerField()
    came = models.PositiveIntegerField()
    went = models.PositiveIntegerField()
    by = models.CharField(max_length=120)
    decided_in = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "statement", "number"], name="strategy_wording_once"),
            models.UniqueConstraint(
                fields=["council", "statement"], condition=Q(until=None), name="strategy_one_wording_stands"
            ),
        ]


class Link(Scoped):
    """From a thing to one above it. A child is a statement, or what hangs here: ``service:missed-bin``."""

    child = models.CharField(max_length=100)
    parent = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["council", "child", "parent", "kind"],
                condition=Q(until=None),
                name="strategy_one_link_stands",
            ),
        ]
        indexes = [models.Index(fields=["council", "parent"], name="strategy_below")]


class Proposal(Scoped):
    """A change that somebody who may not make it asks for. ``statement`` is what it is about, which need not
    be there yet; ``change`` is a `rules.changes.Change`. ``state`` says what became of it.
    """

    statement = models.SlugField(max_length=60, db_index=False)
    layer = models.SlugField(max_length=40, db_index=False)
    number = models.PositiveIntegerField()
    change = models.JSONField()
    reason = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_in = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "statement", "number"], name="strategy_proposal_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "accepted", "declined"]), name="strategy_proposal_state"
            ),
        ]


class Figure(Scoped):
    """What services come to in a year, from a day on: ``of`` is spend in pounds, or hours of work."""

    of = models.CharField(max_length=20)
    since = models.DateField()
    source = models.CharField(max_length=300)
    services = models.JSONField(default=dict)
    all = models.FloatField(null=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "of", "since"], name="strategy_figure_once"),
            models.CheckConstraint(condition=Q(of__in=["spend", "hours"]), name="strategy_figure_of"),
        ]


class Hung(Scoped):
    """A service, capability or technology as others tell of it, from one version to the next."""

    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=80, db_index=False)
    number = models.IntegerField()
    """Of the version; below 1 for those before it was written here."""
    title = models.CharField(max_length=200)
    owner = models.SlugField(max_length=80, blank=True, db_index=False)
    since = models.DateField()
    until = models.DateField(null=True)
    words = models.PositiveIntegerField()
    came = models.PositiveIntegerField()
    went = models.PositiveIntegerField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "kind", "slug", "number"], name="strategy_hung_once"),
        ]


class Tally(Scoped):
    """The cases of one service on one day, counted from the ledger."""

    service = models.SlugField(max_length=80, db_index=False)
    day = models.DateField()
    opened = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    words_in = models.PositiveIntegerField(default=0)
    words_out = models.PositiveIntegerField(default=0)
    said = models.PositiveIntegerField(default=0)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "service", "day"], name="strategy_tally_once")
        ]


class Imported(Scoped):
    """The outline that was taken in last: the same one again changes nothing that was decided since."""

    digest = models.CharField(max_length=64)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council"], name="strategy_imported_once")]


class Revision(Scoped):
    """How often anything of the strategy was changed; cases are none of it."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council"], name="strategy_revision_once")]


class Measured(Scoped):
    """What was measured of the strategy as it was after so many changes, on a day. ``body`` is an
    `api.measuring.Taken`. It can be measured again, so it may go at any time.
    """

    revision = models.PositiveBigIntegerField()
    day = models.DateField()
    body = models.JSONField(default=dict)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "revision", "day"], name="strategy_measured_once")
        ]


class Found(Scoped):
    """The gaps of one kind that were found when it was measured, so many in a row, in order."""

    measured = models.ForeignKey(Measured, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    place = models.PositiveIntegerField()
    findings = models.JSONField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["council", "measured", "kind", "place"], name="strategy_found_once"
            )
        ]
