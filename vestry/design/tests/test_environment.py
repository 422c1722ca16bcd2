"""What a template is given, and how it writes dates, times and texts."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.template import engines
from jinja2 import UndefinedError


def written(source, **words):
    return engines["jinja2"].env.from_string(source).render(**words)


@pytest.mark.parametrize(
    "source", ["{{ titel }}", "{{ case.titel }}", "{% for x in casses %}{% endfor %}", "{{ a ~ b }}"]
)
def test_a_misspelt_name_is_not_shown_as_nothing(source):
    with pytest.raises(UndefinedError):
        written(source, title="Bins", case={"title": "Bins"}, a="a")


def test_what_a_page_may_go_without_can_be_asked_about():
    assert written("{% if notice %}x{% endif %}{{ 'y' if case.hint }}{{ z|default('z') }}", case={}) == "z"


def test_what_is_shown_is_escaped():
    assert written("{{ said }}", said="<b>") == "&lt;b&gt;"
    assert written("{{ said|lines }}", said="<b>\r\n&") == "&lt;b&gt;<br>&amp;"
    assert written("{% trans %}Hello {{ said }}{% endtrans %}", said="<b>") == "Hello &lt;b&gt;"


@pytest.mark.parametrize(
    ("source", "when", "text"),
    [
        ("day", date(2026, 11, 3), "3 November 2026"),
        ("day", datetime(2026, 7, 23, 23, 30, tzinfo=UTC), "24 July 2026"),  # it is tomorrow here
        ("time", datetime(2026, 11, 23, 16, 30, tzinfo=UTC), "4:30pm"),
        ("time", datetime(2026, 7, 23, 8, 0, tzinfo=UTC), "9am"),
        ("time", time(0, 5), "12:05am"),
        ("time", time(12, 5), "12:05pm"),
        ("time", time(12), "midday"),
        ("time", time(0), "midnight"),
        ("moment", datetime(2026, 11, 23, 16, 30, tzinfo=UTC), "23 November 2026 at 4:30pm"),
        ("moment", datetime(2026, 11, 23, tzinfo=UTC), "midnight at the start of 23 November 2026"),
        ("duration", timedelta(minutes=15), "15 minutes"),
        ("duration", timedelta(hours=1), "1 hour"),
        ("duration", timedelta(days=2, hours=3, minutes=4), "2 days 3 hours"),
        ("duration", timedelta(hours=1, minutes=1), "1 hour 1 minute"),
        ("duration", timedelta(seconds=20), "less than a minute"),
        ("duration", timedelta(days=-1), "less than a minute"),
    ],
)
def test_dates_and_times_are_written_as_on_govuk(source, when, text):
    assert written("{{ when|" + source + " }}", when=when) == text
