"""The door to councils: whose request this is, and the scope everything else works in.

1. `establish` makes a council from its pack.
2. A request's host name finds it (`council_for_host`); the worker goes through `all_councils`.
3. `scope(council)` is entered; from there on every room sees that council's rows only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import transaction
from govuk_bank_holidays.bank_holidays import BankHolidays

from vestry.councils.models import DIVISIONS, Council, Host
from vestry.councils.scoping import OutsideScope, Scoped, ScopedQuerySet, current_id, scope_of, scoped
from vestry.kernel import Refused, Remembered, WorkingCalendar

__all__ = [
    "DIVISIONS",
    "CouncilView",
    "HostTaken",
    "OutsideScope",
    "Scoped",
    "ScopedQuerySet",
    "all_councils",
    "council_for_host",
    "current",
    "establish",
    "one_at_a_time",
    "scope",
    "scoped",
    "working_calendar",
]


# What the public pages show beside the services where a council says nothing else.
SHOWN = frozenset({"technologies"})


class HostTaken(Refused):
    """The host name {host} belongs to another council here. Take it out of one of the two packs."""


@dataclass(frozen=True, kw_only=True)
class CouncilView:
    """A council. ``division`` says whose bank holidays it keeps; ``look`` is its colours by name;
    ``shows`` is what its public pages show beside its services, as its pack names it.
    """

    id: int
    slug: str
    name: str
    hosts: tuple[str, ...]
    division: str
    contact_email: str
    look: dict[str, Any]
    shows: frozenset[str]


def _view(council: Council) -> CouncilView:
    return CouncilView(
        id=council.pk,
        slug=council.slug,
        name=council.name,
        hosts=tuple(host.name for host in council.hosts.all()),
        division=council.division,
        contact_email=council.contact_email,
        look=council.look,
        shows=frozenset(council.shows),
    )


# Whoever enters a scope with a view has just read the council: a page need not read it again at each step.
_entered: ContextVar[CouncilView | None] = ContextVar("vestry_council_view", default=None)


@contextmanager
def scope(council: CouncilView | int) -> Iterator[None]:
    """Enter a council's scope. Scopes nest; the innermost holds."""
    before = _entered.set(None if isinstance(council, int) else council)
    try:
        with scope_of(council if isinstance(council, int) else council.id):
            yield
    finally:
        _entered.reset(before)


def current() -> CouncilView:
    """The council whose scope this is, as it was on entering. Raises `OutsideScope`."""
    council, known = current_id(), _entered.get()
    if known is not None and known.id == council:
        return known
    return _view(Council.objects.prefetch_related("hosts").get(pk=council))


def all_councils() -> list[CouncilView]:
    """Every council on this deployment, by slug."""
    return [_view(council) for council in Council.objects.prefetch_related("hosts").order_by("slug")]


# Every request asks whose its host is, and the answer changes a few times a year.
_remembered: Remembered[str, CouncilView] = Remembered()


def council_for_host(host: str) -> CouncilView | None:
    """Whose a host name is, as it was at most 5 seconds ago; the port and letter case don't matter."""
    name = host.lower().partition(":")[0]
    if council := _remembered.get(name):
        return council
    # Another council may have the name by now, or nobody.
    _remembered.forget(name)
    found = Host.objects.select_related("council").filter(name=name).first()
    if found is None:
        return None
    council = _view(found.council)
    _remembered.keep(name, council)
    return council


@transaction.atomic
def establish(
    *,
    slug: str,
    name: str,
    hosts: Sequence[str],
    division: str = DIVISIONS[0],
    contact_email: str = "",
    look: dict[str, Any] | None = None,
    shows: Collection[str] = SHOWN,
) -> CouncilView:
    """Create a council, or bring it up to date. Raises `HostTaken`."""
    _remembered.forget_all()
    council, _ = Council.objects.update_or_create(
        slug=slug,
        defaults={
            "name": name,
            "division": division,
            "contact_email": contact_email,
            "look": look or {},
            "shows": sorted(shows),
        },
    )
    wanted = [host.lower() for host in hosts]
    council.hosts.exclude(name__in=wanted).delete()
    for host in wanted:
        owner, _ = Host.objects.get_or_create(name=host, defaults={"council": council})
        if owner.council_id != council.pk:
            raise HostTaken(host=host)
    return _view(council)


def one_at_a_time() -> None:
    """Wait, inside a transaction, until nobody else sets up or publishes in the current council.

    Facts, journeys and cases do not wait for it.
    """
    Council.objects.select_for_update(no_key=True).get(pk=current_id())


@cache
def _holidays(division: str) -> frozenset[date]:
    if division == "united-kingdom":
        return frozenset().union(*(_holidays(part) for part in DIVISIONS if part != division))
    # The package carries the published dates; asking the network would make a due date depend on the weather.
    source = BankHolidays(use_cached_holidays=True)
    return frozenset(day["date"] for day in source.get_holidays(division=division))


def working_calendar(division: str = "") -> WorkingCalendar:
    """The working days of a division, the current council's when none is named.

    ``united-kingdom`` keeps the holidays of all three divisions.
    """
    return WorkingCalendar(_holidays(division or current().division))
