"""``vestry verify``: whether what happened still stands in the ledger as it was written."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    verbs.add_parser("verify", help="say whether anybody has changed the ledger").set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Follow each council's chain of hashes; 1 when one is broken."""
    from vestry.councils import api as councils
    from vestry.ledger import api as ledger

    whole = True
    for council in councils.all_councils():
        with councils.scope(council):
            broken = ledger.first_broken()
        if broken is None:
            print(f"{council.name}: every fact stands as it was written.")
        else:
            whole = False
            print(f"{council.name}: fact {broken} is not as it was written, or is missing.", file=sys.stderr)
    return 0 if whole else 1
