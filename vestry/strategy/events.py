"""The facts of the strategy room. The subject is the statement.

A strategy is what the council says in public; who asked for it is an officer, by short name, as everywhere.
The sentences themselves stay in the tables, so that a slip of the pen can be taken out.
"""

from __future__ import annotations

from dataclasses import dataclass

from vestry.kernel import Fact, mark

_PRIVACY = "Layers, short names, numbers of words and days; a sentence and its reasons stay in the tables."


@dataclass(frozen=True, kw_only=True)
class StatementMade(Fact):
    """A statement was put into the strategy."""

    name = "strategy.made"
    sentence = mark("{actor} put this into the strategy.")
    privacy = _PRIVACY

    layer: str
    words: int
    since: str


@dataclass(frozen=True, kw_only=True)
class StatementReworded(Fact):
    """A statement says something else from a day on. ``number`` counts its wordings."""

    name = "strategy.reworded"
    sentence = mark("{actor} changed what it says: {came} words came, {went} went.")
    privacy = _PRIVACY

    number: int
    words: int
    came: int
    went: int
    since: str
    hangs: int
    """How much hung from it when it was changed."""


@dataclass(frozen=True, kw_only=True)
class StatementMoved(Fact):
    """A statement stands in another layer."""

    name = "strategy.moved"
    sentence = mark("{actor} moved it to the layer “{layer}”.")
    privacy = _PRIVACY

    layer: str


@dataclass(frozen=True, kw_only=True)
class StatementAssigned(Fact):
    """Another team looks after a statement; nobody does where ``owner`` is empty."""

    name = "strategy.assigned"
    sentence = mark("{actor} changed the team that looks after it.")
    privacy = _PRIVACY

    owner: str


@dataclass(frozen=True, kw_only=True)
class StatementEnded(Fact):
    """A statement is no longer part of the strategy."""

    name = "strategy.ended"
    sentence = mark("{actor} took it out of the strategy.")
    privacy = _PRIVACY

    on: str


@dataclass(frozen=True, kw_only=True)
class StatementConfirmed(Fact):
    """Somebody read a statement again, and it stays as it is."""

    name = "strategy.confirmed"
    sentence = mark("{actor} read it again. It stays as it is.")
    privacy = _PRIVACY

    on: str


@dataclass(frozen=True, kw_only=True)
class LinkMade(Fact):
    """A statement serves, or is guided by, another from now on."""

    name = "strategy.linked"
    sentence = mark("{actor} linked it to “{parent}” ({kind}).")
    privacy = _PRIVACY

    parent: str
    kind: str
    since: str


@dataclass(frozen=True, kw_only=True)
class LinkEnded(Fact):
    """A link between two statements holds no longer."""

    name = "strategy.unlinked"
    sentence = mark("{actor} took away its link to “{parent}” ({kind}).")
    privacy = _PRIVACY

    parent: str
    kind: str
    until: str


@dataclass(frozen=True, kw_only=True)
class ChangeProposed(Fact):
    """Somebody thinks that the strategy should be changed. It waits for a decision."""

    name = "strategy.proposed"
    sentence = mark("{actor} proposed to change it (proposal {number}).")
    privacy = _PRIVACY

    number: int
    change: str
    """Of what kind: to reword, add, end, link or unlink it."""


@dataclass(frozen=True, kw_only=True)
class ProposalDecided(Fact):
    """A proposal was accepted or declined."""

    name = "strategy.decided"
    sentence = mark("{actor} decided on proposal {number}: {state}.")
    privacy = _PRIVACY

    number: int
    state: str
