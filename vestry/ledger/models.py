"""Tables of the ledger: private, ask `ledger.api`."""

from __future__ import annotations

from django.db import models

from vestry.councils.api import Scoped


class Head(Scoped):
    """How long a council's ledger is, and its last entry's hash. Its row is the lock writers queue at."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council"], name="ledger_one_head")]


class Entry(Scoped):
    """One fact. Never changed, never deleted."""

    seq = models.BigIntegerField()
    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=120)
    actor = models.CharField(max_length=120)
    service = models.CharField(max_length=80, blank=True)
    service_version = models.PositiveIntegerField(default=0)
    journey = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    payload = models.JSONField()
    hash = models.CharField(max_length=64)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "seq"], name="ledger_one_sequence")]
        indexes = [models.Index(fields=["council", "subject", "seq"], name="ledger_by_subject")]


class Position(Scoped):
    """How far a reader has read."""

    reader = models.CharField(max_length=80)
    seq = models.BigIntegerField(default=0)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "reader"], name="ledger_one_position")]


class Held(Scoped):
    """A fact a reader could not handle, or one of the same subject waiting behind it.

    ``next_try`` is when the worker tries again; without one the fact is parked until an officer says so.
    """

    reader = models.CharField(max_length=80)
    seq = models.BigIntegerField()
    subject = models.CharField(max_length=120)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "reader", "seq"], name="ledger_held_once")]
        indexes = [
            models.Index(fields=["council", "reader", "subject", "seq"], name="ledger_held_by_subject")
        ]


class SealRow(Scoped):
    """One hash over the facts from ``first`` to ``last``. Never changed, never deleted. See `sealing`."""

    number = models.PositiveIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    hash = models.CharField(max_length=64)

    class Meta(Scoped.Meta):
        abstract = False
        db_table = "ledger_seal"
        constraints = [
            models.UniqueConstraint(fields=["council", "number"], name="ledger_one_seal_a_number"),
            models.UniqueConstraint(fields=["council", "first"], name="ledger_sealed_once"),
        ]
