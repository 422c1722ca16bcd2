"""Tables of the pay room: private, ask `pay.api`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from vestry.councils.api import Scoped, ScopedQuerySet, scoped
from vestry.kernel import Ref
from vestry.pay import rules

# Longer than the provider takes over any question: a worker killed in one gives it back by doing nothing.
LEASE = timedelta(minutes=2)


class Settings(Scoped):
    """What the council says of money: its ledger codes, and from where on a refund takes two people."""

    codes = models.JSONField(default=dict)
    """Ledger code to what it is called and how VAT is treated: ``{"4010": ["Bulky waste", "outside"]}``."""
    alone = models.PositiveIntegerField(default=0)
    """A refund of at most so many pence needs no second person."""

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council"], name="pay_one_settings")]


class Charge(Scoped):
    """Something to be paid. ``key`` is whoever charges' own; ``paid_with`` the number of what settled it."""

    reference = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    service = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=0)
    journey = models.CharField(max_length=80, blank=True)
    subject = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200)
    lines = models.JSONField()
    pence = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=rules.OWED)
    paid_with = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "reference"], name="pay_charge_once"),
            models.UniqueConstraint(
                fields=["council", "key"],
                condition=Q(state__in=[rules.OWED, rules.PAID]),
                name="pay_one_live_charge_a_key",
            ),
            models.CheckConstraint(condition=Q(state__in=rules.CHARGE_STATES), name="pay_charge_state"),
            models.CheckConstraint(condition=Q(pence__gt=0), name="pay_charge_of_something"),
        ]
        indexes = [
            models.Index(fields=["council", "subject"], name="pay_charge_subject"),
            models.Index(fields=["council", "journey"], name="pay_charge_journey"),
            models.Index(fields=["council", "key"], name="pay_charge_key"),
            models.Index(
                fields=["council", "paid_at"], condition=Q(state=rules.PAID), name="pay_paid_not_kept"
            ),
        ]

    @property
    def ref(self) -> Ref:
        """How facts name it."""
        return Ref("charge", self.reference)

    @property
    def about(self) -> Ref:
        """What facts about it are about: the case, once there is one."""
        return Ref.read(self.subject) if self.subject else self.ref

    @property
    def items(self) -> list[rules.Line]:
        """The lines as rules see them."""
        return [rules.Line(**line) for line in self.lines]


class Payments(ScopedQuerySet):
    """Payments, as the worker looks at them."""

    def claim_due(self, now: datetime, limit: int) -> list[Payment]:
        """Take payments to be asked about, for the length of a lease."""
        due = self.filter(ask_at__lte=now).select_related("charge").order_by("ask_at", "pk")[:limit]
        return [
            payment
            for payment in due
            if self.filter(pk=payment.pk, ask_at=payment.ask_at).update(ask_at=now + LEASE)
        ]

    def live(self) -> Self:
        """Those that may still be paid."""
        return self.filter(state__in=rules.LIVE)


class Payment(Scoped):
    """One try to pay a charge, and what the provider calls it.

    ``day`` is the council's day on which its money was first seen. ``stranded`` says why nothing came of it.
    """

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="payments")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=30)
    provider_id = models.CharField(max_length=64, blank=True)
    pence = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=rules.ASKED)
    give_up = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    stranded = models.CharField(max_length=20, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    ask_at = models.DateTimeField(null=True)
    asks = models.PositiveSmallIntegerField(default=0)

    objects = scoped(Payments)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "reference"], name="pay_payment_once"),
            models.UniqueConstraint(
                fields=["council", "provider_id"], condition=~Q(provider_id=""), name="pay_provider_id_once"
            ),
            models.UniqueConstraint(
                fields=["council", "charge"],
                condition=Q(state__in=rules.LIVE),
                name="pay_one_open_payment",
            ),
            models.CheckConstraint(condition=Q(state__in=rules.PAYMENT_STATES), name="pay_payment_state"),
            models.CheckConstraint(
                condition=Q(state=rules.PAID, day__isnull=False)
                | (~Q(state=rules.PAID) & Q(day=None, stranded="")),
                name="pay_only_money_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["council", "ask_at"], condition=Q(ask_at__isnull=False), name="pay_ask_due"),
            models.Index(fields=["council", "day"], condition=Q(day__isnull=False), name="pay_by_day"),
            models.Index(fields=["council", "ended_at"], condition=~Q(stranded=""), name="pay_stranded"),
            models.Index(fields=["council", "asked_at"], name="pay_by_age"),
        ]


class Refunds(ScopedQuerySet):
    """Refunds, as the worker looks at them."""

    def claim_due(self, now: datetime, limit: int) -> list[Refund]:
        """Take refunds that wait to go, or whose end is to be asked for, for the length of a lease."""
        due = self.filter(next_try__lte=now, state__in=[rules.TO_SEND, rules.SENT])
        return [
            refund
            for refund in due.select_related("payment__charge").order_by("next_try", "pk")[:limit]
            if self.filter(pk=refund.pk, next_try=refund.next_try).update(next_try=now + LEASE)
        ]

    def counting(self) -> Self:
        """Those whose money went back, or may."""
        return self.exclude(state__in=rules.NO_MONEY_BACK)


class Refund(Scoped):
    """Money to go back. ``parts`` are the pence and VAT of each line; ``note`` is personal, and forgotten."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    reference = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    provider_id = models.CharField(max_length=64, blank=True)
    pence = models.PositiveIntegerField()
    parts = models.JSONField()
    why = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=12)
    asked_by = models.CharField(max_length=120)
    decided_by = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)

    objects = scoped(Refunds)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "reference"], name="pay_refund_once"),
            models.UniqueConstraint(fields=["council", "key"], name="pay_refund_key_once"),
            models.CheckConstraint(condition=Q(state__in=rules.REFUND_STATES), name="pay_refund_state"),
            models.CheckConstraint(condition=Q(pence__gt=0), name="pay_refund_of_something"),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("asked_by")), name="pay_refund_takes_two"
            ),
        ]
        indexes = [
            models.Index(
                fields=["council", "next_try"],
                condition=Q(next_try__isnull=False),
                name="pay_refund_due",
            ),
            models.Index(fields=["council", "day"], condition=Q(day__isnull=False), name="pay_refund_by_day"),
            models.Index(fields=["council", "state"], name="pay_refund_by_state"),
        ]

    @property
    def split(self) -> list[rules.Part]:
        """The parts as rules see them."""
        return [rules.Part(pence=pence, vat=vat) for pence, vat in self.parts]


class Mismatch(Scoped):
    """Where the provider's report of a day and our tables disagree. ``explained_at`` ends it."""

    day = models.DateField()
    kind = models.CharField(max_length=20)
    payment = models.CharField(max_length=64)
    ours = models.IntegerField()
    theirs = models.IntegerField()
    found_at = models.DateTimeField()
    explained_at = models.DateTimeField(null=True)
    explained_by = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "day", "kind", "payment"], name="pay_mismatch_once")
        ]


class Day(Scoped):
    """A day that was compared with the provider's report, and what was handed over of it."""

    day = models.DateField()
    reconciled_at = models.DateTimeField(null=True)
    exported_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "day"], name="pay_one_day")]


class Disbelieved(Scoped):
    """How many notices were refused on a day, for which reason."""

    day = models.DateField()
    why = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "day", "why"], name="pay_disbelieved_once")]


def lines_of(lines: list[rules.Line]) -> list[dict[str, Any]]:
    """Lines as they are stored."""
    return [asdict(line) for line in lines]
