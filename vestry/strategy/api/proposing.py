"""Proposals: what somebody who may not change a layer would change in it. See `strategy.api`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.strategy import events, models
from vestry.strategy.api.changing import (
    MAY_PROPOSE,
    NONE,
    Decision,
    check,
    check_moved,
    decides,
    do,
    layer_of,
    layers_for,
    must_decide,
    tidy,
    too_long,
)
from vestry.strategy.api.reading import layers
from vestry.strategy.api.refusals import (
    NameTaken,
    NoAnswer,
    NoReason,
    NoSuchStatement,
    NotDecidedHere,
    NotWaiting,
)
from vestry.strategy.api.revisions import touch
from vestry.strategy.api.views import row_of
from vestry.strategy.rules.changes import ADD, END, LINK, MOVE, REWORD, Change
from vestry.strategy.rules.layers import Layer

WAITING, ACCEPTED, DECLINED = "waiting", "accepted", "declined"


@dataclass(frozen=True, kw_only=True)
class ProposalView:
    """A proposal. ``says_now`` is what the statement says while it waits; empty for a new one."""

    statement: str
    layer: str
    number: int
    change: Change
    says_now: str
    reason: str
    by: Ref
    at: datetime
    state: str
    answer: str
    decided_in: str

    @property
    def sentence(self) -> str:
        """What it would say, where the change is about what it says."""
        return self.change.sentence


def propose(
    *,
    officer: people.OfficerView,
    slug: str,
    sentence: str = "",
    change: Change | None = None,
    reason: str,
    foretold: frozenset[str] = NONE,
    moving: frozenset[str] = NONE,
    now: datetime,
) -> ProposalView:
    """Ask for a change: another wording, or the ``change`` that is given. It waits for those whose layer it
    is. The same again changes nothing. ``foretold`` and ``moving``: see `changing.check`.

    Raises `NoSuchStatement`, `NotUnderstood`, `NotDecidedHere` for who may not even propose.
    """
    change = change or Change(kind=REWORD, slug=slug, sentence=tidy(sentence))
    if not people.allowed(officer, MAY_PROPOSE):
        raise NotDecidedHere(layer=layers_for(change)[0].title)
    if not reason.strip():
        raise NoReason
    try:
        with ledger.transaction(), transaction.atomic():
            layer = _checked(change, foretold, moving)
            return _propose(officer, change, layer, reason.strip(), now)
    except IntegrityError:
        # Two people proposed a new statement of one name at the same moment.
        raise NameTaken from None


def _checked(change: Change, foretold: frozenset[str], moving: frozenset[str]) -> Layer:
    """The layer that a change is in which can be proposed."""
    if change.slug in foretold and change.kind == LINK:
        # It is linked once it is there; where it will be, whoever proposed it said.
        return layer_of(models.Proposal.objects.filter(statement=change.slug, state=WAITING)[0].layer)
    layer = layers_for(change, lock=True)[0]
    check(change, foretold=foretold, moving=moving)
    return layer


def _propose(
    officer: people.OfficerView, change: Change, layer: Layer, reason: str, now: datetime
) -> ProposalView:
    asked = msgspec.to_builtins(change)
    mine = models.Proposal.objects.filter(statement=change.slug)
    for row in mine.filter(state=WAITING):
        if row.by == str(officer.ref) and row.change == asked:
            return _views([row])[0]
        if change.kind == ADD and row.change["kind"] == ADD:
            raise NameTaken
    last = mine.order_by("-number").first()
    made = models.Proposal.objects.create(
        statement=change.slug,
        layer=layer.slug,
        number=last.number + 1 if last else 1,
        change=asked,
        reason=reason,
        by=str(officer.ref),
        at=now,
    )
    fact = events.ChangeProposed(number=made.number, change=change.kind)
    ledger.record(fact, subject=Ref("statement", change.slug), actor=officer.ref, now=now)
    return _views([made])[0]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A change out of several, and whether it can only be proposed: because its layer is not theirs, or
    because it builds on something that can only be proposed. ``too_long``: see `changing.too_long`.
    """

    change: Change
    layer: str
    proposed: bool
    too_long: int = 0


def plan(*, officer: people.OfficerView, changes: Sequence[Change]) -> list[Planned]:
    """What of several changes this officer could make, and what they could propose. Changes nothing."""
    known = {layer.slug: layer for layer in layers()}
    rows = models.Statement.objects.filter(ended_on=None).values_list("slug", "layer")
    of = dict(rows) | {each.slug: each.layer for each in changes if each.kind == ADD}
    theirs = {slug for slug, layer in known.items() if decides(officer, layer)}
    waiting: set[str] = set()
    planned = []
    for change in changes:
        layer = of[change.slug]
        builds_on = {change.slug, change.parent, *change.serves} & waiting
        leads_to = change.layer if change.kind == MOVE else layer
        proposed = not {layer, leads_to} <= theirs or bool(builds_on)
        if proposed and change.kind in {ADD, MOVE}:
            waiting.add(change.slug)
        over = too_long(change, known[layer])
        planned.append(Planned(change=change, layer=layer, proposed=proposed, too_long=over))
    return planned


