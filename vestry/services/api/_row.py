"""A journey's row: found by its address, kept open, turned into what others see. See `services.api`."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac

from vestry.councils import api as councils
from vestry.design.capability import Contact
from vestry.design.expressions import Today
from vestry.information import api as information
from vestry.kernel import Ref, Refused, local_day
from vestry.ledger import api as ledger
from vestry.services.api._versions import definition_of
from vestry.services.definition.capabilities import installed
from vestry.services.definition.language import Definition
from vestry.services.events import JourneyAbandoned, JourneyResumed
from vestry.services.journeys import Journeying, release_all
from vestry.services.midway import Say, say, span
from vestry.services.models import Journey, Version

# 256 bits: the address is all that stands between a stranger and the answers.
TOKEN_BYTES = 32


class NoSuchJourney(Refused):
    """There is no such page. It may have been closed because nobody came back to it for a while."""


@dataclass(frozen=True, kw_only=True)
class JourneyView:
    """A journey. ``token`` is its place in the address; ``id`` is what facts and other rooms call it.

    After ``open_until`` the address leads nowhere, unless somebody answers something before. ``finish_by``
    is there when the service has changed since, and this version can be finished until then.
    """

    id: str
    token: str
    service: str
    version: int
    title: str
    state: str
    open_until: datetime
    finish_by: datetime | None = None


def new_token() -> str:
    """What stands in an address that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def mailbox_of(email: str) -> str:
    """What is stored to look for a mailbox; empty for no email."""
    given = email.strip().casefold()
    return salted_hmac("vestry.services.mailbox", given, algorithm="sha256").hexdigest() if given else ""


def resident(row: Journey) -> Ref:
    """Whoever holds the address."""
    return Ref("resident", str(row.pk))


def find(token: str, now: datetime, service: str = "", *, lock: bool = False) -> Journey:
    """The open journey of a token. Raises `NoSuchJourney` alike for one that never was."""
    return found(lock=lock, service=service, token=digest(token), open_until__gt=now)


def found(*, lock: bool, service: str = "", **by: Any) -> Journey:
    """The journey of these values, with the version that is ``offered`` now. Raises `NoSuchJourney`."""
    fields = tuple(name.partition("__") for name in by)
    values = [
        Journey._meta.get_field(_column(name)).get_db_prep_value(value, connection)
        for (name, *_), value in zip(fields, by.values(), strict=True)
    ]
    rows = Journey.objects.raw(_statement(fields, lock=lock), [councils.current().id, *values])
    row = next(iter(rows), None)
    if row is None or (service and row.of_slug != service):
        raise NoSuchJourney
    of = [getattr(row, f"of_{name}") for name in OF_THE_VERSION]
    row.version = Version.from_db(
        connection.alias, ["id", "council_id", *OF_THE_VERSION], [row.version_id, row.council_id, *of]
    )
    return row


# What a version says is read once a process (`definition_of`), and is most of the bytes of such a row.
OF_THE_VERSION = ("slug", "number", "title", "digest")


def _column(name: str) -> str:
    return "id" if name == "pk" else name


@cache
def _statement(by: tuple[tuple[str, str, str], ...], *, lock: bool) -> str:
    """The journey, its version and the number of the one offered now, by these fields.

    Every page of a journey begins with this, and Django would put it together anew each time: that took
    longer than asking the database. Locked is the journey only: everybody who answers the same service has
    the same version.
    """
    of = ", ".join(f"version.{name} as of_{name}" for name in OF_THE_VERSION)
    wanted = " and ".join(f"journey.{_column(name)} {'>' if how else '='} %s" for name, _, how in by)
    locked = " for update of journey" if lock and connection.features.has_select_for_update_of else ""
    return f"""
        select journey.*, {of}, (
            select newest.number from services_offer offer
            join services_version newest on newest.id = offer.version_id
            where offer.council_id = journey.council_id and offer.slug = version.slug
        ) as offered
        from services_journey journey join services_version version on version.id = journey.version_id
        where journey.council_id = %s and journey.state <> '{Journey.ABANDONED}' and {wanted}{locked}
    """  # noqa: S608 - put together from names of fields only


