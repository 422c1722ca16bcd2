"""``technologies.yaml``: the register as a pack writes it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated, Literal

import msgspec
from django.utils.translation import gettext as _

from vestry.design.capability import PackFile, Problem
from vestry.kernel import SYSTEM, Ref
from vestry.technology import api as technology
from vestry.technology.rules import waivers

Slug = Annotated[
    str,
    msgspec.Meta(
        pattern="^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        max_length=60,
        description="Small letters and digits, with a hyphen between words.",
    ),
]
Text = Annotated[str, msgspec.Meta(min_length=1)]
# As long as their columns.
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Named = Annotated[str, msgspec.Meta(max_length=120)]
Address = Annotated[str, msgspec.Meta(max_length=300)]
Day = Annotated[str, msgspec.Meta(pattern="^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", examples=["2026-11-23"])]
Path = tuple[str | int, ...]
Months = Annotated[int, msgspec.Meta(ge=0, le=240)]
Verdicts = dict[Literal["met", "partly", "not-met", "not-known", "not-applicable"], tuple[str, ...]]


class _Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What stands in the file: nothing else may."""


class Contract(_Said, frozen=True, kw_only=True):
    """How long it runs, in months from its start."""

    reference: str = ""
    start: Day
    initial: Months
    extension: Months = 0
    most: Annotated[int, msgspec.Meta(ge=0, le=100)] | Literal["for-ever"] = 0
    """How often it can be extended."""
    taken: Months = 0
    tacit: bool = False
    """Whether it extends by itself unless notice is given."""
    notice: Months = 0
    notice_days: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    breaks: tuple[Day, ...] = ()


class Step(_Said, frozen=True, kw_only=True):
    """Why a better kind of hosting will not do."""

    reason: Text
    looked_at: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0


class Told(_Said, frozen=True, kw_only=True):
    """What somebody found on a day: criteria, or whole principles, by verdict."""

    day: Day
    means: Literal["observed", "documented", "attested"]
    says: Text
    verdicts: Verdicts


class Waiver(_Said, frozen=True, kw_only=True):
    """A principle that is not met, taken all the same."""

    principle: technology.Principle
    why: Literal["nothing-else", "too-soon-to-leave", "law", "being-built", "emergency"]
    reason: Text
    owner: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    instead: Text
    exit_step: Text
    granted: Day
    ends: Day
    asked_by: Slug
    granted_by: Slug


class Decision(_Said, frozen=True, kw_only=True):
    """What was decided last."""

    kind: Literal["buy", "renew", "build"]
    outcome: Literal["proceed", "conditions", "waived", "refused"]
    day: Day
    by: Slug
    reason: Text
    conditions: str = ""
    conditions_by: Day | None = None


class Technology(_Said, frozen=True, kw_only=True):
    """One product."""

    title: Title
    supplier: Named = ""
    what: Text
    address: Address = ""
    hosting: Literal["saas", "paas", "iaas", "on-premises"]
    steps: dict[Literal["saas", "paas", "iaas"], Step] = {}
    owner: Slug
    information_class: Literal["public", "official", "official-personal", "official-sensitive"] = (
        msgspec.field(name="class")
    )
    guide: Address = ""
    users: Annotated[tuple[Literal["public", "staff", "machines"], ...], msgspec.Meta(min_length=1)]
    people: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
    pounds: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
    """What it costs in a year."""
    gives: tuple[Slug, ...] = ()
    """The capabilities it gives."""
    leaving: Day | None = None
    twice_because: str = ""
    contract: Contract | None = None
    found: tuple[Told, ...] = ()
    claimed: Day | None = None
    claims: dict[str, str | bool | tuple[str, ...]] = {}
    """The supplier's public answers, by the ids of the G-Cloud questions."""
    waivers: tuple[Waiver, ...] = ()
    decision: Decision | None = None


class Technologies(_Said, frozen=True, kw_only=True):
    """The whole file."""

    technologies: dict[Slug, Technology] = {}


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def entries(said: Technologies) -> tuple[technology.Entry, ...]:
    """As the technology room takes them."""
    return tuple(_entry(slug, each) for slug, each in said.technologies.items())


