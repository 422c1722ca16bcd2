"""The same thing done with several cases: each on its own, so that one that can't doesn't keep the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vestry.cases.api.allowing import possible
from vestry.cases.api.finding import get_case
from vestry.cases.api.views import ActionView, CaseView, NoSuchCase, Tried
from vestry.kernel import Refused
from vestry.people import api as people

# As many as a list shows, and the parts of a big case.
MOST = 100


@dataclass(frozen=True, kw_only=True)
class Shared:
    """An action that at least one of several cases of a service allows; ``cases`` says how many do."""

    service: str
    title: str
    action: ActionView
    cases: int


@dataclass(frozen=True, kw_only=True)
class PossibleTogether:
    """What can be done with several cases; each thing with at least one of them."""

    cases: Sequence[CaseView]
    take: bool
    hand_over: bool
    actions: Sequence[Shared]


def possible_together(
    *, officer: people.OfficerView, references: Iterable[str], now: datetime
) -> PossibleTogether:
    """What an officer can do with these cases. One that isn't there, or isn't theirs, is left out."""
    cases, take, hand_over = [], False, False
    shared: dict[tuple[str, str], Shared] = {}
    for reference in list(dict.fromkeys(references))[:MOST]:
        try:
            case = get_case(officer=officer, reference=reference)
        except NoSuchCase:
            continue
        cases.append(case)
        can = possible(officer=officer, reference=reference, now=now)
        take, hand_over = take or can.take, hand_over or can.hand_over
        for action in can.actions:
            before = shared.get((case.service, action.id))
            many = before.cases + 1 if before else 1
            shown = before.action if before else action
            shared[case.service, action.id] = Shared(
                service=case.service, title=case.title, action=shown, cases=many
            )
    return PossibleTogether(cases=cases, take=take, hand_over=hand_over, actions=list(shared.values()))


def together(*, references: Iterable[str], do: Callable[[str], None]) -> list[Tried]:
    """Do something with each of these cases, each in its own transaction: what came of each.

    ``do`` is one of the verbs of this door, given a reference. Given the form's key, twice is once.
    """
    tried = []
    for reference in list(dict.fromkeys(references))[:MOST]:
        try:
            do(reference)
        except Refused as refusal:
            tried.append(Tried(reference=reference, refusal=refusal))
        else:
            tried.append(Tried(reference=reference, refusal=None))
    return tried