def carry_out_all(
    *,
    officer: people.OfficerView,
    changes: Sequence[Change],
    reason: str,
    decided_in: str = "",
    now: datetime,
) -> list[Planned]:
    """Make several changes, or propose what cannot be made, as `plan` says; all or none.

    Raises `NoReason` where something has to be proposed and nobody says why; else as `carry_out`.
    """
    planned = plan(officer=officer, changes=changes)
    foretold = frozenset(
        each.change.slug for each in planned if each.proposed and each.change.kind in {ADD, END}
    )
    moving = frozenset(each.change.slug for each in planned if each.change.kind == MOVE)
    with ledger.transaction():
        for each in planned:
            asked: dict[str, Any] = {"officer": officer, "change": each.change, "reason": reason, "now": now}
            if each.proposed:
                propose(**asked, slug=each.change.slug, foretold=foretold, moving=moving)
            else:
                must_decide(officer, *layers_for(each.change, lock=True))
                decision = Decision(by=officer.ref, where=decided_in, reason=reason, now=now)
                do(each.change, decision, moving=moving)
        for each in planned:
            if each.change.kind == MOVE and not each.proposed:
                check_moved(each.change.slug)
        touch()
    return planned


def proposals(*, state: str = WAITING) -> list[ProposalView]:
    """All proposals in a state, oldest first."""
    return _views(models.Proposal.objects.filter(state=state).order_by("at", "pk"))


def get_proposal(*, slug: str, number: int) -> ProposalView:
    """One that waits. Raises `NotWaiting`; `NoSuchStatement` where there never was one."""
    rows = models.Proposal.objects.filter(statement=slug, number=number)
    found = rows.first()
    if found is None:
        raise NoSuchStatement
    if found.state != WAITING:
        raise NotWaiting
    return _views([found])[0]


def decide(
    *,
    officer: people.OfficerView,
    slug: str,
    number: int,
    accept: bool,
    answer: str = "",
    decided_in: str = "",
    now: datetime,
) -> ProposalView:
    """Accept a proposal, which does what it asks, or decline it, which needs an answer.

    Raises `NoSuchStatement`, `NotDecidedHere`, `NotWaiting`, `NotUnderstood`.
    """
    with ledger.transaction():
        if models.Statement.objects.filter(slug=slug, ended_on=None).exists():
            row_of(slug, lock=True)
        rows = models.Proposal.objects.select_for_update()
        found = rows.filter(statement=slug, number=number).first()
        if found is None:
            # Who may not decide here does not learn what there is to decide.
            must_decide(officer, layer_of(row_of(slug).layer))
            raise NotWaiting
        must_decide(officer, *_deciding(found.layer, _change(found)))
        if not accept and not answer.strip():
            raise NoAnswer
        if found.state != WAITING:
            raise NotWaiting
        found.state = ACCEPTED if accept else DECLINED
        found.decided_by, found.decided_at = str(officer.ref), now
        found.answer, found.decided_in = answer.strip(), decided_in
        found.save()
        fact = events.ProposalDecided(number=number, state=found.state)
        ledger.record(fact, subject=Ref("statement", slug), actor=officer.ref, now=now)
        if accept:
            # It may stand in another layer by now.
            must_decide(officer, *layers_for(_change(found)))
            decision = Decision(by=officer.ref, where=decided_in, reason=found.reason, now=now)
            do(_change(found), decision)
            touch()
    return _views([found])[0]


def may_decide(officer: people.OfficerView, proposal: ProposalView) -> bool:
    """Whether an officer may accept or decline a proposal."""
    return all(decides(officer, layer) for layer in _deciding(proposal.layer, proposal.change))


def _deciding(layer: str, change: Change) -> list[Layer]:
    """The layers a proposal is about; what is about one that is gone is for those at the top."""
    there = layers()
    by_slug = {each.slug: each for each in there}
    return [by_slug.get(slug, there[0]) for slug in dict.fromkeys([layer, change.layer or layer])]


def _change(row: models.Proposal) -> Change:
    return msgspec.convert(row.change, Change)


def _views(rows: Iterable[models.Proposal]) -> list[ProposalView]:
    listed = list(rows)
    about = {row.statement for row in listed}
    wordings = models.Wording.objects.filter(statement__slug__in=about, until=None)
    said = dict(wordings.values_list("statement__slug", "sentence"))
    return [
        ProposalView(
            statement=row.statement,
            layer=row.layer,
            number=row.number,
            change=_change(row),
            says_now=said.get(row.statement, ""),
            reason=row.reason,
            by=Ref.read(row.by),
            at=row.at,
            state=row.state,
            answer=row.answer,
            decided_in=row.decided_in,
        )
        for row in listed
    ]
