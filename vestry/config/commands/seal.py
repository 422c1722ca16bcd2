"""``vestry seal``: one line a council to keep outside, against which the ledger can be held later."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    verbs.add_parser("seal", help="seal the ledger and print the seals to keep outside").set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Seal what is new in each council and print its newest seal, a JSON object a line."""
    from vestry.councils import api as councils
    from vestry.kernel import utc_now
    from vestry.ledger import api as ledger

    for council in councils.all_councils():
        with councils.scope(council):
            seal = ledger.seal(now=utc_now())
        if seal is not None:
            print(msgspec.json.encode(seal).decode())
    return 0
