import json

from django.db import connection

from vestry.config.cli import main
from vestry.councils import api as councils
from vestry.ledger.tests.happened import ring, unlock


def change_fact_two():
    unlock()
    with connection.cursor() as cursor:
        cursor.execute("update ledger_entry set actor = 'officer:nobody' where seq = 2")


def test_a_changed_fact_is_found(council, other_council, capsys):
    ring(times=1)
    ring(times=2)
    assert main(["verify"]) == 0
    change_fact_two()
    assert main(["verify"]) == 1
    said = capsys.readouterr()
    assert "Harrowmere District Council: Fact 2, or the hash of the one before, is not as it was" in said.err
    assert "Saltmarsh Borough Council: every fact stands" in said.out


def test_seals_are_kept_outside_and_held_against_the_ledger(council, other_council, capsys, tmp_path):
    ring(times=1)
    ring(times=2)
    with councils.scope(other_council):
        ring(times=3)
    assert main(["seal"]) == 0
    printed = capsys.readouterr().out
    ours, theirs = map(json.loads, printed.splitlines())
    assert (ours["council"], ours["first"], ours["last"]) == ("harrowmere", 1, 2)
    assert theirs["council"] == "saltmarsh"
    kept = tmp_path / "kept.jsonl"
    kept.write_text(printed)
    assert main(["verify", "--kept", str(kept)]) == 0
    kept.write_text(printed + json.dumps({**ours, "council": "gone"}) + "\n")
    assert main(["verify", "--kept", str(kept)]) == 1
    assert "gone: a seal was kept, and there is no such council" in capsys.readouterr().err


def test_a_file_that_holds_no_seals_is_refused_in_words(council, capsys, tmp_path):
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text("{}")
    assert main(["verify", "--kept", str(wrong)]) == 1
    assert main(["verify", "--kept", str(tmp_path / "none")]) == 1
    said = capsys.readouterr().err
    assert said.count("does not hold seals as 'vestry seal' prints them") == 2
