"""The same done with several cases at the desk."""

import pytest

from vestry.cases import api as cases
from vestry.channels.desk.tests.pages import errors, given_back, key, submit, text
from vestry.people import api as people


@pytest.fixture
def references(reference):
    garden = submit("key-2", bin="garden", permit="1")
    return [reference, garden, submit("key-3", home={"uprn": "100000000004"})]


@pytest.fixture
def priya(signed_in):
    return signed_in("priya")


def do(client, references, what, **more):
    return client.post("/desk/together/do/", {"case": references, "do": what, **more}, follow=True)


def test_each_is_taken_and_the_one_that_cannot_be_says_why(priya, signed_in, references):
    signed_in("tom").post(f"/desk/cases/{references[1]}/take/")
    assert "Take them" in text(priya.get("/desk/together/", {"case": references}))
    said = text(do(priya, references, "take"))
    done, _, refused = said.partition("Not done")
    assert references[0] in done
    assert references[2] in done
    assert f"{references[1]} : Tom Okafor has already taken this case" in refused


def test_the_same_form_twice_shows_what_came_of_the_first(priya, references):
    form = {"to": "information/", "form-key": key(priya.get("/desk/together/do/", handing(references)))}
    first = do(priya, references, "hand-over", **form)
    second = do(priya, references, "hand-over", **form)
    assert text(first) == text(second)
    assert "Not done" not in text(second)
    for reference in references:
        facts = [
            line.what for line in cases.timeline(officer=people.get_officer("grace"), reference=reference)
        ]
        assert sum("handed the case over" in what for what in facts) == 1


def handing(references):
    return {"case": references, "do": "hand-over"}


def test_the_same_form_in_the_same_moment_is_done_once_and_refused_to_nobody(priya, references):
    """As when the second comes before what came of the first is kept: it has another key here."""
    for _ in range(2):
        assert "Not done" not in text(do(priya, references, "hand-over", to="information/"))


def test_what_is_missing_is_said_and_the_cases_stay_chosen(priya, references):
    wrong = priya.post("/desk/together/do/", handing(references))
    assert wrong.status_code == 422
    assert [target for target, _said in errors(wrong)] == ["to"]
    for reference in references:
        assert f'name="case" value="{reference}"' in wrong.content.decode()


def test_nothing_chosen_and_nothing_that_can_be_done_lead_back(priya, signed_in, references):
    assert "No cases are chosen" in text(priya.get("/desk/together/"))
    assert "No cases are chosen" in text(do(priya, [], "take"))
    assert "Take them" in text(do(priya, references, "act.missed-bin.collected")), "the crew's, not hers"
    hidden = text(signed_in("maya").get("/desk/together/", {"case": references}))
    assert "No cases are chosen" in hidden
    assert not any(reference in hidden for reference in references)


def test_what_was_written_for_what_cannot_be_done_any_more_is_shown(priya, references):
    form = {"text-to-resident": "All of them are empty now."}
    late = do(priya, references, "act.missed-bin.collected", **form)
    assert late.status_code == 409
    assert given_back(late) == ["All of them are empty now."]


def test_what_came_of_it_is_only_for_whoever_did_it(priya, signed_in, references):
    done = do(priya, references, "take")
    where = done.redirect_chain[-1][0]
    assert priya.get(where).status_code == 200
    assert signed_in("grace").get(where).status_code == 404


def test_a_case_handed_over_by_a_form_sent_twice_is_no_page_that_is_not_there(priya, reference):
    form = {"to": "information/maya"}
    for _ in range(2):
        gone = priya.post(f"/desk/cases/{reference}/hand-over/", form, follow=True)
        assert gone.status_code == 200
        assert f"You have handed {reference} over." in gone.content.decode()
    assert priya.post(f"/desk/cases/{reference}/hand-over/", {"to": "waste/"}).status_code == 404
