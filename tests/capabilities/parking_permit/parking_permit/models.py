"""Its one table."""

from django.db import models

from vestry.councils.api import Scoped


class Space(Scoped):
    """A space that is held or granted; one that is free has no row."""

    reference = models.CharField(max_length=20)
    zone = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    held_until = models.DateTimeField(null=True)
    """Until then it is set aside; None when it was granted."""
    service = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    journey = models.CharField(max_length=80)

    class Meta(Scoped.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["council", "reference"], name="parking_reference_once"),
            # Whoever comes second waits for the first to commit, and then fails here.
            models.UniqueConstraint(
                fields=["council", "service", "zone", "number"], name="parking_space_once"
            ),
        ]
        indexes = [models.Index(fields=["council", "held_until"], name="parking_by_time")]
