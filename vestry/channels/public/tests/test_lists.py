"""A list on its pages, without script and without cookies."""

import pytest

from vestry.channels.public.tests.visitor import Visitor
from vestry.kernel import Ref
from vestry.services import api as services
from vestry.services.tests.services_to_try import ORIGIN, TUESDAY_NOON, offer

pytestmark = pytest.mark.django_db

MOVING = """
service: moving
title: Tell us you are moving
summary: Tell us who moves.
why: clean-streets
owner: waste
class: official-personal
reference: MV
keep: {closed: 2 years}
journey:
  - page: Who is moving
    ask:
      - list:
          id: people
          ask: Who is moving?
          hint: Everybody over 18.
          one: person
          many: people
          max: 3
          each:
            - name: {id: who, ask: What is their full name?}
            - date: {id: born, ask: When were they born?, name: their date of birth, latest: today}
            - yes-no: {id: student, ask: Are they a student?, name: they are a student}
  - page: Where the students study
    when: any(people.student)
    ask:
      - text: {id: college, ask: Where do they study?, name: where they study}
  - check: Check your answers
case:
  team: waste
  stages:
    open: {title: Being looked at}
    done: {title: Done, end: done}
  actions:
    - {do: Finish, id: finish, from: open, to: done, by: [officer]}
"""
ANN = {"who": "Ann Lee", "born": "1990-05-03", "student": True}
BOB = {"who": "Bob Lee", "born": "1988-01-31", "student": False}


@pytest.fixture
def visitor(council):
    offer(MOVING)
    return Visitor().open("/services/moving/").press()


def test_what_is_said_of_the_list_stands_on_its_first_page(visitor):
    assert all(said in visitor.page.text for said in ("Who is moving?", "Everybody over 18.", "full name?"))
    add(visitor, "Ann Lee")
    visitor.press(people="yes")
    assert "Everybody over 18." not in visitor.page.text


def add(visitor, who, student="no"):
    visitor.press(who=who)
    visitor.press(born__day="3", born__month="5", born__year="1990")
    return visitor.press(student=student)


def test_from_the_first_person_to_the_check_page(visitor):
    assert visitor.here.endswith("/people/1/who/")
    assert visitor.page.ids >= {"who"}
    add(visitor, "Ann Lee", "yes")
    assert "You have added 1 person" in visitor.page.text
    assert "Do you need to add another person?" in visitor.page.text
    visitor.press()
    assert visitor.status == 422
    assert "Select yes if you need to add another person" in visitor.page.text
    visitor.press(people="yes")
    assert visitor.here.endswith("/people/2/who/")
    add(visitor, "Bob Lee").press(people="no")
    visitor.press(college="Leeds")
    assert visitor.here.endswith("/check/")
    for said in ("Who is moving?", "Ann Lee", "Bob Lee", "3 May 1990", "Leeds"):
        assert said in visitor.page.text


def test_a_person_is_changed_from_the_list_and_removed_after_asking(visitor):
    add(visitor, "Ann Lee").press(people="yes")
    add(visitor, "Bob Lee")
    visitor.open(visitor.here + "1/who/").press(who="Anna Lee")
    assert visitor.here.endswith("/people/")
    assert "Anna Lee" in visitor.page.text
    visitor.open(visitor.here + "2/remove/")
    assert "Are you sure you want to remove Bob Lee?" in visitor.page.text
    visitor.press()
    assert visitor.status == 422
    visitor.press(remove="no")
    assert "Bob Lee" in visitor.page.text
    visitor.open(visitor.here + "2/remove/").press(remove="yes")
    assert visitor.here.endswith("/people/")
    assert "Bob Lee" not in visitor.page.text
    assert "You have added 1 person" in visitor.page.text


def test_a_page_says_whom_it_is_about_and_leads_back_to_the_list(visitor):
    assert "Person 1" in visitor.page.text
    visitor.press(who="Ann Lee")
    assert "Ann Lee" in visitor.page.text
    visitor.press(born__day="3", born__month="5", born__year="1990").press(student="no").press(people="yes")
    visitor.follow("Back")
    assert visitor.here.endswith("/people/")
    # Who said by mistake that there is another says no.
    visitor.press(people="no")
    assert visitor.here.endswith("/check/")


@pytest.mark.parametrize("step", ["people/2/who", "people/1/nothing", "people/0/who", "people/99999/who"])
def test_a_page_that_is_not_there_leads_to_the_one_to_go_on_with(visitor, step):
    here = visitor.here
    assert visitor.open(here.replace("people/1/who", step)).status in {200, 404}
    if visitor.status == 200:
        assert visitor.here.endswith(here.rpartition("testserver")[2])


def submit(people, key="one", **more):
    return services.submit_answers(
        service="moving",
        answers={"people": people, **more},
        key=key,
        client="test",
        origin=ORIGIN,
        now=TUESDAY_NOON,
    )


@pytest.mark.parametrize(
    ("people", "wrong"),
    [
        (None, {"people": "Add at least 1 person"}),
        ("Ann", {"people": "Add at least 1 person"}),
        ([ANN] * 4, {"people": "You can add up to 3 people"}),
        ([ANN, {"who": "Bob"}], {"people/1/born": "Enter", "people/1/student": "Select yes"}),
        ([ANN, {**BOB, "age": 4}], {"people/1/age": "There is no such question"}),
        ([ANN, "Bob"], {"people/1": "Send the answers as an object"}),
        ([{**ANN, "born": "2030-01-01"}], {"people/0/born": "Their date of birth must be"}),
    ],
)
def test_a_machine_is_told_what_is_wrong_with_whom(council, people, wrong):
    offer(MOVING)
    with pytest.raises(services.NotTaken) as refused:
        submit(people)
    told = {fault.field: fault.sentence for fault in refused.value.faults}
    assert told.keys() == wrong.keys()
    assert all(told[field].startswith(sentence) for field, sentence in wrong.items())


def test_a_machine_sends_a_list_and_everybody_reads_it(council):
    offer(MOVING)
    made = submit([ANN, BOB], college="Leeds")
    rows = {row.label: row.text for row in services.shown(Ref("case", made.reference))}
    assert rows == {
        "Who is moving?": "Ann Lee\nBob Lee",
        "Person 1": "Their full name: Ann Lee\nTheir date of birth: 3 May 1990\nThey are a student: Yes",
        "Person 2": "Their full name: Bob Lee\nTheir date of birth: 31 January 1988\nThey are a student: No",
        "Where do they study?": "Leeds",
    }
    schema = services.questions_schema("moving")
    assert schema["required"] == ["people"]
    person = schema["properties"]["people"]["items"]
    assert person["required"] == ["who", "born", "student"]