def _entry(slug: str, each: Technology) -> technology.Entry:
    return technology.Entry(
        slug=slug,
        title=each.title,
        supplier=each.supplier,
        what=each.what,
        address=each.address,
        hosting=each.hosting,
        steps={
            str(rung): technology.Step(reason=step.reason, looked_at=step.looked_at)
            for rung, step in each.steps.items()
        },
        owner=each.owner,
        information_class=each.information_class,
        guide=each.guide,
        users=each.users,
        people=each.people,
        pounds=each.pounds,
        capabilities=each.gives,
        leaving=_day(each.leaving),
        twice_because=each.twice_because,
        contract=_contract(each.contract) if each.contract else None,
    )


def _contract(said: Contract) -> technology.Contract:
    return technology.Contract(
        reference=said.reference,
        start=date.fromisoformat(said.start),
        initial=said.initial,
        extension=said.extension,
        most=None if said.most == "for-ever" else said.most,
        taken=said.taken,
        tacit=said.tacit,
        notice=said.notice,
        notice_days=said.notice_days,
        breaks=tuple(map(date.fromisoformat, said.breaks)),
    )


def histories(said: Technologies) -> Mapping[str, technology.History]:
    """What is known of each before, as the technology room takes it."""
    return {slug: _history(each) for slug, each in said.technologies.items()}


def _history(each: Technology) -> technology.History:
    decided = each.decision
    return technology.History(
        told=tuple(map(_told, each.found)),
        claims=each.claims,
        claimed_on=_day(each.claimed),
        waivers=tuple(map(_granted, each.waivers)),
        kind=decided.kind if decided else "buy",
        decision=technology.Deciding(
            outcome=decided.outcome,
            reason=decided.reason,
            conditions=decided.conditions,
            conditions_by=_day(decided.conditions_by),
        )
        if decided
        else None,
        decided_on=_day(decided.day) if decided else None,
        decided_by=Ref("officer", decided.by) if decided else SYSTEM,
    )


def _told(said: Told) -> technology.Told:
    verdicts = {str(verdict): names for verdict, names in said.verdicts.items()}
    day = date.fromisoformat(said.day)
    return technology.Told(day=day, means=said.means, says=said.says, verdicts=verdicts)


def _granted(said: Waiver) -> technology.Granted:
    made = technology.Waiving(
        principle=said.principle,
        why=said.why,
        reason=said.reason,
        owner=said.owner,
        instead=said.instead,
        exit_step=said.exit_step,
        ends=date.fromisoformat(said.ends),
    )
    asked, granted = Ref("officer", said.asked_by), Ref("officer", said.granted_by)
    day = date.fromisoformat(said.granted)
    return technology.Granted(waiver=made, day=day, asked_by=asked, granted_by=granted)


def barred(said: Technologies) -> frozenset[str]:
    """Those that no service may run on: refused, or decided by nobody."""
    return frozenset(
        slug
        for slug, each in said.technologies.items()
        if each.decision is None or each.decision.outcome == "refused"
    )


