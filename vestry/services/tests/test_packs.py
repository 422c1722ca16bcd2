"""What is wrong with a pack is told before anything of it is written, each with its file and line."""

import shutil
from pathlib import Path

import pytest

from vestry.services import api as services
from vestry.services.packs.reading import read_pack

PACKS = Path(__file__).parents[3] / "packs"


@pytest.fixture
def pack(tmp_path):
    """A copy of Harrowmere to change."""
    return Path(shutil.copytree(PACKS / "harrowmere", tmp_path / "harrowmere"))


def said(pack):
    return [str(mistake).removeprefix(f"{pack}/") for mistake in services.check(pack)]


# The file, what is written, what instead of it, and what is said.
BROKEN = [
    (
        "pack.yaml",
        "colour: green",
        "colour: gren",
        'pack.yaml:6: "gren" is not one of the words that can stand here. Did you mean "green"?',
    ),
    (
        "pack.yaml",
        "contact: contact@harrowmere.example",
        "contact: harrowmere",
        'pack.yaml:5: "harrowmere" is not written as it should be. '
        'It should look like this: "help@harrowmere.example".',
    ),
    (
        "people.yaml",
        "teams: [waste]\n    roles: [crew]",
        "teams: [wastes]\n    roles: [crew]",
        'people.yaml:20: "wastes" is not a team of the council. Did you mean "waste"?',
    ),
    (
        "people.yaml",
        "roles: [crew]",
        "roles: [crews]",
        'people.yaml:21: "crews" is not one of the words that can stand here. Did you mean "crew"?',
    ),
    (
        "people.yaml",
        "email: gareth.lowe@harrowmere.example",
        "email: Priya.Nair@harrowmere.example",
        "people.yaml:14: Priya Nair has this email address too. Each person signs in with their own.",
    ),
    (
        "strategy.yaml",
        "says: Nobody misses out because of how a service is offered.\n    serves: told-what-happens",
        "says: Nobody misses out because of how a service is offered.\n    serves: told-what-hapens",
        'strategy.yaml:44: "told-what-hapens" is not a statement of this strategy. '
        'Did you mean "told-what-happens"?',
    ),
    (
        "rounds.yaml",
        "2027-12-28: 2027-12-30",
        "2027-12-28: 2027-02-30",
        "rounds.yaml:29: There is no such day: 2027-02-30.",
    ),
    (
        "rounds.yaml",
        "2027-12-28: 2027-12-30",
        "2027-12-28: later",
        'rounds.yaml:29: "later" is not written as it should be. '
        'It should look like this: "2026-11-24" / "none".',
    ),
    (
        "gazetteer.csv",
        '999900000101,"1 Mere Road',
        '99990000010X,"1 Mere Road',
        'gazetteer.csv:2: "99990000010X" is not a UPRN: 1 to 12 digits.',
    ),
    (
        "services/missed-bin.yaml",
        "owner: waste",
        "owner: waist",
        'services/missed-bin.yaml:17: "waist" is not a team of the council. Did you mean "waste"?',
    ),
    (
        "services/missed-bin.yaml",
        "service: missed-bin",
        "service: freedom-of-information",
        'services/missed-bin.yaml:2: "freedom-of-information" is what the service in '
        "freedom-of-information.yaml is called, too.",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), BROKEN)
def test_a_mistake_is_told_with_its_file_and_line(pack, file, old, new, expected):
    text = (pack / file).read_text()
    assert old in text
    (pack / file).write_text(text.replace(old, new, 1))
    assert said(pack) == [expected]


@pytest.mark.parametrize("name", ["harrowmere", "saltmarsh"])
def test_the_examples_are_fine(name):
    assert services.check(PACKS / name) == []


def test_a_service_is_checked_against_the_pack_it_is_part_of(pack):
    path = pack / "services" / "missed-bin.yaml"
    assert services.check(path) == []
    path.write_text(path.read_text().replace("why: bins-on-the-day", "why: bins-on-the-dy"))
    (mistake,) = services.check(path)
    assert mistake.instead == 'Did you mean "bins-on-the-day"?'


def test_a_file_that_is_not_there_is_told(pack):
    (pack / "people.yaml").unlink()
    assert "people.yaml:1: There is no such file. Check its name." in said(pack)


def test_gazetteer_lines_out_of_shape_are_told(pack):
    lines = (pack / "gazetteer.csv").read_text().splitlines()
    lines[3] = lines[2]
    lines[5] += ",more"
    lines[6] = lines[6].replace("HM1", "??")
    (pack / "gazetteer.csv").write_text("\n".join(lines))
    assert [sentence.partition(": ")[0] for sentence in said(pack)] == [
        "gazetteer.csv:4",
        "gazetteer.csv:6",
        "gazetteer.csv:7",
    ]


def test_a_gazetteer_without_its_columns_is_told_once(pack):
    (pack / "gazetteer.csv").write_text("uprn,address\n1,here\n")
    (sentence,) = said(pack)
    assert sentence.startswith("gazetteer.csv:1: The first line names no column line, street, town")


def test_a_moved_day_moves_only_what_is_planned_for_it(pack):
    rounds = read_pack(pack).pack.rounds
    moved = {each.kind: set(map(str, each.moved)) for each in rounds if each.slug == "friday"}
    assert "2026-12-25" in moved["food"]
    assert ("2026-12-25" in moved["refuse"]) != ("2026-12-25" in moved["recycling"])
