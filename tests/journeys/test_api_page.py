"""The API's page on a phone, and its commands copied into a terminal."""

import json
import shutil
import subprocess

import pytest

WIDTH = "document.documentElement.scrollWidth"


def run(command, **variables):
    done = subprocess.run(
        ["sh", "-c", command], env=variables, capture_output=True, text=True, check=True, timeout=30
    )
    return json.loads(done.stdout)


@pytest.mark.browser
def test_the_page_of_the_api_can_be_read_on_a_phone(phone, check_axe):
    phone.goto("/api/v1/")
    check_axe(phone)
    assert phone.evaluate(WIDTH) <= phone.viewport_size["width"]
    phone.get_by_role("link", name="Receipt").first.click()
    assert phone.url.endswith("#type-Receipt")


@pytest.mark.browser
def test_its_commands_work_as_they_stand(phone):
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    phone.goto("/api/v1/")
    # The one that sends a file needs a file beside it, and is run in the API's own tests.
    commands = [one for one in phone.locator("pre code").all_inner_texts() if "--data-binary" not in one]
    catalogue, questions, submit, status = commands
    assert run(catalogue)["services"]
    assert run(questions)["properties"]
    said = run(submit)
    assert run(submit) == said
    assert run(status, REFERENCE=said["reference"], TOKEN=said["token"])["stage"]
