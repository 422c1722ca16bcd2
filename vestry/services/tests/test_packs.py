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
        'pack.yaml:{line}: "gren" is not one of the words that can stand here. Did you mean "green"?',
    ),
    (
        "pack.yaml",
        "contact: contact@harrowmere.example",
        "contact: harrowmere",
        'pack.yaml:{line}: "harrowmere" is not written as it should be. '
        'It should look like this: "help@harrowmere.example".',
    ),
    (
        "people.yaml",
        "teams: {waste: crew}",
        "teams: {wastes: crew}",
        'people.yaml:{line}: "wastes" is not a team of the council. Did you mean "waste"?',
    ),
    (
        "people.yaml",
        "teams: {waste: crew}",
        "teams: {waste: crews}",
        'people.yaml:{line}: "crews" is not one of the words that can stand here. Did you mean "crew"?',
    ),
    (
        "people.yaml",
        "teams: {waste: crew}",
        "teams: {waste: [crew, support]}",
        'people.yaml:{line}: "support" is a role for the whole council. '
        'Write it beside "teams": council: support',
    ),
    (
        "people.yaml",
        "    name: Dean Hollis\n    email: dean.hollis@harrowmere.example\n    teams: {waste: crew}\n",
        "    name: Dean Hollis\n    email: dean.hollis@harrowmere.example\n",
        "people.yaml:{line}: Dean Hollis has no role. "
        'Say what they are, in a team ("teams: {waste: officer}") or in all ("council: manager").',
    ),
    (
        "people.yaml",
        "email: gareth.lowe@harrowmere.example",
        "email: Priya.Nair@harrowmere.example",
        "people.yaml:{line}: Priya Nair has this email address too. Each person signs in with their own.",
    ),
    (
        "strategy.yaml",
        "serves: [no-one-left-out, told-what-happens]",
        "serves: told-what-hapens",
        'strategy.yaml:{line}: "told-what-hapens" is not a statement of this strategy. '
        'Did you mean "told-what-happens"?',
    ),
    (
        "rounds.yaml",
        "2027-12-28: 2027-12-30",
        "2027-12-28: 2027-02-30",
        "rounds.yaml:{line}: There is no such day: 2027-02-30.",
    ),
    (
        "rounds.yaml",
        "2027-12-28: 2027-12-30",
        "2027-12-28: later",
        'rounds.yaml:{line}: "later" is not written as it should be. '
        'It should look like this: "2026-11-24" / "none".',
    ),
    (
        "money.yaml",
        "vat: exempt",
        "vat: exampt",
        'money.yaml:{line}: "exampt" is not one of the words that can stand here. Did you mean "exempt"?',
    ),
    (
        "money.yaml",
        "refund-alone: 25",
        "refund-alon: 25",
        'money.yaml:{line}: "refund-alon" is not a word that can stand here. Did you mean "refund-alone"?',
    ),
    (
        "services/bulky-waste.yaml",
        'amount: 30, code: "4010"',
        'amount: 30, code: "4011"',
        'services/bulky-waste.yaml:{line}: The council has no ledger code "4011". Did you mean "4010"?',
    ),
    (
        "calendars.yaml",
        "needs: {registrars: 1}",
        "needs: {registrar: 1}",
        'calendars.yaml:{line}: "registrar" is not a resource of this file. Did you mean "registrars"?',
    ),
    (
        "calendars.yaml",
        "first: 2026-12-24, last: 2027-01-01",
        "first: 2026-12-24, last: 2026-12-01",
        "calendars.yaml:{line}: It ends before it begins.",
    ),
    (
        "calendars.yaml",
        'monday: ["09:00-12:30", "13:30-16:30"]',
        'monday: ["09:00-14:30", "13:30-16:30"]',
        "calendars.yaml:{line}: These hours lie over each other.",
    ),
    (
        "gazetteer.csv",
        '999900000101,"1 Mere Road',
        '99990000010X,"1 Mere Road',
        'gazetteer.csv:{line}: "99990000010X" is not a UPRN: 1 to 12 digits.',
    ),
    (
        "services/missed-bin.yaml",
        "owner: waste",
        "owner: waist",
        'services/missed-bin.yaml:{line}: "waist" is not a team of the council. Did you mean "waste"?',
    ),
    (
        "services/missed-bin.yaml",
        "service: missed-bin",
        "service: freedom-of-information",
        'services/missed-bin.yaml:{line}: "freedom-of-information" is what the service in '
        "freedom-of-information.yaml is called, too.",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), BROKEN)
def test_a_mistake_is_told_with_its_file_and_line(pack, file, old, new, expected):
    text = (pack / file).read_text()
    assert old in text
    (pack / file).write_text(text.replace(old, new, 1))
    line = text[: text.index(old)].count("\n") + 1
    assert said(pack) == [expected.replace("{line}", str(line))]


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


def test_a_service_on_what_nobody_assessed_is_not_published(pack):
    service = pack / "services" / "missed-bin.yaml"
    service.write_text(service.read_text().replace("letterpost", "graveside"))
    assert 'No service may run on "graveside"' in "".join(said(pack))
    service.write_text(service.read_text().replace("graveside", "ratebook"))
    assert 'No service may run on "ratebook"' in "".join(said(pack)), "refused"
    service.write_text(service.read_text().replace("ratebook", "leterpost"))
    assert '"leterpost" is not in the council’s register of technologies.' in "".join(said(pack))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("owner: customer-services", "owner: custmer-services", "is not a team of the council"),
        ("by: helen-okafor", "by: hellen", "is not an officer of the council"),
        ("met: [C4, M1", "met: [C44, M1", "is not a criterion"),
        ("day: 2026-10-05", "day: 2026-10-32", "There is no such day"),
        ("principle: interoperable", "principle: cloud-naitive", 'Did you mean "cloud-native"?'),
        ("granted-by: helen-okafor", "granted-by: ruth-adeyemi", "Whoever asks for a waiver cannot grant it"),
        ("ends: 2027-01-01", "ends: 2027-05-06", "12 months: on 2027-05-05 at the latest"),
        ("ends: 2027-01-01", "ends: 2026-05-05", "end after the day on which it was granted"),
        ("dataExportFormats:", "dataExportFormat:", "Write dataExportFormats."),
        ("dataExportFormats: [CSV]", "dataExportFormats: []", "It is empty"),
        ('APIDocumentation: "Yes"', "APIDocumentation: Perhaps", "none of the answers to this question"),
        ("claimed: 2026", "# claimed: 2026", "It does not say when the supplier said so"),
        ("title: ", f"title: {'x' * 120}", "longer than 120 characters"),
        ("supplier: ", f"supplier: {'x' * 120}", "longer than 120 characters"),
        ("guide: ", f"guide: {'x' * 300}", "longer than 300 characters"),
        ("owner: Helen Okafor", f"owner: {'x' * 81}", "longer than 80 characters"),
    ],
)
def test_a_mistake_in_the_register_is_told(pack, old, new, expected):
    file = pack / "technologies.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))
    assert expected in "".join(said(pack))