class TechnologiesFile(PackFile):
    """``technologies.yaml``, as the pack's reader takes it."""

    name = "technologies.yaml"
    struct = Technologies
    kinds = ("technologies", "barred")

    def named(self, said: Technologies) -> dict[str, frozenset[str]]:
        """The technologies there will be, and those that no service may run on."""
        return {"technologies": frozenset(said.technologies), "barred": barred(said)}

    def known(self) -> dict[str, frozenset[str]]:
        """The technologies there are, and those that no service may run on."""
        return {"technologies": technology.slugs(), "barred": frozenset(technology.barred())}

    def problems(self, said: Technologies, known: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
        """Days that are none, and names of nobody and nothing."""
        return mistakes(said, known)

    def foreseen(self, said: Technologies, today: date) -> list[technology.Footing]:
        """How each would stand by what the file says of it."""
        return technology.foreseen(entries(said), histories(said), today)

    def put(self, said: Technologies, *, now: datetime) -> None:
        """Take them into the register, and what was known of each where nothing is known here yet."""
        technology.put_entries(entries(said), now=now)
        for slug, history in histories(said).items():
            technology.put_history(technology=slug, history=history, now=now)


def mistakes(said: Technologies, known: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    """What the schema cannot see. Teams and officers are looked at where they are known."""
    criteria = technology.rubrics().criteria
    for slug, each in said.technologies.items():
        path: Path = ("technologies", slug)
        for where, day in _days_written(each):
            try:
                date.fromisoformat(day)
            except ValueError:
                yield _wrong((*path, *where), _("There is no such day: {day}.").format(day=day))
                return
        if each.owner not in known.get("teams", {each.owner}):
            what = _('"{name}" is not a team of the council.').format(name=each.owner)
            yield _wrong((*path, "owner"), what, _did_you_mean(each.owner, known["teams"]))
        for name in technology.unknown_criteria(tuple(map(_told, each.found))):
            what = _('"{name}" is not a criterion, and not a principle.').format(name=name)
            yield _wrong((*path, "found"), what, _did_you_mean(name, criteria))
        for where, name in _people_written(each):
            if name not in known.get("officers", {name}):
                what = _('"{name}" is not an officer of the council.').format(name=name)
                yield _wrong((*path, *where), what, _did_you_mean(name, known["officers"]))
        for where, what, instead in [*_claims_misread(each), *_waivers_not_granted(each)]:
            yield _wrong((*path, *where), what, instead)


def _wrong(path: Path, what: str, instead: str = "") -> Problem:
    return Problem(path=path, what=what, instead=instead)


def _did_you_mean(written: str, known: Iterable[str]) -> str:
    near = get_close_matches(written, sorted(known), 1)
    return _('Did you mean "{word}"?').format(word=near[0]) if near else ""


def _days_written(each: Technology) -> Iterator[tuple[Path, str]]:
    if each.leaving:
        yield ("leaving",), each.leaving
    if each.claimed:
        yield ("claimed",), each.claimed
    if each.contract:
        yield ("contract", "start"), each.contract.start
        yield from ((("contract", "breaks", n), day) for n, day in enumerate(each.contract.breaks))
    yield from ((("found", n, "day"), one.day) for n, one in enumerate(each.found))
    for n, one in enumerate(each.waivers):
        yield ("waivers", n, "granted"), one.granted
        yield ("waivers", n, "ends"), one.ends
    if each.decision:
        yield ("decision", "day"), each.decision.day
        if each.decision.conditions_by:
            yield ("decision", "conditions-by"), each.decision.conditions_by


def _claims_misread(each: Technology) -> Iterator[tuple[Path, str, str]]:
    for wrong in technology.read_answers(each.claims).wrong:
        yield ("claims", wrong.column), wrong.what, wrong.right
    if each.claims and not each.claimed:
        yield ("claims",), _("It does not say when the supplier said so."), _('Write "claimed:" and the day.')


def _waivers_not_granted(each: Technology) -> Iterator[tuple[Path, str, str]]:
    """What nobody could have granted here."""
    for n, one in enumerate(each.waivers):
        granted, ends = date.fromisoformat(one.granted), date.fromisoformat(one.ends)
        latest = waivers.latest_end(granted, None)
        if one.granted_by == one.asked_by:
            what = _("Whoever asks for a waiver cannot grant it.")
            yield ("waivers", n, "granted-by"), what, _("Name who granted it.")
        if ends <= granted:
            what = _("A waiver has to end after the day on which it was granted.")
            yield ("waivers", n, "ends"), what, ""
        elif ends > latest:
            what = _("A waiver ends after 12 months: on {latest} at the latest.")
            yield ("waivers", n, "ends"), what.format(latest=latest.isoformat()), ""


def _people_written(each: Technology) -> Iterator[tuple[Path, str]]:
    for n, one in enumerate(each.waivers):
        yield ("waivers", n, "asked-by"), one.asked_by
        yield ("waivers", n, "granted-by"), one.granted_by
    if each.decision:
        yield ("decision", "by"), each.decision.by
