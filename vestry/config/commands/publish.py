"""``vestry publish``: bring a pack into use, all of it or none."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from vestry.config.commands.compare import tell_difference


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("publish", help="publish packs: councils, people, places and services")
    parser.add_argument("packs", nargs="+", type=Path, metavar="PACK")
    parser.add_argument("--dry-run", action="store_true", help="say what it would mean, and publish nothing")
    parser.add_argument("--yes", action="store_true", help="publish although people mid-journey are affected")
    parser.add_argument(
        "--undo", action="store_true", help="publish although it undoes what was published at the desk"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Say who is mid-journey, publish each pack, say what is new. Raises `NotPublished` with every mistake.

    Where people would meet something else than what they began, nothing is published without ``--yes``.
    """
    from vestry.config.commands.stands import tell_stands
    from vestry.kernel import SYSTEM, utc_now
    from vestry.services import api as services

    foretold = [services.affected(folder=folder, now=utc_now(), undo=args.undo) for folder in args.packs]
    undoes = [folder for folder, all_ in zip(args.packs, foretold, strict=True) if _says(all_, "undone")]
    if args.dry_run:
        for folder, affected in zip(args.packs, foretold, strict=True):
            print(folder)
            _tell_all(affected)
            for difference in services.compare(folder=folder, undo=args.undo):
                if difference.parts:
                    tell_difference(difference)
            tell_stands(_stands(folder, args.undo))
        return 1 if undoes else 0
    # What is refused anyhow is refused at once: nobody is asked about people first.
    if not undoes and not args.yes and _disturbs(foretold):
        print("Nothing is published yet. Publish with --yes if that is what you want.", file=sys.stderr)
        return 1
    for folder in undoes or args.packs:
        if folder not in undoes:
            tell_stands(_stands(folder, args.undo))
        report = services.publish_pack(folder=folder, now=utc_now(), actor=SYSTEM, undo=args.undo)
        print(report.council.name)
        for slug, change in report.changes.items():
            print(f"  {slug}: {_becomes(change, report.versions.get(slug, 0))}")
    return 0


def _stands(folder: Path, undo: bool) -> Any:
    """How the services of a pack would stand against the six principles."""
    from vestry.kernel import local_day, utc_now
    from vestry.services import api as services

    return services.foretold_principles(folder=folder, today=local_day(utc_now()), undo=undo)


def _says(affected: Any, change: str) -> bool:
    return any(each.change == change for each in affected)


def _disturbs(foretold: Any) -> bool:
    """Whether anybody would meet something else than what they began; if so, it is told."""
    disturbed = False
    for affected in foretold:
        _tell_all([each for each in affected if each.midway])
        disturbed = disturbed or any(each.disturbs for each in affected)
    return disturbed


def _tell_all(affected: Any) -> None:
    """What publishing means for each service and the people in the middle of it."""
    for each in affected:
        print(f"  {each.service}: {_becomes(each.change, each.number)}")
        for line in each.midway:
            print(f"    {line.sentence}")
        if each.change == "changed" and not each.midway:
            print("    Nobody is in the middle of it.")


def _becomes(change: str, number: int) -> str:
    """What becomes of a service, before it is published and after."""
    return {
        "new": f"version {number}, new",
        "changed": f"version {number}, new",
        "same": f"version {number}, as before",
        "again": f"version {number}, offered again",
        "kept": f"version {number}, changed at the desk since; the pack has an older text. --undo takes that",
        "undone": f"version {number}, changed at the desk too; nothing is published without --undo",
        "withdrawn": "no longer offered",
    }[change]
