"""``vestry check``: what keeps a definition or a pack from being published, and how its services would stand
against the six principles. Needs no database.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("check", help="say what is wrong with a service, or with a whole pack")
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_PACK")
    parser.set_defaults(run=run, environment={"VESTRY_SECRET_KEY": "checking signs nothing"})


def run(args: argparse.Namespace) -> int:
    """Tell each mistake on a line of standard error; 1 when there is any. Without one, tell the six words."""
    from vestry.config.commands.stands import tell_stands
    from vestry.kernel import local_day, utc_now
    from vestry.services import api as services

    mistakes = [mistake for path in args.paths for mistake in services.check(path)]
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    if not mistakes:
        print("Nothing to mend.")
        for path in args.paths:
            tell_stands(services.checked_principles(path, local_day(utc_now())))
    return 1 if mistakes else 0
