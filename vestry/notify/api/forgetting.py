"""Erasing whom messages went to and what they said. That they went, and how far they came, stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from vestry.kernel import Ref
from vestry.notify import rules
from vestry.notify.models import Message, Messages
from vestry.notify.rules import QUEUED

# Whoever helps somebody that got no code looks at what became of it within days.
CODES_KEPT = timedelta(days=30)
# One turn must not keep the other councils waiting.
AT_ONCE = 500
NOTHING = {"to": "", "to_name": "", "subject": "", "body": "", "last_error": ""}


def is_to_send(about: Ref) -> bool:
    """Whether a message about it still waits to go."""
    return Message.objects.filter(about=str(about), state=QUEUED).exists()


def forget(*, about: Collection[Ref], to: str) -> None:
    """Erase every message about these, and every code that went to this address. What waits to go is kept.

    Inside a transaction; a second time there is nothing left to do.
    """
    theirs = Q(about__in=[str(ref) for ref in about])
    if address := rules.one_line(to):
        theirs |= Q(secret=True, to=address)
    _erase(Message.objects.filter(theirs))


def forget_codes(*, now: datetime) -> int:
    """Erase whom the current council's codes and links went to, 30 days after. How many there were."""
    old = Message.objects.filter(secret=True, queued_at__lte=now - CODES_KEPT).exclude(to="")
    some = old.exclude(state=QUEUED).order_by("queued_at").values_list("pk", flat=True)[:AT_ONCE]
    return _erase(Message.objects.filter(pk__in=list(some)))


def _erase(messages: Messages) -> int:
    return messages.exclude(state=QUEUED).update(**NOTHING, ask_at=None)
