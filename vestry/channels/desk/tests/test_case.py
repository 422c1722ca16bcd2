"""An officer finds a case and sees it through, page by page."""

import pytest

from vestry.cases import api as cases
from vestry.channels.desk.tests.pages import errors, given_back, key, submit, text
from vestry.people import api as people
from vestry.services.tests.services_to_try import TUESDAY_NOON


@pytest.fixture
def page(reference):
    """The address of the case, and of what can be done with it."""
    return lambda verb="": f"/desk/cases/{reference}/{verb}{'/' if verb else ''}"


@pytest.fixture
def priya(signed_in):
    return signed_in("priya")


@pytest.fixture
def tom(signed_in):
    return signed_in("tom")


def history(reference):
    return cases.timeline(officer=people.get_officer("tom"), reference=reference)


def post(client, address, **fields):
    return client.post(address, {name.replace("__", "-"): value for name, value in fields.items()})


def test_the_case_page_holds_all_there_is_to_know(priya, page, reference):
    said = text(priya.get(page()))
    for expected in (
        reference,
        "Report a missed bin",
        "Reported",
        "Due 26 November 2026",
        "With Nobody yet",
        "Team Waste",
        "Where is the bin?" and "2 High Street, Harrow Mere, HM1 2AB",
        "sam@example.com",
        "Take this case",
        "The case was opened.",
        "No notes yet.",
    ):
        assert expected in said, expected


def test_only_what_can_be_done_is_offered(priya, tom, page):
    assert "Mark as collected" not in text(priya.get(page()))
    assert "Mark as collected" in text(tom.get(page()))
    assert "Hand over" not in text(tom.get(page()))


def test_taking_handing_over_and_finding_it_gone(priya, page, reference):
    assert "The case is yours." in text(priya.post(page("take"), follow=True))
    assert "With Priya Nair" in text(priya.get(page()))
    said = text(priya.get(page("hand-over")))
    assert "Waste: Tom Okafor" in said
    assert "Waste: Grace Bell" not in said
    assert "Waste: Priya Nair" not in said, "she has it already"
    response = priya.post(page("hand-over"), {"to": "information/maya"}, follow=True)
    assert f"You have handed {reference} over." in response.content.decode()
    assert response.redirect_chain[-1][0] == "/desk/"
    assert priya.get(page()).status_code == 404


def test_a_case_a_colleague_has_taken_in_the_meantime(priya, tom, page):
    tom.post(page("take"))
    response = priya.post(page("take"))
    assert response.status_code == 409
    assert "Tom Okafor has already taken this case" in text(response)


def test_a_note_and_a_message_are_two_pages(priya, page, reference):
    note, message = priya.get(page("note")), priya.get(page("message"))
    assert "Only officers see this" in text(note)
    assert "The resident reads this" in text(message)
    post(priya, page("note"), note="A dog.", form__key=key(note))
    post(
        priya, page("message"), text__to__resident="Is the gate locked?", answer="yes", form__key=key(message)
    )
    said = text(priya.get(page()))
    assert "Is the gate locked?" in said
    assert "A dog." in said
    resident = " ".join(line.text for line in cases.told(reference=reference))
    assert "Is the gate locked?" in resident
    assert "dog" not in resident


def test_an_answer_wanted_of_a_case_that_was_closed_meanwhile_is_not_dropped(priya, tom, page, reference):
    form = {"text-to-resident": "Is the gate locked?", "form-key": key(priya.get(page("message")))}
    tom.post(page("do/collected"))
    late = priya.post(page("message"), {**form, "answer": "yes"})
    assert late.status_code == 422
    assert errors(late) == [
        (
            "text-to-resident",
            "The case is closed now, so the resident cannot answer. Send it only if you need no answer",
        )
    ]
    assert "Is the gate locked?" in text(late)
    assert "Do you need an answer?" not in text(late)
    assert "gate" not in " ".join(line.text for line in cases.told(reference=reference))
    assert priya.post(page("message"), form).status_code == 302
    assert "gate" in " ".join(line.text for line in cases.told(reference=reference))


