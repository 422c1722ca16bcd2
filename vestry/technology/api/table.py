"""The whole register as a table, to be changed in a spreadsheet and taken in again. See `technology.api`."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import msgspec
from django.utils.translation import gettext as _

from vestry.people import api as people
from vestry.technology.api.register import Entry, technologies
from vestry.technology.rules import table
from vestry.technology.rules.table import COLUMNS, FOR_EVER, NO, YES

_OF_ENTRY = {"name": "slug", "class": "information_class", "gives": "capabilities"}
_CELLS_OF_A_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, kw_only=True)
class WrongCell:
    """What is wrong with a table, and what would be right, in words. ``column`` is empty for a whole line."""

    line: int
    column: str
    what: str
    right: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a table would change of one technology: by field, what it says now and would say. ``before`` is
    None for one that is not in the register yet.
    """

    entry: Entry
    before: Entry | None
    fields: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table that was read: what it would change, how much stays, and what is wrong, by line."""

    differences: Sequence[Difference] = ()
    same: int = 0
    wrong: Sequence[WrongCell] = ()

    @property
    def over(self) -> Mapping[str, str]:
        """What it would be written over, as `write_entries` takes it."""
        return {each.entry.slug: each.before.digest if each.before else "" for each in self.differences}

    @property
    def digest(self) -> str:
        """The hash of that: another one, and the table would change something else by now."""
        return hashlib.sha256(msgspec.json.encode(self.over, order="sorted")).hexdigest()


def read_table(text: str) -> Table:
    """What a table would change. What it does not name stays, and so do the reasons for steps down, which
    have no column. With anything wrong in it, nothing of it is taken.
    """
    rows, faults = table.read(text, owners={team.slug for team in people.teams()})
    if faults:
        return Table(wrong=[_said(each) for each in faults])
    standing = {each.slug: each for each in technologies()}
    found = [_entry(row, standing.get(str(row["name"]))) for row in rows]
    different = [each for each in found if each != standing.get(each.slug)]
    return Table(
        differences=[compared(each, standing.get(each.slug)) for each in different],
        same=len(found) - len(different),
    )


def _said(fault: table.Fault) -> WrongCell:
    what, right = (_(each).format(**fault.words) for each in (fault.what, fault.right))
    return WrongCell(line=fault.line, column=fault.column, what=what, right=right)


def _entry(row: table.Row, standing: Entry | None) -> Entry:
    said = {_OF_ENTRY.get(name, name.replace("-", "_")): value for name, value in row.items()}
    of_contract = {name.replace("-", "_") for name in table.OF_CONTRACT}
    contract = {name: said.pop(name) for name in of_contract}
    return msgspec.convert(
        {
            **said,
            "steps": dict(standing.steps) if standing else {},
            "contract": contract if contract["start"] else None,
        },
        Entry,
    )


def compared(entry: Entry, before: Entry | None) -> Difference:
    """What would be changed of one technology, field by field."""
    now, then = _cells(entry), _cells(before) if before else dict.fromkeys(COLUMNS, "")
    fields = {name: (then[name], now[name]) for name in COLUMNS if name != "name" and then[name] != now[name]}
    return Difference(entry=entry, before=before, fields=fields)


def written_table(entries: Sequence[Entry]) -> str:
    """The register as a table; `read_table` finds nothing different in it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(COLUMNS))
    writer.writeheader()
    for each in entries:
        # A spreadsheet would take it for a formula.
        cells = {
            name: f"'{cell}" if cell.startswith(_CELLS_OF_A_FORMULA) else cell
            for name, cell in _cells(each).items()
        }
        writer.writerow(cells)
    return out.getvalue()


def _cells(entry: Entry) -> dict[str, str]:
    said = {**asdict(entry.contract), **asdict(entry)} if entry.contract else asdict(entry)
    named = {name: said.get(_OF_ENTRY.get(name, name.replace("-", "_"))) for name in COLUMNS}
    if entry.contract:
        named["most"] = FOR_EVER if entry.contract.most is None else entry.contract.most
        named["tacit"] = YES if entry.contract.tacit else NO
    return {name: _cell(value) for name, value in named.items()}


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
