"""The published schema is a schema, it is up to date, and the example definitions keep to it."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from vestry.services import api as services
from vestry.services.definition.check import check_text
from vestry.services.definition.reading import read_yaml
from vestry.services.packs.reading import read_pack

HOME = Path(__file__).parents[3]
FILES = sorted((HOME / "packs").glob("*/services/*.yaml"))


def test_it_is_a_schema_of_the_draft_it_says():
    schema = services.service_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    assert jsonschema_rs.meta.is_valid(schema)


def test_every_reference_in_it_leads_somewhere():
    schema = services.service_schema()
    text = json.dumps(schema)
    for name in set(text.split('"$ref": "#/$defs/')[1:]):
        assert name.partition('"')[0] in schema["$defs"]


def test_what_is_published_is_up_to_date():
    # Beside what the tests bring themselves, from a package of their own.
    published = json.loads((HOME / "docs" / "reference" / "service.schema.json").read_text())
    schema = services.service_schema()
    parts = published.pop("$defs")
    steps = parts.pop("step")["properties"]
    assert {name: schema[name] for name in published} == published, "run: vestry reference"
    assert {name: schema["$defs"].get(name) for name in parts} == parts, "run: vestry reference"
    assert schema["$defs"]["step"]["properties"].items() >= steps.items(), "run: vestry reference"


def test_every_word_of_the_language_says_what_it_is():
    schema = services.service_schema()
    said = [name for name, part in schema["properties"].items() if "description" in part or "$ref" in part]
    assert sorted(said) == sorted(schema["properties"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_the_examples_keep_to_it_and_editors_find_it(path):
    text = path.read_text()
    validator = jsonschema_rs.Draft202012Validator(services.service_schema())
    assert [error.message for error in validator.iter_errors(read_yaml(text, path.name).value)] == []
    first, _, _ = text.partition("\n")
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    assert (path.parent / first.removeprefix(prefix)).resolve() == (
        HOME / "docs" / "reference" / "service.schema.json"
    )


def test_the_examples_are_yaml_to_everybody_else_too():
    for path in FILES:
        assert yaml.safe_load(path.read_text())["service"] in path.name


def test_the_service_in_the_tutorial_could_be_published():
    text = (HOME / "docs" / "how-to" / "write-a-service.md").read_text()
    written = text.partition("```yaml\n")[2].partition("```")[0]
    known = read_pack(HOME / "packs" / "harrowmere").known()
    assert check_text(written, "write-a-service.md", known).mistakes == ()
