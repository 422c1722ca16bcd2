"""The page that shows the API: commands that work as they stand, and a page anybody can read."""

import json
import re
import shlex
from html import unescape

import pytest

from vestry.channels.rest.routes import ROUTES


def commands(page):
    return [unescape(text) for text in re.findall(r"<pre><code>(.*?)</code></pre>", page, re.DOTALL)]


def run(client, command):
    """What curl would do with it."""
    words = shlex.split(command.replace("\\\n", " "))
    assert words[0] == "curl"
    url = words[1].removeprefix("http://testserver")
    headers, data = {}, None
    for option, value in zip(words[2::2], words[3::2], strict=True):
        if option == "--header":
            name, _, said = value.partition(": ")
            headers[name] = said
        else:
            assert option == "--data"
            data = value
    if data is None:
        return client.get(url, headers=headers)
    kind = headers.pop("Content-Type")
    return client.generic("POST", url, data, kind, headers=headers)


def test_the_commands_work_one_after_the_other(api):
    catalogue, questions, submit, status = commands(api.client.get("/api/v1/").content.decode())
    assert run(api.client, catalogue).json()["services"]
    assert run(api.client, questions).json()["properties"]
    sent = run(api.client, submit)
    assert sent.status_code == 201, sent.content
    said = sent.json()
    filled = status.replace("$REFERENCE", said["reference"]).replace("$TOKEN", said["token"])
    assert run(api.client, filled).json()["reference"] == said["reference"]


def test_each_reader_gets_a_key_of_their_own(api):
    pages = [api.client.get("/api/v1/").content.decode() for _ in range(2)]
    keys = {re.search(r"Idempotency-Key: ([0-9a-f-]{36})", unescape(page))[1] for page in pages}
    assert len(keys) == 2


def test_a_council_without_services_has_a_page_too(council, client):
    page = client.get("/api/v1/").content.decode()
    assert len(commands(page)) == 1


def test_every_route_and_type_is_on_it(api):
    page = api.client.get("/api/v1/").content.decode()
    for route in ROUTES:
        assert f"{route.method} /api/v1/{route.path}" in page
        assert f'id="{route.name}"' in page
    for name in api.document["components"]["schemas"]:
        assert f'id="type-{name}"' in page
    anchors = set(re.findall(r'href="#([\w-]+)"', page))
    assert anchors <= set(re.findall(r'id="([\w-]+)"', page))


def test_it_needs_no_script(api):
    response = api.client.get("/api/v1/")
    assert "style=" not in response.content.decode()
    assert "onclick" not in response.content.decode()


def test_it_takes_no_post(api):
    assert api.client.post("/api/v1/").status_code == 405


@pytest.mark.parametrize("text", ["<b>", "&", "'"])
def test_what_a_definition_says_is_written_safely(api, text):
    from vestry.services.tests.services_to_try import QUESTION, offer

    offer(QUESTION.replace("title: Ask us something", f"title: {json.dumps('Ask ' + text)}"))
    page = api.client.get("/api/v1/").content.decode()
    assert "<b>" not in page
