"""What the clock asks of the documents room."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from vestry.documents import api, events
from vestry.documents.models import CLEAN, INFECTED, WAITING, Document, Loose
from vestry.documents.ports import NotThere, Unreachable, Verdict
from vestry.kernel import SYSTEM, Ref, port
from vestry.ledger import api as ledger

# The worker comes back within a second; one turn must not keep the other councils waiting.
AT_ONCE = 20
A_MINUTE, HALF_AN_HOUR = timedelta(minutes=1), timedelta(minutes=30)
# A file that was not sent by then is looked at: is it still an answer of what it belongs to?
NOT_SENT = timedelta(days=1)


def scan_waiting(*, now: datetime) -> int:
    """Scan what came while the scanner could not be reached. How many were scanned."""
    for done in range(AT_ONCE):
        row = Document.objects.claim_waiting(now)
        if row is None:
            return done
        try:
            with port("documents.store").open(api.store_key(row)) as stream:
                verdict = port("documents.scan").scan(stream)
        except (Unreachable, NotThere):
            _later(row, now)
            return done
        _note(row, verdict, now)
    return AT_ONCE


def _later(row: Document, now: datetime) -> None:
    """Ever less often, and never given up: only a scan opens a file."""
    pause = min(A_MINUTE * 2 ** min(row.tries - 1, 10), HALF_AN_HOUR)
    Document.objects.filter(pk=row.pk, state=WAITING, tries=row.tries).update(next_try=now + pause)


def _note(claimed: Document, verdict: Verdict, now: datetime) -> None:
    with ledger.transaction():
        # Looked at again under the lock: it may have been sent or deleted meanwhile.
        row = Document.objects.select_for_update().filter(pk=claimed.pk, state=WAITING).first()
        if row is None:
            return
        row.state = CLEAN if verdict.clean else INFECTED
        row.save(update_fields=["state"])
        if not verdict.clean:
            Loose.objects.create(key=row.key, due=now)
        found = (
            events.FoundClean(document=row.key)
            if verdict.clean
            else events.FoundInfected(document=row.key, kept=row.kept)
        )
        ledger.record(found, subject=Ref.read(row.owner), actor=SYSTEM, now=now)


def sweep(*, now: datetime, answers: Callable[[Ref], Collection[str]]) -> int:
    """Delete what belongs to nothing. How much that was.

    ``answers`` are the ids of files that somebody's answers name, as long as their journey is under way. What
    was not sent within a day goes, unless it is one of those.
    """
    unsent = Document.objects.filter(kept=False, given_at__lte=now - NOT_SENT)
    owners = unsent.values_list("owner", flat=True).distinct()
    named = {id for owner in owners for id in answers(Ref.read(owner))}
    over = [pk for pk, key in unsent.values_list("pk", "key") if key not in named]
    with ledger.transaction():
        done = api.delete(unsent.filter(pk__in=over[:AT_ONCE]), SYSTEM, now)
    for loose in Loose.objects.filter(due__lte=now).order_by("due")[:AT_ONCE]:
        try:
            port("documents.store").delete(api.store_key(loose))
        except Unreachable:
            break
        Loose.objects.filter(pk=loose.pk).delete()
        done += 1
    return done
