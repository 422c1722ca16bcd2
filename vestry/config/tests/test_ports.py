"""Which adapter is plugged in, by what the environment says."""

import pytest

from vestry import kernel
from vestry.config import environment, ports
from vestry.kernel import port


@pytest.mark.parametrize(
    ("demo", "url", "adapter"),
    [
        (True, "", "DemoMailbox"),
        (True, "smtp://post.example", "SmtpEmail"),
        (False, "smtp://post.example", "SmtpEmail"),
        # Forgotten: every message waits and says why, rather than being called sent.
        (False, "", "SmtpEmail"),
    ],
)
def test_only_the_demo_keeps_messages_to_itself(monkeypatch, demo, url, adapter):
    monkeypatch.setattr(kernel, "_plugs", {})
    monkeypatch.setattr(environment, "DEMO", demo)
    monkeypatch.setattr(environment, "EMAIL_URL", url)
    ports.plug_all()
    assert type(port("notify.email")).__name__ == adapter
