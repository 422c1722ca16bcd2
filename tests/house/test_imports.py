"""The contracts in .importlinter can be broken: each violation planted in a copy of the house is reported."""

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.places import ROOT

EDGES = ("channels.public", "channels.desk", "outbound.email", "outbound.webhooks")

# importing module, the line, what the report says
PLANTED = [
    ("report.api", "import vestry.cases.api", "vestry.report is not allowed to import vestry.cases"),
    ("cases.api", "import vestry.services", "vestry.cases is not allowed to import vestry.services"),
    ("notify.api", "import vestry.config", "vestry.notify is not allowed to import vestry.config"),
    ("ledger", "import vestry.cases.events", "vestry.ledger is not allowed to import vestry.cases"),
    (
        "people.api",
        "def f():\n    import vestry.channels.desk",
        "vestry.people is not allowed to import vestry.ch",
    ),
    (
        "places.api",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import vestry.information.api",
        "vestry.places is not allowed to import vestry.information",
    ),
    (
        "strategy.api",
        "import vestry.strategy.pages",
        "vestry.strategy.api is not allowed to import vestry.strat",
    ),
    (
        "report.events",
        "import vestry.report.rules",
        "vestry.report.events is not allowed to import vestry.report",
    ),
    ("channels.desk", "import vestry.cases.models", "vestry.channels.desk -> vestry.cases.models"),
    ("channels.public", "import vestry.ledger.writing", "vestry.channels.public -> vestry.ledger.writing"),
    ("services", "import vestry.report.rules", "vestry.services -> vestry.report.rules"),
    ("strategy.rules", "import django.db", "vestry.strategy.rules -> django"),
    ("information.events", "import vestry.kernel\nimport django", "vestry.information.events -> django"),
    ("cases.pages", "import requests", "vestry.cases.pages -> requests"),
    ("people.jobs", "import smtplib", "vestry.people.jobs -> smtplib"),
    ("outbound.email", "import vestry.notify.api", "vestry.outbound.email -> vestry.notify.api"),
    (
        "outbound.webhooks",
        "import vestry.outbound.email",
        "vestry.outbound.webhooks -> vestry.outbound.email",
    ),
    ("channels.public", "import vestry.channels.desk", "vestry.channels.public -> vestry.channels.desk"),
    ("cases.helpers", "", "vestry.cases.helpers"),
    ("utils", "", "vestry.utils"),
]


def read_contracts():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    return contracts


def read_house(contracts):
    """Which rooms there are, which of them have the one shape, and the files of that shape."""
    storeys = contracts["importlinter:contract:storeys"]["layers"]
    shape = contracts["importlinter:contract:shape"]
    return (
        re.findall(r"\w+", storeys),
        re.findall(r"vestry\.(\w+)", shape["containers"]),
        re.findall(r"\w+", shape["layers"]),
    )


def module(root: Path, name: str) -> Path:
    path = root / "vestry" / name.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    root = tmp_path_factory.mktemp("house")
    contracts = read_contracts()
    for section in contracts.sections():
        contracts.remove_option(section, "ignore_imports")  # exceptions are for modules that are not here
    with (root / ".importlinter").open("w") as file:
        contracts.write(file)
    rooms, shaped, shape = read_house(contracts)
    rooms.remove("kernel")
    for folder in ("", *rooms, *(edge.replace(".", "/") for edge in EDGES)):
        path = root / "vestry" / folder
        path.mkdir(parents=True, exist_ok=True)
        (path / "__init__.py").touch()
    private = re.findall(r"vestry\.(\w+\.\w+)", contracts["importlinter:contract:doors"]["forbidden_modules"])
    for name in ("kernel", *private, *(f"{room}.{part}" for room in shaped for part in shape)):
        module(root, name).touch()
    for name, line, _ in PLANTED:
        with module(root, name).open("a") as file:
            file.write(f"{line}\n")
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return " ".join(done.stdout.split())


@pytest.mark.parametrize(("where", "line", "expected"), PLANTED, ids=[where for where, _, _ in PLANTED])
def test_a_planted_violation_is_reported(report, where, line, expected):
    assert expected in report


def test_every_contract_was_broken(report):
    assert " 0 kept" in report
