"""What the council offers, for programs."""

import jsonschema_rs
import pytest

from vestry.channels.rest.tests.calling import ALL_SAID, ASKED
from vestry.councils import api as councils
from vestry.services.tests.services_to_try import ANSWERS, QUESTION, offer


def test_the_catalogue_lists_every_service_with_links_that_lead_there(api, council):
    said = api.get("/api/v1/services").json()
    assert said["council"] == {"slug": "harrowmere", "name": "Harrowmere District Council"}
    assert [each["service"] for each in said["services"]] == ["ask-us", "missed-bin", "everything"]
    for each in said["services"]:
        assert api.get(each["links"]["self"].removeprefix("http://testserver")).json() == each
        assert api.get(each["links"]["questions"].removeprefix("http://testserver")).status_code == 200
        assert api.client.get(each["links"]["page"]).status_code == 200


def test_national_numbers_are_there_or_null(api):
    listed = {each["service"]: each for each in api.get("/api/v1/services").json()["services"]}
    assert (listed["everything"]["lgsl"], listed["everything"]["lgil"]) == (524, 8)
    assert (listed["ask-us"]["lgsl"], listed["ask-us"]["lgil"]) == (None, None)


def test_the_latest_version_is_shown(api):
    offer(QUESTION.replace("Ask, and we answer.", "Ask away."))
    said = api.get("/api/v1/services/ask-us").json()
    assert (said["version"], said["summary"]) == (2, "Ask away.")


def test_another_council_s_services_are_not_there(api, other_council):
    with councils.scope(other_council):
        offer(QUESTION)
    theirs = api.client.get("/api/v1/services", headers={"Host": "saltmarsh.localhost"}).json()
    assert [each["service"] for each in theirs["services"]] == ["ask-us"]
    assert theirs["council"]["slug"] == "saltmarsh"
    missing = api.client.get("/api/v1/services/everything", headers={"Host": "saltmarsh.localhost"})
    assert missing.status_code == 404


@pytest.mark.parametrize(
    ("service", "answers"), [("ask-us", ASKED), ("everything", ALL_SAID), ("missed-bin", ANSWERS)]
)
def test_questions_are_a_schema_that_takes_right_answers(api, service, answers):
    schema = api.get(f"/api/v1/services/{service}/questions").json()
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.validate(schema, answers)
    assert not jsonschema_rs.is_valid(schema, {**answers, "unknown": 1})


@pytest.mark.parametrize("path", ["/api/v1/services/nothing", "/api/v1/services/nothing/questions"])
def test_a_service_that_is_not_there(api, path):
    assert api.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/services",
        "/api/v1/services/ask-us",
        "/api/v1/services/ask-us/questions",
        "/api/v1/services/nothing",
        "/api/v1/openapi.json",
    ],
)
def test_other_sites_may_read_the_catalogue(api, path):
    response = api.client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response


def test_only_the_catalogue_is_open_to_other_sites(api):
    for response in (api.send(), api.get("/api/v1/submissions/AU-0000-0000")):
        assert "Access-Control-Allow-Origin" not in response
        assert response["Cache-Control"] == "no-store"
