"""A page as an officer reads it."""

import re
from html import unescape

from vestry.services import api as services
from vestry.services.tests.services_to_try import ANSWERS, ORIGIN, TUESDAY_NOON

_MAIN = re.compile(r"<main.*</main>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def text(response):
    """The words of the page's main part."""
    html = response.content.decode()
    found = _MAIN.search(html)
    return " ".join(unescape(_TAG.sub(" ", found.group() if found else html)).split())


def errors(response):
    """The error summary: where each line leads, and what it says."""
    html = response.content.decode()
    summary = html.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    found = [(href, unescape(said)) for href, said in re.findall(r'<a href="#([^"]+)"[^>]*>([^<]+)', summary)]
    for target, _said in found:
        assert f'id="{target}"' in html, f"nothing on the page is called {target}"
    return found


def given_back(response):
    """What somebody wrote and the page did not take."""
    html = response.content.decode()
    return [unescape(kept) for kept in re.findall(r'id="written-[^>]*readonly[^>]*>\n([^<]*)<', html)]


def key(response):
    """The form's own key."""
    return re.search(r'name="form-key" value="([^"]+)"', response.content.decode())[1]


def submit(key="key-1", *, service="missed-bin", now=TUESDAY_NOON, **changed):
    """A submission by a resident; its reference."""
    answers = {**ANSWERS, **changed} if service == "missed-bin" else changed
    sent = services.submit_answers(
        service=service, answers=answers, key=key, client="tests", origin=ORIGIN, now=now
    )
    return sent.reference
