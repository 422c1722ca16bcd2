"""A slip of the finger anywhere is told with its line and the right word; what is right is let through."""

import json
import re
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from vestry.design import possible
from vestry.services.definition import check
from vestry.services.definition.check import MOST_TOLD, check_text
from vestry.services.packs.reading import find_pack, read_pack
from vestry.services.tests.definitions import KNOWN

PACKS = Path(__file__).parents[3] / "packs"
FILES = sorted(PACKS.glob("*/services/*.yaml"))
HAS = {pack: read_pack(pack).known() for pack in sorted(PACKS.iterdir())}
# Words that mean one thing only, and what stands before them on their line.
PLACES = [
    r"^(?:title|summary|owner|class|reference|contact|journey|case|messages): ?()",
    r"^(title|summary|owner|class|reference|contact|journey|case|messages):",
    r"^(?:why|owner|class|  team): ([a-z-]+)$",
    r"^ +- (page|report|check|radios|checkboxes|address|date|text|long-text|yes-no|name|email):",
    r"^ +(hint|options|stages|actions|told|next|clock|on-reply|category|happened|schedule):",
    # An option may be called so too.
    r"^ +(within): council",
    r"\b(?:to|on-reply): ([a-z-]+)\b",
    r"\[\{(notify):",
    r"\{notify: ([a-z-]+)\}",
    r"^  (case\.[a-z-]+|submitted): \[",
    r"^ +when: [a-z_]+ == \"([a-z-]+)\"",
    r"^ +when: ([a-z_]{4,})",
    r"\(\((reference|status_page|council|message)\)\)",
    r"\b(?:contact: \{name|, email): ([a-z-]+)",
]


def slips(text):
    """Every word a slip can be made in: where it starts, and where it ends."""
    for place in PLACES:
        for found in re.finditer(place, text, re.MULTILINE):
            if len(found[1]) > 3:
                yield found.span(1)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_slip_is_told_with_its_line_and_the_right_word(path, data):
    text = path.read_text()
    start, end = data.draw(st.sampled_from(sorted(set(slips(text)))))
    word = text[start:end]
    at = data.draw(st.integers(1, len(word) - 2))
    slipped = word[:at] + data.draw(st.sampled_from([word[at] * 2, "", word[at + 1] + "x"])) + word[at + 1 :]
    assume(
        slipped != word
        and not slipped.endswith("-")
        and "--" not in slipped
        and slipped.replace("_", "") != word.replace("_", "")
    )
    # Another stage may be called so.
    assume(f"{slipped}:" not in text)
    checked = check_text(text[:start] + slipped + text[end:], path.name, HAS[find_pack(path)])
    assert checked.definition is None
    line = text.count("\n", 0, start) + 1
    told = [
        mistake for mistake in checked.mistakes if f'"{word}"' in mistake.instead or word in mistake.instead
    ]
    assert told, [str(mistake) for mistake in checked.mistakes]
    if "((" not in text[start - 2 : start]:
        assert line in [mistake.line for mistake in told]


QUESTIONS = {
    "radios": {"options": {"one": "One", "two": "Two", "three": "Three"}},
    "select": {"options": {f"value-{n}": f"Value {n}" for n in range(20)}},
    "checkboxes": {"options": {"one": "One", "two": "Two", "three": "Three"}},
    "yes-no": {},
    "number": {"min": 0, "max": 10},
    "date": {"latest": "today"},
    "text": {},
}
HOLDING = {
    "radios": ['{} == "two"', '{} != "one"', '{} in ["two", "three"]', 'not {} == "three"'],
    "select": ['{} == "value-7"', '{} != "value-1"', '{} in ["value-7", "value-2"]'],
    "checkboxes": ['"two" in {}', '"one" not in {}', "len({}) == 2", "len({}) > 1"],
    "yes-no": ["{}", "{} == true", "not not {}"],
    "number": ["{} > 3", "{} == 7", "{} != 2", "3 < {} < 8", "{} * 2 > 10"],
    "date": ["{} < today()", "{} <= today()", "working_days({}, today()) < 300"],
    "text": ["{}", 'not {} == "x"', "len({}) > 1"],
}
"""Of each kind, what holds for one and the same person: "two", "value-7", two and three ticked, yes, 7."""


