"""What one look comes to, without a register: for whoever uses nothing else. See `technology.api`."""

from __future__ import annotations

from dataclasses import dataclass

from vestry.kernel import local_day
from vestry.technology.api.data import rubrics
from vestry.technology.ports import Finding, Run, Verdict
from vestry.technology.rules.criteria import PRINCIPLES, Case, Criterion, asked
from vestry.technology.rules.verdicts import Piece, Word, standing, word_of


@dataclass(frozen=True, kw_only=True)
class Glance:
    """One look, held against the criteria that a look can see.

    ``found``: each of these with its finding. ``left``: what nobody can see from outside, so that somebody
    has to ask. A word is said of what was seen; of a principle of which nothing can be, it is not known.
    """

    version: str
    titles: dict[str, str]
    words: tuple[Word, ...]
    found: tuple[tuple[Criterion, Finding], ...]
    left: tuple[Criterion, ...]

    @property
    def musts_not_met(self) -> list[Criterion]:
        """What must be met and was seen not to be."""
        return [each for each, finding in self.found if each.must and finding.verdict == Verdict.NOT_MET]


def glance(run: Run, case: Case) -> Glance:
    """What a run says of a case."""
    of = rubrics()
    day = local_day(run.started)
    findings = {each.criterion: each for each in run.findings}
    criteria = asked(case, of)
    seen = [each for each in criteria if each.automatic and each.id in findings]
    pieces = [
        Piece(id=number, criterion=each.criterion, verdict=each.verdict, means="observed", day=day)
        for number, each in enumerate(run.findings)
    ]
    standings = {each.id: standing(each, pieces, day) for each in seen}
    words = []
    for principle in PRINCIPLES:
        any_seen = any(each.principle == principle for each in seen)
        nothing = Word(principle=principle, verdict=Verdict.NOT_KNOWN, because=())
        words.append(word_of(principle, seen, standings) if any_seen else nothing)
    return Glance(
        version=of.version,
        titles=dict(of.titles),
        words=tuple(words),
        found=tuple((each, findings[each.id]) for each in seen),
        left=tuple(each for each in criteria if each not in seen),
    )
