"""``vestry key``: keys for the programs of officers' systems."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from vestry.kernel import Refused


class NoSuchCouncil(Refused):
    """There is no council {slug}. There are: {known}."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("key", help="keys for programs that read and work a council's cases")
    what = parser.add_subparsers(required=True, metavar="WHAT")
    new = what.add_parser("new", help="make a key, and print it this once")
    new.add_argument("--client", required=True, help="what the program is called, such as crm")
    new.add_argument(
        "--as",
        dest="held",
        required=True,
        action="append",
        metavar="ROLE[:TEAM]",
        help="in which role it acts, in which team (without one, for the whole council); may be repeated",
    )
    new.add_argument("--scopes", required=True, metavar="SCOPE,SCOPE", help="such as cases.read,cases.act")
    new.add_argument("--expires", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
    new.set_defaults(run=make)
    every = what.add_parser("list", help="every key: whose, what it may, until when, when it was used")
    every.set_defaults(run=show)
    back = what.add_parser("take-back", help="from now on a key opens nothing")
    back.add_argument("prefix", metavar="PREFIX", help="what the key begins with, as list shows it")
    back.set_defaults(run=take_back)
    for each in (new, every, back):
        each.add_argument("--council", required=True, metavar="SLUG")


def make(args: argparse.Namespace) -> int:
    """Make a key and print it; nothing of it but its hash is kept."""
    from vestry.kernel import SYSTEM, utc_now
    from vestry.people import api as people

    with _scope(args.council):
        token = people.new_key(
            client=args.client,
            held=[people.Held(role, team) for role, _, team in (one.partition(":") for one in args.held)],
            scopes=args.scopes.split(","),
            expires=args.expires,
            now=utc_now(),
            actor=SYSTEM,
        )
    print(token)
    return 0


def show(args: argparse.Namespace) -> int:
    """Print every key."""
    from vestry.people import api as people

    with _scope(args.council):
        for key in people.client_keys():
            held = " ".join(sorted(":".join(filter(None, each)) for each in key.held))
            used = f"used {key.used_at:%Y-%m-%d}" if key.used_at else "never used"
            state = "taken back" if key.taken_back_at else f"until {key.expires}"
            print(f"{key.prefix}  {key.client}  {held}  {','.join(sorted(key.scopes))}  {state}  {used}")
    return 0


def take_back(args: argparse.Namespace) -> int:
    """Take a key back."""
    from vestry.kernel import SYSTEM, utc_now
    from vestry.people import api as people

    with _scope(args.council):
        people.take_key_back(prefix=args.prefix, now=utc_now(), actor=SYSTEM)
    print("It opens nothing any more.")
    return 0


def _scope(slug: str) -> Any:
    from vestry.councils import api as councils

    known = {council.slug: council for council in councils.all_councils()}
    if slug not in known:
        raise NoSuchCouncil(slug=slug, known=", ".join(known))
    return councils.scope(known[slug])
