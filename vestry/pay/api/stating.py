"""Finding rows under a lock, and stating facts in the course they happened in."""

from __future__ import annotations

from datetime import datetime

from vestry.kernel import SYSTEM, Fact, Ref, Refused
from vestry.ledger import api as ledger
from vestry.pay.models import Charge


class NoSuchCharge(Refused):
    """There is no such payment here."""


class NotOwed(Refused):
    """This is not to be paid any more."""


def locked(reference: str) -> Charge:
    """A charge, locked to the end of the transaction: every change of money begins here."""
    charge = Charge.objects.select_for_update().filter(reference=reference).first()
    if charge is None:
        raise NoSuchCharge
    return charge


def state(charge: Charge, fact: Fact, *, now: datetime, actor: Ref = SYSTEM) -> None:
    """State a fact about a charge."""
    ledger.record(
        fact,
        subject=charge.about,
        actor=actor,
        now=now,
        service=charge.service,
        version=charge.version,
        journey=charge.journey,
    )
