"""What is wrong with the shape of something written: each mistake a JSON Schema finds, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs
import msgspec
from django.utils.translation import gettext as _

from vestry.services.definition.language import SLUG_PATTERN
from vestry.services.definition.mistakes import Mistake, Path, did_you_mean, nearest, one_of
from vestry.services.definition.reading import Tree
from vestry.services.definition.schema import WHAT, Schema, schema_of, service_schema


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong, and the path to it in what was written."""

    path: Path
    mistake: Mistake


def wrongs(tree: Tree, struct: type[msgspec.Struct] | None = None) -> list[Wrong]:
    """Everything in a tree that the schema of a struct doesn't allow; of a service, when none is named."""
    if tree.value is None:
        return [Wrong((), tree.mistake((), _("The file is empty.")))]
    schema = schema_of(struct) if struct else service_schema()
    return list(_Sayer(tree, schema).all(_validator(struct).iter_errors(tree.value)))


@cache
def _validator(struct: type[msgspec.Struct] | None) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema_of(struct) if struct else service_schema())


@dataclass(frozen=True)
class _Sayer:
    tree: Tree
    schema: Schema

    def all(self, errors: Iterable[Any]) -> Iterator[Wrong]:
        listed = list(errors)
        misspelt = {word for error in listed for word in self._meant(error)}
        for error in listed:
            name, path = error.kind.name, tuple(error.instance_path)
            if name == "required" and (*path, error.kind.property) in misspelt:
                continue
            if name in ("minProperties", "maxProperties") and self._unknown_at(path, listed):
                continue
            say: Callable[[Any, Path], Iterator[Wrong]] = getattr(self, f"_{_snake(name)}", self._other)
            yield from say(error, path)

    def _meant(self, error: Any) -> Iterator[Path]:
        """Words that are there, but misspelt: they needn't be told a second time, as missing."""
        if error.kind.name == "additionalProperties":
            known = self._around(error).get("properties", {})
            for written in error.kind.unexpected:
                if best := nearest(written, known):
                    yield (*error.instance_path, best)

    @staticmethod
    def _unknown_at(path: Path, errors: list[Any]) -> bool:
        return any(
            each.kind.name == "additionalProperties" and tuple(each.instance_path) == path for each in errors
        )

    def _around(self, error: Any) -> Schema:
        """The part of the schema that the error's own rule stands in."""
        part: Any = self.schema
        for step in error.schema_path[:-1]:
            part = part[step]
        return part if isinstance(part, dict) else {}

    def _wrong(self, path: Path, what: str, instead: str = "", *, key: bool = False) -> Wrong:
        return Wrong(path, self.tree.mistake(path, what, instead, key=key))

    def _required(self, error: Any, path: Path) -> Iterator[Wrong]:
        word = error.kind.property
        wanted = self._around(error).get("properties", {}).get(word, {})
        defined = self.schema.get("$defs", {}).get(wanted.get("$ref", "").rpartition("/")[2], {})
        said = wanted.get("description") or defined.get("description", "")
        instead = f"{said} {one_of(wanted.get('enum', ()))}".strip()
        yield self._wrong(path, _('"{word}" is missing.').format(word=word), instead, key=True)

    def _additional_properties(self, error: Any, path: Path) -> Iterator[Wrong]:
        around = self._around(error)
        known = around.get("properties", {})
        for written in error.kind.unexpected:
            if WHAT in around:
                what = _('"{word}" is not {what}.').format(word=written, what=_(around[WHAT]))
            else:
                what = _('"{word}" is not a word that can stand here.').format(word=written)
            yield self._wrong((*path, written), what, did_you_mean(written, known), key=True)

    def _any_of(self, error: Any, path: Path) -> Iterator[Wrong]:
        around = self._around(error)
        if WHAT in around:
            yield self._unknown_word(error.instance, path, around)
            return
        # The branch of the same shape is the one that was meant.
        for branch in error.kind.context:
            if not any(
                each.kind.name == "type" and each.instance_path == error.instance_path for each in branch
            ):
                yield from self.all(branch)
                return
        types = [
            each.kind.types[0] for branch in error.kind.context for each in branch if each.kind.name == "type"
        ]
        yield self._of_type(path, error.instance, types)

    def _unknown_word(self, written: Any, path: Path, around: Schema) -> Wrong:
        known = around["properties"]
        words = list(written) if isinstance(written, Mapping) else []
        if not words:
            return self._wrong(
                path, _("There should be {what} here.").format(what=_(around[WHAT])), one_of(known)
            )
        # What stands beside a step's own word is right as it is, however like another one it looks.
        own = [word for word in words if word not in self._beside()] or words
        word = next((word for word in own if nearest(word, known)), own[0])
        what = _('"{word}" is not {what}.').format(word=word, what=_(around[WHAT]))
        return self._wrong((*path, word), what, did_you_mean(word, known), key=True)

    def _beside(self) -> frozenset[str]:
        defs = self.schema.get("$defs", {})
        steps = [body for name, body in defs.items() if name.startswith("step-")]
        return frozenset(word for body in steps for word in body["properties"])

    def _type(self, error: Any, path: Path) -> Iterator[Wrong]:
        if isinstance(error.instance, int | float) and "examples" in self._around(error):
            yield from self._pattern(error, path)
        else:
            yield self._of_type(path, error.instance, error.kind.types)

    def _of_type(self, path: Path, found: Any, wanted: Iterable[str]) -> Wrong:
        shapes = list(dict.fromkeys(wanted))
        should = _("It should be {shape}.").format(shape=_(" or ").join(_shapes()[each] for each in shapes))
        word = path[-1] if path and isinstance(path[-1], str) else ""
        if found is None and word:
            return self._wrong(path, _('Nothing stands after "{word}:".').format(word=word), should, key=True)
        if "string" in shapes and isinstance(found, bool | int | float):
            shown = str(found).lower() if isinstance(found, bool) else found
            instead = _('Put it in quotes: "{text}".').format(text=shown)
            return self._wrong(path, _("This is not read as text."), instead)
        if isinstance(found, str):
            should = _meant(found, shapes) or should
        what = _("This is {shape}.").format(shape=_shapes()[_shape(found)])
        if word:
            what = _('After "{word}:" stands {shape}.').format(word=word, shape=_shapes()[_shape(found)])
        return self._wrong(path, what, should, key=True)

    def _enum(self, error: Any, path: Path) -> Iterator[Wrong]:
        written, known = _shown(error.instance), [str(each) for each in error.kind.options if each != ""]
        what = _('"{word}" is not one of the words that can stand here.').format(word=written)
        yield self._wrong(path, what, did_you_mean(written, known))

    def _pattern(self, error: Any, path: Path) -> Iterator[Wrong]:
        around = self._around(error)
        written = _shown(error.instance)
        what = _('"{text}" is not written as it should be.').format(text=written)
        if around.get("pattern") == SLUG_PATTERN:
            yield self._wrong(path, what, _slug_instead(written))
            return
        examples = " / ".join(f'"{each}"' for each in around.get("examples", ()))
        like = _("It should look like this: {examples}.").format(examples=examples) if examples else ""
        yield self._wrong(path, what, like or around.get("description", ""))

    def _property_names(self, error: Any, path: Path) -> Iterator[Wrong]:
        written = _shown(error.instance)
        what = _('"{text}" is not written as it should be.').format(text=written)
        yield self._wrong((*path, written), what, _slug_instead(written), key=True)

    def _min_length(self, error: Any, path: Path) -> Iterator[Wrong]:
        yield self._wrong(path, _("There is no text here."), self._around(error).get("description", ""))

    def _max_length(self, error: Any, path: Path) -> Iterator[Wrong]:
        what = _("This is longer than {limit} characters.").format(limit=error.kind.limit)
        yield self._wrong(path, what)

    def _min_items(self, error: Any, path: Path) -> Iterator[Wrong]:
        count = error.kind.limit
        what = _("There should be at least {count} here, each on a line that begins with -.")
        yield self._wrong(path, what.format(count=count), key=True)

    def _min_properties(self, error: Any, path: Path) -> Iterator[Wrong]:
        around = self._around(error)
        if WHAT in around:
            yield self._unknown_word(None, path, around)
        else:
            yield self._wrong(path, _("There is nothing in here."), around.get("description", ""))

    def _max_properties(self, error: Any, path: Path) -> Iterator[Wrong]:
        words = ", ".join(f'"{word}"' for word in error.instance)
        what = _("Only one word can stand here, and there are {count}: {words}.")
        instead = _("Begin each of them on a line of its own with -, and set its words further in.")
        yield self._wrong(path, what.format(count=len(error.instance), words=words), instead)

    def _minimum(self, error: Any, path: Path) -> Iterator[Wrong]:
        yield self._wrong(path, _("The number should be {limit} or more.").format(limit=error.kind.limit))

    def _maximum(self, error: Any, path: Path) -> Iterator[Wrong]:
        yield self._wrong(path, _("The number should be {limit} or less.").format(limit=error.kind.limit))

    def _other(self, error: Any, path: Path) -> Iterator[Wrong]:
        around = self._around(error)
        yield self._wrong(path, _("This cannot stand here as it is."), around.get("description", ""))


