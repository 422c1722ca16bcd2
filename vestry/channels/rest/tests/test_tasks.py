"""Tasks, hand-over and the one extension, for officers' systems: as the page has it, and no more."""

from datetime import timedelta

import pytest

from vestry.cases import api as cases
from vestry.channels.rest.tests.calling import pointers
from vestry.channels.rest.tests.client import EVERY_SCOPE, Program, a_key
from vestry.councils import api as councils
from vestry.kernel import Ref, local_day, utc_now
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.people.tests.officers import put_everybody
from vestry.services.tests.services_to_try import QUESTION, offer

# With a due date that can be put off, an action that waits for a task, and one that only its owner may do.
WORKED = QUESTION.replace(
    """    open: {title: Being looked at}
""",
    """    open:
      title: Being looked at
      extend: {by: 10 working days, roles: [officer]}
      tasks:
        - {id: look, title: Look it up}
""",
).replace(
    """  team: waste
""",
    """  team: waste
  due: 5 working days
""",
)
WORKED = WORKED.replace("to: answered, by: [officer]}", "to: answered, by: [officer], needs: [look]}")
WORKED += """    - do: Give up
      id: give-up
      from: open
      to: answered
      by: [officer]
      guard: owner == officer
      guard-says: Take it first.
"""


@pytest.fixture
def program(council, other_council, api):
    put_everybody(other_council)
    offer(WORKED)
    return Program(api, a_key())


@pytest.fixture
def reference(program):
    return program.api.send().json()["reference"]


def names(reference):
    return [fact.name for fact in ledger.history(Ref("case", reference))]


def task_of(program, reference):
    return program.get(f"cases/{reference}/tasks").json()["tasks"][0]


def add(program, reference, title="Ring them", **more):
    return program.post(f"cases/{reference}/tasks", {"title": title, **more})


def kind(response):
    return response.status_code, response.json()["type"].partition("#")[2]


def test_a_task_is_added_and_listed(program, reference):
    due = str(local_day(utc_now()) + timedelta(days=3))
    assert add(program, reference, "Ring\n them ", owner="tom", due=due).status_code == 200
    looked_up, ring = program.get(f"cases/{reference}/tasks").json()["tasks"][::-1]
    assert (ring["title"], ring["owner"], ring["due"], ring["state"]) == ("Ring them", "tom", due, "open")
    assert (looked_up["title"], looked_up["owner"]) == ("Look it up", "")
    mine = cases.tasks(officer=people.get_officer("tom")).tasks
    assert [task.title for task in mine] == ["Ring them"]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"title": " "}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"owner": "maya"}, "/owner"),
        ({"owner": "nobody-here"}, "/owner"),
        ({"due": "2020-01-01"}, "/due"),
        ({"due": "2999-01-01"}, "/due"),
        ({"due": "soon"}, "/due"),
    ],
)
def test_what_a_task_can_not_be_is_told_at_its_field(program, reference, said, where):
    before = names(reference)
    response = program.post(f"cases/{reference}/tasks", {"title": "x", **said})
    assert response.status_code == 422
    assert list(pointers(response)) == [where]
    assert names(reference) == before


def test_a_task_is_taken_done_and_then_over(program, reference):
    task = task_of(program, reference)["task"]
    assert program.get("tasks").json()["tasks"] == []
    assert [each["task"] for each in program.get("tasks?whose=nobodys").json()["tasks"]] == [task]
    given = program.post(f"tasks/{task}/give", {"owner": "client:crm"}).json()
    assert given["now"]["owner"] == "client:crm"
    assert [each["task"] for each in program.get("tasks").json()["tasks"]] == [task]

    done = program.post(f"tasks/{task}/end", {"came": "done"}).json()["now"]
    assert (done["state"], done["ended_by"]) == ("done", "crm (a program)")
    for path, body in (("end", {"came": "not-needed", "reason": "x"}), ("give", {"owner": "tom"})):
        refused = program.post(f"tasks/{task}/{path}", body)
        assert kind(refused) == (409, "not-now")
        assert "This task is done" in refused.json()["detail"]
    assert program.get(f"tasks/{task}").json()["state"] == "done"


