"""What the register itself can say: about capabilities given twice, the contract, the class and its owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from vestry.technology.ports import Verdict
from vestry.technology.rules.dates import FAR, MONTHS, Span, Term, before

TWO_YEARS, THREE_YEARS = 24, 36
_THREE_MONTHS = Span(months=3)


@dataclass(frozen=True, kw_only=True)
class Gives:
    """A technology, as far as it matters here: what it gives, and the day it is left, if there is one."""

    slug: str
    capabilities: frozenset[str]
    leaving: date | None = None


def overlaps(about: Gives, others: Iterable[Gives]) -> Mapping[str, tuple[Gives, ...]]:
    """What others give already, by capability."""
    found = {
        capability: tuple(
            each for each in others if each.slug != about.slug and capability in each.capabilities
        )
        for capability in sorted(about.capabilities)
    }
    return {capability: given for capability, given in found.items() if given}


def repeats(about: Gives, others: Iterable[Gives], *, reason: bool = False) -> Verdict:
    """Whether it repeats what is owned (F2): met when nothing does, or whatever does is being left."""
    given = [each for twice in overlaps(about, tuple(others)).values() for each in twice]
    if not given or all(each.leaving for each in given):
        return Verdict.MET
    return Verdict.PARTLY if reason and about.leaving else Verdict.NOT_MET


def bends(term: Term) -> Verdict:
    """Whether a contract bends (F6): how long it binds, whether it breaks, how long before to say so."""
    end = next(term.ends())
    first = min((day for day in term.breaks if day > term.start), default=None)
    bound = min(end, first or FAR)
    months = (bound.year - term.start.year) * MONTHS + bound.month - term.start.month
    months += bound.day > term.start.day
    short_notice = before(bound, term.notice) >= before(bound, _THREE_MONTHS)
    if months > THREE_YEARS or not short_notice:
        return Verdict.NOT_MET
    return Verdict.MET if months <= TWO_YEARS else Verdict.PARTLY


def kept_well(class_: str, owner: str, guide: str) -> Verdict:
    """Whether it is known how carefully it is held and whose it is (S1)."""
    if not class_:
        return Verdict.NOT_MET
    return Verdict.MET if owner and guide else Verdict.PARTLY