def _meant(found: str, shapes: list[str]) -> str:
    """What a text was surely meant to be; empty when that can't be known."""
    for word, others in (("true", ("yes", "y", "on")), ("false", ("no", "n", "off"))):
        if "boolean" in shapes and found.lower() in others:
            return _('Did you mean "{word}"?').format(word=word)
    if "integer" in shapes and found.isdecimal():
        return _("Take away the quotes.")
    return ""


def _snake(name: str) -> str:
    return re.sub("([A-Z])", r"_\1", name).lower()


def _shown(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    # A whole paragraph in a message hides the message.
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004


def _slug_instead(written: str) -> str:
    slug = "-".join(re.findall("[a-z0-9]+", written.lower())).lstrip("-0123456789")
    if slug and slug != written:
        return _('Did you mean "{word}"?').format(word=slug)
    return _("Use small letters and digits, with a hyphen between words, beginning with a letter.")


def _shape(value: Any) -> str:
    for kind, shape in (
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (str, "string"),
        (list, "array"),
        (dict, "object"),
    ):
        if isinstance(value, kind):
            return shape
    return "null"


def _shapes() -> dict[str, str]:
    return {
        "string": _("text"),
        "integer": _("a whole number"),
        "number": _("a number"),
        "boolean": _("true or false"),
        "array": _("a list, each on a line that begins with -"),
        "object": _("a group of words, each with a colon after it"),
        "null": _("nothing"),
    }
