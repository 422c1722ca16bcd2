"""What a service definition may say under ``pay:``."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Vat = Literal["standard", "reduced", "zero", "exempt", "outside"]
Amount = Annotated[str | int | float, msgspec.Meta(examples=["30 + 5 * (len(items) - 1)", 12.5])]


class LineOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``{what: Collection, amount: 30 + 5 * (len(items) - 1), vat: outside, code: "4010"}``."""

    id: str = ""
    """Its name, for a rule that gives this line back: ``refund: deposit``."""
    what: str
    """What it is for, as it stands on the receipt. Nothing personal: it outlives what people answered."""
    amount: Amount
    """Pounds, VAT included: a number, or an expression over what was answered and what earlier steps gave."""
    code: str
    """The code of the council's ledger that it is booked to, from ``money.yaml``."""
    vat: Vat | Literal[""] = ""
    """Its VAT treatment where it is not that of its code: ``outside`` is outside the scope of VAT."""
    times: Amount = 1
    """How many of it, each at that amount: a whole number, or an expression."""
    when: str = ""
    """Only charged when this holds."""


LineName = Annotated[
    str,
    msgspec.Meta(
        description=(
            "The id of a pay step, or of one of its lines: what was paid goes back, or what is left of it."
        ),
        examples=["deposit", "payment"],
    ),
]
"""What a definition may write under ``refund``."""


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``pay: {id: payment, title: Bulky waste collection, lines: [...]}``."""

    id: str
    title: str
    """What is paid for, as the provider's page and the receipt say it."""
    lines: Annotated[tuple[LineOptions, ...], msgspec.Meta(min_length=1, max_length=20)]
    when: str = ""
    """Nothing is to be paid unless this holds."""