@st.composite
def right(draw):
    """A definition somebody can go all the way through: every condition holds for the same person."""
    pages, asked = [], []
    for number in range(draw(st.integers(1, 6))):
        questions, here = [], []
        for _ in range(draw(st.integers(1, 2))):
            kind = draw(st.sampled_from(sorted(QUESTIONS)))
            name = f"q{number}-{len(here)}"
            said = {"id": name, "ask": f"What is {name}?", **QUESTIONS[kind]}
            if when := draw(condition(asked)):
                said["when"] = when
            questions.append({kind: said})
            here.append((kind, name.replace("-", "_")))
        page = {"page": f"Page {number}", "ask": questions}
        if when := draw(condition(asked)):
            page["when"] = when
        pages.append(page)
        asked += here
    return pages


def condition(asked):
    if not asked:
        return st.just("")
    one = st.sampled_from(asked).flatmap(
        lambda it: st.sampled_from(HOLDING[it[0]]).map(lambda atom: f"{it[1]} and {atom.format(it[1])}")
    )
    return st.one_of(
        st.just(""),
        one,
        st.tuples(one, one).map(" and ".join),
        st.tuples(one, one).map(lambda two: f"({two[0]}) or not ({two[1]})"),
    )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pages=right())
def test_what_somebody_can_go_through_is_published(pages):
    whole = {
        "service": "right",
        "title": "Right",
        "summary": "Nothing is wrong.",
        "why": "clean-streets",
        "owner": "waste",
        "class": "official",
        "reference": "RI",
        "keep": {"closed": "1 year"},
        "journey": [*pages, {"check": "Check your answers"}],
    }
    text = json.dumps(whole, indent=1)
    assert check_text(text, "right.yaml", KNOWN).mistakes == ()


def many_that_cannot_be_known(pages):
    """A definition whose every condition takes thousands of tries: so much depends on so many unknowns."""
    texts = [{"text": {"id": f"t{n}", "ask": f"What is {n}?"}} for n in range(12)]
    never = " and ".join(f"(t{n} > t{n + 1} or t{n} == t{n + 1} or true)" for n in range(11)) + " and false"
    asked = [{"text": {"id": "q", "ask": "?"}}]
    hopeless = [{"page": f"Page {n}", "when": never, "ask": asked} for n in range(pages)]
    whole = {
        "service": "endless",
        "title": "Endless",
        "summary": "Nobody can tell.",
        "why": "clean-streets",
        "owner": "waste",
        "class": "official",
        "reference": "EN",
        "keep": {"closed": "1 year"},
        "journey": [
            {"page": "Words", "ask": texts},
            *hopeless,
            {"check": "Check your answers"},
        ],
    }
    return json.dumps(whole, indent=1)


def test_a_definition_has_one_effort_and_what_is_not_proved_is_not_published(monkeypatch):
    worked_out = []
    work_out = possible.work_out
    monkeypatch.setattr(possible, "work_out", lambda *words: worked_out.append(1) or work_out(*words))
    checked = check_text(many_that_cannot_be_known(60), "endless.yaml", KNOWN)
    told = [each.what for each in checked.mistakes]
    assert checked.definition is None
    assert sum("could not be proved" in what for what in told) == 1, "said once, where the effort ended"
    assert len(worked_out) < possible.MOST_EFFORT + 1000


def test_no_more_mistakes_are_told_than_anybody_mends_in_one_sitting():
    pages = [
        {"page": f"Page {n}", "when": f"nobody_{n}", "ask": [{"text": {"id": f"q{n}", "ask": "?"}}]}
        for n in range(300)
    ]
    text = many_that_cannot_be_known(0).replace('"journey": [', f'"journey": [{json.dumps(pages)[1:-1]},')
    assert len(check_text(text, "long.yaml", KNOWN).mistakes) == MOST_TOLD


def test_a_text_that_has_not_changed_is_looked_at_once(monkeypatch):
    text = many_that_cannot_be_known(0) + "\n"
    first = check_text(text, "same.yaml", KNOWN)
    monkeypatch.setattr(check, "read_yaml", None)
    assert check_text(text, "same.yaml", KNOWN) is first
    with translation.override("cy"), pytest.raises(TypeError):
        check_text(text, "same.yaml", KNOWN)
    with pytest.raises(TypeError):
        check_text(text, "same.yaml", {**KNOWN, "teams": frozenset()})
