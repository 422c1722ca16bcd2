"""The tools that the other tests stand on do what they say."""

import socket
import sys
import tempfile
from pathlib import Path

import pytest

from tests import network
from tests.network import NetworkUsedError
from tools import machine, postgres, strict


def test_no_test_leaves_this_machine():
    with socket.socket() as plug, pytest.raises(NetworkUsedError, match=r"192\.0\.2\.1"):
        plug.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkUsedError, match=r"council\.example"):
        socket.getaddrinfo("council.example", 443)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost", "saltmarsh.localhost"])
def test_this_machine_has_several_names(host):
    assert network.is_local(host)


@pytest.mark.parametrize("host", ["127.council.example", "localhost.example", "192.0.2.1", "notlocalhost"])
def test_a_name_that_only_looks_local_is_not(host):
    assert not network.is_local(host)


def test_this_machine_itself_can_be_reached():
    with socket.create_server(("127.0.0.1", postgres.free_port())) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_a_free_port_is_below_those_handed_out_to_connections():
    assert postgres.free_port() < 32768


def test_missing_programs_are_said_and_fail_only_in_ci(monkeypatch, capsys):
    monkeypatch.setattr(machine, "install", lambda package: None)
    monkeypatch.setattr(machine, "NEEDS", {"piano": machine.Need(lambda: None, "piano-forte", "no music")})
    monkeypatch.delenv("CI", raising=False)
    assert machine.main("need", "piano") == 0
    assert "no music" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert machine.main("need", "piano") == 1


def test_a_door_split_into_a_folder_stays_on_the_strict_list(tmp_path):
    for name in (
        "book/api/__init__.py",
        "book/api/_holds.py",
        "book/rules.py",
        "book/models.py",
        "book/tests/api.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [str(path.relative_to(tmp_path)) for path in strict.strict_files(tmp_path)]
    assert found == ["book/api/__init__.py", "book/api/_holds.py", "book/rules.py"]


@pytest.mark.skipif(machine.find_postgresql() is None, reason="there is no PostgreSQL on this machine")
def test_the_throwaway_server_gives_an_ordinary_role_and_goes_away(monkeypatch, capfd):
    folders = []

    def make_folder(**options):
        folders.append(make(**options))
        return folders[-1]

    make = tempfile.mkdtemp
    monkeypatch.setattr(tempfile, "mkdtemp", make_folder)
    ask = "select current_user, usesuper, usebypassrls, usecreatedb from pg_user where usename = current_user"
    program = "import os, psycopg, sys; c = psycopg.connect(os.environ['VESTRY_DATABASE_URL'])"
    command = [sys.executable, "-c", f"{program}; print(c.execute(sys.argv[1]).fetchone())", ask]
    assert postgres.main(command) == 0
    assert "('vestry', False, False, True)" in capfd.readouterr().out
    assert [Path(folder).exists() for folder in folders] == [False]
