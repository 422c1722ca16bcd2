"""THE permission table: what there is to do on the desk, in a sentence, and which roles may do it.

A role reaches as far as the officer's own teams, or as far as the whole council. Everything that asks
"may they?" asks here: pages, lists, verbs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from vestry.kernel import mark

ROLES: Mapping[str, str] = {
    "officer": mark("Works the cases of their own teams"),
    "crew": mark("Works the cases of their own teams out of doors; does not hand them over"),
    "manager": mark("Reads every team's cases, hands them over and changes due dates"),
    "support": mark("Looks after Vestry: messages sent, facts that are stuck"),
}


class Reach(Enum):
    """How far a role reaches."""

    OWN_TEAMS = "own teams"
    COUNCIL = "the whole council"


OWN, ALL = Reach.OWN_TEAMS, Reach.COUNCIL


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One thing to do: the sentence that says it, and who may. ``demo``: in the demo, every officer may."""

    sentence: str
    roles: Mapping[str, Reach]
    demo: bool = False


PERMISSIONS: Mapping[str, Permission] = {
    "desk.enter": Permission(
        sentence=mark("Come to the desk"), roles={"officer": OWN, "crew": OWN, "manager": ALL, "support": ALL}
    ),
    "cases.read": Permission(
        sentence=mark("Find cases and read them"), roles={"officer": OWN, "crew": OWN, "manager": ALL}
    ),
    "cases.take": Permission(sentence=mark("Take a case to work on it"), roles={"officer": OWN, "crew": OWN}),
    "cases.hand-over": Permission(
        sentence=mark("Hand a case over to a colleague or another team"),
        roles={"officer": OWN, "manager": ALL},
    ),
    "cases.note": Permission(
        sentence=mark("Write a note that only officers see"),
        roles={"officer": OWN, "crew": OWN, "manager": ALL},
    ),
    "cases.message": Permission(sentence=mark("Write to the resident"), roles={"officer": OWN, "crew": OWN}),
    # Which of them may do which action, the definition says (`by:`); this is the most it can say.
    "cases.act": Permission(
        sentence=mark("Move a case on, as its service allows"),
        roles={"officer": OWN, "crew": OWN, "manager": ALL},
    ),
    "cases.due": Permission(sentence=mark("Change when a case is due"), roles={"manager": ALL}),
    "notify.sent": Permission(
        sentence=mark("See the messages that were sent"), roles={"support": ALL}, demo=True
    ),
    "ledger.parked": Permission(
        sentence=mark("See facts that are stuck, and try them again"), roles={"support": ALL}
    ),
}


@dataclass(frozen=True, kw_only=True)
class Teams:
    """The teams somebody's permission covers: some, or every one."""

    every: bool = False
    some: frozenset[str] = frozenset()

    def __contains__(self, team: object) -> bool:
        return self.every or team in self.some

    def __bool__(self) -> bool:
        return self.every or bool(self.some)


def covered(
    action: str, *, roles: Collection[str], teams: Iterable[str], by: Collection[str] | None = None
) -> Teams:
    """The teams for which somebody of these roles and teams may do ``action``; ``by`` narrows the roles.

    KeyError for an action the table does not know: a typing mistake must never open a door.
    """
    mine = PERMISSIONS[action].roles
    reaches = {mine[role] for role in roles if role in mine and (by is None or role in by)}
    if ALL in reaches:
        return Teams(every=True)
    return Teams(some=frozenset(teams)) if OWN in reaches else Teams()
