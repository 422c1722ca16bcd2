"""A small definition to try things with. Tests count its lines: add to it at the end only."""

from vestry.services.definition.check import check_text

KNOWN = {
    "teams": frozenset({"waste", "customer-services"}),
    "roles": frozenset({"officer", "crew", "manager", "support"}),
    "statements": frozenset({"clean-streets", "good-lives"}),
    "schedules": frozenset({"bin-rounds"}),
    "services": frozenset({"missed-bin", "ask-us"}),
}

WHOLE = """\
service: missed-bin
title: Report a missed bin
summary: Tell us if we did not empty your bin.
why: clean-streets
owner: waste
standard: {lgsl: 524, lgil: 8}
class: official-personal
reference: MB
contact: {name: your-name, email: email}
keep: {closed: 2 years, abandoned: 30 days}
journey:
  - page: Your address
    ask:
      - address: {id: home, ask: What is your address?, within: council}
  - page: Which bin
    ask:
      - radios:
          id: bin
          ask: Which bin did we miss?
          options: {refuse: Rubbish, garden: Garden waste}
  - page: Which day
    ask:
      - date: {id: day, ask: When should we have come?, latest: today}
      - text: {id: crew-note, ask: Anything for the crew?, optional: true}
  - page: Your subscription
    when: bin == "garden"
    ask:
      - text: {id: subscription, ask: What is your subscription number?}
  - report:
      id: missed
      category: missed-bin
      place: home
      happened: day
      schedule: bin-rounds
      kind: bin
      within: 2 working days
  - page: About you
    ask:
      - name: {id: your-name, ask: What is your name?}
      - email: {id: email, ask: What is your email address?}
  - check: Check your answers
case:
  team: waste
  due: 2 working days
  stages:
    reported: {title: Reported, next: The crew will come back.}
    collected: {title: Collected, end: resolved, told: We have emptied your bin.}
  actions:
    - {id: collected, do: Mark as collected, from: reported, to: collected, by: [crew]}
messages:
  confirmation:
    subject: Your reference is ((reference))
    body: Dear ((name)), see ((status_page)).
on:
  submitted: [{notify: confirmation}]
  case.collected: [{notify: confirmation}]
"""


def changed(*changes: tuple[str, str]) -> str:
    """The definition with parts of it written differently; each part must be there, once."""
    text = WHOLE
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def check(text: str, known=None):
    return check_text(text, "missed-bin.yaml", KNOWN if known is None else known)


def said(text: str) -> list[str]:
    """What is wrong, as a person reads it, without the name of the file."""
    return [str(mistake).removeprefix("missed-bin.yaml:") for mistake in check(text).mistakes]
