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


class Draft(Scoped):
    """A definition somebody is writing at the desk. It has no say in anything until it is published."""

    slug = models.SlugField(max_length=60, blank=True, db_index=False)
    """The service it would be, as far as its text says."""
    title = models.CharField(max_length=200, blank=True)
    owner = models.SlugField(max_length=80, blank=True, db_index=False)
    """The team whose draft it is: of a service there is, the one that owns it. None yet: whoever began it."""
    begun_by = models.CharField(max_length=120)
    form = models.CharField(max_length=64)
    """The form it was begun with, hashed: a button pressed twice begins one draft."""
    text = models.TextField(blank=True)
    edition = models.PositiveIntegerField(default=1)
    """Counts each time it is kept, so that two who write at once do not undo each other unseen."""
    begun_from = models.PositiveIntegerField(default=0)
    """The version it was begun from; 0 for a new service."""
    kept_by = models.CharField(max_length=120)
    kept_at = models.DateTimeField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "begun_by", "form"], name="services_draft_once")
        ]


class Offer(Scoped):
    """Which version of a service the council offers now. A service taken out of the pack has none."""

    slug = models.SlugField(max_length=60, db_index=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="services_offer_once")]


class Journey(Scoped):
    """One person's way through one version of a service."""

    STARTED, SENDING, SUBMITTED, ABANDONED = "started", "sending", "submitted", "abandoned"
    UNDER_WAY = (STARTED, SENDING)

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="journeys")
    token = models.CharField(max_length=64)
    """SHA-256 of the token in the address. Who reads the database can't follow anybody's journey."""
    state = models.CharField(max_length=10, default=STARTED)
    said = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)
    """What was typed on a page and is no answer yet: by the page, then by the question."""
    held = models.JSONField(default=dict)
    sending = models.JSONField(default=dict)
    """What was accepted when it was sent, while another site settles something: `services.api._sending`."""
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
    """How long the address stays open."""
    mailbox = models.CharField(max_length=64, blank=True)
    """A keyed hash of the email it was saved or sent with, to look for everything of one mailbox."""
    link = models.CharField(max_length=64, blank=True)
    """SHA-256 of the token in the newest emailed link."""
    link_until = models.DateTimeField(null=True)
    waits_until = models.DateTimeField(null=True)
    """Of one that waits for what cannot be had now: until when."""
    kept_until = models.DateTimeField()
    """The latest of the three: after it, the answers are deleted."""
    submitted_at = models.DateTimeField(null=True)
    forget_after = models.DateTimeField(null=True)
    """Of one that was sent: when to look whether it is time to erase what is personal. It is never before."""
    forgotten_at = models.DateTimeField(null=True)
    """When it was erased."""

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "token"], name="services_token_once"),
            models.UniqueConstraint(fields=["council", "client", "key"], name="services_key_once"),
            models.UniqueConstraint(
                fields=["council", "subject"], condition=~models.Q(subject=""), name="services_subject_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["started", "sending", "submitted", "abandoned"]),
                name="services_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["council", "kept_until"],
                condition=models.Q(state="started"),
                name="services_idle",
            ),
            models.Index(
                fields=["council", "kept_until"],
                condition=models.Q(state="sending"),
                name="services_sending",
            ),
            models.Index(
                fields=["council", "forget_after"],
                condition=models.Q(forget_after__isnull=False),
                name="services_to_forget",
            ),
            models.Index(
                fields=["council", "mailbox"], condition=~models.Q(mailbox=""), name="services_mailbox"
            ),
        ]


class Timer(Scoped):
    """A rule for a day of something that was sent. ``due_at`` is None once it was told, or need not be."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="timers")
    on = models.CharField(max_length=200)
    """The rule, as its version writes it."""
    day = models.DateField()
    """The day that is counted to, for messages; it may come from an answer, so it goes with them."""
    due_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "journey", "on"], name="services_timer_once")
        ]
        indexes = [
            models.Index(
                fields=["council", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="services_timer_due",
            )
        ]


class Link(Scoped):
    """One emailed link to a saved journey. To whom it went is not kept here."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="links")
    token = models.CharField(max_length=64)
    """SHA-256 of the token in the link."""
    key = models.CharField(max_length=64)
    """Of the form that asked for it: sent twice, it is one link."""
    sent_at = models.DateTimeField()
    refused = models.BooleanField(default=False)
    """True once somebody was refused who came by it: that is told once."""

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "token"], name="services_link_once"),
            models.UniqueConstraint(fields=["council", "journey", "key"], name="services_link_form_once"),
        ]
