"""Every kind of difference between two versions, in words."""

import pytest

from vestry.services.definition.comparing import compare
from vestry.services.tests.definitions import WHOLE, changed, check

ASKED, WAY, SELF = "What people are asked", "The way through", "What it says of itself"


def different(*changes):
    new = check(changed(*changes))
    assert new.definition, new.mistakes
    return {part.title: list(part.sentences) for part in compare(check(WHOLE).definition, new.definition)}


def test_nothing_is_said_of_what_is_the_same():
    assert different() == {}


@pytest.mark.parametrize(
    ("old", "new", "part", "sentence"),
    [
        (
            "title: Report a missed bin",
            "title: A bin",
            SELF,
            "The title changed from “Report a missed bin” to “A bin”.",
        ),
        (
            "{closed: 2 years,",
            "{closed: 1 year,",
            SELF,
            "How long it is kept: “closed” changed from “2 years” to “1 year”.",
        ),
        (
            "standard: {lgsl: 524, lgil: 8}\n",
            "",
            SELF,
            "Its number in the national lists is no longer lgsl “524”, lgil “8”.",
        ),
        (
            "title: Report a missed bin",
            "title: Report a missed bin\nbefore: Have it at hand.",
            SELF,
            "The start page is now “Have it at hand.”.",
        ),
        (
            "ask: Which bin did we miss?",
            "ask: Which one?",
            ASKED,
            "“Which bin did we miss?” now reads “Which one?”.",
        ),
        (
            "garden: Garden waste}",
            "garden: Garden waste, food: Food}",
            ASKED,
            "“Which bin did we miss?” has a new choice: “Food”.",
        ),
        ("refuse: Rubbish, ", "", ASKED, "“Which bin did we miss?” no longer has the choice “Rubbish”."),
        (
            "refuse: Rubbish, garden: Garden waste",
            "refuse: Refuse, garden: Garden waste",
            ASKED,
            "“Which bin did we miss?”: the choice “Rubbish” now reads “Refuse”.",
        ),
        (
            "refuse: Rubbish, garden: Garden waste",
            "garden: Garden waste, refuse: Rubbish",
            ASKED,
            "“Which bin did we miss?”: the choices come in another order.",
        ),
        ("crew?, optional: true}", "crew?}", ASKED, "“Anything for the crew?” must now be answered."),
        (
            "number?}",
            "number?, optional: true}",
            ASKED,
            "“What is your subscription number?” may now be left out.",
        ),
        (
            '    when: bin == "garden"\n',
            "",
            ASKED,
            "“What is your subscription number?” is now always asked.",
        ),
        (
            'when: bin == "garden"',
            'when: bin == "refuse"',
            ASKED,
            '“What is your subscription number?” is now asked only when bin == "refuse".',
        ),
        (
            "- text: {id: crew-note",
            "- long-text: {id: crew-note",
            ASKED,
            "“Anything for the crew?” is answered in another way: long-text instead of text.",
        ),
        (
            "      - text: {id: crew-note, ask: Anything for the crew?, optional: true}\n",
            "",
            ASKED,
            "No longer asks “Anything for the crew?”.",
        ),
        (
            "is your name?}",
            "is your name?}\n      - text: {id: flat, ask: Which flat?}",
            ASKED,
            "Now also asks “Which flat?”.",
        ),
        (
            "      within: 2 working days",
            "      within: 3 working days",
            WAY,
            "report “missed”: “within” changed from “2 working days” to “3 working days”.",
        ),
        (
            "  due: 2 working days\n",
            "  due: 5 working days\n",
            WAY,
            "“case”: “due” changed from “2 working days” to “5 working days”.",
        ),
        (
            "told: We have emptied your bin.}",
            "told: Done.}",
            WAY,
            "“case”: “stages”: “Collected”: “told” changed from “We have emptied your bin.” to “Done.”.",
        ),
        (
            "subject: Your reference is ((reference))",
            "subject: Hello",
            "Messages",
            "The message “confirmation”: its subject"
            " changed from “Your reference is ((reference))” to “Hello”.",
        ),
        (
            "see ((status_page)).",
            "see ((status_page)). Thank you.",
            "Messages",
            "The message “confirmation” now also says “Thank you.”.",
        ),
        (
            "messages:\n",
            "messages:\n  other: {subject: Other, body: Other}\n",
            "Messages",
            "There is a new message, “other”: Other",
        ),
        (
            "  case.collected: [{notify: confirmation}]\n",
            "",
            "What happens by itself",
            "When “case.collected” happens, no longer: notify “confirmation”.",
        ),
        (
            "  submitted:",
            "  report.made: [{notify: confirmation}]\n  submitted:",
            "What happens by itself",
            "When “report.made” happens, now also: notify “confirmation”.",
        ),
    ],
)
def test_each_kind_of_difference_is_said(old, new, part, sentence):
    said = different((old, new))
    assert said.keys() == {part}
    assert sentence in said[part]


def test_questions_in_another_order_are_named_in_it():
    name = "      - name: {id: your-name, ask: What is your name?}\n"
    email = "      - email: {id: email, ask: What is your email address?}\n"
    said = different((name, ""), (email, email + name))
    (sentence,) = (each for each in said[ASKED] if "another order" in each)
    assert sentence.endswith("“What is your email address?” → “What is your name?”.")
