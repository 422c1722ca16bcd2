"""``vestry reference``: write down what the code says of itself, for people and for their editors."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("reference", help="write the reference pages from the code")
    parser.add_argument("folder", nargs="?", type=Path, help="where to (default: docs/reference)")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when a page is out of date")
    parser.set_defaults(run=run, environment={"VESTRY_SECRET_KEY": "writing signs nothing"})


def run(args: argparse.Namespace) -> int:
    """Write every page, or with ``--check`` say which is not as it should be."""
    from vestry.config import reference
    from vestry.config.environment import HOME

    folder: Path = args.folder or HOME / "docs" / "reference"
    old = 0
    for name, text in reference.pages(args.command_line).items():
        path = folder / name
        if not args.check:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            print(path)
        elif not path.exists() or path.read_text() != text:
            print(f"{path} is out of date. Run: vestry reference", file=sys.stderr)
            old += 1
    return min(old, 1)
