"""Moving a journey to a newer version. See `services.api`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from vestry.kernel import Ref
from vestry.ledger import api as ledger
from vestry.services.api._row import course, journeying, touch
from vestry.services.api._versions import definition_of
from vestry.services.carrying import carry, settled
from vestry.services.events import JourneyCarriedOver
from vestry.services.journeys import Journeying
from vestry.services.models import Journey, Version


def upon(row: Journey, version: Version, now: datetime) -> Journeying:
    """A journey with the definition of another version, and nothing else changed yet."""
    return replace(journeying(row, now), definition=definition_of(version), version=version.number)


def move(row: Journey, version: Version, now: datetime) -> None:
    """Go on with a newer version, inside a transaction: answers, holds, and the fact that says so."""
    old, began = journeying(row, now), row.version.number
    carried = carry(old, upon(row, version, now))
    journey, held = settled(old, carried)
    row.version, row.held = version, held
    row.said, row.typed = dict(journey.said), dict(journey.typed)
    # What was accepted was answered to other questions; that it was stranded stays so.
    row.sending = {name: said for name, said in row.sending.items() if name == "stranded"}
    touch(row, journey.definition, now)
    row.save()
    fact = JourneyCarriedOver(began=began, kept=carried.kept, again=len(carried.again))
    ledger.record(fact, subject=Ref("journey", str(row.pk)), **course(row, now))
