"""The gate looks into lists: conditions within and about them, and questions that cannot stand there."""

import pytest

from vestry.services.tests.definitions import changed, said

NAME = "- text: {id: called, ask: What is their name?}"
LIST = f"""      - list:
          id: people
          ask: Who lives there?
          one: person
          many: people
          each:
            {NAME}
            - radios: {{id: status, ask: Status?, options: {{student: Student, works: Works}}}}
            - text: {{id: college, ask: Which college?, when: WHEN}}
"""
AT = "  - page: About you\n"
RIGHT = 'status == "student"'


def with_list(when=RIGHT, *, listed=LIST, more=""):
    return said(changed((AT, "  - page: People\n    ask:\n" + listed.replace("WHEN", when) + more + AT)))


def after(when):
    page = "      - text: {id: more, ask: More?}\n"
    return with_list(more=f"  - page: More\n    when: '{when}'\n    ask:\n{page}")


@pytest.mark.parametrize(
    "when", [RIGHT, 'bin == "garden"', 'status != "works" and called', 'status == "works" or bin == "garden"']
)
def test_what_was_said_of_the_same_thing_and_before_the_list_may_be_used(when):
    assert with_list(when) == []


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ('statsu == "student"', 'Nothing is called "statsu" before this. Did you mean "status"?'),
        ('status == "studnet"', 'Nobody can answer "studnet" to "status". Did you mean "student"?'),
        ('bin == "gardn"', 'Nobody can answer "gardn" to "bin". Did you mean "garden"?'),
        (
            'status == "student" and status == "works"',
            "No answers can make this true, so nobody ever comes here. "
            "Change the condition, or take out what it stands over.",
        ),
        (
            'college == "x"',
            'Nothing is called "college" before this. Did you mean "called"?',
        ),
        (
            "len(people) > 1",
            '"people" is asked only later, on line 40. A condition can use what was asked before it.',
        ),
    ],
)
def test_a_condition_within_a_list_that_cannot_be_meant_is_told_on_its_line(when, told):
    assert with_list(when) == [f"47: {told}"]


def test_a_condition_about_a_list_asks_for_what_was_asked():
    assert after('any(people.college) or "student" in people.status') == []
    (told,) = after("any(people.collage)")
    assert told == (
        '49: Of each thing on the list "people", nothing is asked that is called "collage". '
        'Did you mean "college"?'
    )
    (told,) = after('people.college == "Leeds"')
    assert told == '49: "people.college" can have several answers. Write "Leeds" in people.college.'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            NAME,
            "- file: {id: called, ask: Photo?, types: [photo]}",
            "Its first question is what each is called from then on, and a file is no name.",
        ),
        (
            NAME,
            "- text: {id: called, ask: Name?, optional: true}",
            "Its first question is what each is called from then on, so it is always asked.",
        ),
        (
            "- text: {id: college, ask: Which college?, when: WHEN}",
            "- list: {id: pets, ask: Pets?, one: pet, many: pets, each: [{text: {id: pet, ask: Name?}}]}",
            "A list cannot have another list inside.",
        ),
    ],
)
def test_a_question_that_cannot_stand_in_a_list_is_told(old, new, told):
    assert with_list(listed=LIST.replace(old, new)) == [f"40: {told}"]


def test_a_file_after_the_name_is_fine():
    proof = "            - file: {id: proof, ask: Proof?, types: [pdf]}\n"
    assert with_list(listed=LIST + proof) == []