@pytest.mark.parametrize(("verb", "field"), [("note", "note"), ("message", "text-to-resident")])
def test_a_form_sent_twice_counts_once(priya, page, reference, verb, field):
    form = {field: "Once", "answer": "no", "form-key": key(priya.get(page(verb)))}
    for _ in range(2):
        assert priya.post(page(verb), form).status_code == 302
    assert text(priya.get(page())).count("Once") == 1


def test_what_is_wrong_is_said_beside_the_field_and_all_typed_is_still_there(priya, page):
    response = post(priya, page("message"), text__to__resident="Half a thought", answer="")
    assert response.status_code == 422
    assert errors(response) == [("answer", "Select yes if you need an answer")]
    assert "Half a thought" in text(response)
    assert errors(post(priya, page("note"), note="  ")) == [("note", "Enter a note")]


def test_closing_a_case(tom, page, reference):
    form = tom.get(page("do/collected"))
    assert "This closes the case" in text(form)
    assert "how their case stands: We have emptied your bin." in text(form)
    response = tom.post(page("do/collected"), {"form-key": key(form)}, follow=True)
    assert "Done: Mark as collected." in response.content.decode()
    said = text(tom.get(page()))
    assert "The case is closed." in said
    assert "Due" not in said.partition("What can be done now")[0]
    assert "Tom Okafor moved the case to “Collected”." in said
    assert reference not in text(tom.get("/desk/"))
    assert reference in text(tom.get("/desk/?state=closed"))


def test_clicking_twice_on_an_action_does_it_once_and_says_nothing_strange(tom, page, reference):
    form = {"form-key": key(tom.get(page("do/collected")))}
    for _ in range(2):
        assert tom.post(page("do/collected"), form).headers["Location"] == page()
    assert [line.what for line in history(reference)].count("The case was closed.") == 1


def test_an_action_a_colleague_did_first_says_so(tom, page):
    form = {"form-key": key(tom.get(page("do/collected")))}
    tom.post(page("do/collected"), {"form-key": "another"})
    response = tom.post(page("do/collected"), form)
    assert response.status_code == 409
    assert "The case is at “Collected”" in text(response)


WRITTEN = "We rang at the door.\n  Nobody came, and <the gate> was locked."


def test_what_was_written_is_shown_to_whoever_was_slower(priya, tom, page):
    tom.post(page("do/collected"))
    late = post(tom, page("do/collected"), text__to__resident=WRITTEN, form__key="k" * 32)
    assert late.status_code == 409
    assert given_back(late) == [WRITTEN]
    assert given_back(post(priya, page("tasks"), title=WRITTEN, owner="-")) == [WRITTEN]


def test_what_was_written_of_a_case_that_is_another_team_s_by_now_is_shown_and_no_word_of_the_case(
    priya, page, reference
):
    priya.post(page("hand-over"), {"to": "information/maya"})
    late = post(priya, page("note"), note=WRITTEN)
    assert late.status_code == 404
    assert given_back(late) == [WRITTEN]
    assert "no-store" in late.headers["Cache-Control"]
    nowhere = post(priya, "/desk/cases/MB-0000-0000/note/", note=WRITTEN)
    assert text(late) == text(nowhere)
    assert "written-1" not in post(priya, page("note"), note="Short").content.decode()


@pytest.mark.parametrize("action", ["collected", "ghost"])
def test_an_action_not_of_ones_role_is_refused_like_one_that_is_not_there(priya, page, action):
    for response in (priya.get(page(f"do/{action}")), priya.post(page(f"do/{action}"))):
        assert response.status_code == 409
        assert "The case is at “Reported”" in text(response)


def test_a_manager_changes_the_due_date_with_a_reason(signed_in, page):
    grace = signed_in("grace")
    wrong = post(grace, page("due"), due__day="1", due__month="1", due__year="2020", reason="")
    assert [target for target, _said in errors(wrong)] == ["due-day", "reason"]
    far = post(grace, page("due"), due__day="1", due__month="1", due__year="2035", reason="Snow")
    assert errors(far) == [("due-day", "The due date must be today or later, and within two years.")]
    assert "Snow" in text(far)
    post(grace, page("due"), due__day="4", due__month="12", due__year="2026", reason="Snow")
    said = text(grace.get(page()))
    assert "Due 4 December 2026" in said
    assert "Snow" in said


