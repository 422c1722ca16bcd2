"""Tables of the technology room: private, ask `technology.api`."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import msgspec
from django.db import connection, models, transaction
from django.db.models import Q

from vestry.councils.api import Scoped, ScopedQuerySet, scoped

ASKED, LOOKING, ENDED, FAILED = "asked", "looking", "ended", "failed"


class Technology(Scoped):
    """One product, as the register tells of it now. ``contract`` is a `Contract` as plain values."""

    slug = models.SlugField(max_length=60, db_index=False)
    title = models.CharField(max_length=120)
    supplier = models.CharField(max_length=120, blank=True)
    what = models.TextField()
    address = models.CharField(max_length=300, blank=True)
    hosting = models.CharField(max_length=20)
    steps = models.JSONField(default=dict)
    owner = models.SlugField(max_length=80, db_index=False)
    information_class = models.CharField(max_length=40)
    guide = models.CharField(max_length=300, blank=True)
    users = models.JSONField(default=list)
    people = models.PositiveIntegerField()
    pounds = models.PositiveIntegerField()
    capabilities = models.JSONField(default=list)
    leaving = models.DateField(null=True)
    twice_because = models.TextField(blank=True)
    contract = models.JSONField(null=True)
    digest = models.CharField(max_length=64)
    brought = models.CharField(max_length=64, blank=True)
    """The digest of what a pack said of it last: the same again does not undo what was written since."""

    reminded = models.CharField(max_length=30, blank=True)
    """Of which end, at which stage, somebody was reminded last: ``2027-03-31 begin``."""

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="technology_once")]


class Calendar(Scoped):
    """A secret link to the days that matter. ``whose``: an officer's or a team's, as a `Ref`."""

    whose = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "whose"], name="technology_calendar_once"),
            models.UniqueConstraint(fields=["council", "hash"], name="technology_calendar_hash"),
        ]


class OfTechnology(Scoped):
    """Base of what is known of one technology."""

    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="+")

    class Meta(Scoped.Meta):
        abstract = True


class OfSomething(Scoped):
    """Base of what was seen of a technology, or of a service the council offers itself."""

    about = models.CharField(max_length=120)
    """Of which one, as a `Ref`: ``technology:letterpost``, ``service:missed-bin``."""

    class Meta(Scoped.Meta):
        abstract = True


class Evidence(OfSomething):
    """What is known about one criterion, and how. Never changed, never deleted: newer evidence is added."""

    criterion = models.CharField(max_length=8)
    verdict = models.CharField(max_length=20)
    means = models.CharField(max_length=20)
    day = models.DateField()
    sentence = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    source = models.CharField(max_length=300, blank=True)
    """Where it was seen or read: the address that was looked at, the page that a supplier has answered on."""
    tool = models.CharField(max_length=200, blank=True)
    look = models.PositiveIntegerField(default=0)
    """Of what was seen: the number of the look that saw it, where it was one of ours."""
    question = models.CharField(max_length=120, blank=True)
    """Of a supplier's claim: the id of the question that it answers."""
    files = models.JSONField(default=list)
    """The raw evidence: name, media type, sha256 of each."""
    sha256 = models.CharField(max_length=64)

    class Meta(OfSomething.Meta):
        abstract = False
        indexes = [models.Index(fields=["council", "about", "criterion"], name="technology_known")]

    @property
    def digest(self) -> str:
        """The hash of what it says, as it should be."""
        said = {name: getattr(self, name) for name in _SAID}
        return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


_SAID = ("criterion", "verdict", "means", "day", "sentence", "source", "tool", "look", "question", "files")


class Looks(ScopedQuerySet):
    """Looks, as the worker takes them up."""

    def claim(self, now: datetime, lease: timedelta) -> Look | None:
        """Take the look that has waited longest, or whose worker died, for the length of a lease."""
        due = self.filter(state__in=(ASKED, LOOKING), due__lte=now).order_by("due", "pk")
        while True:
            with transaction.atomic():
                # Where rows can't be skipped (SQLite) the guarded update below decides who has it.
                skip = connection.features.has_select_for_update_skip_locked
                found = (due.select_for_update(skip_locked=True) if skip else due).first()
                if found is None:
                    return None
                mine = self.filter(pk=found.pk, tries=found.tries, state__in=(ASKED, LOOKING))
                if mine.update(state=LOOKING, due=now + lease, tries=found.tries + 1):
                    found.tries += 1
                    return found


class Look(OfSomething):
    """One look at a product, or at a service's first page, by the probes. An officer asks for it, the worker
    does it.
    """

    number = models.PositiveIntegerField()
    address = models.CharField(max_length=300)
    leave = models.CharField(max_length=300, blank=True)
    walk = models.TextField(blank=True)
    state = models.CharField(max_length=10)
    doing = models.CharField(max_length=200, blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    of = models.PositiveSmallIntegerField(default=0)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    due = models.DateTimeField()
    """When it may be taken up; for one that goes on, when it is taken for dead."""
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    findings = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    files = models.JSONField(default=list)

    objects = scoped(Looks)

    class Meta(OfSomething.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "about", "number"], name="technology_look_once"),
            models.UniqueConstraint(
                fields=["council", "about"],
                condition=Q(state__in=["asked", "looking"]),
                name="technology_one_look_at_a_time",
            ),
        ]


class Kept(Scoped):
    """Raw evidence, once each, by its hash."""

    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "sha256"], name="technology_kept_once")]


class Assessment(OfTechnology):
    """One look for one decision. ``rested`` is all that the decision rested on, as it was on that day."""

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=12)
    begun_by = models.CharField(max_length=120)
    begun_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    conditions_by = models.DateField(null=True)
    again_on = models.DateField(null=True)
    rested = models.JSONField(null=True)

    class Meta(OfTechnology.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["council", "technology", "number"], name="technology_assessment_once"
            ),
            models.UniqueConstraint(
                fields=["council", "technology"],
                condition=Q(state="asking"),
                name="technology_one_assessment_open",
            ),
        ]


class Waiver(OfTechnology):
    """A principle that is not met, taken all the same. ``state``: asked, granted, declined, ended."""

    number = models.PositiveIntegerField()
    principle = models.CharField(max_length=40)
    state = models.CharField(max_length=10)
    why = models.CharField(max_length=30)
    reason = models.TextField()
    owner = models.CharField(max_length=80)
    instead = models.TextField()
    exit_step = models.TextField()
    ends = models.DateField()
    asked_by = models.CharField(max_length=120)
    asked_on = models.DateField()
    settled_by = models.CharField(max_length=120, blank=True)
    settled_on = models.DateField(null=True)
    decided_in = models.CharField(max_length=200, blank=True)
    renewals = models.PositiveSmallIntegerField(default=0)

    class Meta(OfTechnology.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "technology", "number"], name="technology_waiver_once")
        ]


class Use(OfTechnology):
    """A service that runs on it, as its definition says."""

    service = models.SlugField(max_length=80, db_index=False)

    class Meta(OfTechnology.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "technology", "service"], name="technology_use_once")
        ]
