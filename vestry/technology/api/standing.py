"""How technologies stand against the six principles on a day. See `technology.api`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from vestry.kernel import Ref
from vestry.technology import models
from vestry.technology.api.data import rubrics
from vestry.technology.api.register import Entry, entry_of, row_of, technologies, uses
from vestry.technology.ports import Verdict
from vestry.technology.rules import states
from vestry.technology.rules.criteria import Case, Criterion, asked
from vestry.technology.rules.register import bends, kept_well, overlaps, repeats
from vestry.technology.rules.steps import preference
from vestry.technology.rules.verdicts import Piece, Standing, Word, standing, words_of
from vestry.technology.rules.waivers import runs

UNASSESSED = "unassessed"


@dataclass(frozen=True, kw_only=True)
class WaiverView:
    """A waiver. It makes nothing met: it stands beside the word."""

    technology: str
    number: int
    principle: str
    state: str
    why: str
    reason: str
    owner: str
    instead: str
    exit_step: str
    ends: date
    asked_by: str
    settled_by: str
    decided_in: str
    renewals: int
    runs: bool


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was decided, and all it rested on, as it was then."""

    number: int
    kind: str
    state: str
    outcome: str
    decided_by: str
    decided_on: date | None
    reason: str
    conditions: str
    conditions_by: date | None
    again_on: date | None
    rested: dict[str, object] | None


@dataclass(frozen=True, kw_only=True)
class Stand:
    """One technology on a day: its six words, why, what was decided, and the next day that matters."""

    entry: Entry
    day: date
    kind: str
    size: str
    criteria: tuple[Criterion, ...]
    standings: dict[str, Standing]
    words: tuple[Word, ...]
    waivers: tuple[WaiverView, ...]
    decision: Decision | None
    open: Decision | None
    services: tuple[str, ...]
    twice: dict[str, tuple[str, ...]]

    @property
    def state(self) -> str:
        """``unassessed``, ``due``, or what was decided."""
        if self.decision is None:
            return UNASSESSED
        return states.DUE if self.decision.state == states.DUE else self.decision.outcome

    @property
    def waived(self) -> dict[str, date]:
        """Until when which principle is waived: by the last of its waivers, where it was renewed."""
        running = sorted((each for each in self.waivers if each.runs), key=lambda each: each.ends)
        return {each.principle: each.ends for each in running}

    @property
    def days(self) -> list[tuple[date, str]]:
        """The days that matter, the next first: each with what it is."""
        found = [(ends, "waiver") for ends in self.waived.values()]
        if self.decision and self.decision.conditions_by:
            found.append((self.decision.conditions_by, "conditions"))
        if self.decision and self.decision.again_on:
            found.append((self.decision.again_on, "again"))
        if (next_one := self.entry.renewal(self.day)) and not next_one.over:
            found += [(next_one.act_by, "act-by"), (next_one.end, "end")]
            found += [] if next_one.settled else [(next_one.last_notice, "last-notice")]
        return sorted(found)

    @property
    def next_day(self) -> tuple[date, str] | None:
        """The next day that matters; one that has passed unanswered is the next, too."""
        return self.days[0] if self.days else None


def stands(today: date, of: Collection[str] | None = None) -> list[Stand]:
    """Every technology on a day, or those of these names that there are; the one whose next day that matters
    is nearest first.
    """
    every = technologies()
    run_by = uses()
    rows = {row.slug: row for row in models.Technology.objects.all()}
    found = [
        _stand(rows[entry.slug], every, run_by, today) for entry in every if of is None or entry.slug in of
    ]
    return sorted(found, key=lambda each: (each.next_day or (date.max, ""), each.entry.title))


def get_stand(slug: str, today: date) -> Stand:
    """One technology on a day. Raises `NoSuchTechnology`."""
    return _stand(row_of(slug), technologies(), uses(), today)


