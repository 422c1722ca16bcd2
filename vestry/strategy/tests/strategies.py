"""A small strategy to try things with."""

from datetime import UTC, date, datetime

from vestry.people import api as people
from vestry.strategy import api as strategy
from vestry.strategy.api import Earlier, Statement

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)

PURPOSE = Statement(
    slug="live-well", layer="purpose", sentence="People live well here.", since=date(2021, 5, 20)
)
PRINCIPLE = Statement(
    slug="lasting",
    layer="principle",
    sentence="We leave it better than we found it.",
    serves={"live-well": ""},
    since=date(2021, 5, 20),
)
CHOICE = Statement(
    slug="clean-streets",
    layer="strategy",
    sentence="We keep every street clean, and see to it that waste does no harm.",
    serves={"lasting": ""},
    since=date(2024, 3, 12),
    before=(Earlier(sentence="We keep every street clean.", since=date(2021, 6, 1), decided="Cabinet"),),
)
OUTCOME = Statement(
    slug="bins-on-the-day",
    layer="outcome",
    sentence="Every bin is emptied on its day.",
    serves={"clean-streets": ""},
    owner="waste",
    since=date(2026, 1, 5),
)
OUTLINE = [PURPOSE, PRINCIPLE, CHOICE, OUTCOME]
BIN = strategy.Offered(
    slug="missed-bin",
    number=1,
    title="Report a missed bin",
    owner="waste",
    serves="bins-on-the-day",
    uses=frozenset({"report"}),
    text="Which bin did we miss?",
)


def put(*statements, now=NOON):
    return strategy.put_outline([*OUTLINE, *statements], now=now)


def officer(slug):
    return people.get_officer(slug)


def slugs(found):
    return [each.slug for each in found]
