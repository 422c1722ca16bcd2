"""YAML is read as people mean it, and every value keeps its place."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.services.definition.reading import NotReadable, Place, read_yaml


def value(text):
    return read_yaml(text, "x.yaml").value


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("on: [a]", {"on": ["a"]}),
        ("answer: no", {"answer": "no"}),
        ("answer: yes", {"answer": "yes"}),
        ("answer: Off", {"answer": "Off"}),
        ("over: 16:30", {"over": "16:30"}),
        ("first: 2026-11-23", {"first": "2026-11-23"}),
        ("at: 2026-11-23 10:00:00", {"at": "2026-11-23 10:00:00"}),
        ("code: 0123", {"code": 123}),
        ("code: 1_000", {"code": "1_000"}),
        ("code: 0x1F", {"code": "0x1F"}),
        ("price: 12.50", {"price": 12.5}),
        ("size: 1e3", {"size": "1e3"}),
        ("sure: true", {"sure": True}),
        ("sure: 'true'", {"sure": "true"}),
        ("empty:", {"empty": None}),
        ("nothing: ~", {"nothing": None}),
        ("12: twelve", {"12": "twelve"}),
        ("<<: merge", {"<<": "merge"}),
        ("{id: home, ask: What is your address?, within: council}", None),
        ('ask: "Really?"', {"ask": "Really?"}),
        ("said: !!python/name:os.system x", {"said": "x"}),
        ("\ufeffa: b", {"a": "b"}),
    ],
)
def test_what_is_written_is_what_is_read(text, read):
    assert value(text) == (read or {"id": "home", "ask": "What is your address?", "within": "council"})


def test_every_value_has_its_place():
    tree = read_yaml("journey:\n  - page: Where?\n    ask:\n      - text: {id: home}\n", "x.yaml")
    assert tree.place(("journey",), key=True) == Place(1, 1)
    assert tree.place(("journey", 0)) == Place(2, 5)
    assert tree.place(("journey", 0, "page")) == Place(2, 11)
    assert tree.place(("journey", 0, "ask", 0, "text", "id")) == Place(4, 20)


def test_what_is_not_there_has_the_place_of_what_it_is_missing_from():
    tree = read_yaml("service: x\ncase:\n  team: waste\n", "x.yaml")
    assert tree.place(("case", "due")) == Place(2, 1)
    assert tree.place(("nowhere", 3)) == Place(1, 1)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\na: 2", 2, '"a" stands here a second time; the first is on line 1'),
        ("a: 1\n\tb: 2", 2, "tab"),
        ("a: one: two", 1, "colon"),
        ('a: "open\nb: 2', 2, "quote"),
        ("a: [1, 2\nb: 3", 2, "bracket"),
        ("a:\n  b: 1\n c: 2", 3, "in line"),
        ("a: *b", 1, "sign"),
        ("a: &x 1\nb: *x", 2, "repeat"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("[a, b]: c", 1, "word before the colon"),
        ("a: b\nc: %d", 2, "sign"),
        ("a: b\nc: \x07", 2, "character"),
        ('a: b\nc: "\\0"', 2, "character"),
        ('a: b\nc: "\\ud800"', 2, "character"),
        ("[" * 5000, 1, "inside each other"),
        ("x" * 600_000, 1, "too long"),
    ],
)
def test_what_can_not_be_read_is_told_with_its_line(text, line, said):
    with pytest.raises(NotReadable) as told:
        value(text)
    (mistake,) = told.value.mistakes
    assert (mistake.file, mistake.line) == ("x.yaml", line)
    assert said in str(mistake)


@given(st.text(alphabet=st.sampled_from("ab:-[]{}#&*!|>'\"%@`?, \n\t\\0"), max_size=40))
def test_any_text_is_read_or_refused(text):
    with suppress(NotReadable):
        value(text)
