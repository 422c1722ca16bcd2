"""``money.yaml``: the council's ledger codes and how far one person may refund, as a pack writes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec

from vestry.design.capability import PackFile
from vestry.pay import api
from vestry.pay.options import Vat

LedgerCode = Annotated[
    str, msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9 ./-]{0,39}$", examples=["4010", "W-4010/2"])
]
Pounds = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class CodeOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code of the council's ledger."""

    title: Annotated[str, msgspec.Meta(min_length=1)]
    """What is booked to it."""
    vat: Vat
    """How VAT is treated, unless a line of a service says otherwise."""


class Money(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """``money.yaml``: what the council says of money."""

    refund_alone: Pounds = 0
    """Up to how many pounds one person may refund; above that somebody else has to agree."""
    ledger_codes: dict[LedgerCode, CodeOptions] = {}


class MoneyFile(PackFile):
    """``money.yaml``, as the pack's reader takes it."""

    name = "money.yaml"
    struct = Money
    kinds = ("ledger-codes",)

    def named(self, said: Money) -> dict[str, frozenset[str]]:
        """The ledger codes there will be."""
        return {"ledger-codes": frozenset(said.ledger_codes)}

    def known(self) -> dict[str, frozenset[str]]:
        """The ledger codes there are."""
        return {"ledger-codes": frozenset(api.ledger_codes())}

    def put(self, said: Money, *, now: datetime) -> None:
        """Make it what the council says."""
        codes: Mapping[str, api.Code] = {
            code: api.Code(title=each.title, vat=each.vat) for code, each in said.ledger_codes.items()
        }
        api.put_settings(codes=codes, alone=said.refund_alone * 100)
