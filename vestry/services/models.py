"""Tables of the services room: private, ask `services.api`."""

from typing import Any, NoReturn

from django.db import models

from vestry.councils.api import Scoped, ScopedQuerySet, scoped


class Unchangeable(RuntimeError):
    """A published version never changes and never goes: journeys and cases are pinned to it."""

    def __init__(self) -> None:
        super().__init__((type(self).__doc__ or "").strip())


class Versions(ScopedQuerySet):
    """Published versions: they can be read."""

    def update(self, **_: Any) -> NoReturn:
        """Never."""
        raise Unchangeable

    def delete(self) -> NoReturn:
        """Never."""
        raise Unchangeable


class Version(Scoped):
    """One published version of a definition. It never changes; the database holds to that too."""

    slug = models.SlugField(max_length=60, db_index=False)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    source = models.TextField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the source."""
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=120)

    objects = scoped(Versions)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "slug", "number"], name="services_version_once")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once."""
        if not self._state.adding:
            raise Unchangeable
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Never."""
        raise Unchangeable


class Offer(Scoped):
    """Which version of a service the council offers now. A service taken out of the pack has none."""

    slug = models.SlugField(max_length=60, db_index=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="services_offer_once")]


class Journey(Scoped):
    """One person's way through one version of a service."""

    STARTED, SUBMITTED, ABANDONED = "started", "submitted", "abandoned"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="journeys")
    token = models.CharField(max_length=64)
    """SHA-256 of the token in the address. Who reads the database can't follow anybody's journey."""
    state = models.CharField(max_length=10, default=STARTED)
    said = models.JSONField(default=dict)
    held = models.JSONField(default=dict)
    confirmed = models.JSONField(default=dict)
    contact = models.JSONField(default=dict)
    subject = models.CharField(max_length=80, blank=True)
    """What came of it: ``case:MB-7K3N-9QFA``."""
    origin = models.CharField(max_length=300)
    """Where the person came in, ``https://council.example``: links in messages lead back there."""
    client = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - several rows may have none
    digest = models.CharField(max_length=64, blank=True)
    """Of the body sent with the idempotency key."""
    receipt = models.CharField(max_length=64, blank=True)
    """SHA-256 of the token that lets a machine ask how it stands."""
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    open_until = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "token"], name="services_token_once"),
            models.UniqueConstraint(fields=["council", "client", "key"], name="services_key_once"),
            models.UniqueConstraint(
                fields=["council", "subject"], condition=~models.Q(subject=""), name="services_subject_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["started", "submitted", "abandoned"]), name="services_state"
            ),
        ]
        indexes = [
            models.Index(
                fields=["council", "open_until"],
                condition=models.Q(state="started"),
                name="services_idle",
            )
        ]
