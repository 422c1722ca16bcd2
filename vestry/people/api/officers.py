"""Officers and their teams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from vestry.kernel import Ref, Refused
from vestry.people.models import Account, Officer, Team
from vestry.people.permissions import ROLES


class NoSuchOfficer(Refused):
    """There is no officer {slug!r} in this council."""


class UnknownTeam(Refused):
    """{officer} is put into the team {team!r}, and the council has none of that name. It has: {known}."""


class UnknownRole(Refused):
    """{officer} is given the role {role!r}, and there is none of that name. There are: {known}."""


@dataclass(frozen=True, kw_only=True)
class TeamView:
    """A team."""

    slug: str
    title: str


@dataclass(frozen=True, kw_only=True)
class OfficerView:
    """Somebody who works for the council in scope, as they are now."""

    id: int
    slug: str
    name: str
    email: str
    teams: frozenset[str]
    roles: frozenset[str]
    active: bool = True

    @property
    def ref(self) -> Ref:
        """How the ledger names them."""
        return Ref("officer", self.slug)


@dataclass(frozen=True, kw_only=True)
class Placement:
    """What a pack says about an officer."""

    slug: str
    name: str
    email: str
    teams: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def officer_view(officer: Officer) -> OfficerView:
    """The view of a row."""
    return OfficerView(
        id=officer.pk,
        slug=officer.slug,
        name=officer.name,
        email=officer.account.email,
        teams=frozenset(officer.teams),
        roles=frozenset(officer.roles),
        active=officer.active,
    )


def find_officers(team: str = "") -> list[OfficerView]:
    """The active officers, of one team when it is named, by name."""
    found = Officer.objects.filter(active=True).select_related("account").order_by("name", "slug")
    return [officer_view(officer) for officer in found if not team or team in officer.teams]


def get_officer(slug: str) -> OfficerView:
    """The officer of that slug, active or not. Raises `NoSuchOfficer`."""
    found = Officer.objects.select_related("account").filter(slug=slug).first()
    if found is None:
        raise NoSuchOfficer(slug=slug)
    return officer_view(found)


def officer_name(ref: Ref) -> str:
    """Who did something, as the timeline says it."""
    if ref.kind == "officer":
        return Officer.objects.filter(slug=ref.key).values_list("name", flat=True).first() or ref.key
    if ref.kind == "resident":
        return _("The resident")
    return "Vestry"


def teams() -> list[TeamView]:
    """The council's teams, by title."""
    return [
        TeamView(slug=row.slug, title=row.title) for row in Team.objects.filter(active=True).order_by("title")
    ]


@transaction.atomic
def put_teams(titles: Mapping[str, str]) -> None:
    """Make these the council's teams: slug to title."""
    Team.objects.exclude(slug__in=titles).update(active=False)
    for slug, title in titles.items():
        Team.objects.update_or_create(slug=slug, defaults={"title": title, "active": True})


@transaction.atomic
def put_officers(placements: Iterable[Placement], *, demo_password: str = "") -> None:
    """Make these the council's officers; whoever is no longer listed can't sign in any more.

    An account without a password gets ``demo_password`` when one is given; otherwise its owner makes one
    through "Forgotten your password?". A password somebody chose is never touched.
    Raises `UnknownTeam`, `UnknownRole`.
    """
    listed = list(placements)
    known = {team.slug for team in teams()}
    # One hash for all: in the demo they share the password anyway, and a hash takes its time on purpose.
    demo_hash = make_password(demo_password) if demo_password else ""
    for placement in listed:
        _check(placement, known)
        account, _made = Account.objects.get_or_create(
            email=placement.email.lower(), defaults={"password": make_password(None)}
        )
        if demo_hash and not account.has_usable_password():
            account.password = demo_hash
            account.save(update_fields=["password"])
        Officer.objects.update_or_create(
            slug=placement.slug,
            defaults={
                "account": account,
                "name": placement.name,
                "teams": sorted(placement.teams),
                "roles": sorted(placement.roles),
                "active": True,
            },
        )
    Officer.objects.exclude(slug__in=[placement.slug for placement in listed]).update(active=False)


def _check(placement: Placement, known: set[str]) -> None:
    for team in placement.teams:
        if team not in known:
            raise UnknownTeam(officer=placement.name, team=team, known=", ".join(sorted(known)))
    for role in placement.roles:
        if role not in ROLES:
            raise UnknownRole(officer=placement.name, role=role, known=", ".join(ROLES))
