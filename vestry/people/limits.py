"""How often one address may do what anybody may do: THE table, and the counting.

Counted in the database, so that every process counts together (docs/decisions). Wide on purpose: a whole
office, school or library may come from one address, and so may everybody in one mobile network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from vestry.councils import api as councils
from vestry.people.models import Tally

TEN_MINUTES, AN_HOUR = timedelta(minutes=10), timedelta(hours=1)
# How much of an address, by its version, is one connection's: in IPv6 a household has as many as it likes.
ONE_LINE_IN = {4: 32, 6: 64}


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many in so long."""

    many: int
    within: timedelta


LIMITS: Mapping[str, Limit] = {
    "journeys.start": Limit(many=120, within=TEN_MINUTES),
    "api.submit": Limit(many=120, within=TEN_MINUTES),
    # Wide enough for a class that tries, and not for somebody who wants to keep every place.
    "api.hold": Limit(many=60, within=TEN_MINUTES),
    # In megabytes, each file one at the least: photos of a whole class, and no disk filled in a night.
    "files": Limit(many=1_000, within=AN_HOUR),
    # How many of somebody's wrong addresses are put on record, so that the record can't be filled up.
    "refusals.stated": Limit(many=20, within=TEN_MINUTES),
    "codes.ask": Limit(many=60, within=TEN_MINUTES),
    "codes.try": Limit(many=120, within=TEN_MINUTES),
    # For one reference, or one mailbox: whoever else asks from elsewhere is counted by themselves.
    "codes.about": Limit(many=5, within=AN_HOUR),
}


def over(
    request: HttpRequest, what: str, *, about: str = "", many: int = 1, now: datetime
) -> timedelta | None:
    """Count so many, and say how long to wait when it was too many; None when it was not.

    ``about``: counted for that alone. KeyError for what has no limit.
    """
    limit = LIMITS[what]
    if not settings.LIMITS:
        return None
    since = _begun(limit.within, now)
    count = _count(what, _hashed(_line_of(request), about), since, many)
    return since + limit.within - now if count > limit.many else None


def nth_refusal(about: str, *, now: datetime) -> int:
    """Which of the refusals ``about`` the same within an hour it is. Counted, whatever is limited."""
    return _count("refusals", _hashed("", about), _begun(AN_HOUR, now), 1)


def _begun(within: timedelta, now: datetime) -> datetime:
    long = within.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // long * long, UTC)


# Counted and told in one statement: whoever counts at the same moment gets another number.
COUNT = f"""
insert into {Tally._meta.db_table} (council_id, what, who, since, count) values (%s, %s, %s, %s, %s)
on conflict (council_id, what, who, since) do update set count = {Tally._meta.db_table}.count + excluded.count
returning count
"""  # noqa: S608 - the table's name is ours


def _count(what: str, who: str, since: datetime, many: int) -> int:
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(since)
        cursor.execute(COUNT, [councils.current().id, what, who, moment, many])
        (count,) = cursor.fetchone()
    return count


def _line_of(request: HttpRequest) -> str:
    given = get_adapter().get_client_ip(request)
    try:
        address = ip_address(given)
    except ValueError:
        return given
    return str(ip_network((address, ONE_LINE_IN[address.version]), strict=False))


def _hashed(line: str, about: str) -> str:
    # An address is personal; what is kept of it can't be turned back without the secret key.
    return salted_hmac("people.limits", f"{line} {about}", algorithm="sha256").hexdigest()
