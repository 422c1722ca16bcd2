"""What residents and officers do, in their own words, for any journey test to use."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import yaml

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
                if visit.over < now and calendar.count(visit.day, now.date()) <= 2:
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


def heading(page) -> str:
    return page.locator("h1").first.inner_text()


def start(page, service):
    page.goto("/")
    page.get_by_role("link", name=service).click()
    page.get_by_role("button", name="Start now").click()


def fill_date(page, day):
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(label, exact=True).fill(str(number))


def report_missed_bin(page, missed, *, visited=lambda page: None, email="sam@example.org"):
    """The whole journey, calling ``visited`` on each page. Returns the reference."""
    start(page, "Report a missed bin")
    visited(page)
    page.get_by_label("Postcode").fill(missed.postcode.lower().replace(" ", ""))
    carry_on(page)
    visited(page)
    page.get_by_label(missed.address, exact=True).check()
    carry_on(page)
    visited(page)
    page.get_by_label(missed.bin, exact=True).check()
    carry_on(page)
    visited(page)
    fill_date(page, missed.day)
    carry_on(page)
    visited(page)
    page.get_by_label("Yes", exact=True).check()
    carry_on(page)
    visited(page)
    page.get_by_label("Where does the crew fetch it from?").fill("By the side gate")
    carry_on(page)
    visited(page)
    carry_on(page)
    page.get_by_label("What is your name?").fill("Sam Resident")
    carry_on(page)
    page.get_by_label("What is your email address?").fill(email)
    carry_on(page)
    visited(page)
    assert heading(page) == "Check your answers"
    send(page)
    visited(page)
    return reference_on(page)


def send(page):
    page.locator("main form").get_by_role("button").first.click()


def reference_on(page) -> str:
    return re.search(r"\b(MB|FOI)-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.locator("main").inner_text()).group()


def sign_in(page, who):
    """An officer signs in and lands on the inbox."""
    page.goto("/desk/")
    page.get_by_label("Email address").fill(f"{who}@harrowmere.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/")


def last_message(page, subject_part):
    """The newest message that was sent with ``subject_part`` in its subject, as the demo shows it."""
    for _ in range(60):
        page.goto("/desk/messages/")
        cards = page.locator(".govuk-summary-card").filter(has_text=subject_part)
        if cards.count():
            return cards.first.text_content()
        page.wait_for_timeout(250)
    raise AssertionError(f"No message about {subject_part!r} was sent.")
