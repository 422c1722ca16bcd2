"""Interoperable: whether its interface is described, rightly, and does what is described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vestry.kernel import mark
from vestry.outbound.probes.confined import NotReached
from vestry.outbound.probes.judging.said import Judge, Said, like, listed, met, not_known, not_met, partly
from vestry.outbound.probes.openapi import ABOUT_API, ON_REQUEST, Described
from vestry.outbound.probes.seen import Seen

THREE = "3."
FAILURES = 2
LEAST = 100
SIX_MONTHS = like(r"(six|6|seven|eight|nine|twelve|12) months|180 days|(a|one) year")
NOTICE = like(r"deprecat|notice|announce|sunset|change ?log|version")
NO_NOTICE = like(r"without (prior )?(notice|warning|announcement)|may change at any time")
# What everybody calls it, by what shows that it applies.
ADDRESSES = like(r"address|postcode|premis")
STREETS = like(r"street|road|highway")
PLACES = like(r"\b(lat(itude)?|lon(gitude)?|lng|easting|northing|coordinates)\b|geometry|location")
MOMENTS = like(r"(_at|_on|date|time|day|due|since|until)$|^(date|day|time|when)")


def _described(seen: Seen) -> Described:
    if isinstance(seen.api, Described):
        return seen.api
    if isinstance(seen.api, NotReached):
        raise seen.api
    raise NotReached(mark("It was not looked for."))


def readable(seen: Seen) -> Said:
    """I1: a description that opens without signing in."""
    found = seen.api
    if isinstance(found, Described) and found.document is not None:
        return met(mark("Its description opens without signing in: {url}."), url=found.url)
    asked = next((line for line in seen.text.split("\n") if ON_REQUEST.search(line)), "")
    if asked:
        return not_met(mark("Its interface is described on request only: “{line}”"), line=asked[:160])
    behind = next((each for each in seen.sheets if each.passwords and ABOUT_API.search(each.name)), None)
    if behind:
        return not_met(mark("Its page “{name}” asks to sign in first."), name=behind.name)
    return _described(seen) and not_known(mark("What stands where a description should be is none."))


def valid(seen: Seen) -> Said:
    """I2: valid OpenAPI 3, in good style."""
    found = _described(seen)
    if found.refers:
        return not_known(
            mark("Its description points at other files, which are not followed: {url}."), url=found.url
        )
    if found.invalid:
        return not_met(
            mark("What stands at {url} is not valid: {fault}."), url=found.url, fault=found.invalid[:160]
        )
    if not found.version.startswith(THREE):
        return partly(mark("It is described in an older form: {version}."), version=found.version)
    if found.style:
        return partly(mark("It is valid, with {number} faults of style: {faults}."),
                      number=len(found.style), faults=listed(found.style))  # fmt: skip
    return met(mark("A valid description, OpenAPI {version}, with nothing to mend."), version=found.version)


def does_what_it_says(seen: Seen) -> Said:
    """I3: asked 100 times, with leave."""
    tried = seen.tried
    if tried is None:
        return not_known(mark("It was not asked anything, for want of the supplier’s leave."))
    if isinstance(tried, NotReached):
        raise tried
    kinds = len(tried.failures)
    told = listed(tried.failures)
    if kinds > FAILURES:
        return not_met(
            mark("Of {times} requests {kinds} kinds failed: {told}."),
            times=tried.times,
            kinds=kinds,
            told=told,
        )
    if kinds:
        return partly(
            mark("Of {times} requests {kinds} kinds failed: {told}."),
            times=tried.times,
            kinds=kinds,
            told=told,
        )
    if tried.times < LEAST:
        return not_known(mark("Only {times} requests could be made."), times=tried.times)
    return met(mark("{times} requests were answered as it is described."), times=tried.times)


def whole_export(seen: Seen) -> Said:
    """I5: an export that parses and holds as many as its page says."""
    good = [each for each in seen.exports if not each.fault]
    whole = next((each for each in good if each.complete), None)
    if whole:
        return met(
            mark("“{name}” holds all {rows} records its page shows, and can be read."),
            name=whole.name,
            rows=whole.rows or 0,
        )
    if good:
        return partly(
            mark("“{name}” can be read; whether it is everything its page does not say."), name=good[0].name
        )
    if not seen.exports:
        return not_known(mark("No export was found that can be opened without signing in."))
    first = next((each for each in seen.exports if each.fault != "print"), None)
    if first is None:
        return not_met(
            mark("What can be taken out is for print only: {names}."),
            names=listed(e.name for e in seen.exports),
        )
    if first.fault.startswith("it comes as") and first.rows is not None:
        return partly(mark("“{name}” can be read, but {fault}."), name=first.name, fault=first.fault)
    return not_met(mark("“{name}” cannot be read: {fault}."), name=first.name, fault=first.fault)


def names_of_all(seen: Seen) -> Said:
    """I7: the names and forms that everybody uses, where they apply."""
    document = _described(seen).document
    if document is None:
        return not_known(mark("What stands where a description should be is none."))
    fields = dict(_fields(document))
    applies = {
        "uprn": (ADDRESSES, lambda: any("uprn" in name.lower() for name in fields)),
        "usrn": (STREETS, lambda: any("usrn" in name.lower() or "uprn" in name.lower() for name in fields)),
        "geojson": (PLACES, lambda: bool({"coordinates", "geometry", "latitude"} & set(fields))),
        "iso 8601": (MOMENTS, lambda: any(form.startswith("date") for form in fields.values())),
    }
    wanted = {name: has() for name, (sign, has) in applies.items() if any(sign.search(f) for f in fields)}
    if not wanted:
        return not_known(mark("Nothing in its description is of a kind that has names everybody uses."))
    own = [name.upper() for name, has in wanted.items() if not has]
    if not own:
        return met(
            mark("It uses the names and forms that apply: {names}."), names=listed(n.upper() for n in wanted)
        )
    if len(own) < len(wanted):
        return partly(mark("It has names of its own where everybody has others: {names}."), names=listed(own))
    return not_met(
        mark("It has names and forms of its own only, where these apply: {names}."), names=listed(own)
    )


def _fields(node: Any) -> Iterator[tuple[str, str]]:
    todo = [node]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            if isinstance(each.get("properties"), dict):
                for name, schema in each["properties"].items():
                    yield str(name), _form(schema)
            if each.get("in") in ("query", "path") and isinstance(each.get("name"), str):
                yield each["name"], _form(each.get("schema"))
            todo += each.values()
        elif isinstance(each, list):
            todo += each


def _form(schema: Any) -> str:
    if not isinstance(schema, dict):
        return ""
    several = [one for word in ("anyOf", "oneOf", "allOf") for one in schema.get(word) or []]
    return str(schema.get("format") or next(filter(None, map(_form, several)), ""))


def announced(seen: Seen) -> Said:
    """I9: a version, and what it says of changes."""
    document = _described(seen).document
    if document is None:
        return not_known(mark("What stands where a description should be is none."))
    info = document.get("info") or {}
    said = f"{info.get('description', '')}\n" + "\n".join(
        e.text for e in seen.sheets if ABOUT_API.search(e.name)
    )
    if NO_NOTICE.search(said):
        return not_met(mark("It says that it changes without notice."))
    if SIX_MONTHS.search(said) and NOTICE.search(said):
        return met(mark("It says that changes are announced at least six months before."))
    if info.get("version") and NOTICE.search(said):
        return partly(mark("It has a version and says how it changes, but not how long before."))
    return not_known(mark("It does not say how changes are announced."))


DOCUMENT = ("interface.json",)
JUDGES = {
    "I1": Judge(says=readable, evidence=DOCUMENT),
    "I2": Judge(says=valid, evidence=(*DOCUMENT, "interface-style.txt")),
    "I3": Judge(says=does_what_it_says, evidence=("contract.json", *DOCUMENT)),
    "I5": Judge(says=whole_export, evidence=("export-1.csv", "export-1.json", "export-1.pdf")),
    "I7": Judge(says=names_of_all, evidence=DOCUMENT),
    "I9": Judge(says=announced, evidence=DOCUMENT),
}
