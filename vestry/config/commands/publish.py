"""``vestry publish``: bring a pack into use, all of it or none."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("publish", help="publish packs: councils, people, places and services")
    parser.add_argument("packs", nargs="+", type=Path, metavar="PACK")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Publish each pack and say what is new. Raises `NotPublished` with every mistake."""
    from vestry.kernel import SYSTEM, utc_now
    from vestry.services import api as services

    for folder in args.packs:
        report = services.publish_pack(folder=folder, now=utc_now(), actor=SYSTEM)
        print(report.council.name)
        for slug, number in report.versions.items():
            print(f"  {slug}: version {number}{', new' if slug in report.new else ', as before'}")
        for slug in sorted(report.withdrawn):
            print(f"  {slug}: no longer offered")
    return 0
