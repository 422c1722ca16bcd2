"""Cases for officers' systems: what the page shows and takes, this shows and takes, and no more."""

import threading

import pytest
from django.db import connections
from django.test import Client

from vestry.cases import api as cases
from vestry.channels.rest.tests.calling import ASKED, pointers
from vestry.channels.rest.tests.client import EVERY_SCOPE, Program, a_key
from vestry.councils import api as councils
from vestry.kernel import Ref, utc_now
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.people.tests.officers import TEAMS, put_everybody, put_teams
from vestry.services.tests.services_to_try import QUESTION, offer

KEY = "one-and-the-same-key"


@pytest.fixture
def officers(council, other_council):
    put_everybody(other_council)


@pytest.fixture
def program(officers, api):
    return Program(api, a_key())


@pytest.fixture
def reference(program):
    return program.api.send().json()["reference"]


def facts(reference):
    return [(fact.name, str(fact.actor)) for fact in ledger.history(Ref("case", reference))]


def refusals(client="crm"):
    return [fact.payload for fact in ledger.history(Ref("client", client)) if fact.name.endswith("refused")]


def test_the_list_shows_what_came_in(program, reference):
    response = program.get("cases")
    said = response.json()
    (case,) = said["cases"]
    assert (case["reference"], case["service"], case["stage"]) == (reference, "ask-us", "open")
    assert said["next"] is None
    assert 'rel="first"' in response["Link"]
    assert 'rel="next"' not in response["Link"]


def test_pages_follow_each_other_by_links_and_nothing_is_missed(program):
    sent = [program.api.send(key=f"submission-number-{n}").json()["reference"] for n in range(5)]
    seen, address = [], "/api/v1/cases?limit=2&state=all"
    pages = 0
    while address:
        response = program.get(address.removeprefix("/api/v1/"))
        page = response.json()
        seen += [case["reference"] for case in page["cases"]]
        address = (page["next"] or "").removeprefix("http://testserver")
        assert (f'<{page["next"]}>; rel="next"' in response["Link"]) is bool(page["next"])
        if pages == 0:
            # It changes while somebody reads, so it comes again at the end.
            program.post(f"cases/{seen[0]}/notes", {"text": "Changed."})
        pages += 1
    assert pages == 3
    assert seen == [*sent, sent[0]]


def test_filters_narrow_the_list(program, reference):
    other = program.api.send(key="another-key-altogether").json()["reference"]
    program.post(f"cases/{other}/actions/answer", {})
    since = cases.get_case(officer=people.get_officer("priya"), reference=other).changed_at

    def found(query):
        return [case["reference"] for case in program.get(f"cases?{query}").json()["cases"]]

    assert found("") == [reference]
    assert found("state=closed") == [other]
    assert found("state=all") == [reference, other]
    assert found("state=all&service=everything") == []
    assert found("state=all&team=information") == []
    assert found("state=all&team=waste&service=ask-us") == [reference, other]
    stamp = since.isoformat().replace("+", "%2B")
    assert found(f"state=all&changed-since={stamp}") == [other]


@pytest.mark.parametrize(
    "query",
    [
        "state=lost",
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=-1",
        "limit=%C2%B2",
        "changed-since=yesterday",
        "changed-since=2026-11-23",
        "changed-since=2026-11-23T10:00:00",
        "changed-since=9999-99-99T00:00:00Z",
        "changed-since=0001-01-01T00:00:00%2B14:00",
        "after=x",
        "after=!!!",
        "after=MjAyNi0xMS0yM18x",
        "team=%00",
        "colour=blue",
    ],
)
def test_a_query_that_makes_no_sense_is_told(program, query):
    response = program.get(f"cases?{query}")
    assert response.status_code == 400
    assert response.json()["detail"].startswith(query.partition("=")[0] + ":")


def test_a_case_shows_all_there_is(program, reference):
    case = program.get(f"cases/{reference}").json()
    assert {"question": "What do you want to know?", "answer": ASKED["question"]} in case["answers"]
    (action,) = case["actions"]
    assert (action["action"], action["title"], action["closes"]) == ("answer", "Answer", True)
    assert action["link"].endswith(f"/api/v1/cases/{reference}/actions/answer")
    assert case["can_be_taken"] is True
    assert case["links"]["page"].endswith(f"/desk/cases/{reference}/")


