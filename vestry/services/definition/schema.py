"""The JSON Schema of a service definition, made from the language, the capabilities and the question kinds.

Editors complete from it, and `checking` refuses by it. Every choice is told apart by its word (``radios:``,
``report:``), so that a mistake is always about one thing and never "matches none of these".
"""

from __future__ import annotations

import ast
import inspect
import itertools
import textwrap
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from vestry.design.capability import Capability
from vestry.design.kinds import question_kinds
from vestry.design.questions import Question
from vestry.kernel import mark
from vestry.services.definition import capabilities
from vestry.services.definition.language import Heading, Slug

Schema = dict[str, Any]

REF = "#/$defs/"
WHAT = "x-what"
"""What stands at a place, for sentences: "a kind of question"."""


@cache
def service_schema() -> Schema:
    """The schema of a whole definition (JSON Schema 2020-12)."""
    steps = capabilities.steps()
    sections = capabilities.sections()
    reactions = capabilities.reactions()
    kinds = question_kinds()
    written = {**steps, **sections, **reactions}
    types = [Heading, *kinds.values(), *(each.options for each in written.values())]
    bodies, found = msgspec.json.schema_components(types, ref_template=REF + "{name}")
    defs: dict[str, Schema] = {name: _tidy(body) for name, body in found.items()}
    _describe(types, defs)
    body: dict[Any, Schema] = dict(zip([Heading, *kinds, *written], map(_tidy, bodies), strict=False))
    for kind in kinds:
        defs[_name(body[kind])]["properties"]["id"] = _slug() | {"description": "Its name, for conditions."}
    top = defs.pop(_name(body[Heading]))
    defs["question"] = _one_of_words({kind: body[kind] for kind in kinds}, mark("a kind of question"), kinds)
    defs.pop(Question.__name__, None)
    defs["step"] = _step({word: (each, body[word]) for word, each in steps.items()}, defs)
    defs["reaction"] = _one_of_words(
        {word: body[word] for word in reactions}, mark("something that can be done here"), reactions
    )
    top["properties"] |= {word: _section(word, each, body[word]) for word, each in sections.items()}
    top["properties"] |= _after_heading()
    top["required"] = [*top["required"], "journey"]
    said = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A service of a council"}
    top["description"] = "One service: what it asks, what becomes of it, and why the council does it."
    return _questions_everywhere(said | top | {"$defs": defs})


@cache
def schema_of(struct: type[msgspec.Struct]) -> Schema:
    """The schema of one struct, for the other files of a pack."""
    (body,), found = msgspec.json.schema_components([struct], ref_template=REF + "{name}")
    defs: dict[str, Schema] = {name: _tidy(each) for name, each in found.items()}
    _describe([struct], defs)
    return defs.pop(_name(body)) | {"$defs": defs}


def _after_heading() -> Schema:
    return {
        "journey": {
            "description": "The steps, in the order in which they are taken.",
            "type": "array",
            "minItems": 1,
            "items": {"$ref": REF + "step"},
        },
        "on": {
            "description": "What to do when something happens.",
            "type": "object",
            "additionalProperties": {"type": "array", "minItems": 1, "items": {"$ref": REF + "reaction"}},
        },
    }


def _name(body: Schema) -> str:
    return str(body["$ref"]).removeprefix(REF)


def _section(word: str, capability: Capability, body: Schema) -> Schema:
    return {**body, "description": _first_sentence(capability)}


def _one_of_words(bodies: Mapping[str, Schema], what: str, made_by: Mapping[str, Any]) -> Schema:
    """Exactly one of these words, each followed by what belongs to it."""
    return {
        "type": "object",
        WHAT: what,
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {
            word: {**body, "description": _first_sentence(made_by[word])} for word, body in bodies.items()
        },
    }


def _step(written: Mapping[str, tuple[Capability, Schema]], defs: dict[str, Schema]) -> Schema:
    """A step: one capability's word. Which it is decides what may stand beside it."""
    for word, (capability, body) in written.items():
        defs[f"step-{word}"] = _step_of(word, capability, body, defs)
    return {
        "type": "object",
        WHAT: mark("a kind of step"),
        "properties": {
            word: {"description": _first_sentence(capability)} for word, (capability, _) in written.items()
        },
        "anyOf": [{"required": [word]} for word in written],
        "allOf": [
            {"if": {"type": "object", "required": [word]}, "then": {"$ref": f"{REF}step-{word}"}}
            for word in written
        ],
    }


