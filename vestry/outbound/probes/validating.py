"""Holds one description of an interface against its standard, in a process of its own."""

from __future__ import annotations

import contextlib
import json
import sys

GIGABYTE = 1_000_000_000
SECONDS = 25


def main() -> int:
    """Reads JSON from standard input. 0: valid, 1: the fault is printed."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (GIGABYTE, GIGABYTE))
    from openapi_spec_validator import validate  # noqa: PLC0415 - an optional package, and what it takes is bounded

    try:
        validate(json.load(sys.stdin))
    except Exception as fault:  # noqa: BLE001 - whatever it stumbles over is a fault of the description
        where = "/".join(str(each) for each in getattr(fault, "absolute_path", ()))
        said = str(getattr(fault, "message", "") or fault).partition("\n")[0] or type(fault).__name__
        sys.stdout.write(f"{where}: {said}\n" if where else f"{said}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
