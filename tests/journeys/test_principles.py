"""Looking at products: from the desk, the worker looks; and Vestry itself, by the same probes."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys import site as sites
from tests.journeys import walks
from vestry.kernel import local_day, utc_now
from vestry.outbound.probes.tests.sites import traps
from vestry.outbound.probes.tests.sites.served import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"java_script_enabled": False, "viewport": {"width": 320, "height": 900}}
TOOL = "letterpost"
HERE = f"/desk/technologies/of/{TOOL}/"
# What the clock asks of the room, on a later day, in a process of its own that knows no test.
A_LATER_DAY = """
import sys, django
from datetime import timedelta
django.setup()
from vestry.councils import api as councils
from vestry.kernel import utc_now
from vestry.technology import jobs
for council in councils.all_councils():
    with councils.scope(council):
        jobs.fall_due(now=utc_now() + timedelta(days=int(sys.argv[1])))
"""


def run(site, *words):
    """`vestry principles` as anybody starts it."""
    command = [sys.executable, "-m", "vestry.config.cli", "principles", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=site.environment)


def test_vestry_finds_vestry_good_or_says_what_to_mend(site, tmp_path):
    found = tmp_path / "found.json"
    journey = str(Path(__file__).parents[2] / "docs" / "how-to" / "journeys" / "freedom-of-information.yaml")
    done = run(
        site,
        site.url,
        "--seconds",
        "600",
        "--allow-local",
        "--leave",
        "our own",
        "--journey",
        journey,
        "--json",
        str(found),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(found.read_text())
    verdicts = {each["criterion"]: each["verdict"] for each in told["found"]}
    assert "not-met" not in verdicts.values(), done.stdout
    met = ("C4", "C8", "M1", "M2", "M3", "M4", "M5", "M6", "M7", "M9", "I1", "I2", "I3", "I5", "I7", "I9")
    for criterion in (*met, "E1", "E4", "E7", "E9", "S3", "S4", "S10"):
        assert verdicts[criterion] == "met", done.stdout
    # Its first pages have nothing to type into; what can be typed into stands behind them.
    assert verdicts["E11"] == "not-known"
    # People have not checked it yet, and its own statement says so.
    assert verdicts["E3"] == "partly"
    assert told["words"]["mobile-ready"]["word"] == told["words"]["interoperable"]["word"] == "met"


def on_a_later_day(site, days):
    environment = {**site.environment, "DJANGO_SETTINGS_MODULE": "vestry.config.settings"}
    subprocess.run([sys.executable, "-c", A_LATER_DAY, str(days)], env=environment, check=True)


def look(page, address):
    page.goto(HERE)
    page.get_by_role("link", name="Have it looked at").click()
    page.get_by_label("Which address should be looked at?").fill(address)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("heading", name="It is being looked at").wait_for()


def fill_day(page, day):
    for name, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(name, exact=True).fill(str(value))


def waive(page, principle, ends):
    page.goto(f"{HERE}waive/")
    page.get_by_label(principle).check()
    page.locator("input[name=why]").first.check()
    page.locator("[name=reason]").fill("Nothing else sends letters.")
    page.locator("[name=owner]").fill("Priya Nair")
    page.locator("[name=instead]").fill("People ring us.")
    page.locator("[name=exit]").fill("We look for another in May.")
    fill_day(page, ends)
    page.get_by_role("button", name="Ask for a waiver").click()


def look_into(page, check_axe):
    """The evidence of the last look: its files, and a piece that came of it with its picture."""
    page.get_by_role("link", name="The evidence").click()
    page.get_by_role("heading", name="Look 1").wait_for()
    assert page.get_by_role("link", name="page-1-width-320.png").count() == 1
    assert "does not fit" not in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    check_axe(page)
    page.get_by_role("link", name="M1: Does it fit a phone?").click()
    page.get_by_role("img", name="What was seen: page-1-width-320.png").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    check_axe(page)


@pytest.fixture
def own_site(tmp_path_factory):
    """A site of its own: on it the days go by."""
    with sites.running(tmp_path_factory.mktemp("days")) as running:
        yield running


def test_a_renewal_is_refused_on_what_was_seen_then_waived_and_comes_back(own_site, open_page, check_axe):
    officer = open_page(**PHONE, base_url=own_site.url)
    walks.sign_in(officer, "priya.nair")
    officer.goto(HERE)
    officer.get_by_role("link", name="Assess it").click()
    officer.get_by_label("Whether to renew it").check()
    officer.get_by_role("button", name="Continue").click()
    with serving(traps.fixed_viewport()) as port:
        look(officer, f"http://product.localhost:{port}/")
        # The page comes again by itself, with no script.
        officer.get_by_role("heading", name="The last look").wait_for(timeout=240_000)
    check_axe(officer)
    look_into(officer, check_axe)
    officer.goto(HERE)
    assert "Its layout stays wider than the screen" in officer.locator("main").inner_text()

    manager = open_page(**PHONE, base_url=own_site.url)
    walks.sign_in(manager, "helen.okafor")
    manager.goto(f"{HERE}decide/")
    # The words allow one thing only.
    assert manager.get_by_role("radio").count() == 1
    manager.get_by_label("Refused").check()
    manager.locator("[name=reason]").fill("It does not fit a phone.")
    manager.get_by_role("button", name="Decide").click()
    assert "Refused" in manager.locator("main").inner_text()

    # It is wanted all the same: looked at once more, and waived by somebody else, until a day.
    officer.goto(HERE)
    officer.get_by_role("link", name="Assess it").click()
    officer.get_by_label("Whether to renew it").check()
    officer.get_by_role("button", name="Continue").click()
    ends = local_day(utc_now()) + timedelta(days=20)
    waive(officer, "Mobile ready", ends)
    assert "Grant it" not in officer.locator("main").inner_text()
    manager.goto(HERE)
    manager.get_by_role("button", name="Grant it").click()
    manager.goto(f"{HERE}decide/")
    manager.get_by_label("Waived").check()
    manager.locator("[name=reason]").fill("Until another is found.")
    manager.get_by_role("button", name="Decide").click()
    said = manager.locator("main").inner_text()
    assert "waived until" in said
    # A waiver is no pass.
    assert "Not met" in said
    check_axe(manager)

    # On its last day it still runs; on the next it comes back by itself.
    on_a_later_day(own_site, 20)
    manager.goto(HERE)
    assert "waived until" in manager.locator("main").inner_text()
    on_a_later_day(own_site, 21)
    manager.goto(HERE)
    said = manager.locator("main").inner_text()
    assert "To be looked at again" in said
    assert "waived until" not in said
    assert "Mobile ready: ended" in said
    check_axe(manager)
