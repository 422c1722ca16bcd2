"""The register written down: as a table and as JSON, what the public may read. See `technology.api`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from vestry.technology.api.standing import Stand
from vestry.technology.rules.criteria import PRINCIPLES

COLUMNS = (
    "slug",
    "title",
    "supplier",
    "what",
    "owner",
    "capabilities",
    "contract_reference",
    "contract_start",
    "contract_end",
    "last_notice_day",
    "yearly_value_gbp",
    "decision",
    *PRINCIPLES,
    "waived",
)


def plain(stand: Stand) -> dict[str, object]:
    """One technology as the public may read of it: words, and no detail of what is open."""
    entry = stand.entry
    renewal, contract = entry.renewal(stand.day), entry.contract
    return {
        "slug": entry.slug,
        "title": entry.title,
        "supplier": entry.supplier,
        "what": entry.what,
        "owner": entry.owner,
        "capabilities": list(entry.capabilities),
        "contract_reference": contract.reference if contract else "",
        "contract_start": contract.start.isoformat() if contract else "",
        "contract_end": renewal.end.isoformat() if renewal else "",
        "last_notice_day": renewal.last_notice.isoformat() if renewal else "",
        "yearly_value_gbp": entry.pounds,
        "decision": stand.state,
        **{word.principle: word.verdict.value for word in stand.words},
        "waived": [f"{principle} until {ends.isoformat()}" for principle, ends in stand.waived.items()],
    }


def as_csv(stands: Iterable[Stand]) -> str:
    """The register as a table. Several values in a cell are parted by semicolons."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=COLUMNS)
    writer.writeheader()
    for stand in stands:
        row = plain(stand).items()
        writer.writerow({name: _cell(value) for name, value in row})
    return out.getvalue()


def _cell(value: object) -> object:
    text = "; ".join(map(str, value)) if isinstance(value, list) else value
    # A spreadsheet would take it for a formula.
    return f"'{text}" if isinstance(text, str) and text[:1] in ("=", "+", "-", "@") else text


def as_json(stands: Iterable[Stand]) -> str:
    """The register as JSON."""
    return json.dumps({"technologies": [plain(stand) for stand in stands]}, indent=1)