def test_why_we_do_this_is_on_the_page(priya, page):
    from vestry.strategy import api as strategy

    strategy.put_outline(
        [
            strategy.Statement(slug="purpose", layer="purpose", sentence="A good place to live."),
            strategy.Statement(
                slug="clean-streets", layer="principle", sentence="Clean streets.", serves={"purpose": ""}
            ),
        ],
        now=TUESDAY_NOON,
    )
    strategy.hang(
        strategy.Offered(
            slug="missed-bin",
            number=1,
            title="Report a missed bin",
            owner="waste",
            serves="clean-streets",
            uses=frozenset(),
            text="Which bin?",
        ),
        on=TUESDAY_NOON.date(),
    )
    said = text(priya.get(page()))
    assert said.index("Clean streets.") < said.index("A good place to live.")


def test_overdue_is_said_in_words(priya, page, monkeypatch):
    from datetime import timedelta

    from vestry.channels.desk import case, inbox

    for module in (case, inbox):
        monkeypatch.setattr(module, "utc_now", lambda: TUESDAY_NOON + timedelta(days=20))
    assert "Overdue" in text(priya.get(page()))
    assert "Overdue" in text(priya.get("/desk/"))


@pytest.mark.parametrize(
    "query",
    [
        "whose=ghosts&state=%00&service=%00&overdue=maybe&after=%00",
        "after=2026-11-25_" + "9" * 50,
        "after=0001-01-01_1&state=closed",
        "service=<script>",
        "page=2",
    ],
)
def test_nonsense_in_the_address_of_the_inbox_is_no_fault(priya, reference, query):
    assert priya.get(f"/desk/?{query}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/desk/cases/MB-0000-0000/",
        "/desk/cases/%00/",
        "/desk/cases/x' or 1=1/",
        "/desk/cases/" + "9" * 3000 + "/",
        "/desk/cases/MB-0000-0000/do/collected/",
    ],
)
def test_a_reference_that_is_none_is_not_found(priya, address):
    assert priya.get(address).status_code == 404


@pytest.mark.parametrize("typed", ["\x00", "x" * 60_000, "<script>alert(1)</script>", "\ud800", "  \t "])
@pytest.mark.parametrize(("verb", "field"), [("note", "note"), ("message", "text-to-resident")])
def test_nonsense_in_a_field_is_no_fault(priya, page, verb, field, typed):
    form = {field: typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "answer": "no"}
    response = priya.post(page(verb), form)
    assert response.status_code in {302, 422}
    assert b"<script>alert" not in priya.get(page()).content


def test_the_inbox_pages_through_many(priya, officers, monkeypatch):
    from vestry.cases.api import finding

    references = {
        submit(f"key-{number}", home={"uprn": "100000000004"} if number else {"uprn": "100000000002"})
        for number in range(2)
    }
    monkeypatch.setattr(finding, "PAGE", 1)
    first = priya.get("/desk/")
    (link,) = [part for part in first.content.decode().split('"') if "after=" in part]
    second = priya.get("/desk/" + link.replace("&amp;", "&"))
    seen = {one for one in references if one in text(first)} | {
        one for one in references if one in text(second)
    }
    assert seen == references
    assert "First page" in text(second)


def test_what_an_officer_sees_is_kept_by_no_cache(priya, page):
    for address in ("/desk/", page(), page("note")):
        assert "no-store" in priya.get(address).headers["Cache-Control"]


def test_forms_can_not_be_forged(page, officers):
    from django.test import Client

    from vestry.people.tests.officers import sign_in

    careful = sign_in(Client(enforce_csrf_checks=True), "priya")
    assert careful.post(page("take")).status_code == 403
    assert people.get_officer("priya").active
