"""What money does: pure, in whole pence. No float ever stands for money.

- A line's price includes its VAT. The VAT in it is worked out for each line by itself and rounded to the
  nearest penny, a half penny up; the VAT of a charge is the sum of its lines.
- A part refund is spread over the lines by what is left of each, to the penny (largest remainder first, the
  earlier line where two are alike); the VAT in it likewise. Together, refunds of a whole line are that line.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from vestry.pay.options import Vat

Why = Literal[
    "cancelled", "not-delivered", "overcharged", "paid-twice", "unused", "goodwill", "deposit", "other"
]
"""Why money goes back."""
# VAT Act 1994 and its schedules: per cent; exempt and outside the scope carry none at all.
RATES: Mapping[str, int] = {"standard": 20, "reduced": 5, "zero": 0, "exempt": 0, "outside": 0}

# A charge: nothing has come; it came, and the journey goes on to its end; it belongs to what was
# sent; it came and nothing came of it; nobody is to pay it any more.
OWED, PAID, KEPT, STRANDED, CANCELLED = "owed", "paid", "kept", "stranded", "cancelled"
CHARGE_STATES = (OWED, PAID, KEPT, STRANDED, CANCELLED)
# A payment: written down; the provider has it; and how it ended.
ASKED, OPEN, DECLINED, EXPIRED, GIVEN_UP, BROKEN = (
    "asked",
    "open",
    "declined",
    "expired",
    "cancelled",
    "error",
)
PAYMENT_STATES = (ASKED, OPEN, PAID, DECLINED, EXPIRED, GIVEN_UP, BROKEN)
LIVE = (ASKED, OPEN)
# A refund: waits for a second person; waits to go; the provider has it; it arrived; it can't; so somebody
# gave it back another way; it won't.
WANTED, TO_SEND, SENT, DONE, FAILED, ELSEWHERE, TURNED_DOWN = (
    "wanted",
    "to-send",
    "sent",
    "done",
    "failed",
    "elsewhere",
    "turned-down",
)
REFUND_STATES = (WANTED, TO_SEND, SENT, DONE, FAILED, ELSEWHERE, TURNED_DOWN)
REFUND_GOES_ON = (WANTED, TO_SEND, SENT)
NO_MONEY_BACK = (FAILED, TURNED_DOWN)
MONEY_BACK = (DONE, ELSEWHERE)
# GOV.UK Pay takes from 30p to £100,000 (its card companies' least, its API's most).
LEAST, MOST = 30, 10_000_000
# How long after the last question a payment is asked about again: somebody is at the provider's page.
ASK_AFTER = (20, 40, 60, 120, 180, 300, 600, 900, 1800)
# Then for good: what was paid late is money all the same.
RARELY = timedelta(hours=3)
# Paid, and nothing came of it for so long: nobody will finish that by themselves.
PATIENCE = timedelta(hours=2)
_PENNY = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that is paid for. ``pence`` include the VAT; ``code`` is the council's ledger code.

    ``id`` names a line that a rule may give back.
    """

    what: str
    pence: int
    vat: Vat
    code: str
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """How much of a line, and how much of it is VAT, in pence."""

    pence: int
    vat: int


def to_pence(pounds: Decimal | int) -> int:
    """Pounds as whole pence, a half penny up. ValueError for what is no amount."""
    exact = Decimal(pounds)
    # Far beyond what can be charged, a decimal has no digits left for the pence.
    if not exact.is_finite() or abs(exact) * 100 > MOST:
        raise ValueError("That is not an amount.")
    return int(exact.quantize(_PENNY, ROUND_HALF_UP).scaleb(2))


def as_text(pence: int) -> str:
    """£30.00, £1,250.50, -£2.00: always with its pence, so that two can be compared at sight."""
    pounds, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{pounds:,}.{rest:02}"


def vat_in(pence: int, vat: str) -> int:
    """The VAT within a price, to the nearest penny."""
    rate = RATES[vat]
    return (2 * pence * rate + 100 + rate) // (2 * (100 + rate))


def whole(lines: Sequence[Line]) -> list[Part]:
    """Each line as it was charged."""
    return [Part(pence=line.pence, vat=vat_in(line.pence, line.vat)) for line in lines]


def left(lines: Sequence[Line], taken: Sequence[Sequence[Part]]) -> list[Part]:
    """What is left of each line after refunds."""
    return [
        Part(
            pence=part.pence - sum(parts[place].pence for parts in taken),
            vat=part.vat - sum(parts[place].vat for parts in taken),
        )
        for place, part in enumerate(whole(lines))
    ]


def spread(pence: int, rest: Sequence[Part]) -> list[Part]:
    """A refund of so many pence as parts of what is left. ValueError for more, or less than a penny."""
    there = sum(part.pence for part in rest)
    if not 0 < pence <= there:
        raise ValueError("A refund is at least a penny and at most what is left.")
    shares = [divmod(pence * part.pence, there) for part in rest]
    short = pence - sum(share for share, _ in shares)
    largest = sorted(range(len(rest)), key=lambda place: (-shares[place][1], place))[:short]
    made = [share + (place in largest) for place, (share, _) in enumerate(shares)]
    return [Part(pence=share, vat=_vat_share(share, part)) for share, part in zip(made, rest, strict=True)]


def _vat_share(share: int, part: Part) -> int:
    return (2 * share * part.vat + part.pence) // (2 * part.pence) if part.pence else 0


def after_paid(charge: str) -> str:
    """What a charge is once the provider says that a payment of it was paid. The first one settles it."""
    return PAID if charge == OWED else charge


def asks_after(asks: int) -> timedelta:
    """How long to wait after so many questions about a payment."""
    return timedelta(seconds=ASK_AFTER[asks]) if asks < len(ASK_AFTER) else RARELY


def may_be_negative(tree: ast.expr) -> bool:
    """Whether an amount could come to less than zero, where answers are zero or more and lists have an item.

    A branch of ``a if b else c`` is believed when ``b`` looks at what it takes away from.
    """
    return _least(tree) < 0


def _least(node: ast.expr) -> float:
    """The least an expression can come to."""
    match node:
        case ast.Constant(value=int() | float()):
            return float(node.value)  # type: ignore[arg-type]
        case ast.UnaryOp(op=ast.USub(), operand=inside):
            return -_most(inside)
        case ast.BinOp(left=one, op=ast.Add(), right=other):
            return _least(one) + _least(other)
        case ast.BinOp(left=one, op=ast.Sub(), right=other):
            return _least(one) - _most(other)
        case ast.BinOp(left=one, op=ast.Mult(), right=other):
            corners = [_times(a, b) for a in (_least(one), _most(one)) for b in (_least(other), _most(other))]
            return min(corners)
        case ast.IfExp(test=test, body=one, orelse=other):
            looked_at = _names(test)
            return min(0.0 if _names(branch) & looked_at else _least(branch) for branch in (one, other))
        case ast.Call(func=ast.Name(id="len")):
            return 1.0
    return 0.0


def _most(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float()):
            return float(node.value)  # type: ignore[arg-type]
        case ast.UnaryOp(op=ast.USub(), operand=inside):
            return -_least(inside)
        case ast.BinOp(left=one, op=ast.Add(), right=other):
            return _most(one) + _most(other)
        case ast.BinOp(left=one, op=ast.Sub(), right=other):
            return _most(one) - _least(other)
        case ast.IfExp(body=one, orelse=other):
            return max(_most(one), _most(other))
    return math.inf


def _times(one: float, other: float) -> float:
    return 0.0 if 0.0 in (one, other) else one * other


def _names(node: ast.expr) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
