"""What a council says of money in its pack, and what erasure takes away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from vestry.pay.models import Refund, Settings
from vestry.pay.options import Vat


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
