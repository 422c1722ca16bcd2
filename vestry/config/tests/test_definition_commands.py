"""What somebody who writes definitions types: check, publish, reference."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from vestry.services import api as services

PACKS = Path(__file__).parents[3] / "packs"


@pytest.fixture
def pack(tmp_path):
    """A copy of Harrowmere to change."""
    return Path(shutil.copytree(PACKS / "harrowmere", tmp_path / "harrowmere"))


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
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "Nothing to mend.", "")
    path = break_a_question(pack)
    done = vestry("check", path, pack)
    said = f'{path}:35: "raidos" is not a kind of question. Did you mean "radios"?'
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
    assert done.stdout.splitlines() == [
        "Harrowmere District Council",
        "  freedom-of-information: version 1, new",
        "  missed-bin: version 1, new",
    ]
    assert "version 1, as before" in vestry("publish", pack, **database).stdout
    path = break_a_question(pack)
    done = vestry("publish", pack, **database)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f'{path}:35: "raidos" is not a kind of question.')


def test_the_schema_is_written_and_checked(tmp_path):
    written = tmp_path / "service.schema.json"
    assert vestry("reference", tmp_path).returncode == 0
    assert json.loads(written.read_text()) == services.service_schema()
    assert vestry("reference", tmp_path, "--check").returncode == 0
    written.write_text("{}")
    done = vestry("reference", tmp_path, "--check")
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f"{written} is out of date. Run: vestry reference",
    )


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
