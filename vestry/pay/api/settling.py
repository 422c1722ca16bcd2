"""What a council says of money in its pack, and what erasure takes away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from vestry.pay import rules
from vestry.pay.models import Refund, Settings
from vestry.pay.options import Vat

# Whoever has a question about money of which nothing came asks it until then.
KEPT = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code of the council's ledger: what is booked to it, and how VAT is treated unless a line says so."""

    title: str
    vat: Vat


def put_settings(*, codes: Mapping[str, Code], alone: int) -> None:
    """The council's ledger codes, and up to how many pence one person may refund."""
    kept = {code: [each.title, each.vat] for code, each in codes.items()}
    Settings.objects.update_or_create(defaults={"codes": kept, "alone": alone})


def ledger_codes() -> dict[str, Code]:
    """The ledger codes of the current council."""
    said = Settings.objects.first()
    return {code: Code(title=title, vat=vat) for code, (title, vat) in said.codes.items()} if said else {}


def forget(*, charges: Iterable[str], journeys: Iterable[str]) -> None:
    """Erase what is personal: what officers wrote about refunds. Amounts, codes and references stay."""
    theirs = Q(payment__charge__reference__in=list(charges)) | Q(payment__charge__journey__in=list(journeys))
    Refund.objects.filter(pk__in=list(Refund.objects.filter(theirs).values_list("pk", flat=True))).update(
        note=""
    )


def forget_past(*, now: datetime) -> int:
    """Erase what officers wrote about money of which nothing came, long after: nothing that was sent ends
    with it, so no service says how long that is kept. How many.
    """
    unsent = ~Q(payment__charge__state=rules.KEPT) | Q(payment__charge__journey="")
    past = Refund.objects.filter(unsent, ended_at__lt=now - KEPT).exclude(note="")
    return Refund.objects.filter(pk__in=list(past.values_list("pk", flat=True))).update(note="")
