"""Officers and their teams."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from vestry.kernel import Fact, Ref, Refused
from vestry.ledger import api as ledger
from vestry.people.events import (
    OfficerLeft,
    OfficerPlaced,
    RoleGiven,
    RoleTaken,
    TeamChanged,
    TeamClosed,
    TeamMade,
)
from vestry.people.models import Account, Officer, Team
from vestry.people.permissions import COUNCIL_ONLY, ROLES, Held
from vestry.people.second_step import put_demo_second_step


class NoSuchOfficer(Refused):
    """There is no officer {slug!r} in this council."""


class UnknownTeam(Refused):
    """{officer} is put into the team {team!r}, and the council has none of that name. It has: {known}."""


class UnknownRole(Refused):
    """{officer} is given the role {role!r}, and there is none of that name. There are: {known}."""


class RoleOfNoTeam(Refused):
    """{officer} is given the role {role!r} in a team, and it is a role for the whole council only."""


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
    held: frozenset[Held]
    active: bool = True
    stopped: bool = False

    @property
    def teams(self) -> frozenset[str]:
        """The teams they are in."""
        return frozenset(one.team for one in self.held if one.team)

    @property
    def roles(self) -> frozenset[str]:
        """The roles they hold, in whichever team or for the council."""
        return frozenset(one.role for one in self.held)

    @property
    def ref(self) -> Ref:
        """How the ledger names them."""
        return Ref("officer", self.slug)


@dataclass(frozen=True, kw_only=True)
class Placement:
    """What a pack says about an officer: their roles in each team, and those for the whole council."""

    slug: str
    name: str
    email: str
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    council: tuple[str, ...] = ()

    @property
    def held(self) -> frozenset[Held]:
        """Each role, with where it is held."""
        in_teams = {Held(role, team) for team, roles in self.teams.items() for role in roles}
        return frozenset(in_teams | {Held(role) for role in self.council})


def officer_view(officer: Officer) -> OfficerView:
    """The view of a row."""
    return OfficerView(
        id=officer.pk,
        slug=officer.slug,
        name=officer.name,
        email=officer.account.email,
        held=frozenset(Held(*each) for each in officer.held),
        active=officer.active and not officer.stopped,
        stopped=officer.stopped,
    )


def find_officers(team: str = "", *, stopped: bool = False) -> list[OfficerView]:
    """The active officers, of a team when it is named, by name; with ``stopped``, those who were stopped."""
    rows = (
        Officer.objects.filter(active=True, stopped=stopped)
        .select_related("account")
        .order_by("name", "slug")
    )
    found = map(officer_view, rows)
    return [officer for officer in found if not team or team in officer.teams]


def get_officer(slug: str) -> OfficerView:
    """The officer of that slug, active or not. Raises `NoSuchOfficer`."""
    found = Officer.objects.select_related("account").filter(slug=slug).first()
    if found is None:
        raise NoSuchOfficer(slug=slug)
    return officer_view(found)


def officer_name(ref: Ref) -> str:
    """Who did something, as the timeline says it."""
    if ref.kind == "client" or ref.key.startswith("client:"):
        return _("%(name)s (a program)") % {"name": ref.key.removeprefix("client:")}
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


def put_teams(titles: Mapping[str, str], *, now: datetime, actor: Ref) -> None:
    """Make these the council's teams: slug to title. What is as it was is not stated."""
    with ledger.transaction():
        known = {team.slug: team for team in Team.objects.select_for_update().order_by("pk")}
        for slug, title in titles.items():
            was = known.get(slug)
            if was is None or not was.active:
                fact = TeamMade(second_step=was is not None and was.second_step)
                ledger.record(fact, subject=Ref("team", slug), actor=actor, now=now)
            Team.objects.update_or_create(slug=slug, defaults={"title": title, "active": True})
        for slug, team in known.items():
            if team.active and slug not in titles:
                Team.objects.filter(pk=team.pk).update(active=False)
                ledger.record(TeamClosed(), subject=Ref("team", slug), actor=actor, now=now)


def put_careful(teams: Collection[str], *, now: datetime, actor: Ref) -> None:
    """From now on these teams, and no others, need a second step: what they read asks for it."""
    with ledger.transaction():
        for team in Team.objects.select_for_update().filter(active=True).order_by("pk"):
            second_step = team.slug in teams
            if team.second_step != second_step:
                Team.objects.filter(pk=team.pk).update(second_step=second_step)
                fact = TeamChanged(second_step=second_step)
                ledger.record(fact, subject=Ref("team", team.slug), actor=actor, now=now)


def put_officers(
    placements: Iterable[Placement],
    *,
    now: datetime,
    actor: Ref,
    demo_password: str = "",
    demo_second_step: Collection[str] = (),
) -> None:
    """Make these the council's officers; whoever is no longer listed can't sign in any more.

    An account without a password gets ``demo_password`` when one is given; otherwise its owner makes one
    through "Forgotten your password?". A password somebody chose is never touched.
    ``demo_second_step``: the officers who get a second step everybody may know.
    Raises `UnknownTeam`, `UnknownRole`, `RoleOfNoTeam`.
    """
    listed = list(placements)
    known = {team.slug for team in teams()}
    # One hash for all: in the demo they share the password anyway, and a hash takes its time on purpose.
    demo_hash = make_password(demo_password) if demo_password else ""
    with ledger.transaction():
        before = {one.slug: one for one in Officer.objects.select_for_update().order_by("pk")}
        for placement in listed:
            _check(placement, known)
            account = _account(placement.email.lower(), demo_hash)
            _place(placement, account, before.get(placement.slug), actor, now)
            if placement.slug in demo_second_step:
                put_demo_second_step(account)
        for slug in sorted(before.keys() - {placement.slug for placement in listed}):
            if before[slug].active:
                Officer.objects.filter(slug=slug).update(active=False)
                ledger.record(OfficerLeft(), subject=before[slug].ref, actor=actor, now=now)


def _account(email: str, demo_hash: str) -> Account:
    account, _made = Account.objects.get_or_create(email=email, defaults={"password": make_password(None)})
    if demo_hash and not account.has_usable_password():
        account.password = demo_hash
        account.save(update_fields=["password"])
    return account


def _place(placement: Placement, account: Account, was: Officer | None, actor: Ref, now: datetime) -> None:
    """Write the row, and state what is different from before."""
    said = {"account": account, "name": placement.name, "held": sorted(placement.held), "active": True}
    row, _made = Officer.objects.update_or_create(slug=placement.slug, defaults=said)
    before = {Held(*each) for each in was.held} if was else set()
    facts: list[Fact] = []
    if was is None or not was.active or was.account_id != account.pk:
        facts.append(OfficerPlaced(account=account.pk))
    facts += [RoleTaken(role=role, team=team) for role, team in sorted(before - placement.held)]
    facts += [RoleGiven(role=role, team=team) for role, team in sorted(placement.held - before)]
    for fact in facts:
        ledger.record(fact, subject=row.ref, actor=actor, now=now)


def _check(placement: Placement, known: set[str]) -> None:
    for team in placement.teams:
        if team not in known:
            raise UnknownTeam(officer=placement.name, team=team, known=", ".join(sorted(known)))
    for role, team in sorted(placement.held):
        if role not in ROLES:
            raise UnknownRole(officer=placement.name, role=role, known=", ".join(ROLES))
        if team and role in COUNCIL_ONLY:
            raise RoleOfNoTeam(officer=placement.name, role=role)
