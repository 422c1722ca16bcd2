"""The strategy written down: as tables, as an outline, and on one page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from vestry.channels.desk.typeset import typeset
from vestry.councils import api as councils
from vestry.services import api as services
from vestry.strategy import api as strategy

COLUMNS = (
    "day",
    "layer",
    "items",
    "words",
    "words_an_item",
    "changes",
    "item_years",
    "changes_an_item_a_year",
    "words_changed_a_year",
    "half_life_days",
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a file is about: a day, two days, or one thing; as its view was asked."""

    of: str
    on: date
    since: date
    until: date
    now: datetime


# Of one layer, what still fits on one page.
ON_THE_PAGE = 12

Row = Mapping[str, Any]
File = tuple[str | bytes, str]
Maker = Callable[[Asked], File]
# What a spreadsheet would take for a sum, and work out.
SUMS = ("=", "+", "-", "@", "\t", "\r")


def sheet() -> dict[str, Any]:
    """What stands on the one page: of each layer so much, and how much there is."""
    said = {each.slug: strategy.find(layer=each.slug, most=ON_THE_PAGE) for each in strategy.layers()}
    return {"said": said, "council": councils.current()}


def _csv(rows: Sequence[Row], columns: Sequence[str]) -> File:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=columns)
    writer.writeheader()
    for row in rows:
        told = {name: "; ".join(each) if isinstance(each, list) else each for name, each in row.items()}
        writer.writerow({name: _safe(each) for name, each in told.items()})
    return out.getvalue(), "text/csv; charset=utf-8"


def _safe(told: Any) -> Any:
    return f"'{told}" if isinstance(told, str) and told.startswith(SUMS) else told


def _json(told: Any) -> File:
    return json.dumps(told, default=str, indent=1), "application/json"


def _measures(asked: Asked) -> Sequence[Row]:
    return [
        {
            "day": asked.on,
            "layer": each.layer,
            "items": each.items,
            "words": each.words,
            "words_an_item": round(each.words_an_item, 1),
            "changes": each.changes,
            "item_years": round(each.exposure, 2),
            "changes_an_item_a_year": round(each.rate, 3),
            "words_changed_a_year": round(each.churn, 4),
            "half_life_days": each.half_life,
        }
        for each in strategy.picture(asked.on).measures
    ]


def _words(asked: Asked) -> Sequence[Row]:
    return [
        {
            "layer": each.layer,
            "name": each.slug,
            "says": each.sentence,
            "since": each.since,
            "owner": each.owner,
        }
        for each in strategy.statements()
    ]


def _gaps(asked: Asked) -> Sequence[Row]:
    return [
        {"kind": each.check, "about": each.about, "what": each.sentence}
        for each in strategy.every_gap(asked.on)
    ]


def _changed(asked: Asked) -> Sequence[Row]:
    return [
        {
            "layer": each.layer,
            "name": each.slug,
            "before": each.before,
            "after": each.after,
            "day": each.since,
        }
        for each in strategy.between(asked.since, asked.until)
    ]


def _proposals(asked: Asked) -> Sequence[Row]:
    return [
        {
            "name": each.statement,
            "number": each.number,
            "layer": each.layer,
            "change": each.change.kind,
            "says": each.says_now,
            "would_say": each.sentence or each.change.owner or each.change.layer,
            "why": each.reason,
            "day": each.at.date(),
        }
        for each in strategy.proposals()
    ]


def _why(asked: Asked) -> Sequence[Row]:
    fan = strategy.what_for(asked.of, on=asked.on)
    if fan is None:
        raise strategy.NoSuchStatement
    ways = (("why", strategy.why(asked.of, on=asked.on)[1:]), ("what for", fan.below))
    return [
        {"way": way, "layer": each.layer, "name": each.slug, "kind": each.kind, "says": each.sentence}
        for way, found in ways
        for each in found
    ]


def _if(asked: Asked) -> Sequence[Row]:
    seen = strategy.if_changed(asked.of, now=asked.now)
    counts = (("to be read again", seen.reread), ("without a why", seen.lost.counts))
    rows: list[Row] = [
        {"if": what, "layer": layer, "number": number}
        for what, each in counts
        for layer, number in [*each.by_layer.items(), ("open cases", each.cases)]
        if number
    ]
    return [*rows, {"if": "hangs otherwise", "layer": "", "number": seen.elsewhere}]


TABLES: Mapping[str, tuple[Callable[[Asked], Sequence[Row]], tuple[str, ...]]] = {
    "words": (_words, ("layer", "name", "says", "since", "owner")),
    "gaps": (_gaps, ("kind", "about", "what")),
    "changed": (_changed, ("layer", "name", "before", "after", "day")),
    "proposals": (_proposals, ("name", "number", "layer", "change", "says", "would_say", "why", "day")),
    "why": (_why, ("way", "layer", "name", "kind", "says")),
    "if": (_if, ("if", "layer", "number")),
}
"""Each view as a table: its rows, and its columns."""


def _pdf(asked: Asked) -> File:
    words = {**sheet(), "layers": strategy.layers(), "today": asked.on, "more": _more}
    return typeset("desk/strategy/one_page.typ", words), "application/pdf"


def _more(number: int) -> str:
    return _("And %(number)s more.") % {"number": number}


def _as_csv(rows: Callable[[Asked], Sequence[Row]], columns: Sequence[str]) -> Maker:
    return lambda asked: _csv(rows(asked), columns)


def _as_json(rows: Callable[[Asked], Sequence[Row]]) -> Maker:
    return lambda asked: _json(rows(asked))


FILES: Mapping[tuple[str, str], Maker] = {
    ("strategy", "csv"): _as_csv(_measures, COLUMNS),
    ("strategy", "json"): lambda asked: _json(asdict(strategy.picture(asked.on))),
    ("strategy", "md"): lambda asked: (strategy.written_outline(), "text/markdown; charset=utf-8"),
    ("strategy", "yaml"): lambda asked: (services.written_strategy(), "application/yaml; charset=utf-8"),
    ("strategy", "pdf"): _pdf,
    **{(view, "csv"): _as_csv(rows, columns) for view, (rows, columns) in TABLES.items()},
    **{(view, "json"): _as_json(rows) for view, (rows, _columns) in TABLES.items()},
}
"""By view and ending of its name: what is in the file, and what kind of file it is."""