def _stand(
    row: models.Technology, every: Sequence[Entry], run_by: dict[str, list[str]], today: date
) -> Stand:
    entry = entry_of(row)
    assessments = list(models.Assessment.objects.filter(technology=row).order_by("number"))
    decided = [each for each in assessments if each.state in (states.DECIDED, states.DUE)]
    opened = next((each for each in assessments if each.state == states.ASKING), None)
    kind = (opened or (decided[-1] if decided else None) or _WITHOUT).kind
    case = case_of(entry, kind)
    criteria = asked(case, rubrics())
    others = [each.gives for each in every]
    pieces = [*pieces_of(entry.ref), *worked_out(entry, every, today)]
    standings = {each.id: standing(each, pieces, today) for each in criteria}
    return Stand(
        entry=entry,
        day=today,
        kind=kind,
        size=case.size,
        criteria=tuple(criteria),
        standings=standings,
        words=tuple(words_of(criteria, standings)),
        waivers=tuple(waivers_of(row, today)),
        decision=_decision(decided[-1]) if decided else None,
        open=_decision(opened) if opened else None,
        services=tuple(service for service, on in run_by.items() if entry.slug in on),
        twice={
            capability: tuple(each.slug for each in given)
            for capability, given in overlaps(entry.gives, others).items()
        },
    )


class _WITHOUT:
    """No assessment yet: it would be bought."""

    kind = "buy"


def case_of(entry: Entry, kind: str) -> Case:
    """What is decided about a technology, as the rules see it."""
    return Case(
        kind=kind,  # type: ignore[arg-type]
        users=frozenset(entry.users),
        people=entry.people,
        class_=entry.information_class,  # type: ignore[arg-type]
        pounds=entry.pounds,
    )


def pieces_of(about: Ref) -> Iterable[Piece]:
    """All that was ever known of a technology or a service, the oldest first."""
    for each in models.Evidence.objects.filter(about=str(about)).order_by("pk"):
        yield Piece(
            id=each.pk,
            criterion=each.criterion,
            verdict=Verdict(each.verdict),
            means=each.means,
            day=each.day,
            sentence=each.sentence,
            question=each.question,
        )


def worked_out(entry: Entry, every: Sequence[Entry], today: date) -> list[Piece]:
    """What the register itself says, on a day: nobody has to type it, and it never grows stale."""
    others = [each.gives for each in every]
    found = {
        "F2": repeats(entry.gives, others, reason=bool(entry.twice_because)),
        "S1": kept_well(entry.information_class, entry.owner, entry.guide),
    }
    if entry.contract:
        found["F6"] = bends(entry.contract.term)
    pieces = [
        Piece(id=0, criterion=criterion, verdict=verdict, means="worked-out", day=today)
        for criterion, verdict in found.items()
    ]
    ladder = Piece(
        id=0, criterion="C1", verdict=preference(entry.hosting, entry.steps), means="documented", day=today
    )
    return [*pieces, ladder]


def waivers_of(row: models.Technology, today: date) -> Iterable[WaiverView]:
    """A technology's waivers, newest first."""
    for each in models.Waiver.objects.filter(technology=row).order_by("-number"):
        granted = each.state == "granted"
        yield WaiverView(
            technology=row.slug,
            number=each.number,
            principle=each.principle,
            state=each.state,
            why=each.why,
            reason=each.reason,
            owner=each.owner,
            instead=each.instead,
            exit_step=each.exit_step,
            ends=each.ends,
            asked_by=each.asked_by,
            settled_by=each.settled_by,
            decided_in=each.decided_in,
            renewals=each.renewals,
            runs=granted and runs(each.ends, None, today),
        )


def decisions(slug: str) -> list[Decision]:
    """Everything that was ever decided about a technology, newest first. Raises `NoSuchTechnology`."""
    rows = models.Assessment.objects.filter(technology=row_of(slug)).exclude(state=states.ASKING)
    return [_decision(each) for each in rows.order_by("-number")]


def _decision(row: models.Assessment) -> Decision:
    return Decision(**{name: getattr(row, name) for name in Decision.__dataclass_fields__})


def barred() -> dict[str, str]:
    """The technologies that no service may be published on: unassessed or refused, by name."""
    last: dict[str, str] = {}
    rows = models.Assessment.objects.exclude(outcome="").select_related("technology").order_by("number")
    for each in rows:
        last[each.technology.slug] = each.outcome
    every = models.Technology.objects.values_list("slug", flat=True)
    return {slug: last.get(slug, UNASSESSED) for slug in every if last.get(slug, "refused") == "refused"}
