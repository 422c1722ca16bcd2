"""What a condition holds against each other although it is never alike is told with its line."""

import pytest

from vestry.services.tests.definitions import changed, said

NOTE = "      - text: {id: crew-note, ask: Anything for the crew?, optional: true}\n"
MORE = (
    "      - checkboxes: {id: signs, ask: Signs?, options: {smoke: Smoke, burnt: Burnt}}\n"
    "      - text: {id: street, ask: Which street?}\n"
)
SEVERAL = '28: "signs" can have several answers. '
DAY = (
    '28: "day" is a date, and this compares it with something that is none. '
    "Compare it with today(), or count days, like this: working_days(day, today()) > 3."
)


def with_condition(when):
    return said(changed((NOTE, NOTE + MORE), ('when: bin == "garden"', f"when: '{when}'")))


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ('signs == "burnt"', f'{SEVERAL}Write "burnt" in signs.'),
        ('"burnt" == signs', f'{SEVERAL}Write "burnt" in signs.'),
        ('bin == "garden" and not signs == "burnt"', f'{SEVERAL}Write "burnt" in signs.'),
        ('signs != "burnt"', f'{SEVERAL}Write "burnt" not in signs.'),
        ('signs in ["smoke", "burnt"]', f'{SEVERAL}Write "smoke" in signs or "burnt" in signs.'),
        ('signs not in ["smoke", "burnt"]', f'{SEVERAL}Write "smoke" not in signs and "burnt" not in signs.'),
        ("signs > 1", f"{SEVERAL}Count them: len(signs)."),
        ("day > 3", DAY),
        ("3 < day", DAY),
        ('day == "2026-11-23"', DAY),
        ("not day != 3", DAY),
        (
            "bin",
            '28: "bin" always has an answer, so this is always true. '
            'Say which answer, like this: bin == "refuse".',
        ),
        (
            'bin == "garden" or bin',
            '28: "bin" always has an answer, so this is always true. '
            'Say which answer, like this: bin == "refuse".',
        ),
        (
            "street",
            '28: "street" always has an answer, so this is always true. '
            "Take it out, or say what it is compared with.",
        ),
    ],
)
def test_it_is_told_once_with_its_line_and_the_right_words(when, told):
    assert with_condition(when) == [told]


@pytest.mark.parametrize(
    "when",
    [
        '"burnt" in signs',
        '"burnt" not in signs or signs == ["smoke"]',
        "len(signs) > 1",
        "day < today()",
        "today() >= day",
        "working_days(day, today()) > 3",
        # whether there is an answer
        "crew_note",
        "not crew_note",
        'bin and bin == "garden"',
    ],
)
def test_what_is_meant_is_let_through(when):
    assert with_condition(when) == []