def test_not_needed_has_a_reason_and_done_has_none(program, reference):
    task = task_of(program, reference)["task"]
    for body in (
        {"came": "not-needed"},
        {"came": "not-needed", "reason": " "},
        {"came": "done", "reason": "x"},
    ):
        assert list(pointers(program.post(f"tasks/{task}/end", body))) == ["/reason"]
    assert list(pointers(program.post(f"tasks/{task}/end", {"came": "lost"}))) == ["/came"]
    ended = program.post(f"tasks/{task}/end", {"came": "not-needed", "reason": "They rang."}).json()["now"]
    assert (ended["state"], ended["reason"]) == ("not-needed", "They rang.")


def test_the_same_key_ends_a_task_once(program, reference):
    task = task_of(program, reference)["task"]
    for again in (False, True):
        response = program.post(f"tasks/{task}/end", {"came": "done"}, "one-and-the-same-key")
        assert response.status_code == 200
        assert ("Idempotency-Replayed" in response) is again
    assert names(reference).count("cases.task_finished") == 1


def test_tasks_come_in_pages_by_links(program, reference):
    for number in range(4):
        add(program, reference, f"Number {number}")
    seen, address, pages = [], "tasks?whose=nobodys&limit=2", 0
    while address:
        page = program.get(address).json()
        seen += [task["title"] for task in page["tasks"]]
        address = (page["next"] or "").removeprefix("http://testserver/api/v1/")
        pages += 1
    assert pages == 3
    assert sorted(seen) == ["Look it up", "Number 0", "Number 1", "Number 2", "Number 3"]


@pytest.mark.parametrize(
    "query", ["whose=tom", "limit=0", "after=MjAyNi0xMS0yM18x0", "colour=blue", "state=open"]
)
def test_a_query_that_makes_no_sense_is_told(program, query):
    response = program.get(f"tasks?{query}")
    assert response.status_code == 400
    assert response.json()["detail"].startswith(query.partition("=")[0] + ":")


def test_an_action_waits_for_its_task_and_for_whom_it_is(program, reference):
    """What the page bars, a guard or a task not done, is barred here with the same sentence."""
    assert [action["action"] for action in program.get(f"cases/{reference}").json()["actions"]] == []
    before = names(reference)
    waits, guarded = (program.post(f"cases/{reference}/actions/{each}", {}) for each in ("answer", "give-up"))
    assert kind(waits) == kind(guarded) == (409, "not-now")
    assert "Look it up" in waits.json()["detail"]
    assert "Take it first." in guarded.json()["detail"]
    assert names(reference) == before

    program.post(f"cases/{reference}/take", {})
    program.post(f"tasks/{task_of(program, reference)['task']}/end", {"came": "done"})
    shown = program.get(f"cases/{reference}").json()["actions"]
    assert [action["action"] for action in shown] == ["answer", "give-up"]
    assert program.post(f"cases/{reference}/actions/give-up", {}).json()["case"]["outcome"] == "answered"


def test_a_case_is_handed_to_a_colleague_and_to_another_team(program, reference):
    offered = {
        team["team"]: [one["officer"] for one in team["officers"]]
        for team in program.get("teams").json()["teams"]
    }
    assert offered == {"information": ["maya"], "waste": ["priya", "tom"]}
    case = program.post(f"cases/{reference}/hand-over", {"team": "waste", "owner": "tom"}).json()["case"]
    assert (case["team"], case["owner"], case["can_be_handed_over"]) == ("waste", "tom", True)
    gone = program.post(f"cases/{reference}/hand-over", {"team": "information"})
    assert gone.json() == {"reference": reference, "case": None}
    assert program.get(f"cases/{reference}").status_code == 404
    found = cases.get_case(officer=people.get_officer("maya"), reference=reference)
    assert (found.team, found.owner) == ("information", "")


