"""``vestry forget``: what is personal is erased when its time is over; or before, when somebody asks."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from vestry.kernel import Refused

DAYS_AHEAD = 30


class NoSuchCouncil(Refused):
    """Say whose it is with --council. There are: {known}."""


class NotAReference(Refused):
    """Say which case: a reference, like MB-7K3N-9QFA, or --dry-run."""


class SayWho(Refused):
    """Say who asks for it with --by, by the name an officer has in people.yaml. There are: {known}."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("forget", help="erase what is personal in a closed case, or say what is due")
    parser.add_argument("reference", nargs="?", metavar="REFERENCE", help="the case to erase now")
    parser.add_argument(
        "--council", default="", metavar="SLUG", help="whose; may be left out for the only one"
    )
    parser.add_argument("--by", default="", metavar="OFFICER", help="who decided it, such as priya")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--dry-run",
        action="store_true",
        help="say how many are due now and in the next 30 days; erase nothing",
    )
    what.add_argument(
        "--legal-hold", action="store_true", help="keep this case's details until further notice"
    )
    what.add_argument("--lift-legal-hold", action="store_true", help="lift the legal hold again")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Say what is due, or erase one case, place a legal hold on it, or lift that."""
    from vestry.kernel import tidy_reference, utc_now

    if args.dry_run:
        return _say(args.council, utc_now())
    reference = tidy_reference(args.reference or "")
    if not reference:
        raise NotAReference
    with scope(args.council):
        print(_do(args, reference, utc_now()))
    return 0


def _do(args: argparse.Namespace, reference: str, now: datetime) -> str:
    from vestry.cases import api as cases
    from vestry.kernel import Ref
    from vestry.people import api as people
    from vestry.services import api as services

    officers = {officer.slug: officer for officer in people.find_officers()}
    if args.by not in officers:
        raise SayWho(known=", ".join(sorted(officers)))
    actor = officers[args.by].ref
    if args.legal_hold:
        cases.place_legal_hold(reference=reference, actor=actor, now=now)
        return f"The details of {reference} are kept until the legal hold is lifted."
    if args.lift_legal_hold:
        cases.lift_legal_hold(reference=reference, actor=actor, now=now)
        return f"The details of {reference} are erased when their time is over."
    erased = services.forget(about=Ref("case", reference), actor=actor, now=now)
    return f"The personal details of {reference} " + ("are erased." if erased else "were erased before.")


def _say(slug: str, now: datetime) -> int:
    """One line a service and day; a case that was closed and opened again is counted as it stands now."""
    from vestry.councils import api as councils
    from vestry.kernel import local_day
    from vestry.services import api as services

    for council in councils.all_councils() if not slug else [_council(slug)]:
        with councils.scope(council):
            found = list(services.to_forget(until=now + timedelta(days=DAYS_AHEAD)))
        due = Counter(
            (max(local_day(one.at), local_day(now)), one.title) for one in found if one.at and not one.why
        )
        kept = Counter((one.title, one.why) for one in found if one.why)
        print(f"{council.name}: {due.total()} to erase by {local_day(now) + timedelta(days=DAYS_AHEAD)}.")
        for (day, title), number in sorted(due.items()):
            print(f"  {day}  {number:>6}  {title}")
        for (title, why), number in sorted(kept.items()):
            print(f"  kept        {number:>6}  {title}: {why}")
    return 0


def _council(slug: str) -> Any:
    from vestry.councils import api as councils

    known = {council.slug: council for council in councils.all_councils()}
    if not slug and len(known) == 1:
        return next(iter(known.values()))
    if slug not in known:
        raise NoSuchCouncil(known=", ".join(known))
    return known[slug]


def scope(slug: str) -> Any:
    """The council of that name, or the only one. Raises `NoSuchCouncil`."""
    from vestry.councils import api as councils

    return councils.scope(_council(slug))
