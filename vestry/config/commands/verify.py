"""``vestry verify``: whether what happened still stands in the ledger as it was written."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from vestry.kernel import Refused

WORDS = {
    "changed": "{facts}, or the hash of the one before, is not as it was written.",
    "missing": "{facts} missing.",
    "rewritten": "{facts} not all those that were sealed: at least one was changed.",
    "seal": "The seal over {facts} is not as it was written.",
}


class NoSeals(Refused):
    """{file} does not hold seals as 'vestry seal' prints them, one a line."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("verify", help="say whether anybody has changed the ledger")
    parser.add_argument(
        "--kept", type=Path, metavar="FILE", help="seals kept outside, as 'vestry seal' printed them"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Hold each council's facts against their chain, their seals and those kept; 1 when something differs."""
    from vestry.councils import api as councils
    from vestry.ledger import api as ledger

    kept, whole = _seals(args.kept), True
    known = councils.all_councils()
    for council in known:
        with councils.scope(council):
            faults = ledger.faults(kept=[seal for seal in kept if seal.council == council.slug])
        if not faults:
            print(f"{council.name}: every fact stands as it was written.")
        for fault in faults:
            whole = False
            print(f"{council.name}: {_sentence(fault)}", file=sys.stderr)
    for slug in sorted({seal.council for seal in kept} - {council.slug for council in known}):
        whole = False
        print(f"{slug}: a seal was kept, and there is no such council any more.", file=sys.stderr)
    return 0 if whole else 1


def _sentence(fault: Any) -> str:
    one = fault.first == fault.last
    facts = f"fact {fault.first}" if one else f"facts {fault.first} to {fault.last}"
    if fault.kind in {"missing", "rewritten"}:
        facts += " is" if one else " are"
    said = WORDS[fault.kind].format(facts=facts)
    return said[0].upper() + said[1:]


def _seals(file: Path | None) -> list[Any]:
    from vestry.ledger import api as ledger

    if file is None:
        return []
    try:
        lines = file.read_text().splitlines()
        return [msgspec.json.decode(line, type=ledger.Seal) for line in lines if line.strip()]
    except (OSError, ValueError) as fault:
        raise NoSeals(file=file) from fault