@pytest.mark.parametrize(
    "to",
    [
        {"team": "moon"},
        {"team": "waste", "owner": "maya"},
        {"team": "waste", "owner": "x"},
        {"team": "", "owner": ""},
    ],
)
def test_to_nobody_nothing_is_handed_over(program, reference, to):
    before = names(reference)
    response = program.post(f"cases/{reference}/hand-over", to)
    assert list(pointers(response)) == ["/owner" if to.get("owner") else "/team"]
    assert names(reference) == before


def test_the_time_is_extended_once_and_the_resident_told_why(program, reference):
    before = program.get(f"cases/{reference}").json()
    assert before["due"] < before["extension"]
    path, body = f"cases/{reference}/extend", {"reason": "The archive is shut."}
    after = program.post(path, body).json()["case"]
    assert (after["due"], after["extension"]) == (before["extension"], None)
    (message,) = program.get(f"cases/{reference}/messages").json()["messages"]
    assert message["text"] == "The archive is shut."
    assert kind(program.post(path, body)) == (409, "not-now")
    assert names(reference).count("cases.extended") == 1


def test_an_extension_has_a_reason(program, reference):
    assert list(pointers(program.post(f"cases/{reference}/extend", {"reason": " "}))) == ["/reason"]
    assert "cases.extended" not in names(reference)


@pytest.mark.parametrize(
    ("scope", "path", "body"),
    [
        ("cases.act", "cases/{reference}/extend", {"reason": "x"}),
        ("cases.task", "tasks/{task}/end", {"came": "done"}),
        ("cases.task", "tasks/{task}/give", {"owner": ""}),
    ],
)
def test_without_its_scope_nothing_is_done(program, reference, scope, path, body):
    narrow = Program(program.api, a_key("narrow", scopes=set(EVERY_SCOPE) - {scope}))
    before = names(reference)
    task = task_of(program, reference)["task"]
    refused = narrow.post(path.format(reference=reference, task=task), body)
    assert kind(refused) == (403, "no-scope")
    assert scope in refused.json()["detail"]
    assert names(reference) == before


def test_a_role_narrows_what_a_scope_opens(program, reference):
    """The crew hands nothing over, and its extension is the officers': whatever the key's scopes."""
    crew = Program(program.api, a_key("tablets", held=[("crew", "waste")]))
    assert crew.get("teams").status_code == 403
    assert crew.post(f"cases/{reference}/hand-over", {"team": "information"}).status_code == 403
    assert crew.get(f"cases/{reference}").json()["extension"] is None
    assert kind(crew.post(f"cases/{reference}/extend", {"reason": "x"})) == (409, "not-now")
    assert add(crew, reference).status_code == 200


def test_a_task_that_is_not_yours_looks_like_one_that_is_not_there(program, reference, other_council):
    task = task_of(program, reference)["task"]
    stranger = Program(program.api, a_key("elsewhere", held=[("officer", "information")]))
    with councils.scope(other_council):
        neighbour = a_key("next-door")
    answers = set()
    for key, host, number in (
        (stranger.key, "testserver", task),
        (stranger.key, "testserver", 10**9),
        (stranger.key, "testserver", 10**30),
        (stranger.key, "testserver", "x"),
        (stranger.key, "testserver", "%C2%B2"),
        (neighbour, "saltmarsh.localhost", task),
    ):
        signed = {
            "Authorization": f"Bearer {key}",
            "Host": host,
            "Idempotency-Key": f"a-key-of-my-own-{number}",
        }
        answers.add(program.api.get(f"/api/v1/tasks/{number}", **signed).status_code)
        for path, body in (("end", {"came": "done"}), ("give", {"owner": ""})):
            signed["Idempotency-Key"] += path
            answers.add(program.api.call("POST", f"/api/v1/tasks/{number}/{path}", body, signed).status_code)
    assert answers == {404}
    assert program.get(f"tasks/{task}").json()["state"] == "open"
