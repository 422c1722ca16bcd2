"""Tables of the notify room: private, ask `notify.api`."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import connection, models, transaction

from vestry.councils.api import Scoped, ScopedQuerySet, scoped
from vestry.notify.rules import DELIVERED, FAILED, LEASE, QUEUED, SENT


class Messages(ScopedQuerySet):
    """Messages, as the worker and the desk look at them."""

    def claim_due(self, now: datetime) -> Message | None:
        """Take the message that has waited longest, for the length of a lease; None when none is due.

        A claim is only ``next_try`` moved on and a try counted: a worker that is killed while it holds one
        gives it back by doing nothing.
        """
        due = self.filter(state=QUEUED, next_try__lte=now).order_by("next_try", "pk")
        while True:
            with transaction.atomic():
                # Where rows can't be skipped (SQLite) the guarded update below decides who has it.
                skip = connection.features.has_select_for_update_skip_locked
                message = (due.select_for_update(skip_locked=True) if skip else due).first()
                if message is None:
                    return None
                mine = self.filter(pk=message.pk, state=QUEUED, attempts=message.attempts)
                if mine.update(next_try=now + LEASE, attempts=message.attempts + 1):
                    message.attempts += 1
                    return message

    def claim_unanswered(self, now: datetime, limit: int) -> list[Message]:
        """Take messages whose receipt is overdue, for the length of a lease."""
        waiting = self.filter(ask_at__lte=now).order_by("ask_at", "pk")[:limit]
        return [
            message
            for message in waiting
            if self.filter(pk=message.pk, ask_at=message.ask_at).update(ask_at=now + LEASE)
        ]

    def still_mine(self, message: Message) -> Self:
        """The message, unless somebody else took it on after this claim's lease ended."""
        return self.filter(pk=message.pk, state=QUEUED, attempts=message.attempts)


class Message(Scoped):
    """One email: what it says, and how far it has come.

    ``failure`` says how it failed: ``permanent`` or ``temporary``. ``ask_at`` is when to ask what became of
    it, None when nobody will say; ``asks`` how often that was done.
    """

    key = models.CharField(max_length=200)
    called = models.CharField(max_length=80)
    about = models.CharField(max_length=120)
    to = models.TextField()
    to_name = models.TextField(blank=True)
    subject = models.TextField()
    body = models.TextField(blank=True)
    secret = models.BooleanField(default=False)
    message_id = models.CharField(max_length=320)
    state = models.CharField(max_length=10, default=QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_try = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=10, blank=True)
    ask_at = models.DateTimeField(null=True)
    asks = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    objects = scoped(Messages)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "key"], name="notify_one_message_a_key"),
            models.UniqueConstraint(fields=["council", "message_id"], name="notify_message_id_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[QUEUED, SENT, DELIVERED, FAILED]), name="notify_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state=FAILED, failure__in=["permanent", "temporary"])
                | (~models.Q(state=FAILED) & models.Q(failure="")),
                name="notify_failed_somehow",
            ),
        ]
        indexes = [
            # Sent messages pile up; what is still to do stays a short list.
            models.Index(fields=["council", "next_try"], condition=models.Q(state=QUEUED), name="notify_due"),
            models.Index(
                fields=["council", "ask_at"],
                condition=models.Q(ask_at__isnull=False),
                name="notify_unanswered",
            ),
            models.Index(fields=["council", "about"], name="notify_about"),
            models.Index(fields=["council", "-queued_at"], name="notify_newest"),
        ]
