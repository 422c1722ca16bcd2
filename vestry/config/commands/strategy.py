"""``vestry strategy``: a council's strategy taken in from an outline, or written down as one."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from vestry.config.commands.forget import scope
from vestry.kernel import Refused

FORMATS = ("md", "yaml", "json")


class NotThere(Refused):
    """{file} cannot be read: it must be a text in UTF-8."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("strategy", help="take a strategy in from an outline, or write it down as one")
    what = parser.add_subparsers(required=True, metavar="WHAT")
    whose = {"default": "", "metavar": "SLUG", "help": "whose; may be left out for the only one"}
    taking = what.add_parser("import", help="make an outline in Markdown or YAML the council's strategy")
    taking.add_argument("file", type=Path, metavar="FILE", help="ending in .md or .yaml")
    taking.add_argument("--council", **whose)
    taking.add_argument("--dry-run", action="store_true", help="say what it would change; change nothing")
    taking.set_defaults(run=take_in)
    writing = what.add_parser("export", help="write the strategy to standard output")
    writing.add_argument("--council", **whose)
    writing.add_argument("--format", choices=FORMATS, default="yaml", help="YAML has the history too")
    writing.set_defaults(run=write)


def take_in(args: argparse.Namespace) -> int:
    """Tell what an outline changes, and take it in. What it does not name ends.

    Raises `NotThere`, `NotAStrategy` with every mistake, its line, and the nearest right word.
    """
    from vestry.kernel import SYSTEM, utc_now
    from vestry.services import api as services
    from vestry.strategy import api as strategy

    try:
        text = args.file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise NotThere(file=args.file) from None
    with scope(args.council):
        outline = services.read_strategy(text=text, name=str(args.file))
        if outline.mistakes:
            raise services.NotAStrategy.of(outline.mistakes)
        changes = strategy.differences(outline.statements, ending=True)
        standing = {layer.slug: layer for layer in outline.layers}
        layer_of = {each.slug: standing.get(each.layer) for each in outline.statements}
        for change in changes:
            what = change.sentence or change.parent or change.layer or change.owner
            print(f"  {change.kind:<7} {change.slug}  {what}".rstrip())
            layer = layer_of.get(change.slug)
            if layer and (over := strategy.too_long(change, layer)):
                print(f"          {over} words longer than a sentence of the layer {layer.slug} should be")
        counts = Counter(change.kind for change in changes)
        told = [f"{number} to {kind}" for kind, number in counts.items()]
        told += ["the layers to put anew"] if outline.layers != strategy.layers() else []
        told += ["figures of spend and hours to put anew"] if outline.figures is not None else []
        print(f"{', '.join(told) or 'Nothing is different'}.")
        if not args.dry_run:
            services.put_strategy(text=text, name=str(args.file), by=SYSTEM, now=utc_now())
    return 0


def write(args: argparse.Namespace) -> int:
    """Write the strategy down."""
    from vestry.services import api as services
    from vestry.strategy import api as strategy

    with scope(args.council):
        match args.format:
            case "md":
                sys.stdout.write(strategy.written_outline())
            case "yaml":
                sys.stdout.write(services.written_strategy())
            case _:
                rows = [
                    {"name": each.slug, "layer": each.layer, "says": each.sentence, "since": each.since}
                    for each in strategy.statements()
                ]
                print(json.dumps(rows, default=str, indent=1, ensure_ascii=False))
    return 0
