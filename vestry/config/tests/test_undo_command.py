"""``vestry publish`` beside what was published at the desk."""

from vestry.config import cli
from vestry.services.tests.test_desk_and_pack import FILE, WORDS, at_the_desk, pack, published, title
from vestry.services.tests.test_publishing import rewrite

__all__ = ["pack", "published"]


def command(*arguments):
    """Run it in this process: its database is this test's."""
    return cli.main([str(argument) for argument in arguments])


def test_an_older_text_is_told_and_a_newer_one_undoes_nothing_without_being_asked(published, capsys):
    at_the_desk()
    assert not command("publish", published)
    said = "missed-bin: version 2, changed at the desk since; the pack has an older text. --undo takes that"
    assert said in capsys.readouterr().out
    rewrite(published / FILE, WORDS, "title: A bin we missed")
    assert command("publish", published) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("This would undo what was published at the desk.")
    assert "  The title changed from “Tell us about a bin” to “A bin we missed”." in told
    assert title() == "Tell us about a bin"
    assert not command("publish", "--undo", published)
    assert "missed-bin: version 3, new" in capsys.readouterr().out
    assert title() == "A bin we missed"
