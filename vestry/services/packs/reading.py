"""Reading a pack: every file of it is read and checked before anything is written anywhere.

1. Each file is held against its struct; the mistakes of all files are told at once.
2. What the files say of each other is checked: teams, wards, rounds, statements.
3. With what the council has known, each service goes through the publish gate.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path as FilePath
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from vestry.design.capability import PackFile
from vestry.people import api as people
from vestry.places import api as places
from vestry.services.definition import capabilities
from vestry.services.definition.check import Checked, check_text
from vestry.services.definition.decoding import decode
from vestry.services.definition.language import Definition
from vestry.services.definition.mistakes import Mistake, Path, did_you_mean
from vestry.services.definition.principles import left_unsaid, other
from vestry.services.definition.reading import NotReadable, Tree, read_file, read_yaml
from vestry.services.definition.structure import wrongs
from vestry.services.packs import language, strategies
from vestry.services.packs.language import Council, Past, People, Rounds, Strategy
from vestry.strategy import api as strategy

COUNCIL, PEOPLE, STRATEGY = "pack.yaml", "people.yaml", "strategy.yaml"
ROUNDS, PAST, GAZETTEER, SERVICES = "rounds.yaml", "past.yaml", "gazetteer.csv", "services"
COLUMNS = ("uprn", "line", "street", "town", "postcode", "ward", "round", "latitude", "longitude")

NOT_AT_ALL = "none"
# What a pack need not have, and what it then says.
OPTIONAL: Mapping[str, Any] = {
    ROUNDS: Rounds(schedules={}),
    PAST: Past(),
}
_NAMED = re.compile(rb"^service: *([a-z0-9-]+)", re.MULTILINE)


class NotAPack(Exception):
    """There is no pack there."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """The text of a service and what it says."""

    text: str
    definition: Definition
    file: str = ""
    """What mistakes in it are told of, where it stands in a file."""


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A council as data, ready to be written."""

    council: Council
    people: People
    statements: tuple[strategy.Statement, ...]
    layers: tuple[strategy.Layer, ...]
    past: tuple[strategy.PastService, ...]
    figures: tuple[strategy.Figures, ...]
    rounds: tuple[places.Round, ...]
    addresses: tuple[places.AddressView, ...]
    files: tuple[tuple[PackFile, Any], ...]
    """What rooms brought, and what it says."""
    services: Mapping[str, Source]


@dataclass(kw_only=True)
class Reading:
    """A pack as far as it has been read. ``pack`` is there when nothing was wrong."""

    folder: FilePath
    mistakes: list[Mistake] = field(default_factory=list)
    files: dict[str, Any] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)
    pack: Pack | None = None

    def called(self, name: str) -> str:
        """A file of the pack, as messages call it."""
        return str(self.folder / name)

    def known(self) -> dict[str, frozenset[str]]:
        """What the council has. A kind whose file can't be read isn't there, and isn't checked."""
        said: dict[str, frozenset[str]] = {"roles": frozenset(people.ROLES)}
        if PEOPLE in self.files:
            said["teams"] = frozenset(self.files[PEOPLE].teams)
            said["officers"] = frozenset(self.files[PEOPLE].officers)
        if STRATEGY in self.files:
            said["statements"] = frozenset(self.files[STRATEGY].statements)
        if ROUNDS in self.files:
            said["schedules"] = frozenset(self.files[ROUNDS].schedules)
        for file in capabilities.pack_files():
            if file.name in self.files:
                said |= file.named(self.files[file.name])
        said["services"] = frozenset(_services_named(self.folder))
        return said


def find_pack(path: FilePath) -> FilePath | None:
    """The pack a file is part of: the nearest folder upwards that holds a ``pack.yaml``."""
    return next((folder for folder in path.resolve().parents if (folder / COUNCIL).is_file()), None)


def read_pack(folder: FilePath) -> Reading:
    """Read and check a whole pack. Raises `NotAPack`."""
    reading = _read_council(folder)
    services = dict(_read_services(reading, sorted((folder / SERVICES).glob("*.yaml"))))
    reading.mistakes += _left_unsaid(services)
    addresses = tuple(_read_gazetteer(reading))
    reading.mistakes.sort(key=lambda each: (each.file, each.line, each.column))
    if not reading.mistakes:
        reading.pack = Pack(
            council=reading.files[COUNCIL],
            people=reading.files[PEOPLE],
            statements=strategies.statements(reading.files[STRATEGY]),
            layers=strategies.layers(reading.files[STRATEGY]),
            past=strategies.past(reading.files[PAST]),
            figures=strategies.figures(reading.files[STRATEGY]),
            rounds=tuple(_rounds(reading.files[ROUNDS])),
            addresses=addresses,
            files=tuple((file, reading.files[file.name]) for file in capabilities.pack_files()),
            services=services,
        )
    return reading


def check_service(path: FilePath) -> list[Mistake]:
    """Check one service against the pack it is part of; against itself only where it is part of none."""
    folder = find_pack(path)
    known: Mapping[str, frozenset[str]] = {}
    if folder:
        known = _read_council(folder).known()
    return list(_check_file(path, str(path), known)[1].mistakes)


