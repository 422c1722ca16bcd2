"""Tables of the report room: private, ask `report.api`."""

from django.db import models

from vestry.councils.api import Scoped


class Report(Scoped):
    """Something that happened somewhere, told once."""

    reference = models.CharField(max_length=20)
    category = models.CharField(max_length=80)
    place = models.CharField(max_length=80)
    """Which place, so that two can be compared: by number, or for a typed address by a hash."""
    ward = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=80, blank=True)
    day = models.DateField()
    made_at = models.DateTimeField()
    service = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    journey = models.CharField(max_length=80)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "reference"], name="report_reference_once"),
            # Two people at the same second give one report: the second insert waits, then fails here.
            models.UniqueConstraint(
                fields=["council", "category", "place", "kind", "day"], name="report_matter_once"
            ),
        ]
