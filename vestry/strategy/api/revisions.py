"""How often the strategy was changed: what was measured before a change is not shown after it."""

from __future__ import annotations

from django.db.models import F

from vestry.strategy import models


def touch() -> None:
    """Something of the strategy was changed. Whoever does it says so last, in the same transaction: others
    who change something wait here until it is over.
    """
    models.Revision.objects.get_or_create()
    models.Revision.objects.update(number=F("number") + 1)


def revision() -> int:
    """How often it was changed."""
    return models.Revision.objects.values_list("number", flat=True).first() or 0
