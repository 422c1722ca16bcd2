"""What residents and officers do, in their own words, for any journey test to use."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import time as clock

import yaml
from playwright.sync_api import Error

from vestry.config.commands.demo import PASSWORD
from vestry.councils.api import working_calendar
from vestry.kernel import LONDON
from vestry.places.rules import Round, visits

PACK = Path(__file__).parents[2] / "packs" / "harrowmere"
BINS = {"refuse": "Rubbish", "recycling": "Recycling", "food": "Food waste"}


@dataclass(frozen=True)
class Missed:
    """A collection that can be reported as missed right now: over, and at most two working days ago."""

    postcode: str
    address: str
    bin: str
    day: date


def missed_collections() -> list[Missed]:
    """Every one there is today, one household each, by the pack's own rounds and gazetteer."""
    rounds = yaml.safe_load((PACK / "rounds.yaml").read_text())["schedules"]["bin-rounds"]
    now, calendar = datetime.now(LONDON), working_calendar("england-and-wales")
    lately = {}
    for slug, plan in rounds.items():
        for kind in BINS:
            round_ = Round(
                schedule="bin-rounds",
                slug=slug,
                kind=kind,
                first=plan["collections"][kind]["first"],
                weeks=plan["collections"][kind].get("weeks", 1),
                over=time.fromisoformat(plan["over"]),
                moved=plan.get("moved", {}),
            )
            for visit in visits(round_, now.date() - timedelta(days=14), now.date()):
                if visit.over < now and now.date() <= calendar.add(visit.day, 2):
                    lately.setdefault(slug, []).append((kind, visit.day))
    with (PACK / "gazetteer.csv").open(newline="") as file:
        homes = list(csv.DictReader(file))
    return [
        Missed(postcode=home["postcode"], address=home["line"], bin=BINS[kind], day=day)
        for home in homes
        for kind, day in lately.get(home["round"], [])
    ]


def carry_on(page):
    """Press the page's one button."""
    page.get_by_role("button", name="Continue").click()


def back(page):
    """The browser's back button, when the page somebody sees is there."""
    _in_history(page, page.go_back)


def forward(page):
    """The browser's forward button, likewise."""
    _in_history(page, page.go_forward)


def _in_history(page, go):
    # While one page takes another's place Chromium has no history to ask for, and says so at once.
    for _ in range(50):
        page.wait_for_load_state()
        try:
            return go()
        except Error as error:
            if "Not attached to an active page" not in str(error):
                raise
            page.wait_for_timeout(100)
    raise AssertionError(f"The browser never came to rest at {page.url}")


def heading(page) -> str:
    return page.locator("h1").first.inner_text()


def start(page, service):
    page.goto("/")
    page.get_by_role("link", name=service).click()
    page.get_by_role("button", name="Start now").click()


def fill_date(page, day):
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(label, exact=True).fill(str(number))


def send(page):
    """Press what the form is for: a page may also have buttons that upload, remove or save."""
    page.locator("main form button.govuk-button:not(.govuk-button--secondary)").first.click()


def reference_on(page) -> str:
    return re.search(
        r"\b(MB|FOI|MV|CO|BW|RG|GW|HH)-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.locator("main").inner_text()
    ).group()


def sign_in(page, who, lands_on="**/desk/"):
    """An officer signs in and lands on the inbox, or where they work instead.

    Whoever has a second step takes the code that the demo shows, as it has no phone to show it.
    """
    page.goto("/desk/")
    page.get_by_label("Email address").fill(f"{who}@harrowmere.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    take_second_step(page)
    page.wait_for_url(lands_on)


def take_second_step(page):
    """Type the code that is shown, if one is. One that was used is not taken again; the next one is."""
    while code := re.search(r"code is shown: (\d{6})", page.locator("main").inner_text()):
        page.get_by_label("Code from your app").fill(code.group(1))
        page.get_by_role("button", name="Sign in").click()
        if page.locator(".govuk-error-summary").count() == 0:
            return
        page.wait_for_timeout(1000 * (31 - clock() % 30))
        page.goto(page.url)


def last_message(page, subject_part):
    """The newest message that was sent with ``subject_part`` in its subject, as the demo shows it."""
    for _ in range(60):
        page.goto("/desk/messages/")
        cards = page.locator(".govuk-summary-card").filter(has_text=subject_part)
        if cards.count():
            return cards.first.text_content()
        page.wait_for_timeout(250)
    raise AssertionError(f"No message about {subject_part!r} was sent.")
