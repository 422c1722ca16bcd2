"""Tables of the services room: private, ask `services.api`."""

from django.db import models

from vestry.councils.api import Scoped


class Version(Scoped):
    """One published version of a definition. It never changes."""

    slug = models.SlugField(max_length=60, db_index=False)
    number = models.PositiveIntegerField()
    source = models.TextField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "slug", "number"], name="services_version_once")
        ]


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

    class Meta:
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
