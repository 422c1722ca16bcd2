"""The tutorial, walked as it is written: its file, its commands, its pages."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tutorial
from tests.conftest import DESK
from tests.journeys import site as sites
from tests.journeys import walks

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site of its own: another service is offered here."""
    with sites.running(tmp_path_factory.mktemp("tutorial")) as running:
        yield running


@pytest.fixture
def open_desk(open_page):
    return lambda: open_page(**DESK, has_touch=False, is_mobile=False)


class Terminal:
    """The second terminal of the tutorial. What is typed must be the tutorial's next command."""

    def __init__(self, folder, site):
        self.folder = folder
        shutil.copytree(tutorial.ROOT / "packs", folder / "packs")
        self.file = folder / tutorial.FILE
        self.site = site
        self.left = tutorial.commands()

    def __call__(self, begins):
        command = self.left.pop(0)
        assert command.startswith(begins), command
        done = subprocess.run(
            ["sh", "-c", command.replace("http://localhost:8000", self.site.url)],
            cwd=self.folder,
            env={**self.site.environment, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.stdout + done.stderr


@pytest.fixture
def terminal(tmp_path, site):
    return Terminal(tmp_path, site)


def begin(page, street, reason):
    walks.start(page, "Ask for a recycling box")
    answer(page, street, reason)


def answer(page, street, reason):
    page.get_by_label("Postcode").fill("HM1 1AA")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(street, exact=False).first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(reason).check()
    page.get_by_role("button", name="Continue").click()


def about_you(page):
    page.get_by_label("What is your name?").fill("Sam Resident")
    page.get_by_label("What is your email address?").fill("sam@example.org")
    walks.carry_on(page)


def text_of(page):
    return page.locator("main").inner_text()


def reads(page, text):
    """Wait until the page says it; fails when it never does."""
    page.locator("main").get_by_text(text).first.wait_for()


def written_and_checked(terminal):
    terminal.left = terminal.left[2:]  # `make run`, and what the second terminal needs to know
    terminal.file.write_text(tutorial.service())
    assert terminal("vestry check").startswith("Nothing to mend.\n")


def seen_on_a_phone(designer):
    walks.sign_in(designer, "leah.brandt", lands_on="**/desk/services/")
    designer.get_by_role("button", name="Write a new service").click()
    designer.get_by_label("The text of the service").fill(tutorial.service())
    designer.get_by_role("button", name="Keep and check").click()
    designer.get_by_role("button", name="Try it out").click()
    frame = designer.frame_locator("iframe")
    frame.get_by_role("button", name="Start now").click()
    answer(frame, "1 Mere Road", "Mine is broken")
    frame.get_by_text("Shall we take the broken box away?").first.wait_for()


def asked_for(resident):
    begin(resident, "1 Mere Road", "Mine is broken")
    resident.get_by_label("Yes", exact=True).check()
    walks.carry_on(resident)
    about_you(resident)
    resident.get_by_role("button", name="Accept and send").click()
    reads(resident, "Your reference number")
    return re.search(r"\bRB-\w{4}-\w{4}\b", text_of(resident)).group()


def worked_and_answered(officer, resident, reference):
    walks.sign_in(officer, "priya.nair")
    officer.get_by_role("link", name=reference).click()
    reads(officer, "Take this case")
    why = text_of(officer).partition("Why we do this")[2]
    ladder = ["burnt or buried", "We keep streets", "Harrowmere is a good place to live"]
    assert all(line in why for line in ladder), why
    officer.get_by_role("button", name="Take this case").click()
    officer.get_by_role("link", name="Ask the resident something").click()
    officer.get_by_role("textbox").fill("Which colour was the lid?")
    walks.send(officer)
    assert "Which colour was the lid?" in walks.last_message(officer, "A question about your recycling box")

    resident.goto("/")
    resident.get_by_role("link", name="Check what is happening").click()
    resident.get_by_label("reference number").fill(reference)
    resident.get_by_role("button", name="Send me a code").click()
    code = re.search(
        r"Your code is (\d{6})", walks.last_message(officer, f"Your code for {reference}")
    ).group(1)
    resident.get_by_label("Enter your code").fill(code)
    walks.carry_on(resident)
    reads(resident, "Which colour was the lid?")
    resident.get_by_role("textbox").fill("It was blue.")
    resident.get_by_role("button", name="Send", exact=True).click()
    reads(resident, "We have received your message")

    officer.goto(f"/desk/cases/{reference}/")
    reads(officer, "It was blue.")
    reads(officer, "The clock runs again")
    officer.get_by_role("link", name="Mark as brought").click()
    walks.send(officer)
    reads(officer, "The case is closed")
    resident.reload()
    reads(resident, "Your box is at your door.")


def changed_midway(terminal, resident):
    begin(resident, "2 Mere Road", "Mine is gone")
    resident.get_by_label("What is your name?").wait_for()
    terminal.file.write_text(tutorial.changed(tutorial.service()))
    assert terminal("vestry publish") == tutorial.told()[1]
    assert "recycling-box: version 2, new" in terminal("vestry publish")
    about_you(resident)
    reads(resident, "This service has changed")
    reads(resident, "You answered: Mine is gone")


def asked_by_a_program(terminal, officer):
    again = terminal.left[0]
    said = terminal("curl").partition("{")[2].rpartition("}")[0]
    reference = json.loads(f"{{{said}}}")["reference"]
    terminal.left.insert(0, again)
    assert reference in terminal("curl")
    officer.goto("/desk/")
    assert officer.get_by_role("link", name=reference).count() == 1


def test_the_tutorial_can_be_walked(open_desk, terminal):
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    written_and_checked(terminal)
    seen_on_a_phone(open_desk())
    assert "Ask for a recycling box: a new service" in terminal("vestry compare")
    assert "recycling-box: version 1, new" in terminal("vestry publish")
    resident, officer = open_desk(), open_desk()
    reference = asked_for(resident)
    worked_and_answered(officer, resident, reference)
    changed_midway(terminal, resident)
    asked_by_a_program(terminal, officer)
    assert terminal.left == []
