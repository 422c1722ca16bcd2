"""The bottom of the picture, counted while it happens: the cases of each service, day by day."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F

from vestry.kernel import Ref, local_day
from vestry.ledger import api as ledger
from vestry.strategy.models import Tally

CASE = "case"
BEGINS = frozenset({"cases.opened", "cases.reopened"})
ENDS = frozenset({"cases.closed"})


class Tallies:
    """Counts what is said of cases in the ledger. A fact says itself how many words came with it."""

    name = "strategy.tallies"
    wants = ledger.Wanted(subjects=frozenset({CASE}), of_a_service=True)

    def handle(self, fact: ledger.Recorded, *, now: datetime) -> None:
        """Count one fact; its reader's position moves on in the same transaction, so it counts once."""
        if fact.subject.kind != CASE or not fact.service:
            return
        counts = {"words_in": words_of(fact)}
        if fact.name in BEGINS:
            # A case that is opened again brings back the words it left with.
            again = fact.name != "cases.opened"
            counts["opened"] = 1
            counts["words_in"] += words_before(fact) if again else 0
        elif fact.name in ENDS:
            counts |= {"closed": 1, "words_out": words_before(fact)}
        else:
            counts["said"] = 1
        count(fact.service, local_day(fact.at), counts)


def words_of(fact: ledger.Recorded) -> int:
    """How many words came with a fact."""
    return int(fact.payload.get("words", 0))


def words_before(fact: ledger.Recorded) -> int:
    """How many words there were about a subject when this fact was stated."""
    subject = Ref.read(str(fact.subject))
    return sum(words_of(each) for each in ledger.history(subject) if each.seq <= fact.seq)


def count(service: str, day: date, counts: dict[str, int]) -> None:
    """Add to a day's tally."""
    Tally.objects.get_or_create(service=service, day=day)
    added = {name: F(name) + number for name, number in counts.items() if number}
    if added:
        Tally.objects.filter(service=service, day=day).update(**added)