def _step_of(word: str, capability: Capability, body: Schema, defs: Mapping[str, Schema]) -> Schema:
    reserved = {
        "id": {**_slug(), "description": "Its place in the address; made from its questions when left out."},
        "when": {"type": "string", "description": "The condition under which the step is taken."},
    }
    if not capabilities.has_words(capability.options):
        return {"type": "object", "additionalProperties": False, "properties": {word: body}}
    own = defs[_name(body)]
    if capabilities.title_field(capability.options):
        beside = {name: part for name, part in own["properties"].items() if name != "title"}
        required = [name for name in own.get("required", ()) if name != "title"]
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {word: own["properties"]["title"], **reserved, **beside},
            "required": [word, *required],
        }
    inside = {**own, "properties": {**reserved, **own["properties"]}}
    return {"type": "object", "additionalProperties": False, "properties": {word: inside}}


def _slug() -> Schema:
    (body,), _ = msgspec.json.schema_components([Slug])
    return body


def _tidy(part: Any) -> Any:
    """Without ``null``: nothing in a definition is written as nothing; and no titles that are class names."""
    if isinstance(part, list | tuple):
        return [_tidy(each) for each in part]
    if not isinstance(part, dict):
        return part
    tidy = {key: _tidy(value) for key, value in part.items()}
    if tidy.get("default", ...) is None:
        del tidy["default"]
    if isinstance(tidy.get("title"), str) and "properties" in tidy:
        del tidy["title"]
    choices = [each for each in tidy.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == 1 and len(tidy["anyOf"]) > 1:
        del tidy["anyOf"]
        tidy = {**choices[0], **tidy}
    elif choices:
        # Words beside a group of words: told apart by their shape, a mistake is about the one that was meant.
        tidy["anyOf"] = [{"type": "string", **each} if "enum" in each else each for each in choices]
    return tidy


def _questions_everywhere(part: Any) -> Any:
    """Wherever a capability's options hold a question, any kind of question may stand."""
    if isinstance(part, list):
        return [_questions_everywhere(each) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("$ref") == REF + Question.__name__:
        return {**part, "$ref": REF + "question"}
    return {key: _questions_everywhere(value) for key, value in part.items()}


def _first_sentence(thing: Any) -> str:
    kind = thing if isinstance(thing, type) else type(thing)
    return (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ").replace("``", "")


def _describe(types: list[Any], defs: Mapping[str, Schema]) -> None:
    """Give each word the sentence that stands under its field in the struct."""
    for struct in _structs(types):
        body = next((defs[name] for name in (struct.__name__, _long_name(struct)) if name in defs), None)
        if body is None:
            continue
        body["description"] = _first_sentence(struct)
        for name, sentence in _field_sentences(struct).items():
            if name in body["properties"]:
                body["properties"][name] = {**body["properties"][name], "description": sentence}


def _long_name(struct: type) -> str:
    """What msgspec calls a struct where two have the same name."""
    return f"{struct.__module__}.{struct.__qualname__}"


def _structs(types: list[Any]) -> set[type[msgspec.Struct]]:
    found: set[type[msgspec.Struct]] = set()

    def look(info: Any) -> None:
        if isinstance(info, msgspec.inspect.StructType) and info.cls not in found:
            found.add(info.cls)
            for field in info.fields:
                look(field.type)
        for part in ("type", "item_type", "value_type"):
            if isinstance(inner := getattr(info, part, None), msgspec.inspect.Type):
                look(inner)
        for inner in getattr(info, "types", ()):
            look(inner)

    for each in types:
        look(msgspec.inspect.type_info(each))
    return found


def _field_sentences(struct: type[msgspec.Struct]) -> dict[str, str]:
    """The strings under the fields of a struct and of those it inherits from, by their written names."""
    said: dict[str, str] = {}
    for kind in reversed(struct.__mro__):
        if not issubclass(kind, msgspec.Struct) or kind is msgspec.Struct:
            continue
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
        lines = tree.body if isinstance(tree, ast.ClassDef) else []
        for line, following in itertools.pairwise(lines):
            if isinstance(line, ast.AnnAssign) and isinstance(following, ast.Expr):
                text = getattr(following.value, "value", None)
                if isinstance(line.target, ast.Name) and isinstance(text, str):
                    said[line.target.id] = " ".join(text.replace("``", "").split())
    written = dict(zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True))
    return {written[name]: sentence for name, sentence in said.items() if name in written}
