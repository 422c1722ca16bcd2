"""``vestry compare``: in words, what a pack would change in the services that are offered now."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("compare", help="say in words what a pack would change; changes nothing")
    parser.add_argument("packs", nargs="+", type=Path, metavar="PACK")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tell the differences, service by service. Raises `NotPublished` with every mistake."""
    from vestry.services import api as services

    for folder in args.packs:
        for difference in services.compare(folder=folder):
            tell_difference(difference)
    return 0


def tell_difference(difference: Any) -> None:
    """What is different in one service, from the version that is offered."""
    if not difference.version:
        print(f"  {difference.title}: a new service")
        return
    print(f"  {difference.title}, beside version {difference.version}:")
    for part in difference.parts:
        print(f"    {part.title}")
        for sentence in part.sentences:
            print(f"      - {sentence}")
    if difference.change == "withdrawn":
        print("    no longer offered")
    elif difference.change == "kept":
        print("    the pack has an older text, so this one stays")
    elif not difference.parts:
        print("    nothing is different")
