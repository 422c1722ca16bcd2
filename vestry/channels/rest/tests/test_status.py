"""How a submission stands, for whoever holds its token."""

import pytest

from vestry.cases import api as cases
from vestry.channels.rest.tests.calling import ASKED, pointers
from vestry.councils import api as councils
from vestry.kernel import Ref
from vestry.services.tests.services_to_try import QUESTION, TUESDAY_NOON, offer


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def path_of(said):
    return f"/api/v1/submissions/{said['reference']}"


def test_the_token_opens_the_status(api):
    said = api.send().json()
    response = api.get(path_of(said), **bearer(said["token"]))
    status = response.json()
    assert response.status_code == 200
    assert (status["stage"], status["closed"], status["outcome"]) == ("Being looked at", False, "")
    assert "You sent this to us." in [line["what"] for line in status["history"]]
    assert (status["reference"], status["submitted_at"]) == (said["reference"], said["submitted_at"])


def test_what_was_answered_and_written_stays_out(api):
    said = api.send().json()
    cases.reply(
        reference=said["reference"],
        text="My neighbour is ill.",
        now=TUESDAY_NOON,
        actor=Ref("resident", "1"),
    )
    text = api.get(path_of(said), **bearer(said["token"])).content.decode()
    for private in (*ASKED.values(), "neighbour"):
        assert private not in text


def test_a_reference_may_be_written_as_people_write_it(api):
    said = api.send().json()
    path = f"/api/v1/submissions/{said['reference'].lower()}"
    assert api.get(path, **bearer(said["token"])).status_code == 200


def test_whatever_is_not_yours_looks_like_what_is_not_there(api, other_council):
    with councils.scope(other_council):
        offer(QUESTION)
    ours = api.send().json()
    second = api.send(key="another-key-altogether").json()
    theirs = api.send(Host="saltmarsh.localhost").json()
    attempts = [
        (ours["reference"], "wrong"),
        (ours["reference"], second["token"]),
        (ours["reference"], theirs["token"]),
        (theirs["reference"], theirs["token"]),
        (theirs["reference"], ours["token"]),
        ("AU-0000-0000", ours["token"]),
        ("AU-0000-0000", "wrong"),
        ("nonsense", "wrong"),
        ("%00", ours["token"]),
        ("x" * 2000, ours["token"]),
        (ours["reference"], "\x00"),
    ]
    answers = set()
    for reference, token in attempts:
        response = api.client.get(f"/api/v1/submissions/{reference}", headers=bearer(token))
        answers.add((response.status_code, response["Content-Type"], response.content))
    # What can't be a token is told as no token at all; everything else is alike to the letter.
    assert {status for status, *_ in answers} == {404, 401}
    assert len(answers) == 2


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic eDp5", "token", "Bearer a b"])
def test_without_a_token_the_answer_is_the_same_whatever_is_there(api, header):
    said = api.send().json()
    headers = {} if header is None else {"Authorization": header}
    there = api.get(path_of(said), **headers)
    nowhere = api.get("/api/v1/submissions/AU-0000-0000", **headers)
    assert there.status_code == 401
    assert there["WWW-Authenticate"] == "Bearer"
    assert there.content == nowhere.content
    assert pointers(there) == {}


def test_the_word_bearer_may_be_written_anyhow(api):
    said = api.send().json()
    assert api.get(path_of(said), Authorization=f"bearer {said['token']}").status_code == 200