def _read_council(folder: FilePath) -> Reading:
    """Everything but services and gazetteer."""
    if not (folder / COUNCIL).is_file():
        raise NotAPack(_("There is no {file} in {folder}.").format(file=COUNCIL, folder=folder))
    reading = Reading(folder=folder)
    for name, struct in (
        (COUNCIL, Council),
        (PEOPLE, People),
        (STRATEGY, Strategy),
        (ROUNDS, Rounds),
        (PAST, Past),
        *((file.name, file.struct) for file in capabilities.pack_files()),
    ):
        _read_struct(reading, name, struct)
    if PEOPLE in reading.files:
        reading.mistakes += _people_mistakes(reading)
    if STRATEGY in reading.files:
        said, tree = reading.files[STRATEGY], reading.trees[STRATEGY]
        reading.mistakes += strategies.mistakes(said, tree)
        named = frozenset(_services_named(folder))
        reading.mistakes += strategies.misspelt_services(said, tree, named)
    if PAST in reading.files and PAST in reading.trees and STRATEGY in reading.files:
        both = reading.files[PAST], reading.files[STRATEGY]
        reading.mistakes += strategies.past_mistakes(*both, reading.trees[PAST])
    if ROUNDS in reading.files:
        reading.mistakes += _round_mistakes(reading)
    for file in capabilities.pack_files():
        if file.name in reading.trees:
            tree = reading.trees[file.name]
            reading.mistakes += [
                tree.mistake(each.path, each.what, each.instead)
                for each in file.problems(reading.files[file.name], reading.known())
            ]
    return reading


def _services_named(folder: FilePath) -> Iterator[str]:
    """What the services of a pack are called, whatever else may be wrong with them."""
    for path in (folder / SERVICES).glob("*.yaml"):
        named = _NAMED.search(path.read_bytes())
        if named:
            yield named[1].decode()


def _read_struct(reading: Reading, name: str, struct: type[msgspec.Struct]) -> None:
    optional = OPTIONAL | {file.name: file.struct() for file in capabilities.pack_files()}
    if name in optional and not (reading.folder / name).exists():
        reading.files[name] = optional[name]
        return
    try:
        tree = read_yaml(read_file(reading.folder / name, reading.called(name)), reading.called(name))
    except NotReadable as fault:
        reading.mistakes += fault.mistakes
        return
    found = wrongs(tree, struct)
    reading.mistakes += [each.mistake for each in found]
    if not found:
        reading.trees[name], reading.files[name] = tree, decode(tree.value, struct)


def _people_mistakes(reading: Reading) -> Iterator[Mistake]:
    said, tree = reading.files[PEOPLE], reading.trees[PEOPLE]
    emails: dict[str, str] = {}
    for slug, person in said.officers.items():
        placed = person.placed(slug)
        for team, roles in placed.teams.items():
            path: Path = ("officers", slug, "teams", team)
            if team not in said.teams:
                what = _('"{name}" is not a team of the council.').format(name=team)
                yield tree.mistake(path, what, did_you_mean(team, said.teams))
            for role in sorted(people.COUNCIL_ONLY & set(roles)):
                what = _('"{role}" is a role for the whole council.').format(role=role)
                yield tree.mistake(
                    path, what, _('Write it beside "teams": council: {role}').format(role=role)
                )
        if not placed.held:
            what = _("{name} has no role.").format(name=person.name)
            better = _(
                'Say what they are, in a team ("teams: {waste: officer}") or in all ("council: manager").'
            )
            yield tree.mistake(("officers", slug), what, better)
        if person.email.lower() in emails:
            what = _("{name} has this email address too.").format(name=emails[person.email.lower()])
            yield tree.mistake(("officers", slug, "email"), what, _("Each person signs in with their own."))
        emails[person.email.lower()] = person.name


def _round_mistakes(reading: Reading) -> Iterator[Mistake]:
    tree = reading.trees.get(ROUNDS)
    for schedule, rounds in reading.files[ROUNDS].schedules.items() if tree else ():
        for slug, each in rounds.items():
            top: Path = ("schedules", schedule, slug)
            days = {(*top, "collections", kind, "first"): c.first for kind, c in each.collections.items()}
            days |= {(*top, "moved", day): day for day in each.moved}
            days |= {(*top, "moved", day): to for day, to in each.moved.items() if to != NOT_AT_ALL}
            for path, day in days.items():
                if not _is_day(day):
                    yield tree.mistake(path, _("There is no such day: {day}.").format(day=day), key=True)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _rounds(said: Rounds) -> Iterator[places.Round]:
    for schedule, rounds in said.schedules.items():
        for slug, each in rounds.items():
            for kind, collection in each.collections.items():
                first = date.fromisoformat(collection.first)
                yield places.Round(
                    schedule=schedule,
                    slug=slug,
                    kind=kind,
                    first=first,
                    weeks=collection.weeks,
                    over=time.fromisoformat(each.over),
                    moved=_moved(each, first, collection.weeks),
                )


