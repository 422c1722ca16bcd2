"""Tables of the strategy room: private, ask `strategy.api`."""

from django.db import models

from vestry.councils.api import Scoped


class Statement(Scoped):
    """One sentence of the strategy."""

    slug = models.SlugField(max_length=60, db_index=False)
    layer = models.CharField(max_length=20)
    sentence = models.TextField()
    serves = models.SlugField(max_length=60, blank=True, db_index=False)
    place = models.PositiveIntegerField()
    """Its place in the outline, as it was written."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="strategy_statement_once")]