def test_an_action_is_done_as_the_client(program, reference):
    response = program.post(f"cases/{reference}/actions/answer", {"answers": {}})
    case = response.json()["case"]
    assert (case["stage"], case["outcome"], case["actions"]) == ("answered", "answered", [])
    assert ("cases.closed", "client:crm") in facts(reference)
    lines = [line["what"] for line in program.get(f"cases/{reference}/timeline").json()["lines"]]
    assert "crm (a program) moved the case to “Answered”." in lines


@pytest.mark.parametrize(
    ("sent", "pointer"), [({"answers": {"odd": 1}}, "/answers/odd"), ({"text": "Hello."}, "/text")]
)
def test_what_an_action_does_not_take_is_refused_and_not_dropped(program, reference, sent, pointer):
    before = facts(reference)
    response = program.post(f"cases/{reference}/actions/answer", sent)
    assert (response.status_code, list(pointers(response))) == (422, [pointer])
    assert facts(reference) == before
    assert program.post(f"cases/{reference}/actions/answer", {"text": " "}).status_code == 200


def test_a_stage_can_not_be_skipped(program, reference):
    program.post(f"cases/{reference}/actions/answer", {})
    before = facts(reference)
    response = program.post(f"cases/{reference}/actions/answer", {})
    nothing = program.post(f"cases/{reference}/actions/no-such", {})
    assert response.status_code == nothing.status_code == 409
    assert "“Answered”" in response.json()["detail"]
    assert response.json() == nothing.json()
    assert facts(reference) == before
    assert {(said["address"], said["problem"]) for said in refusals()} == {("case-act", "not-now")}


def test_a_client_takes_a_case_once(program, reference):
    taken = program.post(f"cases/{reference}/take", {}).json()["case"]
    assert (taken["owner"], taken["can_be_taken"]) == ("client:crm", False)
    other = Program(program.api, a_key("website"))
    refused = other.post(f"cases/{reference}/take", {})
    assert refused.status_code == 409
    assert "crm (a program) has already taken" in refused.json()["detail"]


def test_notes_and_messages_do_not_mix(program, reference):
    program.post(f"cases/{reference}/notes", {"text": "For us."})
    program.post(f"cases/{reference}/messages", {"text": "For you.", "wants_answer": True})
    assert [note["text"] for note in program.get(f"cases/{reference}/notes").json()["notes"]] == ["For us."]
    (message,) = program.get(f"cases/{reference}/messages").json()["messages"]
    assert (message["text"], message["by"]) == ("For you.", "crm (a program)")
    assert (message["wants_answer"], message["from_resident"]) == (True, False)
    assert [line.text for line in cases.told(reference=reference) if line.text] == ["For you."]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 60_000])
@pytest.mark.parametrize("what", ["notes", "messages"])
def test_what_can_not_be_written_is_told_at_its_field(program, reference, what, text):
    response = program.post(f"cases/{reference}/{what}", {"text": text})
    assert response.status_code == 422
    assert list(pointers(response)) == ["/text"]


def test_the_same_key_is_the_same_thing(program, reference):
    for _ in range(3):
        response = program.post(f"cases/{reference}/notes", {"text": "Once."}, KEY)
        assert response.status_code == 200
    assert response["Idempotency-Replayed"] == "true"
    assert len(program.get(f"cases/{reference}/notes").json()["notes"]) == 1


def test_keys_that_begin_alike_are_not_one(program, reference):
    """Rooms keep short keys: ours must not be cut to the same."""
    for end in "ab":
        program.post(f"cases/{reference}/notes", {"text": end}, "x" * 60 + end)
    assert len(program.get(f"cases/{reference}/notes").json()["notes"]) == 2


def test_a_key_used_for_something_else_is_refused(program, reference):
    program.post(f"cases/{reference}/notes", {"text": "Once."}, KEY)
    for path, body in (
        ("notes", {"text": "Other."}),
        ("messages", {"text": "Once."}),
        ("actions/answer", {}),
    ):
        response = program.post(f"cases/{reference}/{path}", body, KEY)
        assert response.json()["type"].endswith("#idempotency-key-reused")
    assert len(refusals()) == 3


def test_another_client_s_key_is_its_own(program, reference):
    program.post(f"cases/{reference}/notes", {"text": "Once."}, KEY)
    other = Program(program.api, a_key("website"))
    assert "Idempotency-Replayed" not in other.post(f"cases/{reference}/notes", {"text": "Once."}, KEY)
    assert len(program.get(f"cases/{reference}/notes").json()["notes"]) == 2


