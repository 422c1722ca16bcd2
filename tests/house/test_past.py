"""The example council's past is what the program that makes it up makes, every time."""

from tools import past


def test_the_past_is_what_the_program_makes():
    assert past.FILE.read_text() == past.made_up(), "run `python -m tools.past`"


def test_it_says_that_it_is_made_up():
    assert past.FILE.read_text().startswith("# Made up by")
