"""The register as a table: a row a technology, and what is wrong with a row that cannot be taken in.

Read from what people keep in a spreadsheet: every mistake is told with its line, and what would be right.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from re import fullmatch

from vestry.kernel import mark
from vestry.technology.rules.criteria import CLASSES, USERS
from vestry.technology.rules.steps import LADDER

FOR_EVER = "for-ever"
YES, NO = "yes", "no"
MOST_MONTHS, MOST_DAYS, MOST_PEOPLE, MOST_POUNDS = 240, 1_000, 10_000_000, 1_000_000_000
EARLIEST, LATEST = 1900, 2199
# Python reads no number of thousands of digits, and says so in its own way.
DIGITS = 12
NAME = r"[a-z0-9]+(-[a-z0-9]+)*"


class Wrong(Exception):
    """What is wrong with one cell, and what would be right."""

    def __init__(self, *, what: str, right: str, words: Mapping[str, object] | None = None) -> None:
        super().__init__(what)
        self.what, self.right, self.words = what, right, words or {}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong, on which line of the table, in which column."""

    line: int
    column: str
    what: str
    right: str
    words: Mapping[str, object] = field(default_factory=dict)


Reader = Callable[[str], object]


def _text(most: int, *, needed: bool = False) -> Reader:
    def read(cell: str) -> str:
        if needed and not cell:
            raise Wrong(what=mark("It is empty."), right=mark("Write something into it."))
        if len(cell) > most:
            raise Wrong(
                what=mark("It has {number} characters."),
                right=mark("Use {most} or fewer."),
                words={"number": len(cell), "most": most},
            )
        return cell

    return read


def _name(cell: str) -> str:
    if not fullmatch(NAME, cell) or len(cell) > 60:  # noqa: PLR2004 - as long as its column
        raise Wrong(
            what=mark("“{cell}” is no short name."),
            right=mark("Use small letters, digits and hyphens, as in pay-desk."),
            words={"cell": cell},
        )
    return cell


def one_of(cell: str, known: Collection[str]) -> str:
    """A word that has to be one of some. Raises `Wrong`, which names the nearest."""
    if cell not in known:
        near = get_close_matches(cell, known, n=1)
        raise Wrong(
            what=mark("“{cell}” is none of those it can be."),
            right=mark("Write {near}.") if near else mark("Write one of {known}."),
            words={"cell": cell, "near": near[0] if near else "", "known": ", ".join(sorted(known))},
        )
    return cell


def _among(known: Collection[str]) -> Callable[[str], str]:
    return lambda cell: one_of(cell, known)


def _several(read: Callable[[str], str], *, needed: bool = False) -> Reader:
    def listed(cell: str) -> tuple[str, ...]:
        found = tuple(read(each.strip()) for each in cell.split(";") if each.strip())
        if needed and not found:
            raise Wrong(what=mark("It is empty."), right=mark("Write one or more, parted by semicolons."))
        return found

    return listed


def _number(most: int, *, otherwise: int | None = 0) -> Reader:
    def read(cell: str) -> int:
        digits = cell.replace(",", "").removeprefix("£")
        if not digits and otherwise is not None:
            return otherwise
        if not digits.isdecimal() or not digits.isascii() or len(digits) > DIGITS or int(digits) > most:
            raise Wrong(
                what=mark("“{cell}” is no whole number up to {most}."),
                right=mark("Write it in digits, as in 12."),
                words={"cell": cell, "most": f"{most:,}"},
            )
        return int(digits)

    return read


def _day(cell: str) -> date | None:
    if not cell:
        return None
    try:
        day = date.fromisoformat(cell)
        # A contract is reckoned on for decades from its days.
        if not EARLIEST <= day.year <= LATEST:
            raise ValueError
        return day
    except ValueError:
        raise Wrong(
            what=mark("“{cell}” is no day."), right=mark("Write it as 2027-03-31."), words={"cell": cell}
        ) from None


def _some_day(cell: str) -> str:
    day = _day(cell)
    return day.isoformat() if day else ""


def _most(cell: str) -> int | None:
    return None if cell == FOR_EVER else int(str(_number(100)(cell)))


def _tacit(cell: str) -> bool:
    return one_of(cell or NO, (YES, NO)) == YES


