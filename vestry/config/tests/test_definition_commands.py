"""What somebody who writes definitions types: check, publish, reference."""

import os
import re
import shutil
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from vestry.config.cli import COMMANDS
from vestry.kernel import known_facts
from vestry.people import api as people

HOUSE = Path(__file__).parents[2]
PACKS = HOUSE.parent / "packs"
REFERENCE = HOUSE.parent / "docs" / "reference"


@pytest.fixture
def pack(tmp_path):
    """A copy of Harrowmere to change, with two of its services."""
    others = shutil.ignore_patterns(
        "bulky-waste.yaml",
        "garden-waste.yaml",
        "hall-hire.yaml",
        "complaint.yaml",
        "moving.yaml",
        "registrar.yaml",
    )
    return Path(shutil.copytree(PACKS / "harrowmere", tmp_path / "harrowmere", ignore=others))


def vestry(*arguments, **environment):
    command = [sys.executable, "-m", "vestry.config.cli", *map(str, arguments)]
    # A database nobody can reach: whoever asks it is told so.
    around = {"PATH": "/usr/bin:/bin", "VESTRY_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=around | environment)


def break_a_question(pack):
    path = pack / "services" / "missed-bin.yaml"
    path.write_text(path.read_text().replace("- radios:", "- raidos:", 1))
    return path


def test_checking_needs_no_database_and_says_by_its_exit_whether_all_is_well(pack):
    done = vestry("check", pack)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing to mend.\n")
    path = break_a_question(pack)
    done = vestry("check", path, pack)
    said = f'{path}:46: "raidos" is not a kind of question. Did you mean "radios"?'
    assert (done.returncode, done.stderr.splitlines()) == (1, [said, said])


def test_checking_what_is_not_there_is_no_traceback(tmp_path):
    done = vestry("check", tmp_path)
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        == f"There is no pack in {tmp_path}: a pack is a folder with a file pack.yaml in it."
    )
    done = vestry("check", tmp_path / "nothing.yaml")
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f"{tmp_path}/nothing.yaml:1: There is no such file. Check its name.",
    )


def test_publishing_says_what_is_new_and_refuses_with_every_mistake(pack, tmp_path):
    database = {
        "VESTRY_DATABASE_URL": f"sqlite:///{tmp_path}/vestry.sqlite3",
        "VESTRY_SECRET_KEY": "only for this test",
    }
    assert vestry("migrate", **database).returncode == 0
    done = vestry("publish", pack, **database)
    lines = done.stdout.splitlines()
    # How they would stand is said before they are published.
    assert "Report a missed bin" in lines[:-3]
    assert any(line.startswith("  Nobody has looked at its page yet: ") for line in lines[:-3])
    assert lines[-3:] == [
        "Harrowmere District Council",
        "  freedom-of-information: version 1, new",
        "  missed-bin: version 1, new",
    ]
    assert "version 1, as before" in vestry("publish", pack, **database).stdout
    path = break_a_question(pack)
    done = vestry("publish", pack, **database)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f'{path}:46: "raidos" is not a kind of question.')


def test_who_is_in_the_middle_is_said_before_anything_is_published(pack, tmp_path):
    database = {
        "VESTRY_DATABASE_URL": f"sqlite:///{tmp_path}/vestry.sqlite3",
        "VESTRY_SECRET_KEY": "only for this test",
    }
    assert vestry("migrate", **database).returncode == 0
    dry = vestry("publish", pack, "--dry-run", **database)
    assert "Report a missed bin" in dry.stdout.splitlines()[3:]
    assert dry.stdout.splitlines()[:3] == [
        str(pack),
        "  freedom-of-information: version 1, new",
        "  missed-bin: version 1, new",
    ]
    vestry("publish", pack, **database)
    begun = (
        "from vestry.config import environment; import django; django.setup();"
        "from vestry.councils import api as councils; from vestry.services import api;"
        "from vestry.kernel import utc_now; council, = councils.all_councils();"
        "scope = councils.scope(council); scope.__enter__();"
        "api.start(service='missed-bin', origin='https://harrowmere.example', now=utc_now())"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "vestry.config.settings", **database}
    subprocess.run([sys.executable, "-c", begun], env={**os.environ, **settings}, check=True)
    path = pack / "services" / "missed-bin.yaml"
    path.write_text(path.read_text() + "\npeople-midway: carry-over\n")
    sentence = (
        "    1 person is filling in version 1. "
        "When they come back, they go on with version 2 and are asked only what changed."
    )
    dry = vestry("publish", pack, "--dry-run", **database)
    assert (dry.returncode, dry.stdout.splitlines()[1:7]) == (
        0,
        [
            "  freedom-of-information: version 1, as before",
            "  missed-bin: version 2, new",
            sentence,
            "  Report a missed bin, beside version 1:",
            "    What it says of itself",
            "      - What happens to people in the middle of it changed from “stay” to “carry-over”.",
        ],
    )
    done = vestry("publish", pack, **database)
    assert (done.returncode, done.stdout.splitlines()) == (1, ["  missed-bin: version 2, new", sentence])
    assert "--yes" in done.stderr
    done = vestry("publish", pack, "--yes", **database)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "  missed-bin: version 2, new")


