"""A list is gone through page by page; whatever is pressed twice, or after going back, loses nothing."""

from dataclasses import replace

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from vestry.design.kinds import Date, Listed, Name, YesNo
from vestry.services.journeys import clean_again, take, walk
from vestry.services.listing import Progress, put
from vestry.services.tests.test_walking import a_definition, ids, journeying, line, page

ANN, BOB = {"who": "Ann", "student": True, "where": "Leeds"}, {"who": "Bob", "student": False}


def a_list(**words):
    each = (
        Name(id="who", ask="What is their name?"),
        YesNo(id="student", ask="Are they a student?"),
        line("where", when="student"),
    )
    return Listed(**{"id": "people", "ask": "Who?", "one": "person", "many": "people", "each": each} | words)


def a_journey(said=None, **words):
    definition = a_definition(
        page("first", line("a")),
        page("people", a_list(**words)),
        page("last", line("z"), when="any(people.student)"),
    )
    return journeying(definition, **{"a": "yes", **(said or {})})


def form(**fields):
    made = QueryDict(mutable=True)
    made.update({name.replace("__", "-"): value for name, value in fields.items()})
    return made


def post(journey, step, **fields):
    """Post a page; the journey as it stands then."""
    stage = walk(journey).stage(step)
    if stage is None:
        return journey
    raws = {question.id: question.read(form(**fields)) for question in stage.page.questions}
    taken = take(journey, stage, raws)
    return replace(journey, said=put(journey.said, stage, taken.said))


def add(journey, number, item):
    for id, answer in item.items():
        typed = {True: "yes", False: "no"}.get(answer, answer)
        journey = post(journey, f"people/{number}/{id}", **{id: typed})
    return journey


def here(journey):
    stage = walk(journey).here
    return stage.id if stage else None


def more(journey, choice):
    stage = walk(journey).stage("people")
    return post(journey, "people", people=choice, people__next=str(stage.asked[0].next))


def two():
    return add(more(add(a_journey(), 1, ANN), "yes"), 2, BOB)


def test_what_there_must_be_is_asked_for_at_once_then_whether_there_is_more():
    journey = a_journey()
    assert here(journey) == "people/1/who"
    journey = post(journey, "people/1/who", who="Ann")
    assert here(journey) == "people/1/student"
    journey = post(journey, "people/1/student", student="yes")
    assert here(journey) == "people/1/where"
    journey = post(journey, "people/1/where", where="Leeds")
    assert here(journey) == "people"
    assert here(more(journey, "yes")) == "people/2/who"
    assert here(more(journey, "no")) == "last"


def test_done_it_is_one_answer_and_expressions_look_into_it():
    walked = walk(more(two(), "no"))
    assert walked.said["people"] == [ANN, BOB]
    assert [item["who"] for item in walked.words["people"]] == ["Ann", "Bob"]
    assert walked.here.id == "last"
    nobody_studies = more(add(a_journey(), 1, BOB), "no")
    assert walk(nobody_studies).here is None


def test_a_list_that_is_not_done_is_no_answer_and_nothing_after_it_is_come_to():
    walked = walk(two())
    assert "people" not in walked.said
    assert "last" not in ids(walked)


def test_at_least_two_are_asked_one_after_the_other():
    journey = add(a_journey(min=2), 1, BOB)
    assert here(journey) == "people/2/who"
    assert here(add(journey, 2, BOB)) == "people"


def test_where_none_will_do_it_is_asked_whether_there_is_one():
    journey = a_journey(optional=True)
    assert here(journey) == "people"
    walked = walk(more(journey, "no"))
    assert walked.said["people"] is None
    assert walked.here is None
    assert here(more(journey, "yes")) == "people/1/who"


def test_yes_pressed_twice_or_on_a_page_from_before_adds_one():
    journey = add(a_journey(), 1, BOB)
    twice = post(
        post(journey, "people", people="yes", people__next="2"), "people", people="yes", people__next="2"
    )
    assert list(Progress.read(twice.said["people"]).items) == [1, 2]
    assert here(twice) == "people/2/who"


def test_yes_while_one_is_begun_leads_to_that_one():
    journey = more(two(), "yes")
    assert here(more(journey, "yes")) == "people/3/who"
    begun = post(journey, "people/3/who", who="Max")
    again = more(begun, "yes")
    assert here(again) == "people/3/student"
    assert list(Progress.read(again.said["people"]).items) == [1, 2, 3]


def test_an_answer_sent_twice_changes_the_one_it_was_about():
    journey = post(post(two(), "people/1/who", who="Anna"), "people/1/who", who="Anna")
    assert [item["who"] for item in walk(more(journey, "no")).said["people"]] == ["Anna", "Bob"]


