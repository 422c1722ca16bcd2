"""``vestry reference``: write down what a definition may say, for editors to complete from."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser("reference", help="write the JSON Schema of service definitions")
    parser.add_argument("folder", nargs="?", type=Path, help="where to (default: docs/reference)")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when it is out of date")
    parser.set_defaults(run=run, environment={"VESTRY_SECRET_KEY": "writing signs nothing"})


def run(args: argparse.Namespace) -> int:
    """Write ``service.schema.json``, or with ``--check`` say whether it is as it should be."""
    from vestry.config.environment import HOME
    from vestry.services import api as services

    path = (args.folder or HOME / "docs" / "reference") / "service.schema.json"
    text = json.dumps(services.service_schema(), indent=2, ensure_ascii=False) + "\n"
    if args.check:
        if path.exists() and path.read_text() == text:
            return 0
        print(f"{path} is out of date. Run: vestry reference", file=sys.stderr)
        return 1
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    print(path)
    return 0
