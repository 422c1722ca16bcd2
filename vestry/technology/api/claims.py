"""What a supplier says, taken in, and beside what is known otherwise. See `technology.api`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.technology import models
from vestry.technology.api.assessing import keep
from vestry.technology.api.data import questions
from vestry.technology.api.evidence import Known, known
from vestry.technology.api.refusals import NoSourceGiven
from vestry.technology.api.register import row_of, technologies
from vestry.technology.api.standing import Stand, worked_out
from vestry.technology.api.table import WrongCell
from vestry.technology.rules import claims
from vestry.technology.rules.claims import Claim
from vestry.technology.rules.criteria import Criterion
from vestry.technology.rules.verdicts import Piece, current, disagreement, strongest

SOURCE = 300


@dataclass(frozen=True, kw_only=True)
class ReadClaims:
    """Answers as they were read: what was understood, which questions are about no criterion, and what is
    wrong, by line and question. With anything wrong, nothing is taken.
    """

    claims: Sequence[Claim] = ()
    silent: Sequence[str] = ()
    wrong: Sequence[WrongCell] = ()


def read_claims(text: str) -> ReadClaims:
    """A supplier's answers from a table (``question``, ``answer``) or from JSON, as a whole."""
    return _said(claims.read_text(text, questions()))


def read_answers(answers: Mapping[str, object]) -> ReadClaims:
    """A supplier's answers by question id, as a form or a pack has them."""
    rows = [(0, question, given) for question, given in answers.items()]
    return _said(claims.read_rows(rows, questions()))


def _said(read: claims.Read) -> ReadClaims:
    wrong = [
        WrongCell(
            line=each.line,
            column=each.column,
            what=_(each.what).format(**each.words) if each.words else _(each.what),
            right=_(each.right).format(**each.words) if each.words else _(each.right),
        )
        for each in read.faults
    ]
    return ReadClaims(claims=read.claims, silent=read.silent, wrong=wrong)


def take_claims(
    *, technology: str, claims: Sequence[Claim], source: str, day: date, by: Ref, now: datetime
) -> int:
    """Keep what a supplier has answered, where (``source``) and when (``day``). What is kept already is not
    kept twice. Returns how many are new. Raises `NoSuchTechnology`, `NoSourceGiven`.
    """
    if not source.strip():
        raise NoSourceGiven
    source = source.strip()[:SOURCE]
    with ledger.transaction():
        row = row_of(technology, lock=True)
        about = Ref("technology", row.slug)
        there = models.Evidence.objects.filter(about=str(about), means="claimed", day=day, source=source)
        kept = set(there.values_list("question", "sentence"))
        new = [each for each in claims if (each.question, each.answer) not in kept]
        for each in new:
            said = {
                "criterion": each.criterion,
                "verdict": each.verdict.value,
                "means": "claimed",
                "sentence": each.answer,
                "source": source,
                "question": each.question,
            }
            keep(about, said, day=day, by=by, now=now)
    return len(new)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One criterion: what the supplier says, the newest to each question, beside what is known otherwise, the
    newest of each kind.

    ``differs``: ``better`` where the supplier says better of it than what was seen, ``worse``, or nothing.
    ``enough``: whether a claim could meet it at all.
    """

    criterion: Criterion
    claims: tuple[Known, ...]
    seen: tuple[Known, ...]
    differs: str
    enough: bool

    @property
    def claimed(self) -> Piece | None:
        """What counts of the claims."""
        return strongest(self.claims)

    @property
    def otherwise(self) -> Piece | None:
        """What counts of all else."""
        return strongest(self.seen)


def beside(stand: Stand) -> list[Beside]:
    """Every criterion that is asked, disagreements first: those in which the supplier says better of it."""
    rows = models.Evidence.objects.filter(about=str(stand.entry.ref), day__lte=stand.day)
    pieces = [known(each) for each in rows.order_by("pk")]
    # Its own entry says something, too: nobody typed it, so nobody can look it up.
    pieces += [Known(**vars(each)) for each in worked_out(stand.entry, technologies(), stand.day)]
    order = ("better", "worse", "")
    return sorted(
        (_beside(each, pieces) for each in stand.criteria), key=lambda one: order.index(one.differs)
    )


def _beside(criterion: Criterion, pieces: Sequence[Known]) -> Beside:
    mine = [each for each in pieces if each.criterion == criterion.id]
    claimed = _newest([each for each in mine if each.means == "claimed"])
    seen = _newest([each for each in mine if each.means != "claimed"])
    return Beside(
        criterion=criterion,
        claims=claimed,
        seen=seen,
        differs=disagreement(strongest(claimed), strongest(seen)),
        enough="claimed" in criterion.means and not criterion.proof,
    )


def _newest(pieces: Sequence[Known]) -> tuple[Known, ...]:
    """What still counts, the newest first."""
    return tuple(sorted(current(pieces), key=lambda each: (each.day, each.id), reverse=True))


def disagreements(stand: Stand) -> list[Beside]:
    """The criteria on which the supplier says something else than what is known."""
    return [each for each in beside(stand) if each.differs]
