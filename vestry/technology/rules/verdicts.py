"""What evidence comes to: for a criterion, for a principle, and for the decision.

1. Of what is known about a criterion the strongest that is still fresh counts; of equally strong the worst.
2. What is stale, and a word where proof is asked for, leaves it *not known*; so does a supplier's word that
   is better than what was seen, however long ago.
3. A principle's word is its worst *must*; whatever else is asked can only make "met" "partly".
4. Nothing is ever added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from vestry.technology.ports import Verdict
from vestry.technology.rules.criteria import PRINCIPLES, Criterion, Means
from vestry.technology.rules.dates import Span, after

MET, PARTLY, NOT_MET = Verdict.MET, Verdict.PARTLY, Verdict.NOT_MET
NOT_KNOWN, NOT_APPLICABLE = Verdict.NOT_KNOWN, Verdict.NOT_APPLICABLE
# Strongest first. What is worked out from the register is as good as seen.
STRENGTH: tuple[Means, ...] = ("observed", "worked-out", "documented", "claimed", "attested")
WORDS_ONLY = frozenset({"claimed", "attested"})
WORST_FIRST = (NOT_MET, NOT_KNOWN, PARTLY, MET)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One piece of evidence: what it says of a criterion, how that is known, and since when."""

    id: int
    criterion: str
    verdict: Verdict
    means: Means
    day: date
    sentence: str = ""
    question: str = ""
    """Which of the published questions it answers; none where it answers none."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a technology stands against one criterion, and why.

    ``why``: ``evidence``, or what keeps it unknown: ``nothing``, ``stale``, ``word-only``. ``until``: the
    last day on which it holds. ``disagrees``: weaker evidence that says something else.
    """

    criterion: str
    verdict: Verdict
    why: str
    piece: Piece | None = None
    until: date | None = None
    disagrees: tuple[Piece, ...] = ()


def standing(criterion: Criterion, pieces: Iterable[Piece], today: date) -> Standing:
    """How it stands against a criterion on a day, by all that is known of it."""
    known = [each for each in pieces if each.criterion == criterion.id and each.day <= today]
    newest = current(known)
    fresh = [each for each in newest if holds_until(criterion, each) >= today]
    if not fresh:
        return Standing(
            criterion=criterion.id,
            verdict=NOT_KNOWN,
            why="stale" if known else "nothing",
            piece=max(known, key=lambda each: (each.day, each.id), default=None),
        )
    # What could not be seen says nothing against what a document shows.
    telling = [each for each in fresh if each.verdict != NOT_KNOWN] or fresh
    best = min(telling, key=_rank)
    others = tuple(each for each in sorted(fresh, key=_rank) if _differs(each, best))
    verdict, why = best.verdict, "evidence"
    if criterion.proof and best.means in WORDS_ONLY and verdict in (MET, PARTLY):
        verdict, why = NOT_KNOWN, "word-only"
    elif best.means in ("claimed", "worked-out") and any(
        _better(best, each) for each in newest if each.means == "observed"
    ):
        verdict, why = NOT_KNOWN, "stale"
    until = holds_until(criterion, best)
    return Standing(
        criterion=criterion.id, verdict=verdict, why=why, piece=best, until=until, disagrees=others
    )


_P = TypeVar("_P", bound=Piece)


def current(pieces: Iterable[_P]) -> list[_P]:
    """What still counts of some pieces on one criterion: the newest day of each kind, and of answers the
    newest to each question. What was mended is mended; what was answered to something else stands.
    """
    known = list(pieces)
    newest: dict[tuple[str, str], tuple[date, int]] = {}
    for each in known:
        about = each.means, each.question
        newest[about] = max(newest.get(about, _since(each)), _since(each))
    return [each for each in known if _since(each) == newest[each.means, each.question]]


def _since(piece: Piece) -> tuple[date, int]:
    return piece.day, piece.id if piece.question else 0


def _rank(piece: Piece) -> tuple[int, int, int]:
    worst = WORST_FIRST.index(piece.verdict) if piece.verdict in WORST_FIRST else len(WORST_FIRST)
    return STRENGTH.index(piece.means), worst, -piece.id


