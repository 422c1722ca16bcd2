"""Saving a journey, and going on by the emailed link. See `services.api` and docs/decisions.

1. `save` makes a link for one email address. The newest link works, the ones before it do not.
2. Opening a link asks nothing of this room, however often a mail filter does it; `resume` is a button.
3. `resume` gives the journey a new address. The one before is closed: a journey has one address at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from vestry.design.capability import Contact
from vestry.kernel import Ref, Refused
from vestry.ledger import api as ledger
from vestry.services.api._row import (
    JourneyView,
    NoSuchJourney,
    contact_of,
    course,
    digest,
    find,
    found,
    go_on,
    mailbox_of,
    new_token,
    touch,
    view,
)
from vestry.services.api._versions import definition_of
from vestry.services.events import AddressRefused, JourneySaved, LinkRefused
from vestry.services.models import Journey, Link

UNKNOWN = Ref("resident", "unknown")
# The public channel's address for it; a test there holds the two together.
RESUME_PAGE = "{origin}/resume/{link}/"
# Of one journey. How often one connection may write to one mailbox is counted where its requests come in.
MOST_LINKS, WITHIN = 5, timedelta(hours=1)


class TooManyLinks(Refused):
    """We have sent several links in the last hour. Wait an hour before you ask for another."""


class NoSuchLink(Refused):
    """This link does not work, or does not work any more."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A saved journey. ``address`` opens it and is for the email alone; it is there once, when it is made."""

    journey: JourneyView
    about: Ref
    until: datetime
    address: str = ""


def save(*, token: str, service: str = "", email: str, key: str, now: datetime) -> Saved:
    """Make a link by which the journey can be gone on with later, in place of any before it.

    ``email`` is known by a hash, not kept. One journey has five links an hour; ``key`` names the form: the
    same form sent twice makes one link.
    Raises `NoSuchJourney`, `TooManyLinks`.
    """
    with ledger.transaction():
        row = find(token, now, service, lock=True)
        if row.state != Journey.STARTED:
            raise NoSuchJourney
        return _linked(row, token, email, key, now)


def _linked(row: Journey, token: str, email: str, key: str, now: datetime) -> Saved:
    about, key = _about(row), digest(key)
    if row.link_until and Link.objects.filter(journey=row, key=key).exists():
        return Saved(journey=view(row, token), about=about, until=row.link_until)
    if row.links.filter(sent_at__gt=now - WITHIN).count() >= MOST_LINKS:
        raise TooManyLinks
    secret = new_token()
    link = Link.objects.create(journey=row, token=digest(secret), key=key, sent_at=now)
    row.link, row.mailbox = link.token, mailbox_of(email)
    touch(row, definition_of(row.version), now)
    row.save()
    ledger.record(JourneySaved(link=link.pk), subject=about, **course(row, now))
    return Saved(
        journey=view(row, token),
        about=about,
        until=row.link_until or row.open_until,
        address=RESUME_PAGE.format(origin=row.origin, link=secret),
    )


def invite(*, journey: str, key: str, now: datetime) -> tuple[Contact, Saved]:
    """Make a link for whoever paid and has to choose again, for the email they gave; the newest works.

    Raises `NoSuchJourney` where nobody can be asked: it was sent or given up by now, or has no email;
    `TooManyLinks`.
    """
    with ledger.transaction():
        row = found(lock=True, pk=int(journey))
        contact = contact_of(row)
        if row.state != Journey.STARTED or "stranded" not in row.sending or not contact.email:
            raise NoSuchJourney
        return contact, _linked(row, "", contact.email, key, now)


def resume(*, link: str, now: datetime) -> JourneyView:
    """Go on with a saved journey at a new address; the one before is closed. Works again and again.

    Raises `NoSuchLink` alike for a link that is too old, was replaced, or never was. Why a link that
    was ours once was refused is recorded, once; that somebody came by one at all is for the channel to say
    (`state_refusal`), which knows how often they did.
    """
    with ledger.transaction():
        made = Link.objects.select_related("journey__version").filter(token=digest(link)).first()
        if made and (row := _open(made, now)):
            return go_on(row, made.pk, now)
        if made and Link.objects.filter(pk=made.pk, refused=False).update(refused=True):
            fact = LinkRefused(link=made.pk, why=_why(made))
            ledger.record(fact, subject=_about(made.journey), **course(made.journey, now))
    raise NoSuchLink


def state_refusal(*, what: Literal["journey", "link", "payment"], now: datetime) -> None:
    """Put on record that somebody came by an address that opens nothing."""
    with ledger.transaction():
        fact = AddressRefused(what=what)
        ledger.record(fact, subject=Ref("address", what), actor=UNKNOWN, now=now)


def _about(row: Journey) -> Ref:
    return Ref("journey", str(row.pk))


def _open(made: Link, now: datetime) -> Journey | None:
    """The journey a link leads to, locked, if the link works."""
    try:
        return found(lock=True, pk=made.journey_id, link=made.token, link_until__gt=now)
    except NoSuchJourney:
        return None


def _why(made: Link) -> str:
    if made.journey.state == Journey.ABANDONED:
        return "deleted"
    return "expired" if made.journey.link == made.token else "replaced"
