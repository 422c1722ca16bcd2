"""``vestry strategy``."""

import pytest

from vestry.config.cli import main
from vestry.strategy import api as strategy
from vestry.strategy.tests.strategies import put


@pytest.fixture
def outline(council, tmp_path, capsys):
    put()
    main(["strategy", "export", "--council", "harrowmere"])
    file = tmp_path / "strategy.yaml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    return file


def take_in(file, capsys, *more):
    assert main(["strategy", "import", str(file), "--council", "harrowmere", *more]) == 0
    return capsys.readouterr().out


def test_what_was_written_out_changes_nothing(outline, capsys):
    assert take_in(outline, capsys) == "Nothing is different.\n"


def test_all_that_is_different_is_told_first(outline, capsys):
    written = outline.read_text(encoding="utf-8").replace("owner: waste", "owner: information")
    written = written.replace("People live well here.", "People live well. " * 9)
    figures = "figures:\n  spend: [{since: 2026-04-01, source: Budget, services: {missed-bin: 41000}}]\n"
    outline.write_text(written + figures, encoding="utf-8")
    said = take_in(outline, capsys, "--dry-run")
    assert "assign  bins-on-the-day  information" in said
    assert "2 words longer than a sentence of the layer purpose should be" in said
    assert said.endswith("1 to reword, 1 to assign, figures of spend and hours to put anew.\n")
    assert strategy.get_statement("bins-on-the-day").owner == "waste"
    take_in(outline, capsys)
    assert strategy.get_statement("bins-on-the-day").owner == "information"
