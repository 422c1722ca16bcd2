"""THE permission table: what there is to do on the desk, in a sentence, and which roles may do it.

A role is held in a team, or for the whole council, and reaches as far as it is held, except for what is the
whole council's (`Permission.whole`). Everything that asks "may they?" asks here: pages, lists, verbs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from vestry.kernel import mark

ROLES: Mapping[str, str] = {
    "officer": mark("Works the cases"),
    "crew": mark("Works the cases out of doors; does not hand them over"),
    "manager": mark("Reads the cases, hands them over and changes due dates"),
    "head": mark("Leads services, and decides what they and their plans say in the strategy"),
    "cabinet": mark("Writes down what the cabinet decides about the strategy"),
    "full-council": mark("Writes down what full council decides about the strategy"),
    "designer": mark("Writes services and tries them out; a manager publishes them"),
    "finance": mark("Looks after money: compares days with the provider, and hands them to the ledger"),
    "support": mark("Looks after Vestry: messages sent, facts that are stuck, who is signed in"),
}
# What they look after is no team's.
COUNCIL_ONLY = frozenset({"finance", "support", "cabinet", "full-council"})


class Held(NamedTuple):
    """A role somebody holds, and the team they hold it in; without one, they hold it for the council."""

    role: str
    team: str = ""


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One thing to do: the sentence that says it, and who may. ``demo``: in the demo, every officer may.
    ``whole``: what it is about is no team's, so that a role held in any team reaches all of it.
    """

    sentence: str
    roles: frozenset[str]
    demo: bool = False
    whole: bool = False


def _by(*roles: str) -> frozenset[str]:
    return frozenset(roles)


