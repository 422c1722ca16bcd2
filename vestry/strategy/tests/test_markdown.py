"""An outline in Markdown is read back as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestry.kernel import Refused
from vestry.strategy.api import Statement
from vestry.strategy.rules.layers import DEFAULT
from vestry.strategy.rules.markdown import NotAnOutline, read, write
from vestry.strategy.tests.strategies import CHOICE, OUTCOME, PRINCIPLE, PURPOSE

names = st.from_regex(r"[a-z]{1,6}(-[a-z]{1,6})?", fullmatch=True)
odd = st.text("Aa {}#;:\\,-", max_size=12).map(lambda text: " ".join(text.split()))
reasons = st.one_of(odd, st.sampled_from(["there is none between", "it serves: nobody; owner: nobody"]))
sentences = st.one_of(
    odd.filter(bool), st.from_regex(r"[A-Z][a-z,.’ -]{0,40}[a-z.]", fullmatch=True), st.just("x {#y")
)


@given(
    st.dictionaries(
        names,
        st.tuples(
            st.sampled_from([layer.slug for layer in DEFAULT]),
            sentences,
            st.dictionaries(names, reasons, max_size=3),
            st.lists(names, max_size=2),
            st.sampled_from(["", "waste"]),
        ),
        max_size=6,
    )
)
def test_what_is_written_is_read_back(drawn):
    outline = [
        Statement(
            slug=slug,
            layer=layer,
            sentence=" ".join(sentence.split()),
            serves=serves,
            guided_by=tuple(guided),
            owner=owner,
        )
        for slug, (layer, sentence, serves, guided, owner) in drawn.items()
    ]
    back = read(write(outline, DEFAULT), DEFAULT)
    assert sorted(back, key=lambda one: one.slug) == sorted(outline, key=lambda one: one.slug)


def test_an_outline_somebody_typed_is_read():
    read_ = read(
        "# Purpose\n\n* People live well here.\n\n## Values and principles\n- Be kind. {#kind}\n", DEFAULT
    )
    assert [(one.slug, one.layer) for one in read_] == [
        ("people-live-well-here", "purpose"),
        ("kind", "principle"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Heaven\n- x", 1),
        ("- x", 1),
        ("# Purpose\nx", 2),
        ("# Purpose\n- x {#a}\n- y {#a}", 3),
        ("# Purpose\n- x {#A}", 2),
        ("# Purpose\n- {#a}", 2),
        ("# Purpose\n- x {#a}\n- y {#b serves: a, because {it} is}", 3),
    ],
)
def test_a_line_that_is_neither_is_told(text, line):
    with pytest.raises(NotAnOutline) as refused:
        read(text, DEFAULT)
    assert refused.value.words["line"] == line


def test_history_is_left_to_the_pack():
    assert "We keep every street clean.\n" not in write([PURPOSE, PRINCIPLE, CHOICE, OUTCOME], DEFAULT)


@pytest.mark.parametrize("odd", [" ", "#", " #", "{#", "{#a", "\\", "\\{#"])
def test_a_line_of_one_thing_alone_takes_no_longer_than_any_other(odd):
    with pytest.raises(Refused):
        read(f"# {odd * 200_000}x", DEFAULT)
    with pytest.raises(Refused):
        read(f"# Purpose\n- x{odd * 200_000}y {{#a b}}{{#{'a' * 200_000}\nx", DEFAULT)
