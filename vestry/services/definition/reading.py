"""Reading YAML so that every value keeps its place, and nothing turns into something else on the way.

YAML 1.1 reads ``on`` as true, ``no`` as false, ``12:30`` as 750 and ``2026-01-01`` as a date. Here scalars
follow the core rules of YAML 1.2: only ``true``, ``false``, ``null``, empty and numbers are not text. Keys
are always text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from vestry.services.definition.mistakes import Mistake, Path

_SCALARS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("null", re.compile(r"|~|null|Null|NULL")),
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE")),
    ("int", re.compile(r"[-+]?[0-9]{1,18}")),
    ("float", re.compile(r"[-+]?([0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})")),
)
# PyYAML ends a text inside { } at its first question mark, which YAML 1.2 doesn't, and questions are what
# definitions are made of: a character nobody writes stands in for it while it is read.
_QUESTION_MARK = "\ue03f"
# Nobody types these; a database can't store some of them, and JSON can't carry others.
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# A definition is read by people; one longer than this is something else that was named by mistake.
LONGEST = 500_000


@dataclass(frozen=True)
class Place:
    """A line and a column, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Tree:
    """Plain values, and the place of each: of its key, and of the value itself."""

    file: str
    value: Any
    keys: dict[Path, Place]
    values: dict[Path, Place]

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where something stands; what isn't there stands where its nearest parent does."""
        path = self._as_written(path)
        for length in range(len(path), -1, -1):
            part = path[:length]
            # A list's lines have no key; and the place of what is missing is where its parent begins.
            found = self.keys.get(part) if key or length < len(path) else None
            found = found or self.values.get(part)
            if found:
                return found
        return Place(1, 1)

    def _as_written(self, path: Path) -> Path:
        """A schema's checker takes a word of digits, such as a ledger code, for a place in a list."""
        value, parts = self.value, []
        for part in path:
            word = str(part) if isinstance(value, dict) and part not in value else part
            value = _inside(value, word)
            parts.append(part if value is None else word)
        return tuple(parts)

    def mistake(self, path: Path, what: str, instead: str = "", *, key: bool = False) -> Mistake:
        """A mistake at a path."""
        path = self._as_written(path)
        place = self.place(path, key=key)
        return Mistake(
            file=self.file,
            line=place.line,
            column=place.column,
            where=", ".join(str(part + 1) if isinstance(part, int) else part for part in path),
            what=what,
            instead=instead,
        )

    def at(self, path: Path) -> Any:
        """The value at a path; None where there is none."""
        value = self.value
        for part in path:
            value = _inside(value, part)
        return value


def _inside(value: Any, part: str | int) -> Any:
    try:
        return value[part]
    except (KeyError, IndexError, TypeError):
        return None


class NotReadable(Exception):
    """The file isn't YAML that can be read any further."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(map(str, mistakes)))


def read_yaml(text: str, file: str) -> Tree:
    """Plain values with their places. Raises `NotReadable` with every mistake found on the way."""
    if len(text) > LONGEST:
        raise NotReadable([Mistake(file=file, line=1, what=_("The file is too long to be a definition."))])
    try:
        node = yaml.compose(text.removeprefix("\ufeff").replace("?", _QUESTION_MARK), Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        raise NotReadable([_syntax(error, file)]) from None
    except yaml.reader.ReaderError as error:
        what = _("There is a character here that cannot be read.")
        line = text.count("\n", 0, error.position) + 1
        raise NotReadable([Mistake(file=file, line=line, what=what)]) from None
    except RecursionError:
        what = _("Too many things are inside each other here.")
        raise NotReadable([Mistake(file=file, line=1, what=what)]) from None
    plain = _Plain(file)
    value = plain.value(node, ()) if node else None
    if plain.mistakes:
        raise NotReadable(plain.mistakes)
    return Tree(file, value, plain.keys, plain.values)


def read_file(path: Any, file: str) -> str:
    """The text of a file. Raises `NotReadable` where it isn't text."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        what = _("The file is not text in UTF-8.")
        raise NotReadable([Mistake(file=file, line=line, what=what)]) from None
    except FileNotFoundError:
        what = _("There is no such file.")
        raise NotReadable([Mistake(file=file, line=1, what=what, instead=_("Check its name."))]) from None
    except OSError:
        what = _("The file cannot be opened.")
        raise NotReadable([Mistake(file=file, line=1, what=what)]) from None


@dataclass
class _Plain:
    """Turns YAML's nodes into plain values, noting the place of each."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.values[path] = _place(node)
        if id(node) in self.seen:
            # An alias is the very node it repeats, so only its key knows where it stands.
            place = self.keys.get(path) or _place(node)
            self.wrong(place, _("A definition does not repeat things by an * sign."), _("Write it out."))
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        if _UNREADABLE.search(node.value):
            what = _("There is a character in here that cannot be read.")
            self.wrong(_place(node), what, _("Type the text again."))
        return _scalar(node)

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.wrong(_place(key), _("There should be a word before the colon here."), "")
                continue
            word = _text(key)
            if word in found:
                first = self.keys[*path, word].line
                self.wrong(
                    _place(key),
                    _('"{word}" stands here a second time; the first is on line {line}.').format(
                        word=word, line=first
                    ),
                    _("Keep one of the two."),
                )
                continue
            self.keys[*path, word] = _place(key)
            found[word] = self.value(value, (*path, word))
        return found

    def wrong(self, place: Place, what: str, instead: str = "") -> None:
        self.mistakes.append(
            Mistake(file=self.file, line=place.line, column=place.column, what=what, instead=instead)
        )


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _text(node: yaml.ScalarNode) -> str:
    return str(node.value).replace(_QUESTION_MARK, "?")


def _scalar(node: yaml.ScalarNode) -> Any:
    text = _text(node)
    if node.style is not None:
        return text
    kind = next((name for name, pattern in _SCALARS if pattern.fullmatch(text)), "")
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text)
    return float(text) if kind == "float" else text


def _syntax(error: yaml.MarkedYAMLError, file: str) -> Mistake:
    """What people do wrong in YAML, by what its parser says about it."""
    mark = error.problem_mark or error.context_mark
    said = f"{error.context or ''} {error.problem or ''}"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    quote = _('Put the text in quotes: "...".')
    not_closed = _("Look for a missing ] or }, or put the text before it in quotes.")
    sayings = (
        ("\\t", _("There is a tab here."), _("Use spaces.")),
        ("mapping values are not allowed", _("There is a colon here that YAML cannot place."), quote),
        (
            "block end",
            _("This line is not in line with those above it."),
            _("Check the spaces at its start."),
        ),
        ("expected ':'", _("There should be a word and a colon here."), _("Check the spaces at its start.")),
        ("flow", _("A bracket that was opened is not closed before this."), not_closed),
        ("quoted scalar", _("A quote that was opened is not closed."), _("Add the second quote mark.")),
        ("undefined alias", _("A text cannot begin with an * sign."), quote),
        ("cannot start any token", _("A text cannot begin with this sign."), quote),
        ("single document", _("A second document begins here."), _("Write one service in one file.")),
    )
    for saying, what, instead in sayings:
        if saying in said:
            return Mistake(file=file, line=line, column=column, what=what, instead=instead)
    what = _("YAML cannot read this.")
    return Mistake(file=file, line=line, column=column, what=what, instead=quote)