OF_CONTRACT: Mapping[str, Reader] = {
    "reference": _text(120),
    "start": _day,
    "initial": _number(MOST_MONTHS),
    "extension": _number(MOST_MONTHS),
    "most": _most,
    "taken": _number(MOST_MONTHS),
    "tacit": _tacit,
    "notice": _number(MOST_MONTHS),
    "notice-days": _number(MOST_DAYS),
    "breaks": _several(_some_day),
}
COLUMNS: Mapping[str, Reader] = {
    "name": _name,
    "title": _text(120, needed=True),
    "supplier": _text(120),
    "what": _text(2_000, needed=True),
    "address": _text(300),
    "hosting": _among(LADDER),
    "owner": _text(80, needed=True),
    "class": _among(CLASSES),
    "guide": _text(300),
    "users": _several(_among(USERS), needed=True),
    "people": _number(MOST_PEOPLE, otherwise=None),
    "pounds": _number(MOST_POUNDS, otherwise=None),
    "gives": _several(_name),
    "leaving": _day,
    "twice-because": _text(2_000),
    **OF_CONTRACT,
}
"""Each column, and how a cell of it is read. What belongs to a contract may all be left out."""
NEEDED = ("name", "title", "what", "hosting", "owner", "class", "users", "people", "pounds")

Row = Mapping[str, object]


def read(text: str, *, owners: Collection[str]) -> tuple[list[Row], list[Fault]]:
    """Every row as values, by column; and everything that is wrong. ``owners`` are the teams there are."""
    lines = csv.reader(io.StringIO(text.lstrip("\ufeff").replace("\x00", "")), strict=True)
    try:
        numbered = [(lines.line_num, [cell.strip() for cell in row]) for row in lines]
    except csv.Error:
        what, right = mark("It cannot be read as a table."), mark("Save it as CSV, with commas.")
        return [], [Fault(line=lines.line_num, column="", what=what, right=right)]
    numbered = [(line, row) for line, row in numbered if any(row)]
    if not numbered:
        right = mark("Begin with a line of column names.")
        return [], [Fault(line=1, column="", what=mark("There is nothing in it."), right=right)]
    (line, columns), *rows = numbered
    if faults := list(_of_columns(line, columns)):
        return [], faults
    found: list[Row] = []
    seen: dict[str, int] = {}
    faults = []
    for line, row in rows:
        values, wrong = _row(line, columns, row, owners)
        name = str(values.get("name", ""))
        if name in seen:
            what, right = mark("“{name}” is on line {before}, too."), mark("Keep one of them.")
            words = {"name": name, "before": seen[name]}
            wrong.append(Fault(line=line, column="name", what=what, right=right, words=words))
        if name:
            seen.setdefault(name, line)
        faults += wrong
        found.append(values)
    return found, faults


def _of_columns(line: int, columns: Sequence[str]) -> Iterator[Fault]:
    for column in columns:
        if column not in COLUMNS:
            near = get_close_matches(column, COLUMNS, n=1)
            yield Fault(
                line=line,
                column=column,
                what=mark("There is no such column."),
                right=mark("Call it {near}.") if near else mark("Leave it out. There are {known}."),
                words={"near": near[0] if near else "", "known": ", ".join(COLUMNS)},
            )
        elif columns.count(column) > 1:
            what, right = mark("The column is there twice."), mark("Keep one of them.")
            yield Fault(line=line, column=column, what=what, right=right)
    for column in NEEDED:
        if column not in columns:
            right = mark("Add it, or begin with the register as a table.")
            yield Fault(line=line, column=column, what=mark("The column is missing."), right=right)


def _row(
    line: int, columns: Sequence[str], row: Sequence[str], owners: Collection[str]
) -> tuple[dict[str, object], list[Fault]]:
    if len(row) > len(columns):
        what = mark("It has {number} cells, and there are {columns} columns.")
        right = mark("Put what has a comma in it into quotation marks.")
        words = {"number": len(row), "columns": len(columns)}
        return {}, [Fault(line=line, column="", what=what, right=right, words=words)]
    cells = {**dict.fromkeys(COLUMNS, ""), **dict(zip(columns, row, strict=False))}
    values: dict[str, object] = {}
    faults = []
    for column, reader in COLUMNS.items():
        try:
            values[column] = reader(cells[column].removeprefix("'"))
            if column == "owner":
                one_of(str(values[column]), owners)
        except Wrong as wrong:
            faults.append(
                Fault(line=line, column=column, what=wrong.what, right=wrong.right, words=wrong.words)
            )
    has_contract = any(cells[column] for column in OF_CONTRACT)
    if has_contract and not faults:
        for column in ("start", "initial"):
            if not values[column]:
                what = mark("There is a contract, and this is not said of it.")
                right = mark("Write the day it starts, and how many months it runs at first.")
                faults.append(Fault(line=line, column=column, what=what, right=right))
    return values, faults
