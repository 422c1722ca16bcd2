"""``vestry demo``: both example councils on one's own machine, ready to click through."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from django.core.management import call_command

PASSWORD = "vestry-demo"  # noqa: S105 - printed on the screen; only the demo gives it to anybody
PACKS = ("harrowmere", "saltmarsh")


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("demo", help="serve the example councils, made new if need be")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
    parser.add_argument("--host", default="127.0.0.1")
    parser.set_defaults(run=run, environment={"VESTRY_DEMO": "1", "VESTRY_WORKER": "inside"})


def run(args: argparse.Namespace) -> int:
    """Migrate, publish the packs, say where to go, serve."""
    from vestry.config import environment
    from vestry.config.commands import migrate, serve

    environment.VAR.mkdir(parents=True, exist_ok=True)
    migrate.bring_up_to_date(verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    publish_examples(environment.HOME / "packs")
    serve.refuse_taken(args.host, args.port)
    print(_welcome(args.port), flush=True)
    serve.listen(args.host, args.port)
    return 0


def publish_examples(packs: Path) -> None:
    """Publish both example councils, with a password everybody may know."""
    from vestry.kernel import SYSTEM, utc_now
    from vestry.services import api as services

    for pack in PACKS:
        services.publish_pack(folder=packs / pack, now=utc_now(), actor=SYSTEM, demo_password=PASSWORD)


def _welcome(port: int) -> str:
    from vestry.councils import api as councils
    from vestry.people import api as people

    lines = ["", "Vestry is running. Two councils, so that a leak would show:", ""]
    for council in councils.all_councils():
        lines.append(f"  {council.name}: http://{council.hosts[0]}:{port}/")
        with councils.scope(council):
            lines += [
                f"      {officer.email:38} {', '.join(sorted(officer.roles | officer.teams))}"
                for officer in people.find_officers()
            ]
    lines += [
        "",
        f"  Officers sign in at /desk/ with the password {PASSWORD}",
        f"  Messages sent: http://localhost:{port}/desk/messages/   API: http://localhost:{port}/api/v1/",
        "  Stop with Ctrl+C. Start again and everything is still there.",
        "",
    ]
    return "\n".join(lines)
