"""What a template says, and how an email is laid out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.notify import api as notify
from vestry.notify.rules import LINE, WAITS, laid_out, one_line, wait_after


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Reference ((reference)).", "Reference MB-7K3N."),
        ("Hello ((name)), ((name))!", "Hello Zoë, Zoë!"),
        ("((Your Name)), ((your_name)), ((your-name))", "Amal, Amal, Amal"),
        ("Hello (( name ))", "Hello Zoë"),
        ("((nobody)) stays", "((nobody)) stays"),
        ("((garden??Lid down.)) Thanks", "Lid down. Thanks"),
        ("((paid??Thank you.))Bye", "Bye"),
        ("((empty??Never.))Bye", "Bye"),
        ("((garden??Put it out (lid down)))!", "Put it out (lid down)!"),
        ("((paid??Put it out (lid down)))!", "!"),
        ("((garden??One\ntwo))", "One\ntwo"),
        ("(name) ((name) (((name)))", "(name) ((name) (((name)))"),
        ("Nothing to fill", "Nothing to fill"),
    ],
)
def test_words_are_put_in(template, said):
    words = {
        "reference": "MB-7K3N",
        "name": "Zoë",
        "your-name": "Amal",
        "garden": "yes",
        "paid": "no",
        "empty": "",
    }
    assert notify.fill(template, words) == said


@given(st.text())
def test_what_a_person_wrote_is_never_taken_for_a_word(text):
    assert notify.fill("((a))", {"a": text, "b": "secret"}) == text
    assert "secret" not in notify.fill("((a))", {"a": "((b))", "b": "secret"})


@given(st.text())
def test_any_template_can_be_filled(template):
    notify.fill(template, {"a": "x"})
    notify.unknown_words(template, frozenset())


def test_unknown_words_are_named_as_written():
    template = "((reference)) ((Refrence)) ((garden??Lid down.))"
    assert notify.unknown_words(template, frozenset({"reference"})) == ["Refrence", "garden"]
    assert notify.unknown_words(template, frozenset({"REFERENCE", "refrence", "gar_den"})) == []


@given(st.text())
def test_a_subject_is_one_line(text):
    assert len(one_line(text).splitlines()) <= 1
    assert "\x00" not in one_line(text)


def test_paragraphs_are_wrapped_and_kept_apart():
    text = "word " * 40 + "\n\n* " + "item " * 40 + "\n\nEnd"
    lines = laid_out(text).split("\n")
    assert max(map(len, lines)) <= LINE
    assert lines.count("") == 3
    item = next(number for number, line in enumerate(lines) if line.startswith("* "))
    assert lines[item + 1].startswith("  item")


def test_a_link_is_never_broken():
    link = "https://harrowmere.example/status/" + "MB-7K3N-" * 20
    assert link in laid_out(f"Follow it here: {link} and nowhere else.").split("\n")


@given(st.text())
def test_laying_out_loses_no_word(text):
    assert laid_out(text).split() == text.replace("\x00", "").split()


def test_waits_grow_and_end():
    assert [wait_after(n + 1) for n in range(len(WAITS))] == sorted(WAITS)
    assert wait_after(len(WAITS) + 1) is None


def test_a_template_of_nothing_but_spaces_takes_no_longer_than_any_other():
    template = "((" + " " * 200_000 + "x"
    assert notify.fill(template, {"x": "y"}) == template
    assert notify.unknown_words(template, {"x"}) == []