def test_what_was_refused_may_be_tried_again_under_its_key(program, reference):
    assert program.post(f"cases/{reference}/notes", {"text": " "}, KEY).status_code == 422
    assert program.post(f"cases/{reference}/notes", {"text": " ."}, KEY).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_is_once(program, reference):
    start, codes = threading.Barrier(4), []

    def send():
        try:
            start.wait()
            headers = {"Authorization": f"Bearer {program.key}", "Idempotency-Key": KEY}
            path = f"/api/v1/cases/{reference}/notes"
            response = Client().post(path, {"text": "Once."}, "application/json", headers=headers)
            codes.append(response.status_code)
        finally:
            connections.close_all()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert codes == [200] * 4
    assert len(program.get(f"cases/{reference}/notes").json()["notes"]) == 1


def test_what_is_not_yours_looks_like_what_is_not_there(program, reference, other_council):
    with councils.scope(other_council):
        put_teams(TEAMS)
        offer(QUESTION)
    theirs = program.api.send(Host="saltmarsh.localhost").json()["reference"]
    stranger = Program(program.api, a_key("elsewhere", held=[("officer", "information")]))
    answers = set()
    for asker, tried in (
        (stranger, reference),
        (stranger, "AU-0000-0000"),
        (program, theirs),
        (program, "AU-0000-0000"),
        (program, "nonsense"),
        (program, "%00"),
        (program, "x" * 900),
    ):
        for path in ("", "/timeline", "/messages", "/notes"):
            response = asker.api.client.get(
                f"/api/v1/cases/{tried}{path}", headers={"Authorization": f"Bearer {asker.key}"}
            )
            answers.add((response.status_code, response.content))
        for path, body in (("take", {}), ("notes", {"text": "x"}), ("actions/answer", {})):
            response = asker.api.client.post(
                f"/api/v1/cases/{tried}/{path}",
                body,
                "application/json",
                headers={"Authorization": f"Bearer {asker.key}", "Idempotency-Key": KEY + path + tried[:9]},
            )
            answers.add((response.status_code, response.content))
    assert {status for status, _content in answers} == {404}
    assert len(answers) == 1
    assert stranger.get("cases?state=all").json()["cases"] == []
    assert {refusal["problem"] for refusal in refusals()} == {"not-found"}
    assert facts(reference)[-1][1] != "client:elsewhere"


@pytest.mark.parametrize("scope", EVERY_SCOPE)
def test_without_its_scope_nothing_is_done(program, reference, scope):
    narrow = Program(program.api, a_key("narrow", scopes=set(EVERY_SCOPE) - {scope}))
    asked = {
        "cases.read": lambda: narrow.get(f"cases/{reference}"),
        "cases.take": lambda: narrow.post(f"cases/{reference}/take", {}),
        "cases.note": lambda: narrow.post(f"cases/{reference}/notes", {"text": "x"}),
        "cases.message": lambda: narrow.post(f"cases/{reference}/messages", {"text": "x"}),
        "cases.act": lambda: narrow.post(f"cases/{reference}/actions/answer", {}),
        "cases.hand-over": lambda: narrow.post(f"cases/{reference}/hand-over", {"team": "information"}),
        "cases.tasks": lambda: narrow.get("tasks"),
        "cases.task": lambda: narrow.post(f"cases/{reference}/tasks", {"title": "x"}),
    }
    before = facts(reference)
    response = asked[scope]()
    assert response.status_code == 403
    assert scope in response.json()["detail"]
    assert f'scope="{scope}"' in response["WWW-Authenticate"]
    assert facts(reference) == before
    (refusal,) = refusals("narrow")
    assert refusal["problem"] == "no-scope"


def test_a_role_narrows_what_a_scope_opens(program, reference):
    """A manager does not write to residents; a key for one does not either, whatever its scopes."""
    manager = Program(program.api, a_key("reports", held=[("manager", "")]))
    assert manager.get(f"cases/{reference}").status_code == 200
    assert manager.post(f"cases/{reference}/messages", {"text": "x"}).status_code == 403


def test_a_key_is_not_a_way_to_the_desk(program, reference):
    response = program.api.client.get(
        f"/desk/cases/{reference}/", headers={"Authorization": f"Bearer {program.key}"}
    )
    assert response.status_code == 302


def test_a_case_that_went_to_another_team_is_null(program, reference):
    program.post(f"cases/{reference}/notes", {"text": "Not ours."}, KEY)
    cases.hand_over(
        officer=people.get_officer("priya"), reference=reference, team="information", now=utc_now()
    )
    again = program.post(f"cases/{reference}/notes", {"text": "Not ours."}, KEY)
    assert again.json() == {"reference": reference, "case": None}
