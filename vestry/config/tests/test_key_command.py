"""``vestry key``."""

from datetime import timedelta

import pytest

from vestry.config.cli import main
from vestry.kernel import local_day, utc_now
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody


@pytest.fixture
def officers(council):
    put_everybody()


def new(*more):
    words = ["--client", "crm", "--as", "officer:waste", "--as", "manager"]
    scopes = ["--scopes", "cases.read,cases.note"]
    return main(["key", "new", "--council", "harrowmere", *words, *scopes, *more])


def soon(days=30):
    return (local_day(utc_now()) + timedelta(days=days)).isoformat()


def test_a_key_is_made_shown_listed_and_taken_back(officers, capsys):
    assert new("--expires", soon()) == 0
    token = capsys.readouterr().out.strip()
    client = people.client_of(token=token, now=utc_now())
    assert client.held == {("officer", "waste"), ("manager", "")}
    assert client.scopes == {"cases.read", "cases.note"}

    assert main(["key", "list", "--council", "harrowmere"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    prefix = line.split()[0]
    assert token.startswith(prefix)
    assert token not in line
    assert f"crm  manager officer:waste  cases.note,cases.read  until {soon()}  used" in line

    assert main(["key", "take-back", "--council", "harrowmere", prefix]) == 0
    with pytest.raises(people.BadKey):
        people.client_of(token=token, now=utc_now())
    capsys.readouterr()
    main(["key", "list", "--council", "harrowmere"])
    assert "taken back" in capsys.readouterr().out


def test_what_is_wrong_is_said(officers, capsys):
    assert new("--expires", soon(-1)) == 1
    assert "last day" in capsys.readouterr().err
    assert main(["key", "list", "--council", "atlantis"]) == 1
    assert "There are: harrowmere" in capsys.readouterr().err
    assert main(["key", "take-back", "--council", "harrowmere", "vestry_0"]) == 1
    assert "vestry_0" in capsys.readouterr().err