def texts_of(*, journey: Ref) -> frozenset[str]:
    """Every text in the answers of a journey under way, such as the id of a file; none for anything else."""
    if journey.kind != "journey":
        return frozenset()
    rows = Journey.objects.filter(pk=journey.key, state__in=Journey.UNDER_WAY)
    answers = rows.values_list("said", "typed", "sending")
    return frozenset(text for row in answers for part in row for text in _texts(part))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inside:
        yield from _texts(each)


def newer(row: Journey) -> tuple[Version | None, Say]:
    """The newest version of what somebody is in the middle of, and what the versions since theirs say of it.

    No version where theirs is the newest, or the service is no longer offered. `found` made the row.
    """
    offered = getattr(row, "offered", None)
    if row.state != Journey.STARTED or offered is None or offered <= row.version.number:
        return None, Say()
    since = Version.objects.filter(
        slug=row.version.slug, number__gt=row.version.number, number__lte=offered
    ).order_by("number")
    versions = list(since)
    return versions[-1], say((definition_of(each), each.published_at) for each in versions)


def abandon(row: Journey, now: datetime, *, left: bool) -> None:
    """Give back what is held and delete what was said, inside a transaction."""
    release_all(journeying(row, now))
    row.said, row.typed, row.held, row.sending = {}, {}, {}, {}
    # Whoever guesses what a hash is of would know that they guessed right.
    row.mailbox = row.digest = ""
    row.state = Journey.ABANDONED
    row.open_until = row.kept_until = now
    row.save()
    fact = JourneyAbandoned(left=left)
    ledger.record(fact, subject=Ref("journey", str(row.pk)), **course(row, now))


def contact_of(row: Journey) -> Contact:
    """Whom to tell about a journey, as it was sent; before that, as it is answered so far."""
    if row.contact:
        return Contact(**row.contact)
    whom = definition_of(row.version).contact
    return Contact(name=str(row.said.get(whom.name) or ""), email=str(row.said.get(whom.email) or ""))


def touch(row: Journey, definition: Definition, now: datetime) -> None:
    """Keep the address open as long as its class allows, and no longer than answers are kept.

    The emailed link, where there is one, is kept open for its own time, and the answers of whoever waits as
    long as they do.
    """
    kept = span(definition.keep.abandoned)
    asks = information.control(definition.information_class)
    row.touched_at = now
    row.open_until = now + min(kept, asks.journey_idle)
    if row.link:
        row.link_until = now + min(kept, asks.journey_saved)
    row.kept_until = max(filter(None, (row.open_until, row.link_until, row.waits_until)))


def go_on(row: Journey, link: int, now: datetime) -> JourneyView:
    """Give a saved journey a new address, inside a transaction; the one before is closed."""
    token = new_token()
    row.token = digest(token)
    touch(row, definition_of(row.version), now)
    row.save()
    ledger.record(JourneyResumed(link=link), subject=Ref("journey", str(row.pk)), **course(row, now))
    return view(row, token)


TOUCHED = ("touched_at", "open_until", "link_until", "kept_until")
"""What `touch` changes."""


def course(row: Journey, now: datetime) -> dict[str, Any]:
    """What every fact of a journey says beside itself."""
    return {
        "actor": resident(row),
        "now": now,
        "service": row.version.slug,
        "version": row.version.number,
        "journey": str(row.pk),
    }


def view(row: Journey, token: str, finish_by: datetime | None = None) -> JourneyView:
    """A journey as others see it."""
    return JourneyView(
        id=str(row.pk),
        token=token,
        service=row.version.slug,
        version=row.version.number,
        title=definition_of(row.version).title,
        state=row.state,
        open_until=row.open_until,
        finish_by=finish_by,
    )


def journeying(row: Journey, now: datetime) -> Journeying:
    """A journey as walking needs it."""
    return Journeying(
        definition=definition_of(row.version),
        version=row.version.number,
        capabilities=installed(),
        today=Today(day=local_day(now), calendar=councils.working_calendar()),
        journey=str(row.pk),
        said=row.said,
        typed=row.typed,
        held=row.held,
        actor=resident(row),
        now=now,
        client=row.client,
    )