def test_the_reference_is_written_and_checked(tmp_path):
    assert vestry("reference", tmp_path).returncode == 0
    written = tmp_path / "service.schema.json"
    assert written.read_text() == (REFERENCE / "service.schema.json").read_text()
    assert vestry("reference", tmp_path, "--check").returncode == 0
    pages = sorted(tmp_path.iterdir())
    assert len(pages) == 5
    for page in pages:
        page.write_text("{}")
    done = vestry("reference", tmp_path, "--check")
    assert done.returncode == 1
    assert sorted(done.stderr.splitlines()) == [
        f"{page} is out of date. Run: vestry reference" for page in pages
    ]


def test_the_reference_is_the_same_however_wide_the_terminal_is(tmp_path):
    vestry("reference", tmp_path, COLUMNS="40")
    assert vestry("reference", tmp_path, "--check", COLUMNS="200").returncode == 0


def test_every_fact_permission_verb_and_variable_stands_in_the_reference(tmp_path):
    vestry("reference", tmp_path)
    rows = {
        page: re.findall(r"^\| `([\w.-]+)`", (tmp_path / f"{page}.md").read_text(), re.MULTILINE)
        for page in ("facts", "permissions", "environment")
    }
    assert set(rows["facts"]) == {fact.name for fact in _facts_of_rooms()}
    assert set(rows["permissions"]) == {*people.ROLES, *people.PERMISSIONS}
    read = set(re.findall(r'"(VESTRY_\w*[A-Z])"', (HOUSE / "config" / "environment.py").read_text()))
    assert read <= set(rows["environment"])
    for command in COMMANDS:
        verb = command.__name__.rpartition(".")[2]
        assert f"\n## {verb}\n" in (tmp_path / "commands.md").read_text()


def _facts_of_rooms():
    for path in HOUSE.rglob("events.py"):
        import_module(".".join(path.relative_to(HOUSE.parent).with_suffix("").parts))
    return [fact for fact in known_facts().values() if re.fullmatch(r"vestry\.\w+\.events", fact.__module__)]


@pytest.mark.parametrize(
    ("verb", "environment", "said"),
    [
        ("migrate", {}, "VESTRY_SECRET_KEY is not set."),
        ("migrate", {"VESTRY_SECRET_KEY": "x"}, "The database does not answer. Check VESTRY_DATABASE_URL."),
        ("migrate", {"VESTRY_SECRET_KEY": "x", "VESTRY_POOL": "many"}, 'VESTRY_POOL is "many".'),
        ("migrate", {"VESTRY_SECRET_KEY": "x", "VESTRY_DATABASE_URL": "nonsense"}, "VESTRY_DATABASE_URL"),
        ("demo", {"PORT": "abc"}, "argument --port: invalid int value: 'abc'"),
    ],
)
def test_what_is_wrong_around_is_said_without_a_traceback(verb, environment, said):
    done = vestry(verb, **environment)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_is_not_shared_with_whoever_has_it():
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        done = vestry("serve", "--port", port, VESTRY_SECRET_KEY="x")
    assert (done.returncode, done.stderr.partition(".")[0]) == (1, f"Port {port} is in use")