PERMISSIONS: Mapping[str, Permission] = {
    "desk.enter": Permission(sentence=mark("Come to the desk"), roles=frozenset(ROLES)),
    "desk.security": Permission(
        sentence=mark("See how they sign in and where they are signed in, and change it"),
        roles=frozenset(ROLES),
    ),
    "cases.read": Permission(
        sentence=mark("Find cases and read them"), roles=_by("officer", "crew", "manager")
    ),
    "cases.take": Permission(sentence=mark("Take a case to work on it"), roles=_by("officer", "crew")),
    "cases.hand-over": Permission(
        sentence=mark("Hand a case over to a colleague or another team"), roles=_by("officer", "manager")
    ),
    "cases.note": Permission(
        sentence=mark("Write a note that only officers see"), roles=_by("officer", "crew", "manager")
    ),
    "cases.message": Permission(sentence=mark("Write to the resident"), roles=_by("officer", "crew")),
    # Which of them may do which action, the definition says (`by:`); this is the most it can say.
    "cases.act": Permission(
        sentence=mark("Move a case on, as its service allows"), roles=_by("officer", "crew", "manager")
    ),
    "cases.tasks": Permission(
        sentence=mark("See the tasks one has, or could have"),
        roles=_by("officer", "crew", "manager", "finance", "support"),
    ),
    "cases.task": Permission(
        sentence=mark("Add tasks to a case, and do them"), roles=_by("officer", "crew", "manager")
    ),
    "cases.odd-jobs": Permission(
        sentence=mark("See and do work that is no team’s"), roles=_by("manager", "finance", "support")
    ),
    "cases.link": Permission(sentence=mark("Link cases with each other"), roles=_by("officer", "manager")),
    "cases.due": Permission(sentence=mark("Change when a case is due"), roles=_by("manager")),
    "bookings.read": Permission(
        sentence=mark("See what is booked, by whom, and how much is left"),
        roles=_by("officer", "crew", "manager"),
    ),
    "bookings.change": Permission(
        sentence=mark("Book for somebody, and move and cancel bookings"), roles=_by("officer", "manager")
    ),
    "bookings.close": Permission(
        sentence=mark("Close days of a calendar, and open them again"), roles=_by("officer", "manager")
    ),
    "services.draft": Permission(
        sentence=mark("Write a service, and try it out before anybody else sees it"),
        roles=_by("designer", "manager"),
    ),
    "services.publish": Permission(sentence=mark("Publish a service"), roles=_by("manager")),
    "strategy.read": Permission(
        sentence=mark("See why the council does what it does"),
        roles=frozenset(ROLES),
        whole=True,
    ),
    "strategy.propose": Permission(
        sentence=mark("Propose another wording of the strategy"),
        roles=frozenset(ROLES),
        whole=True,
    ),
    # Which of them decides which layer, the strategy says (`changed-by:`); this is the most it can say.
    "strategy.change": Permission(
        sentence=mark("Change the strategy, each in the layers that are theirs"),
        roles=_by("manager", "head", "cabinet", "full-council"),
        whole=True,
    ),
    "technology.read": Permission(
        sentence=mark("See the register of technologies and how each stands"),
        roles=frozenset(ROLES),
        whole=True,
    ),
    "technology.assess": Permission(
        sentence=mark("Assess a technology, and ask for a waiver"),
        roles=_by("officer", "manager", "head"),
        whole=True,
    ),
    "technology.keep": Permission(
        sentence=mark("Write technologies and their contracts into the register"),
        roles=_by("manager", "head"),
        whole=True,
    ),
    "technology.decide": Permission(
        sentence=mark("Decide whether a technology is bought, renewed or built, and grant waivers"),
        roles=_by("manager", "head"),
        whole=True,
    ),
    "money.read": Permission(
        sentence=mark("See what was to be paid, what was paid and what went back"),
        roles=_by("officer", "manager", "finance"),
    ),
    "money.refund": Permission(
        sentence=mark("Refund a payment, above the council’s limit once somebody else has agreed"),
        roles=_by("officer", "manager", "finance"),
    ),
    # Never on one's own, whoever one is: the verb holds to that.
    "money.approve": Permission(
        sentence=mark("Decide on a refund above the limit that somebody else asked for"),
        roles=_by("manager", "finance"),
    ),
    "money.days": Permission(
        sentence=mark("Compare days with the provider’s report, explain differences, and export a day"),
        roles=_by("manager", "finance"),
    ),
    "notify.sent": Permission(
        sentence=mark("See the messages that were sent"), roles=_by("support"), demo=True
    ),
    "ledger.parked": Permission(
        sentence=mark("See facts that are stuck, and try them again"), roles=_by("support")
    ),
    "people.look-after": Permission(
        sentence=mark("See who works here and who is signed in, and stop somebody from signing in"),
        roles=_by("support"),
    ),
    # For the teams that are theirs: a head of one team lets programs in to that team's cases only.
    "programs.keys": Permission(
        sentence=mark("See the keys of programs, make new ones and end them"),
        roles=_by("support", "head"),
    ),
}


# What a program of an officers' system may be let in for: its key names some of these rows.
SCOPES = frozenset(
    {
        "cases.read",
        "cases.take",
        "cases.hand-over",
        "cases.note",
        "cases.message",
        "cases.act",
        "cases.tasks",
        "cases.task",
        "bookings.read",
        "bookings.change",
        "money.read",
        "money.refund",
    }
)


@dataclass(frozen=True, kw_only=True)
class Teams:
    """The teams somebody's permission covers: some, or every one."""

    every: bool = False
    some: frozenset[str] = frozenset()

    def __contains__(self, team: object) -> bool:
        return self.every or team in self.some

    def covers(self, team: str) -> bool:
        """Whether they may with what is that team's; with what is no team's, all of them may."""
        return team in self if team else bool(self)

    def __bool__(self) -> bool:
        return self.every or bool(self.some)


def covered(action: str, *, held: Iterable[Held], by: Collection[str] | None = None) -> Teams:
    """The teams for which somebody who holds these roles may do ``action``; ``by`` narrows the roles.

    KeyError for an action the table does not know: a typing mistake must never open a door.
    """
    roles = PERMISSIONS[action].roles
    there = {one.team for one in held if one.role in roles and (by is None or one.role in by)}
    return Teams(every=True) if "" in there else Teams(some=frozenset(there))
