"""Tables of the places room: private, ask `places.api`."""

from django.db import models

from vestry.councils.api import Scoped


class Ward(Scoped):
    """A part of the council's area that elects councillors."""

    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="places_ward_once")]


class Address(Scoped):
    """One line of the gazetteer."""

    uprn = models.CharField(max_length=12)
    line = models.CharField(max_length=200)
    street = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8)
    ward = models.SlugField(max_length=80, blank=True, db_index=False)
    round = models.SlugField(max_length=80, blank=True, db_index=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["council", "uprn"], name="places_uprn_once")]
        indexes = [models.Index(fields=["council", "postcode"], name="places_by_postcode")]


class Round(Scoped):
    """One kind of collection of one round. ``moved`` leads from planned to real day, both ISO dates."""

    schedule = models.SlugField(max_length=80, db_index=False)
    slug = models.SlugField(max_length=80, db_index=False)
    kind = models.SlugField(max_length=40, db_index=False)
    first = models.DateField()
    weeks = models.PositiveSmallIntegerField()
    over = models.TimeField()
    moved = models.JSONField(default=dict)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["council", "schedule", "slug", "kind"], name="places_round_once_per_kind"
            ),
            models.CheckConstraint(condition=models.Q(weeks__gte=1), name="places_round_comes_again"),
        ]