def test_removing_asks_first_and_twice_removes_one():
    assert [stage.id for stage in walk(two()).stages if stage.part and stage.part.removes] == [
        "people/1/remove",
        "people/2/remove",
    ]
    kept = post(two(), "people/1/remove", remove="no")
    assert list(Progress.read(kept.said["people"]).items) == [1, 2]
    journey = post(post(two(), "people/1/remove", remove="yes"), "people/1/remove", remove="yes")
    assert list(Progress.read(journey.said["people"]).items) == [2]
    assert here(journey) == "people"
    # A number is never given twice, so that a page from before is about nobody else.
    last = post(two(), "people/2/remove", remove="yes")
    assert here(more(last, "yes")) == "people/3/who"


def test_a_page_of_what_was_removed_changes_nothing():
    journey = post(two(), "people/1/remove", remove="yes")
    assert post(journey, "people/1/who", who="Ghost") is journey


def test_a_change_that_asks_something_new_leads_there_and_drops_what_no_longer_applies():
    done = more(two(), "no")
    changed = post(done, "people/2/student", student="yes")
    assert here(changed) == "people/2/where"
    changed = post(done, "people/1/student", student="no")
    assert walk(changed).said["people"] == [{"who": "Ann", "student": False}, BOB]


def test_yes_by_mistake_is_taken_back_by_no():
    journey = more(two(), "yes")
    assert here(journey) == "people/3/who"
    walked = walk(more(journey, "no"))
    assert walked.said["people"] == [ANN, BOB]


def test_going_back_leads_to_the_list_and_from_the_list_to_the_page_before_it():
    walked = walk(replace(more(two(), "no")))
    back = {stage.id: before.id for stage in walked.stages if (before := walked.before(stage.id))}
    assert back == {
        "people": "first",
        "people/1/who": "people",
        "people/1/student": "people/1/who",
        "people/1/where": "people/1/student",
        "people/2/who": "people",
        "people/2/student": "people/2/who",
        "people/1/remove": "people",
        "people/2/remove": "people",
        "last": "people",
    }
    assert walk(a_journey()).before("people/1/who").id == "first"


def test_no_more_than_the_most():
    full = add(a_journey(max=1), 1, BOB)
    assert here(post(full, "people", people="yes", people__next="2")) is None


def test_what_was_taken_is_taken_again_at_the_end_as_a_machine_would_send_it():
    journey = replace(more(two(), "no"), said={**more(two(), "no").said, "z": "Z"})
    said, failed = clean_again(journey, walk(journey))
    assert failed is None
    assert said["people"] == [ANN, BOB]
    again = replace(journey, said=said)
    assert walk(again).said == walk(journey).said
    assert clean_again(again, walk(again)) == (said, None)


def test_an_answer_that_time_has_made_wrong_sends_back_to_its_own_page():
    born = a_list(each=(Date(id="born", ask="When?", latest="2026-01-01"),))
    definition = a_definition(page("people", born))
    journey = journeying(definition, people=[{"born": "2025-01-01"}, {"born": "2026-02-01"}])
    _, failed = clean_again(journey, walk(journey))
    assert failed.stage.id == "people/2/born"


presses = st.lists(
    st.tuples(
        st.sampled_from(["people", "people/1/who", "people/1/student", "people/2/who", "people/2/student",
                         "people/2/where", "people/1/remove", "people/2/remove", "people/3/who"]),
        st.sampled_from(["yes", "no", "", "Ann"]),
        st.integers(1, 4),
    ),
    max_size=25,
)  # fmt: skip


@settings(deadline=None)
@given(presses=presses, optional=st.booleans(), least=st.integers(1, 2))
def test_whatever_is_pressed_in_whatever_order_it_can_be_finished_and_sent(presses, optional, least):
    journey = a_journey(optional=optional, min=least, max=3)
    for step, typed, number in presses:
        fields = dict.fromkeys(["people", "who", "student", "where", "remove"], typed)
        journey = post(journey, step, **fields, people__next=str(number))
    for _ in range(30):
        stage = walk(journey).here
        if stage is None:
            break
        answer = {"people": "no", "student": "no"}.get(stage.asked[0].id, "Ann")
        journey = post(journey, stage.id, **{stage.asked[0].id: answer})
    walked = walk(journey)
    assert walked.here is None
    said, failed = clean_again(journey, walked)
    assert failed is None
    assert said == walked.said
    people = said["people"]
    assert people is None if not people else least <= len(people) <= 3


@pytest.mark.parametrize("stored", [None, [], {}])
def test_progress_reads_what_was_never_begun(stored):
    assert not Progress.read(stored).items
