"""Which adapter is plugged in, by what the environment says."""

import pytest

from vestry import kernel
from vestry.config import environment, ports
from vestry.councils import api as councils
from vestry.kernel import port


def adapter():
    return type(port("notify.email")).__name__


@pytest.fixture
def plugged(council, monkeypatch):
    monkeypatch.setattr(kernel, "_plugs", {})
    ports.plug_all()


@pytest.mark.parametrize(
    ("demo", "url", "expected"),
    [
        (True, "", "DemoMailbox"),
        (True, "smtp://post.example", "SmtpEmail"),
        (False, "smtp://post.example", "SmtpEmail"),
        (False, "govuk-notify://key@host/template", "GovukNotify"),
        (True, "govuk-notify://key@host/template", "GovukNotify"),
        # Forgotten: every message waits and says why, rather than being called sent.
        (False, "", "SmtpEmail"),
    ],
)
def test_only_the_demo_keeps_messages_to_itself(plugged, monkeypatch, demo, url, expected):
    monkeypatch.setattr(environment, "DEMO", demo)
    monkeypatch.setattr(environment, "EMAIL_URL", url)
    assert adapter() == expected


def test_a_council_may_have_a_way_of_its_own(plugged, other_council, monkeypatch):
    monkeypatch.setattr(environment, "EMAIL_URL", "smtp://post.example")
    monkeypatch.setenv("VESTRY_EMAIL_URL_HARROWMERE", "govuk-notify://key@host/template")
    assert adapter() == "GovukNotify"
    with councils.scope(other_council):
        assert adapter() == "SmtpEmail"