def _differs(piece: Piece, best: Piece) -> bool:
    return (
        piece.id != best.id
        and NOT_KNOWN not in (piece.verdict, best.verdict)
        and (piece.verdict != best.verdict)
    )


def _better(one: Piece, other: Piece) -> bool:
    """Whether one says better of it than the other, where both say something."""
    return all(each.verdict in (MET, PARTLY, NOT_MET) for each in (one, other)) and (
        WORST_FIRST.index(one.verdict) > WORST_FIRST.index(other.verdict)
    )


def disagreement(claimed: Piece | None, seen: Piece | None) -> str:
    """How a supplier's word stands to what is known otherwise: ``better``, ``worse``, or nothing."""
    if claimed is None or seen is None:
        return ""
    return "better" if _better(claimed, seen) else "worse" if _better(seen, claimed) else ""


def strongest(pieces: Iterable[Piece]) -> Piece | None:
    """What says most of some pieces on one criterion: the strongest kind that counts, the worst of that."""
    return min((each for each in current(pieces) if each.verdict != NOT_KNOWN), key=_rank, default=None)


def holds_until(criterion: Criterion, piece: Piece) -> date:
    """The last day on which a piece of evidence says anything about a criterion."""
    return after(piece.day, Span(months=criterion.months))


@dataclass(frozen=True, kw_only=True)
class Word:
    """What is said of one principle: its word, the criteria that made it so, and how much of it is known."""

    principle: str
    verdict: Verdict
    because: tuple[str, ...]
    stale: bool = False


def word_of(principle: str, criteria: Sequence[Criterion], standings: Mapping[str, Standing]) -> Word:
    """A principle's word: its worst must; what only should be can lower "met" to "partly", and no further."""
    asked = [each for each in criteria if each.principle == principle]
    held = {each.id: standings[each.id] for each in asked}
    stale = any(each.why == "stale" for each in held.values())
    counted = [each for each in asked if held[each.id].verdict != NOT_APPLICABLE]
    if not counted:
        return Word(principle=principle, verdict=NOT_APPLICABLE, because=(), stale=stale)
    musts = [held[each.id].verdict for each in counted if each.must]
    verdict = min(musts, key=WORST_FIRST.index, default=MET)
    because = tuple(each.id for each in counted if each.must and held[each.id].verdict == verdict)
    short = tuple(each.id for each in counted if not each.must and held[each.id].verdict != MET)
    if verdict == MET and short:
        verdict, because = PARTLY, short
    return Word(principle=principle, verdict=verdict, because=() if verdict == MET else because, stale=stale)


def words_of(criteria: Sequence[Criterion], standings: Mapping[str, Standing]) -> list[Word]:
    """The words of all six principles, in their order."""
    return [word_of(principle, criteria, standings) for principle in PRINCIPLES]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of some verdicts; not applicable when there is none that says anything."""
    said = [each for each in verdicts if each != NOT_APPLICABLE]
    return min(said, key=WORST_FIRST.index, default=NOT_APPLICABLE)


def best_outcome(words: Iterable[Word], waived: frozenset[str] = frozenset()) -> str:
    """The best that may be decided: ``proceed``, ``conditions``, ``waived``, or ``refused``.

    ``waived`` are the principles with a waiver that runs. A waiver makes nothing met.
    """
    blocking = {each.principle for each in words if each.verdict in (NOT_MET, NOT_KNOWN)}
    if blocking - waived:
        return "refused"
    if blocking:
        return "waived"
    return "conditions" if any(each.verdict == PARTLY for each in words) else "proceed"


OUTCOMES = ("proceed", "conditions", "waived", "refused")


def allowed_outcomes(words: Iterable[Word], waived: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What may be decided: the best that the words allow, and refusing, which always may be."""
    best = best_outcome(words, waived)
    also = ("conditions",) if best == "proceed" else ()
    return tuple(dict.fromkeys((best, *also, "refused")))