def _moved(round_: language.Round, first: date, weeks: int) -> dict[date, date | None]:
    """The moves that concern this kind: in weeks when it isn't collected there is nothing to move."""
    days = {
        date.fromisoformat(day): None if to == NOT_AT_ALL else date.fromisoformat(to)
        for day, to in round_.moved.items()
    }
    return {day: to for day, to in days.items() if (day - first).days % (7 * weeks) == 0}


def _read_services(reading: Reading, paths: list[FilePath]) -> Iterator[tuple[str, Source]]:
    known = reading.known()
    names: dict[str, str] = {}
    if not paths:
        what = _("The pack has no services. Put them into the folder {folder}.").format(folder=SERVICES)
        reading.mistakes.append(Mistake(file=reading.called(COUNCIL), line=1, what=what))
    for path in paths:
        text, checked = _check_file(path, str(path), known)
        reading.mistakes += checked.mistakes
        said = checked.definition
        if said is None:
            continue
        if said.service in names:
            what = _('"{name}" is what the service in {file} is called, too.')
            what = what.format(name=said.service, file=names[said.service])
            reading.mistakes.append(Mistake(file=str(path), line=_line_of_service(text), what=what))
        names[said.service] = path.name
        yield said.service, Source(text=text, definition=said, file=str(path))


def _left_unsaid(services: Mapping[str, Source]) -> Iterator[Mistake]:
    """What services do not meet of the six principles, and do not explain."""
    others = list(filter(None, (other(source.definition) for source in services.values())))
    for source in services.values():
        problems = list(left_unsaid(source.definition, others))
        tree = read_yaml(source.text, source.file) if problems else None
        if tree:
            yield from (tree.mistake(each.path, each.what, each.instead, key=True) for each in problems)


def _line_of_service(text: str) -> int:
    return read_yaml(text, "").place(("service",), key=True).line


def _check_file(path: FilePath, called: str, known: Mapping[str, frozenset[str]]) -> tuple[str, Checked]:
    try:
        text = read_file(path, called)
    except NotReadable as fault:
        return "", Checked(definition=None, mistakes=tuple(fault.mistakes))
    return text, check_text(text, called, known)


def _read_gazetteer(reading: Reading) -> Iterator[places.AddressView]:
    path, called = reading.folder / GAZETTEER, reading.called(GAZETTEER)
    if not path.exists():
        return
    try:
        rows = csv.DictReader(io.StringIO(read_file(path, called)), strict=True)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            what = _("The first line names no column {names}.").format(names=", ".join(missing))
            reading.mistakes.append(Mistake(file=called, line=1, what=what))
            return
        yield from _addresses(reading, rows, called)
    except NotReadable as fault:
        reading.mistakes += fault.mistakes
    except csv.Error:
        what = _("The file is not a table with commas from here on.")
        reading.mistakes.append(Mistake(file=called, line=rows.line_num, what=what))


def _addresses(reading: Reading, rows: Any, called: str) -> Iterator[places.AddressView]:
    wards = reading.files[COUNCIL].wards if COUNCIL in reading.files else None
    rounds = (
        {slug for each in reading.files[ROUNDS].schedules.values() for slug in each}
        if (ROUNDS in reading.files)
        else None
    )
    seen: dict[str, int] = {}
    for row in rows:
        wrong = [*_row_mistakes(row, wards, rounds)]
        if row["uprn"] in seen:
            wrong.append((_("Line {line} has this UPRN too.").format(line=seen[row["uprn"]]), ""))
        seen[row["uprn"]] = rows.line_num
        reading.mistakes += [
            Mistake(file=called, line=rows.line_num, what=what, instead=instead) for what, instead in wrong
        ]
        if not wrong:
            numbers = {name: float(row[name]) if row[name] else None for name in ("latitude", "longitude")}
            yield places.AddressView(**{name: row[name] for name in COLUMNS[:7]}, **numbers)


def _row_mistakes(
    row: dict[str, Any], wards: Mapping[str, str] | None, rounds: set[str] | None
) -> Iterator[tuple[str, str]]:
    if None in row or any(row[name] is None for name in COLUMNS):
        yield _("This line has more or fewer columns than the first."), _("Put texts with commas in quotes.")
        return
    if not row["uprn"].isdecimal() or len(row["uprn"]) > 12:  # noqa: PLR2004 - as long as a UPRN can be
        yield _('"{text}" is not a UPRN: 1 to 12 digits.').format(text=row["uprn"]), ""
    if not places.tidy_postcode(row["postcode"]):
        yield _('"{text}" is not a postcode.').format(text=row["postcode"]), ""
    if not row["line"].strip():
        yield _("The address is empty."), ""
    if row["ward"] and wards is not None and row["ward"] not in wards:
        yield (
            _('"{name}" is not a ward of the council.').format(name=row["ward"]),
            did_you_mean(row["ward"], wards),
        )
    if row["round"] and rounds is not None and row["round"] not in rounds:
        yield (
            _('"{name}" is not a round of the council.').format(name=row["round"]),
            did_you_mean(row["round"], rounds),
        )
    for name in ("latitude", "longitude"):
        try:
            float(row[name] or 0)
        except ValueError:
            yield _('"{text}" is not a number.').format(text=row[name]), ""
