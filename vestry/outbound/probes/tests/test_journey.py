"""Journeys as people write them: what is read, what is refused, and how the end is known."""

import pytest

from vestry.outbound.probes import Probes, journey
from vestry.technology.ports import NotAJourney

WRITTEN = "title: Report\nstart: /\nsteps:\n  - {step}\nends: {{reference: '{reference}'}}\n"


def written(step="press: Go on", reference="AB-*"):
    return WRITTEN.format(step=step, reference=reference)


def test_everything_in_it_is_a_text():
    read = journey.read(written("{fill: Day, with: 2026-02-30}"))
    assert (read.steps[0].text, read.steps[0].what) == ("2026-02-30", "Day")
    assert journey.read(written("{pick: How many, with: 12}")).steps[0].text == "12"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (written(reference="(a+)+b"), "# stands for a digit"),
        (written(reference="[A-Z]{9999999999}"), "# stands for a digit"),
        (written(reference="AB-*-*"), "one word"),
        (written(reference="*"), "one word"),
        (written(reference="AB 12"), "one word"),
        (written(reference=""), "how its end is known"),
        (written().replace("\n  - press: Go on", " []"), "it has to have a step"),
        (written("press: Go on\n" * 201).replace("\npress", "\n  - press"), "200 at most"),
        (written("{press: Go on, choose: Yes}"), "step 1 has to be one of"),
        (written("{with: Yes}"), "step 1 has to be one of"),
        (written("{press: Go on, with: Yes}"), "step 1 has to be one of"),
        (written("{press: [Go on]}"), "Expected `str`"),
        ("[" * 3000, "too many brackets"),
        ("title: x: y", "in line 1"),
        ("", "Expected"),
    ],
)
def test_what_is_none_says_what_is_wrong(text, says):
    with pytest.raises(NotAJourney) as refused:
        Probes().check(text)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("reference", "text", "found"),
    [
        ("FOI-*", "Your reference is FOI-7K3-M2. Keep it.", "FOI-7K3-M2"),
        ("FOI-*", "FOI- is short for freedom of information", ""),
        ("FOI-*", "foi-12", ""),
        ("GB-####", "GB-204, GB-20417, GB-2041.", "GB-2041"),
        ("26/#####/FUL", "Application (26/00123/FUL)", "26/00123/FUL"),
        ("*-####-X", "AB-2026-X", "AB-2026-X"),
        ("####-*-####", "1234-5678 and 1", ""),
        ("######", "It is 12345678 or 123456", "123456"),
        ("*-ab", "a" * 200_000 + "-" * 200_000, ""),
    ],
)
def test_a_reference_is_a_word_of_the_last_page(reference, text, found):
    assert journey.referred(reference, text) == found
