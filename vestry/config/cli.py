"""The ``vestry`` command. Each verb is a module in `config.commands`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import django
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError

from vestry.config.commands import check, demo, migrate, publish, reference, serve, verify, work
from vestry.kernel import Refused

COMMANDS = (demo, check, publish, serve, work, migrate, verify, reference)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. Returns the exit code: 0 done, 1 refused with the reason on standard error."""
    parser = argparse.ArgumentParser(prog="vestry", description="A council run from one house.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for command in COMMANDS:
        command.add_to(verbs)
    args = parser.parse_args(arguments)
    for name, value in getattr(args, "environment", {}).items():
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
