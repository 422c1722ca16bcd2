"""Everything of one mailbox, over all services. See `services.api`.

Whoever calls these has made sure that the mailbox is theirs, by a code sent to it. A mailbox is known by a
keyed hash, so that it can be looked for; an email in capitals is no other mailbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.services.api._row import (
    JourneyView,
    NoSuchJourney,
    found,
    go_on,
    mailbox_of,
)
from vestry.services.api._versions import definition_of
from vestry.services.api._where import Submitted, submitted
from vestry.services.models import Journey, Link


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """A journey that was saved with this email. After ``until`` it can't be gone on with."""

    id: str
    title: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """What is to go on with, and what was sent; each the latest first."""

    unfinished: tuple[Unfinished, ...]
    sent: tuple[Submitted, ...]

    def __bool__(self) -> bool:
        return bool(self.unfinished or self.sent)


def mailbox(*, email: str, now: datetime) -> Mailbox:
    """Everything saved or sent with an email in this council; nothing for none."""
    mine = Journey.objects.select_related("version").filter(mailbox=mailbox_of(email)).exclude(mailbox="")
    saved = mine.filter(state__in=Journey.UNDER_WAY, link_until__gt=now).order_by("-touched_at")
    sent = mine.filter(state=Journey.SUBMITTED).order_by("-submitted_at")
    return Mailbox(
        unfinished=tuple(
            Unfinished(id=str(row.pk), title=definition_of(row.version).title, until=row.link_until)
            for row in saved
        ),
        sent=tuple(map(submitted, sent)),
    )


def in_mailbox(*, email: str, subject: Ref) -> bool:
    """Whether what came of a submission is a mailbox's."""
    mine = Journey.objects.filter(mailbox=mailbox_of(email)).exclude(mailbox="")
    return mine.filter(state=Journey.SUBMITTED, subject=str(subject)).exists()


def reopen(*, email: str, journey: str, now: datetime) -> JourneyView:
    """Go on with a saved journey of a mailbox at a new address; the one before is closed.

    Raises `NoSuchJourney` alike for another mailbox's and for one that never was.
    """
    if not (journey.isascii() and journey.isdecimal() and len(journey) < len(str(2**63))):
        raise NoSuchJourney
    whose = mailbox_of(email)
    with ledger.transaction():
        row = found(lock=True, pk=int(journey), mailbox=whose, link_until__gt=now)
        if not whose or row.state not in Journey.UNDER_WAY:
            raise NoSuchJourney
        link = Link.objects.filter(token=row.link).values_list("pk", flat=True).first()
        return go_on(row, link or 0, now)
