"""``vestry principles``: a site held against the six principles, from a command line. Needs no database."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vestry.kernel import Refused

if TYPE_CHECKING:
    from vestry.technology import api as technology
    from vestry.technology.ports import Run

A_MUST_IS_NOT_MET = 3
SHAPES = {"met": "●", "partly": "◐", "not-met": "○", "not-known": "?", "not-applicable": "–"}
SAID = {
    "met": "met",
    "partly": "partly met",
    "not-met": "NOT MET",
    "not-known": "not known",
    "not-applicable": "–",
}
TO_MEND = ("not-met", "partly")


class NotReadable(Refused):
    """{file} cannot be read: it must be a text in UTF-8."""


class NotWritable(Refused):
    """{file} cannot be written: {why}."""


def add_to(verbs: Any) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser(
        "principles",
        help="look at a site and hold it against the six principles, with evidence",
        epilog="Ends with 0 when nothing that must be met was seen not to be, 3 when something was, "
        "1 when it could not be looked at. Needs Chromium and pip install 'vestry[probes]'; no database.",
    )
    parser.add_argument("url", metavar="URL", help="https://... and the page that people begin at")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all that was found as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write it as one page for people")
    parser.add_argument("--evidence", type=Path, metavar="DIR", help="keep the raw evidence in a folder")
    parser.add_argument("--journey", type=Path, metavar="FILE", help="walk this journey on a phone (YAML)")
    parser.add_argument("--leave", default="", metavar="WHERE", help="where the supplier's leave to try the "
                        "interface is recorded: it is then asked 100 times")  # fmt: skip
    parser.add_argument(
        "--users", default="public", metavar="WHO", help="public, staff, machines; several with commas"
    )
    parser.add_argument(
        "--allow-local", action="store_true", help="look at this machine and the own network, too"
    )
    parser.add_argument(
        "--seconds", type=float, default=150.0, metavar="N", help="how long a look may take (150)"
    )
    parser.set_defaults(run=run, environment=surroundings)


def surroundings(args: argparse.Namespace) -> dict[str, str]:
    """Nothing is signed, and nothing is kept."""
    return {"VESTRY_SECRET_KEY": "looking signs nothing", "VESTRY_VAR": tempfile.gettempdir()}


def run(args: argparse.Namespace) -> int:
    """Look, and tell. Raises `NotLookedAt`, `NotAJourney`, `NotReadable`, `NotWritable`."""
    from vestry.kernel import utc_now
    from vestry.outbound.probes import Limits, Probes
    from vestry.technology import api as technology
    from vestry.technology.ports import Progress

    def told(progress: Progress) -> None:
        print(f"  {progress.step}/{progress.of} {progress.doing} ...", file=sys.stderr, flush=True)

    users = frozenset(args.users.split(","))
    if not users <= set(technology.USERS):
        args.command_line.error(f"--users can be {', '.join(technology.USERS)}")
    walk = _text(args.journey) if args.journey else ""
    looked = Probes(local=args.allow_local, limits=Limits(seconds=args.seconds)).look(
        args.url, now=utc_now, told=told, leave=args.leave, walk=walk
    )
    case = technology.Case(kind="buy", users=users, people=10_000, class_="public", pounds=100_000)
    seen = technology.glance(looked, case)
    _tell(looked, seen)
    if args.evidence:
        _write_evidence(looked, args.evidence)
    if args.json:
        _write(args.json, json.dumps(plain(looked, seen), indent=1, ensure_ascii=False) + "\n")
    if args.html:
        _write(args.html, page(looked, seen))
    return A_MUST_IS_NOT_MET if seen.musts_not_met else 0


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise NotReadable(file=file) from None


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise NotWritable(file=file, why=fault.strerror) from None


def _write_evidence(looked: Run, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lines = [
            f"{looked.address}",
            f"{looked.tool} {looked.version}",
            f"{looked.started} to {looked.ended}",
            "",
        ]
        for each in looked.evidence:
            (folder / each.name).write_bytes(each.read())
            lines.append(f"{each.sha256}  {each.name}")
        (folder / "run.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as fault:
        raise NotWritable(file=folder, why=fault.strerror) from None


def _tell(looked: Run, seen: technology.Glance) -> None:
    print(f"\n{looked.address}, by what can be seen from outside:\n")
    for word in seen.words:
        because = f"  ({', '.join(word.because)})" if word.because else ""
        print(f"  {SHAPES[word.verdict]} {seen.titles[word.principle]:24} {SAID[word.verdict]}{because}")
    for principle, title in seen.titles.items():
        found = [(one, finding) for one, finding in seen.found if one.principle == principle]
        left = [one for one in seen.left if one.principle == principle]
        print(f"\n{title}")
        for one, finding in found:
            must = " (must)" if one.must else ""
            print(f"  {SHAPES[finding.verdict]} {one.id:4}{SAID[finding.verdict]:11}{one.asks}{must}")
            print(f"       {finding.said}")
            if finding.verdict in TO_MEND:
                print(f"       To mend: {one.met} [{one.source}, {one.dated}]")
            if finding.evidence:
                print(f"       Seen in: {', '.join(finding.evidence[:4])}")
        if left:
            print(f"  Somebody has to ask: {', '.join(one.id for one in left)}")
    print(f"\nLooked with {looked.tool} {looked.version}, criteria {seen.version}.")


def plain(looked: Run, seen: technology.Glance) -> dict[str, Any]:
    """All of it as plain values."""
    return {
        "address": looked.address,
        "started": looked.started.isoformat(),
        "ended": looked.ended.isoformat(),
        "tool": looked.tool,
        "version": looked.version,
        "criteria": seen.version,
        "words": {
            word.principle: {"word": word.verdict.value, "because": list(word.because)} for word in seen.words
        },
        "found": [
            {
                "criterion": one.id,
                "principle": one.principle,
                "must": one.must,
                "asks": one.asks,
                "verdict": finding.verdict.value,
                "said": finding.said,
                "met": one.met,
                "source": f"{one.source}, {one.dated}",
                "evidence": list(finding.evidence),
            }
            for one, finding in seen.found
        ],
        "ask": [{"criterion": one.id, "asks": one.asks, "because": one.eyes} for one in seen.left],
        "evidence": [
            {
                "name": each.name,
                "media_type": each.media_type,
                "sha256": each.sha256,
                "bytes": len(each.read()),
            }
            for each in looked.evidence
        ],
    }


def page(looked: Run, seen: technology.Glance) -> str:
    """All of it as one page that needs nothing beside it."""
    from jinja2 import Environment, PackageLoader

    shelf = Environment(
        loader=PackageLoader("vestry.config", "templates"), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    shelf.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    words = {"told": plain(looked, seen), "titles": seen.titles, "said": SAID, "shapes": SHAPES}
    return shelf.get_template("config/principles.html").render(**words)
