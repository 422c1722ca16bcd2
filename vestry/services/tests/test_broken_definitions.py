"""A definition with a mistake is told where, what, and what would be right. One mistake is told once."""

import pytest

from vestry.services.tests.definitions import WHOLE, changed, check, said

# What is written, what instead of it, and the whole of what is said.
BROKEN = [
    # words that are not there
    ("- radios:", "- raidos:", ['17: "raidos" is not a kind of question. Did you mean "radios"?']),
    ("- report:", "- raport:", ['29: "raport" is not a kind of step. Did you mean "report"?']),
    (
        "title: Report a",
        "tilte: Report a",
        ['2: "tilte" is not a word that can stand here. Did you mean "title"?'],
    ),
    (
        "category: missed-bin",
        "catgory: missed-bin",
        ['31: "catgory" is not a word that can stand here. Did you mean "category"?'],
    ),
    (
        "    ask:\n      - radios",
        "    aks:\n      - radios",
        ['16: "aks" is not a word that can stand here. Did you mean "ask"?'],
    ),
    (
        "[{notify: confirmation}]\n  case",
        "[{notfy: confirmation}]\n  case",
        ['55: "notfy" is not something that can be done here. Did you mean "notify"?'],
    ),
    (
        "latest: today}",
        "lastest: today}",
        ['23: "lastest" is not a word that can stand here. Did you mean "latest"?'],
    ),
    # names that lead nowhere
    (
        "why: clean-streets",
        "why: clean-street",
        ['4: "clean-street" is not a statement of the council’s strategy. Did you mean "clean-streets"?'],
    ),
    ("owner: waste", "owner: wate", ['5: "wate" is not a team of the council. Did you mean "waste"?']),
    ("  team: waste", "  team: watse", ['43: There is no team "watse". Did you mean "waste"?']),
    ("by: [crew]", "by: [crwe]", ['49: There is no role "crwe". Did you mean "crew"?']),
    (
        "to: collected, by",
        "to: colected, by",
        ['49: There is no stage "colected". Did you mean "collected"?'],
    ),
    ("from: reported,", "from: reportd,", ['49: There is no stage "reportd". Did you mean "reported"?']),
    (
        "email: email}\nkeep",
        "email: e-mail}\nkeep",
        ['9: No question is called "e-mail". Did you mean "email"?'],
    ),
    (
        "submitted: [",
        "submited: [",
        ['55: Nothing that is called "submited" ever happens here. Did you mean "submitted"?'],
    ),
    (
        "case.collected: [",
        "case.colected: [",
        ['56: Nothing that is called "case.colected" ever happens here. Did you mean "case.collected"?'],
    ),
    (
        "[{notify: confirmation}]\n  case",
        "[{notify: confirmaton}]\n  case",
        ['55: There is no message called "confirmaton" in this service. Did you mean "confirmation"?'],
    ),
    (
        "Dear ((name))",
        "Dear ((nmae))",
        [
            '53: The body of the message "confirmation" says ((nmae)), and nothing is called that. '
            'Did you mean "((name))"?'
        ],
    ),
    (
        "schedule: bin-rounds",
        "schedule: bin-round",
        ['34: The council has no schedule "bin-round". It has: bin-rounds.'],
    ),
    # what must be there
    (
        "why: clean-streets\n",
        "",
        ['1: "why" is missing. The statement of the council\'s strategy that this service serves.'],
    ),
    ("owner: waste\n", "", ['1: "owner" is missing. The team that answers for this definition.']),
    (
        "class: official-personal\n",
        "",
        [
            '1: "class" is missing. How carefully what people tell us is held. '
            "It can be: official, official-personal, official-sensitive, public."
        ],
    ),
    ("{id: subscription, ask", "{ask", ['28: "id" is missing. Its name, for conditions.']),
    (
        "  - check: Check your answers\n",
        "",
        [
            "11: Nobody is shown their answers before they are sent. "
            'Add "- check: Check your answers" as the last step.'
        ],
    ),
    # the wrong sort of thing
    ("title: Report a missed bin", "title:", ['2: Nothing stands after "title:". It should be text.']),
    (
        "title: Report a missed bin",
        "title: 2026",
        ['2: This is not read as text. Put it in quotes: "2026".'],
    ),
    (
        "title: Report a missed bin",
        "title: [Report]",
        ['2: After "title:" stands a list, each on a line that begins with -. It should be text.'],
    ),
    ("lgsl: 524", 'lgsl: "524"', ['6: After "lgsl:" stands text. Take away the quotes.']),
    ("lgsl: 524", "lgsl: 52400", ["6: The number should be 9999 or less."]),
    (
        "class: official-personal",
        "class: offical",
        ['7: "offical" is not one of the words that can stand here. Did you mean "official"?'],
    ),
    (
        "within: council",
        "within: Council",
        ['14: "Council" is not one of the words that can stand here. Did you mean "council"?'],
    ),
    (
        "reference: MB",
        "reference: mb",
        ['8: "mb" is not written as it should be. It should look like this: "MB".'],
    ),
    (
        "closed: 2 years",
        "closed: two years",
        [
            '10: "two years" is not written as it should be. '
            'It should look like this: "30 days" / "2 years" / "6 months".'
        ],
    ),
    (
        "service: missed-bin",
        "service: Missed Bin",
        ['1: "Missed Bin" is not written as it should be. Did you mean "missed-bin"?'],
    ),
    ("optional: true", "optional: yes", ['24: After "optional:" stands text. Did you mean "true"?']),
    ("journey:\n", "journey: []\nxx:\n", None),
    # conditions
    ('bin == "garden"', 'bni == "garden"', ['26: Nothing is called "bni" before this. Did you mean "bin"?']),
    (
        'bin == "garden"',
        'bin = "garden"',
        [
            '26: This condition cannot be read (bin = "garden"). '
            'Write == to compare, for example bin == "garden".'
        ],
    ),
    (
        'bin == "garden"',
        'your_name == "Pat"',
        ['26: "your_name" is asked only later, on line 39. A condition can use what was asked before it.'],
    ),
    (
        'bin == "garden"',
        "crew_note > day",
        [
            '26: This cannot be worked out when there is no answer to "crew_note". '
            'Ask first whether there is one, like this: "day and day < today()".'
        ],
    ),
    (
        'bin == "garden"',
        'bin.upper() == "GARDEN"',
        [
            '26: "bin.upper" cannot be called in a condition. '
            "What can be called: len(), any(), all(), today(), working_days()."
        ],
    ),
    # conditions that can't be true
    (
        'bin == "garden"',
        'bin == "gardn"',
        ['26: Nobody can answer "gardn" to "bin". Did you mean "garden"?'],
    ),
    (
        'bin == "garden"',
        'bin == "garden" or bin in ["refuse", "refus"]',
        ['26: Nobody can answer "refus" to "bin". Did you mean "refuse"?'],
    ),
    (
        'bin == "garden"',
        'bin == "garden" and bin != "garden"',
        [
            "26: No answers can make this true, so nobody ever comes here. "
            "Change the condition, or take out what it stands over."
        ],
    ),
    (
        'bin == "garden"',
        "day > today()",
        [
            "26: No answers can make this true, so nobody ever comes here. "
            "Change the condition, or take out what it stands over."
        ],
    ),
    (
        "ask: What is your subscription number?}",
        'ask: What is your subscription number?, when: bin == "refuse"}',
        [
            "28: This is never true here, because of when the questions before it are asked. "
            "Change the condition, or take out what it stands over."
        ],
    ),
    (
        "ask: What is your name?}",
        'ask: What is your name?, when: subscription and bin == "refuse"}',
        [
            '39: This is never true here: "subscription" is asked only when bin == "garden". '
            "Change the condition, or take out what it stands over."
        ],
    ),
    (
        "by: [crew]}",
        'by: [crew], when: bin == "garden" and bin == "refuse"}',
        [
            "49: No answers can make this true, so nobody ever comes here. "
            "Change the condition, or take out what it stands over."
        ],
    ),
    # links
    (
        "summary: Tell us if we did not empty your bin.",
        'summary: Tell us.\nbefore: "See [what else](/services/missed-bni/)."',
        ['4: There is no service "missed-bni". Did you mean "missed-bin"?'],
    ),
    (
        "summary: Tell us if we did not empty your bin.",
        "summary: Tell us.\nbefore: |\n  One line.\n\n  See [here](/statsu/), or [that](www.example.org).",
        [
            '7: The link to "www.example.org" leads nowhere. Did you mean "https://www.example.org"?',
            '7: There is no page at "/statsu/".',
        ],
    ),
    (
        "Dear ((name)), see",
        "Dear ((name)), see [this](https://example.org) or https://example or",
        [
            '53: "https://example" is not an address. Copy it from the place it should lead to.',
            "53: A message is plain text, so this link would be shown as it is written. "
            "Write the whole address on a line of its own: https://example.org.",
        ],
    ),
    # ids
    (
        "{id: subscription, ask",
        "{id: home, ask",
        ['28: Something else is already called "home", on line 14. Use another word.'],
    ),
    (
        "{id: subscription, ask",
        "{id: class, ask",
        [
            '28: "class" has a meaning of its own in conditions, so nothing can be called that. '
            "Use another word."
        ],
    ),
    (
        "      id: missed\n",
        "      id: home\n",
        [
            '30: Something else is already called "home", on line 14. Use another word.',
        ],
    ),
    (
        "- page: Your subscription",
        "- page: Your subscription\n    id: done",
        ['26: A step cannot be called "done": that address has a meaning of its own. Give it another id.'],
    ),
    (
        "- page: Your subscription",
        "- page: Your subscription\n    id: about-you",
        ['38: Another step is already called "about-you", on line 26. Give it an "id" of its own.'],
    ),
    # ways
    (
        "end: resolved, ",
        "",
        [
            '46: A case at "reported" never comes to an end. '
            'Let an action lead on from it, or give it an "end".',
            '47: A case at "collected" never comes to an end. '
            'Let an action lead on from it, or give it an "end".',
        ],
    ),
    (
        "    collected: {title",
        "    lost: {title: Lost, end: lost}\n    collected: {title",
        ['47: No case ever comes to "lost". Let an action lead to it, or take it out.'],
    ),
    (
        "  - check: Check your answers\n",
        "  - check: Check your answers\n  - page: More\n    ask:\n      - text: {id: more, ask: More?}\n",
        ['42: This asks something after the answers were checked. Move it above the "check" step.'],
    ),
    # Lists: line 28 is the only question of its page
    (
        "      - text: {id: subscription, ask: What is your subscription number?}\n",
        "      - list: {id: cars, ask: A?, one: car, many: cars, each: [{text: {id: bin, ask: B?}}]}\n",
        ['28: Something else is already called "bin", on line 18. Use another word.'],
    ),
    (
        "      - text: {id: subscription, ask: What is your subscription number?}\n",
        "      - list:\n"
        "          id: cars\n"
        "          ask: Which?\n"
        "          one: car\n"
        "          many: cars\n"
        "          each:\n"
        "            - text: {id: plate, ask: Which?}\n"
        "            - date: {id: sold, ask: When?, when: plate and bin and palte}\n"
        "      - text: {id: also, ask: What else?}\n",
        [
            "29: A list stands alone on its page. Move the other questions to a page of their own.",
            '35: Nothing is called "palte" before this. Did you mean "plate"?',
        ],
    ),
    (
        "      - text: {id: subscription, ask: What is your subscription number?}\n",
        "      - list: {id: cars, ask: A?, one: car, many: cars, each: [{txt: {id: b, ask: B?}}]}\n",
        ['28: "txt" is not a kind of question. Did you mean "text"?'],
    ),
    # YAML itself
    (
        "title: Report a missed bin",
        "title: Report: a missed bin",
        ['2: There is a colon here that YAML cannot place. Put the text in quotes: "...".'],
    ),
    (
        "title: Report a missed bin",
        "title: Report a missed bin\ntitle: Again",
        ['3: "title" stands here a second time; the first is on line 2. Keep one of the two.'],
    ),
]


