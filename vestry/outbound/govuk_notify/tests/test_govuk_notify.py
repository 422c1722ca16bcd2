"""Email through GOV.UK Notify, against a server that keeps its contract."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.postgres import free_port
from vestry.notify.ports import NotAReceipt, NotFromThem, OutboundEmail, Receipt, Rejected, Unreachable
from vestry.outbound.govuk_notify import client
from vestry.outbound.govuk_notify.client import GovukNotify
from vestry.outbound.govuk_notify.settings import BadNotifyUrl, Service
from vestry.outbound.govuk_notify.tests import simulator as there
from vestry.outbound.govuk_notify.tests.simulator import CUT, KEY, LOST, SLOW, TEMPLATE, TOKEN, problem

ID = "<1f2e@harrowmere.test>"


def an_email(**said):
    return OutboundEmail(
        **{
            "message_id": ID,
            "tried_before": False,
            "written_at": datetime(2026, 11, 23, 12, tzinfo=UTC),
            "to": "amal@example.org",
            "to_name": "Amal Haddad",
            "sender_name": "Harrowmere District Council",
            "reply_to": "hello@harrowmere.example",
            "subject": "We have your report",
            "body": "A long line that goes on.\n",
            "wrapped": "A long line\nthat goes on.\n",
            **said,
        }
    )


@pytest.fixture
def notify():
    with there.running() as simulator:
        yield simulator


@pytest.fixture
def adapter(notify):
    return GovukNotify(notify.settings(callback=TOKEN))


def test_an_email_arrives_whole(notify, adapter):
    adapter.send(an_email())
    (taken,) = notify.taken
    assert taken["said"] == {
        "email_address": "amal@example.org",
        "template_id": TEMPLATE,
        "reference": "1f2e@harrowmere.test",
        "personalisation": {"subject": "We have your report", "body": "A long line that goes on.\n"},
    }


def test_the_address_for_answers_is_the_one_set(notify):
    GovukNotify(notify.settings(**{"reply-to": there.REPLY_TO})).send(an_email())
    assert notify.taken[0]["said"]["email_reply_to_id"] == there.REPLY_TO


def test_text_in_any_script_arrives(notify, adapter):
    adapter.send(an_email(subject="Eich cais – £5 ✓", body="Diolch Siân 李\n((word))\n"))
    said = notify.taken[0]["said"]["personalisation"]
    assert said == {"subject": "Eich cais – £5 ✓", "body": "Diolch Siân 李\n((word))\n"}


def test_an_answer_that_was_lost_is_not_an_email_twice(notify, adapter):
    notify.faults = [LOST]
    with pytest.raises(Unreachable):
        adapter.send(an_email())
    adapter.send(an_email(tried_before=True))
    assert len(notify.taken) == 1


def test_a_try_that_never_arrived_is_made_again(notify, adapter):
    notify.faults = [CUT]
    with pytest.raises(Unreachable):
        adapter.send(an_email())
    adapter.send(an_email(tried_before=True))
    assert len(notify.taken) == 1


def test_one_that_got_stuck_at_theirs_is_sent_again(notify, adapter):
    adapter.send(an_email())
    notify.becomes("technical-failure")
    adapter.send(an_email(tried_before=True))
    assert len(notify.taken) == 2


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (CUT, "Nobody answers"),
        (SLOW, "in time"),
        (problem(500, "Exception", "Internal server error"), "broken just now"),
        ((503, b"<html>"), "broken just now"),
        (problem(429, "RateLimitError", "Exceeded rate limit"), "no more just now"),
        (problem(429, "TooManyRequestsError", "Exceeded send limits (50) for today"), "no more just now"),
        (problem(403, "AuthError", "Invalid token"), "does not accept our key"),
        (
            problem(400, "BadRequestError", "Can't send to this recipient in trial mode"),
            "not set up for this",
        ),
        (problem(404, "NoResultFound", "Not found"), "not set up for this"),
        ((302, b""), "not set up for this"),
    ],
)
def test_what_may_go_later_is_told_apart(notify, adapter, monkeypatch, fault, said):
    monkeypatch.setattr(client, "TIMEOUT", (1, 0.3))
    notify.faults = [fault]
    with pytest.raises(Unreachable, match=said):
        adapter.send(an_email())
    assert len(notify.requests) == 1


@pytest.mark.parametrize(
    "fault", [None, (400, {"errors": [{"error": "ValidationError", "message": "x" * 999}]})]
)
def test_what_will_never_go_is_rejected_with_their_reason(notify, adapter, fault):
    notify.faults = [fault] if fault else []
    with pytest.raises(Rejected) as refused:
        adapter.send(an_email(to="nobody"))
    assert "400" in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"errors": []}', b'{"errors": [1]}', b"\xff"])
def test_a_refusal_of_any_shape_is_told(notify, adapter, body):
    notify.faults = [(400, body)]
    with pytest.raises(Unreachable):
        adapter.send(an_email())


def test_a_template_without_our_words_can_be_mended(notify):
    url = notify.settings().replace(TEMPLATE, there.REPLY_TO)
    with pytest.raises(Unreachable, match="Template not found"):
        GovukNotify(url).send(an_email())


def test_a_wrong_secret_is_not_believed(notify):
    url = notify.settings().replace(there.SECRET, there.REPLY_TO)
    with pytest.raises(Unreachable, match="does not accept our key"):
        GovukNotify(url).send(an_email())
    assert notify.taken == []


def test_where_nobody_listens():
    with pytest.raises(Unreachable, match="Nobody answers"):
        GovukNotify(f"govuk-notify://{KEY}@127.0.0.1:{free_port()}/{TEMPLATE}?tls=none").send(an_email())


@pytest.mark.parametrize(
    ("status", "became"),
    [
        ("created", None),
        ("sending", None),
        ("delivered", "delivered"),
        ("permanent-failure", "permanent"),
        ("temporary-failure", "temporary"),
        ("technical-failure", "technical"),
        ("something-new", None),
    ],
)
def test_what_became_of_it_can_be_asked_and_is_read(notify, adapter, status, became):
    adapter.send(an_email())
    notify.becomes(status)
    receipt = Receipt(message_id=ID, became=became) if became else None
    assert adapter.ask(ID) == receipt
    assert adapter.read(TOKEN, notify.receipt()) == receipt


def test_of_several_copies_one_delivered_is_enough(notify, adapter):
    for _ in range(3):
        adapter.send(an_email())
    notify.becomes("delivered", 0)
    notify.becomes("permanent-failure", 1)
    assert adapter.ask(ID).became == "delivered"
    notify.becomes("temporary-failure", 0)
    assert adapter.ask(ID) is None
    notify.becomes("permanent-failure", 2)
    assert adapter.ask(ID).became == "permanent"


def test_what_they_never_had_has_no_receipt(adapter):
    assert adapter.ask(ID) is None


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"notifications": [1]}', b'{"notifications": 1}'])
def test_an_answer_that_makes_no_sense_is_asked_for_again(notify, adapter, answer):
    notify.faults = [(200, answer)]
    with pytest.raises(Unreachable):
        adapter.ask(ID)


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", "é"])
def test_a_receipt_from_somebody_else_is_refused(notify, adapter, token):
    adapter.send(an_email())
    with pytest.raises(NotFromThem):
        adapter.read(token, notify.receipt())


def test_without_an_agreed_token_no_receipt_is_believed(notify):
    with pytest.raises(NotFromThem):
        GovukNotify(notify.settings()).read("", b"{}")


def test_a_receipt_about_something_sent_by_hand_is_nothing_of_ours(notify, adapter):
    adapter.send(an_email())
    assert adapter.read(TOKEN, notify.receipt(reference=None, status="delivered")) is None


@given(st.binary(max_size=60) | st.just(b"[" * 100_000))
def test_nonsense_is_not_a_receipt(body):
    adapter = GovukNotify(f"govuk-notify://{KEY}@127.0.0.1/{TEMPLATE}?callback={TOKEN}")
    with pytest.raises(NotAReceipt):
        adapter.read(TOKEN, body)


def test_the_settings_are_read():
    service = Service.read(f"govuk-notify://{KEY}@notify.example/{TEMPLATE}?callback={TOKEN}")
    assert (service.url, service.id, service.secret) == (
        "https://notify.example",
        there.SERVICE,
        there.SECRET,
    )
    assert (service.template, service.callback) == (TEMPLATE, TOKEN)
    assert there.SECRET not in repr(service)
    assert TOKEN not in repr(service)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "govuk-notify:",
        f"smtp://{KEY}@notify.example/{TEMPLATE}",
        f"govuk-notify://notify.example/{TEMPLATE}",
        f"govuk-notify://key@notify.example/{TEMPLATE}",
        f"govuk-notify://{KEY}@notify.example",
        f"govuk-notify://{KEY}@notify.example/x",
        f"govuk-notify://{KEY}@notify.example:x/{TEMPLATE}",
        f"govuk-notify://{KEY}@notify.example/{TEMPLATE}?callback=short",
        f"govuk-notify://{KEY}@notify.example/{TEMPLATE}?reply-to=x",
        f"govuk-notify://{KEY}@notify.example/{TEMPLATE}?tls=some",
        f"govuk-notify://{KEY}@notify.example/{TEMPLATE}?colour=blue",
    ],
)
def test_settings_that_can_not_be_used_are_told_without_the_secret(url):
    with pytest.raises(BadNotifyUrl) as bad:
        GovukNotify(url).send(an_email())
    assert "VESTRY_EMAIL_URL" in str(bad.value)
    assert there.SECRET not in str(bad.value)
