"""Cards through GOV.UK Pay, against a server that keeps its contract."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests

from tools.postgres import free_port
from vestry.outbound.govuk_pay import GovukPay, client, simulator
from vestry.outbound.govuk_pay.settings import BadPayUrl, Service
from vestry.pay.ports import NotANotice, NotFromThem, NotThere, Rejected, Unreachable, Wanted

KEY, SIGNING = "api_test_council", "only-known-to-both-of-us"
WANTED = Wanted(reference="PAY-7K3N-9QFA-1", pence=3000, description="Sofa & bed", back="http://localhost/b")
CARD = {"cardNo": "4242 4242 4242 4242", "expiry": "10/30", "cvc": "123", "name": "Amal Haddad", "do": "pay"}


@pytest.fixture
def there():
    notices = []
    made = simulator.Simulator(post=lambda *notice: notices.append(notice))
    made.notices = notices
    made.account = made.open_account(KEY, signing=SIGNING, notices_to="http://localhost/notices")
    with simulator.running(made, free_port()):
        yield made


@pytest.fixture
def pay(there):
    where = there.url.removeprefix("http://")
    return GovukPay(f"govuk-pay://{KEY}@{where}/?tls=none&signing={SIGNING}")


def give(answer, **card):
    return requests.post(answer.url, data={**CARD, **card}, allow_redirects=False, timeout=10)


def test_a_payment_is_made_paid_and_known(pay):
    answer = pay.ask(WANTED)
    assert (answer.status, answer.pence, answer.reference) == ("open", 3000, WANTED.reference)
    page = requests.get(answer.url, timeout=10).text
    assert "Sofa &amp; bed" in page
    assert "£30.00" in page
    gone = give(answer)
    assert (gone.status_code, gone.headers["Location"]) == (303, WANTED.back)
    found = pay.look(answer.id)
    assert (found.status, found.url, found.refundable) == ("paid", "", 3000)


@pytest.mark.parametrize(
    ("card", "status"),
    [("4000000000000002", "declined"), ("4000000000000119", "error")],
)
def test_a_card_that_does_not_work_is_known(pay, card, status):
    answer = pay.ask(WANTED)
    assert give(answer, cardNo=card).status_code == 200
    assert pay.look(answer.id).status == status


@pytest.mark.parametrize("wrong", [{"cardNo": "4000000000000069"}, {"cardNo": "1"}, {"name": ""}])
def test_a_card_that_is_mistyped_can_be_mended(pay, wrong):
    answer = pay.ask(WANTED)
    page = give(answer, **wrong).text
    assert "There is a problem" in page
    assert pay.look(answer.id).status == "open"


def test_leaving_is_known(pay):
    answer = pay.ask(WANTED)
    assert give(answer, do="cancel").status_code == 303
    assert pay.look(answer.id).status == "cancelled"


def test_what_is_cancelled_cannot_be_paid(pay):
    answer = pay.ask(WANTED)
    pay.cancel(answer.id)
    pay.cancel(answer.id)
    assert "cancelled" in give(answer).text
    assert pay.look(answer.id).status == "cancelled"


def test_a_payment_expires(pay, there):
    answer = pay.ask(WANTED)
    there.clock = lambda: datetime.now(UTC) + timedelta(hours=2)
    assert pay.look(answer.id).status == "expired"
    assert "expired" in give(answer).text


def test_an_answer_that_was_lost_is_not_a_payment_twice(pay, there):
    there.faults = {"lost-answer"}
    with pytest.raises(Unreachable):
        pay.ask(WANTED)
    there.faults = set()
    again = Wanted(**{**vars(WANTED), "tried_before": True})
    assert pay.ask(again).reference == WANTED.reference
    assert pay.ask(WANTED).id == pay.ask(again).id
    assert len(there.account.payments) == 1


def test_refunds_never_go_beyond_what_there_is(pay):
    answer = pay.ask(WANTED)
    with pytest.raises(Rejected):
        pay.refund(answer.id, 1000, available=3000)
    give(answer)
    made = pay.refund(answer.id, 1000, available=3000)
    assert (made.pence, made.status) == (1000, "done")
    with pytest.raises(Unreachable, match="in between"):
        pay.refund(answer.id, 1000, available=3000)
    with pytest.raises(Rejected):
        pay.refund(answer.id, 2001, available=2000)
    assert [each.id for each in pay.refunds(answer.id)] == [made.id]


def test_a_day_is_reported_whole(pay, there):
    now = datetime.now(UTC)
    for number in range(3):
        pay.ask(Wanted(**{**vars(WANTED), "reference": f"PAY-{number}"}))
    found = list(pay.report(now - timedelta(minutes=1), now + timedelta(minutes=1)))
    assert {each.reference for each in found} == {"PAY-0", "PAY-1", "PAY-2"}
    assert not list(pay.report(now - timedelta(days=2), now - timedelta(days=1)))


def test_what_is_not_theirs_is_not_there(pay):
    for id in ("nothing", "../v1/payments", ""):
        with pytest.raises(NotThere):
            pay.look(id)
    assert pay.find("PAY-NONE") is None


def test_a_notice_says_which_payment_and_is_signed(pay, there):
    answer = pay.ask(WANTED)
    give(answer)
    _address, signature, body = there.notices[0]
    assert pay.read(signature, body) == answer.id
    assert pay.read(signature.upper(), body) == answer.id
    for forged in ("", "0" * 64, signature[:-1]):
        with pytest.raises(NotFromThem):
            pay.read(forged, body)
    with pytest.raises(NotFromThem):
        pay.read(signature, body + b" ")
    pay.refund(answer.id, 1000, available=3000)
    _address, signature, body = there.notices[-1]
    assert pay.read(signature, body) == answer.id


@pytest.mark.parametrize("said", [b"", b"[]", b"{}", b'{"resource_type": 1, "resource_id": []}', b"\xff"])
def test_what_is_no_notice_is_refused(pay, there, said):
    with pytest.raises(NotANotice):
        pay.read(there.account.sign(said), said)


def test_without_a_secret_no_notice_is_believed():
    unsigned = GovukPay(f"govuk-pay://{KEY}@localhost/?tls=none")
    with pytest.raises(NotFromThem):
        unsigned.read(simulator.Account(KEY).sign(b"{}"), b"{}")


def test_a_provider_that_is_away_is_unreachable(pay, there, monkeypatch):
    there.faults = {"down"}
    with pytest.raises(Unreachable, match="broken"):
        pay.ask(WANTED)
    there.faults = {"slow"}
    monkeypatch.setattr(client, "TIMEOUT", (1, 0.2))
    with pytest.raises(Unreachable, match="in time"):
        pay.ask(WANTED)
    with pytest.raises(Unreachable, match="Nobody"):
        GovukPay(f"govuk-pay://{KEY}@127.0.0.1:{free_port()}/?tls=none").look("abc")


def test_a_wrong_key_can_be_mended(there):
    where = there.url.removeprefix("http://")
    with pytest.raises(Unreachable, match="key"):
        GovukPay(f"govuk-pay://other@{where}/?tls=none").ask(WANTED)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://key@host",
        "govuk-pay://host",
        "govuk-pay://key@host:port",
        "govuk-pay://key@host/?signing=short",
        "govuk-pay://key@host/?other=1",
        "govuk-pay://key@host/path",
        "govuk-pay://key@publicapi.payments.service.gov.uk/?tls=none",
    ],
)
def test_a_setting_that_cannot_be_used_says_why(url):
    with pytest.raises(BadPayUrl, match="govuk-pay://API-KEY@"):
        Service.read(url)


def test_secrets_do_not_show():
    service = Service.read(f"govuk-pay://{KEY}@publicapi.payments.service.gov.uk/?signing={SIGNING}")
    assert service.url == "https://publicapi.payments.service.gov.uk"
    assert KEY not in repr(service)
    assert SIGNING not in repr(service)


def test_faults_are_switched_on_a_page(there):
    requests.post(there.url + "/", data={"fault": ["no-notice", "unheard-of"]}, timeout=10)
    assert there.faults == {"no-notice"}
    assert "checked" in requests.get(there.url + "/", timeout=10).text


def test_nonsense_breaks_nothing(there):
    for path in ("/secure/nothing", "/v1", "/elsewhere"):
        assert requests.get(there.url + path, timeout=10).status_code in (401, 404)
    answer = requests.post(
        f"{there.url}/v1/payments", data=b"{", headers={"Authorization": f"Bearer {KEY}"}, timeout=10
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "P0101")


def test_what_it_took_is_there_when_it_starts_again(tmp_path):
    kept = tmp_path / "payments.json"
    first = simulator.Simulator(kept=kept)
    first.open_account(KEY)
    said = {"amount": 100, "reference": "R", "return_url": "http://localhost", "description": "d"}
    status, made = first.handle("POST", "/v1/payments", {"Authorization": f"Bearer {KEY}"}, said)
    assert status == 201
    second = simulator.Simulator(kept=kept)
    assert made["payment_id"] in second.open_account(KEY).payments
    assert json.loads(kept.read_text())