def test_the_definition_itself_is_fine():
    checked = check(WHOLE)
    assert not checked.mistakes
    assert [item.id for item in checked.definition.journey] == [
        *("home", "bin", "which-day", "subscription", "missed", "about-you", "check", "case"),
    ]


@pytest.mark.parametrize(("old", "new", "expected"), [row for row in BROKEN if row[2]])
def test_a_mistake_is_told_with_its_line_and_what_would_be_right(old, new, expected):
    assert said(changed((old, new))) == expected


def test_all_mistakes_are_told_at_once():
    text = changed(
        ("title: Report a", "tilte: Report a"),
        ("why: clean-streets", "why: clean-street"),
        ("- radios:", "- raidos:"),
        ('bin == "garden"', 'bni == "garden"'),
        ("team: waste", "team: watse"),
        ("Dear ((name))", "Dear ((nmae))"),
    )
    lines = [int(sentence.partition(":")[0]) for sentence in said(text)]
    assert lines == [2, 4, 17, 26, 43, 53]


def test_where_nobody_knows_what_happens_nothing_is_said_of_what_messages_may_say():
    text = changed(
        ("do: Mark as collected", "do_: Mark as collected"),
        ("  submitted: [{notify: confirmation}]\n", ""),
        ("((status_page))", "((due))"),
    )
    assert said(text) == ['49: "do_" is not a word that can stand here. Did you mean "do"?']


