"""The ``vestry`` command. Each verb is a module in `config.commands`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import django
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError

from vestry.config.commands import (
    check,
    compare,
    demo,
    forget,
    key,
    migrate,
    principles,
    publish,
    reference,
    seal,
    serve,
    strategy,
    verify,
    work,
)
from vestry.config.parser import Parser
from vestry.kernel import Refused

COMMANDS = (
    demo,
    check,
    compare,
    publish,
    serve,
    work,
    key,
    forget,
    strategy,
    principles,
    migrate,
    seal,
    verify,
    reference,
)


def command_line() -> Parser:
    """Every verb with its options."""
    parser = Parser(prog="vestry", description="A council run from one house.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for command in COMMANDS:
        command.add_to(verbs)
    parser.set_defaults(command_line=parser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. Returns the exit code: 0 done, 1 refused with the reason on standard error."""
    args = command_line().parse_args(arguments)
    surroundings = getattr(args, "environment", {})
    for name, value in (surroundings(args) if callable(surroundings) else surroundings).items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vestry.config.settings")
    try:
        django.setup()
        return int(args.run(args) or 0)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
    except OperationalError as fault:
        print(f"The database does not answer. Check VESTRY_DATABASE_URL. It said: {fault}", file=sys.stderr)
    except ImproperlyConfigured as fault:
        print(f"Something in the environment is not right: {fault}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
