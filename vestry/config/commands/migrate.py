"""``vestry migrate``: bring the database's tables up to date."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management import call_command


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    verbs.add_parser("migrate", help="bring the database up to date").set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Migrate, saying what is done."""
    bring_up_to_date(verbosity=1)
    return 0


def bring_up_to_date(*, verbosity: int) -> None:
    """Every room's tables, and the one tries to sign in are counted in."""
    call_command("migrate", interactive=False, verbosity=verbosity)
    call_command("createcachetable", verbosity=verbosity)