def test_a_question_of_an_action_is_checked_like_any_other():
    asked = "by: [crew], ask: [{text: {id: seen, ask: Seen?, hnt: x}}]}"
    assert said(changed(("by: [crew]}", asked))) == [
        '49: "hnt" is not a word that can stand here. Did you mean "hint"?'
    ]


def test_a_mistake_says_the_file_the_line_and_the_way_to_it():
    (mistake,) = check(changed(("- radios:", "- raidos:"))).mistakes
    assert str(mistake).startswith('missed-bin.yaml:17: "raidos"')
    assert (mistake.line, mistake.column) == (17, 9)
    assert mistake.where == "journey, 2, ask, 1, raidos"


def test_no_sentence_speaks_of_types_or_structs():
    words = {"str", "dict", "int", "None", "null", "object", "array", "string", "boolean", "expected"}
    for old, new, _expected in BROKEN:
        for sentence in said(changed((old, new))):
            assert not words & set(sentence.replace('"', " ").replace(".", " ").split()), sentence


def test_what_the_council_has_is_not_checked_where_it_is_not_known():
    assert not check(WHOLE, known={}).mistakes
    assert check(WHOLE, known={"teams": frozenset({"parks"})}).mistakes


@pytest.mark.parametrize(
    "text", ["", "- a list", "just text", "3", "service: x", "journey: 3\non: 4\ncase: 5"]
)
def test_something_else_altogether_is_refused(text):
    assert said(text)
