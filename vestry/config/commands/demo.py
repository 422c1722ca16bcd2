"""``vestry demo``: both example councils on one's own machine, ready to click through."""

from __future__ import annotations

import argparse
import csv
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vestry.people import api as people

PASSWORD = "vestry-demo"  # noqa: S105 - printed on the screen; only the demo gives it to anybody
PACKS = ("harrowmere", "saltmarsh")
SECOND_STEP = ("helen-okafor",)


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("demo", help="serve the example councils, made new if need be")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
    parser.add_argument("--host", default="127.0.0.1")
    parser.set_defaults(run=run, environment=surroundings)


def surroundings(args: argparse.Namespace) -> dict[str, str]:
    """What the environment says in the demo, where it says nothing else."""
    beside = str(args.port + 1)
    return {"VESTRY_DEMO": "1", "VESTRY_WORKER": "inside", "VESTRY_DEMO_PAY_PORT": beside}


def run(args: argparse.Namespace) -> int:
    """Migrate, publish the packs, say where to go, serve."""
    from vestry.config import assets, environment, payments
    from vestry.config.commands import migrate, serve

    environment.VAR.mkdir(parents=True, exist_ok=True)
    migrate.bring_up_to_date(verbosity=0)
    assets.collect()
    publish_examples(environment.HOME / "packs")
    serve.refuse_taken(args.host, args.port)
    serve.refuse_taken(args.host, environment.SIMULATOR_PORT)
    print(_welcome(args.port), flush=True)
    with payments.simulated(args.port):
        serve.listen(args.host, args.port)
    return 0


def publish_examples(packs: Path) -> None:
    """Publish both example councils, with a password everybody may know."""
    from vestry.kernel import SYSTEM, utc_now
    from vestry.services import api as services

    for pack in PACKS:
        services.publish_pack(
            folder=packs / pack,
            now=utc_now(),
            actor=SYSTEM,
            demo_password=PASSWORD,
            demo_second_step=SECOND_STEP,
        )


def _a_missed_bin(now: datetime) -> str:
    """Where a crew came last, so that somebody who does not live there can report something."""
    from vestry.config import environment
    from vestry.councils import api as councils
    from vestry.design import shown
    from vestry.kernel import local_day
    from vestry.places import api as places

    with (environment.HOME / "packs" / "harrowmere" / "gazetteer.csv").open(newline="") as file:
        postcodes = {home["round"]: home["postcode"] for home in csv.DictReader(file)}
    today = local_day(now)
    with councils.scope(next(one for one in councils.all_councils() if one.slug == "harrowmere")):
        over = [
            (visit.day, home)
            for home in [places.find_addresses(postcode)[0] for postcode in postcodes.values()]
            for visit in places.visits(
                uprn=home.uprn, kind="food", after=today - timedelta(days=14), until=today
            )
            if visit.over <= now
        ]
    day, home = max(over, key=lambda found: found[0])
    return f"{home.postcode}, {home.line}, food waste, {shown.day(day)}"


def _work_of(officer: people.OfficerView) -> str:
    """``officer in waste, manager``."""
    return ", ".join(f"{role} in {team}" if team else role for role, team in sorted(officer.held))


def _welcome(port: int) -> str:
    from vestry.config import environment
    from vestry.councils import api as councils
    from vestry.kernel import utc_now
    from vestry.people import api as people

    lines = ["", "Vestry is running. Two councils, so that a leak would show:", ""]
    for council in councils.all_councils():
        lines.append(f"  {council.name}: http://{council.hosts[0]}:{port}/")
        with councils.scope(council):
            lines += [f"      {officer.email:38} {_work_of(officer)}" for officer in people.find_officers()]
    lines += [
        "",
        f"  A bin that can be reported as missed now: {_a_missed_bin(utc_now())}",
        f"  Officers sign in at /desk/ with the password {PASSWORD}",
        "  Helen Okafor has a second step too; the page that asks for her code shows it, in this demo only.",
        f"  Messages sent: http://localhost:{port}/desk/messages/   API: http://localhost:{port}/api/v1/",
        f"  Payments are pretended: http://localhost:{environment.SIMULATOR_PORT}/ (cards, faults)",
        "  Make a service of your own: docs/tutorial.md",
        "  Stop with Ctrl+C. Start again and everything is still there.",
        "",
    ]
    return "\n".join(lines)
