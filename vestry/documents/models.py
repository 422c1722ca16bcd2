"""Tables of the documents room: private, ask `documents.api`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, models, transaction

from vestry.councils.api import Scoped, ScopedQuerySet, scoped

WAITING, CLEAN, INFECTED = "waiting", "clean", "infected"
# Longer than any scan: a worker that is killed in one gives the file back by doing nothing.
LEASE = timedelta(minutes=5)


class Documents(ScopedQuerySet):
    """Files, as the worker looks at them."""

    def claim_waiting(self, now: datetime) -> Document | None:
        """Take the file that has waited longest for the scanner, for the length of a lease."""
        due = self.filter(state=WAITING, next_try__lte=now).order_by("next_try", "pk")
        while True:
            with transaction.atomic():
                # Where rows can't be skipped (SQLite) the guarded update below decides who has it.
                skip = connection.features.has_select_for_update_skip_locked
                found = (due.select_for_update(skip_locked=True) if skip else due).first()
                if found is None:
                    return None
                mine = self.filter(pk=found.pk, state=WAITING, tries=found.tries)
                if mine.update(next_try=now + LEASE, tries=found.tries + 1):
                    found.tries += 1
                    return found


class Document(Scoped):
    """One file somebody gave us: whose it is, what it is, and whether it may be opened."""

    key = models.CharField(max_length=32)
    """What others call it, and where its content lies in the store."""
    owner = models.CharField(max_length=120)
    """Whose it is, as ``kind:key``: a journey's, then the case's that came of it."""
    kept = models.BooleanField(default=False)
    """True once it was sent with what it belongs to."""
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10)
    given_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField()

    objects = scoped(Documents)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "key"], name="documents_key_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[WAITING, CLEAN, INFECTED]), name="documents_state"
            ),
        ]
        indexes = [
            models.Index(fields=["council", "owner"], name="documents_owner"),
            models.Index(
                fields=["council", "next_try"], condition=models.Q(state=WAITING), name="documents_waiting"
            ),
            models.Index(
                fields=["council", "given_at"], condition=models.Q(kept=False), name="documents_not_kept"
            ),
        ]


class Loose(Scoped):
    """Content in the store that belongs to no document, and when to delete it.

    The row is there before the content and after the document: whatever breaks, and wherever, no file is left
    behind that nobody knows of.
    """

    key = models.CharField(max_length=32)
    due = models.DateTimeField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "key"], name="documents_loose_once")]
        indexes = [models.Index(fields=["council", "due"], name="documents_loose_due")]
