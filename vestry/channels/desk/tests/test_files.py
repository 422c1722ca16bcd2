"""An officer sees the files of a case, and saves them."""

from importlib import import_module
from io import BytesIO

import pytest

from vestry import kernel
from vestry.channels.desk.tests.pages import text
from vestry.documents import api as documents
from vestry.documents.tests import made
from vestry.kernel import SYSTEM, Ref
from vestry.services.tests.services_to_try import TUESDAY_NOON

JOURNEY = Ref("journey", "1")
# By name, as what is plugged in and what the worker runs are.
scanners = import_module("vestry.outbound.clamav.fakes")
jobs = import_module("vestry.documents.jobs")


@pytest.fixture
def scan_by(monkeypatch):
    return lambda scanner: monkeypatch.setitem(kernel._plugs, "documents.scan", lambda: scanner)


@pytest.fixture
def give(reference):
    def give(content, name):
        view = documents.receive(
            owner=JOURNEY,
            actor=SYSTEM,
            name=name,
            stream=BytesIO(content),
            allowed=documents.kinds_of(["photo", "pdf"]),
            kinds="a JPG",
            now=TUESDAY_NOON,
        )
        to = Ref("case", reference)
        documents.keep(ids=[view.id], owners=[JOURNEY], to=to, actor=SYSTEM, now=TUESDAY_NOON)
        return f"/desk/cases/{reference}/files/{view.id}/"

    return give


def test_a_clean_file_is_saved_and_never_shown(signed_in, give, scan_by, reference):
    scan_by(scanners.FakeScanner())
    content = made.picture()
    address, priya = give(content, "Caffi Siân.jpg"), signed_in("priya")
    page = priya.get(f"/desk/cases/{reference}/")
    assert "Caffi Siân.jpg" in text(page)
    assert address in page.content.decode()
    saved = priya.get(address)
    assert b"".join(saved.streaming_content) == content
    assert saved["Content-Disposition"].startswith("attachment; filename*=utf-8''Caffi%20Si%C3%A2n.jpg")
    assert saved["Content-Type"] == "image/jpeg"
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert saved["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in saved["Cache-Control"]


def test_nobody_opens_what_was_not_scanned(signed_in, give, scan_by, reference):
    scan_by(scanners.FailingScanner())
    address, priya = give(made.infected_pdf(), "bill.pdf"), signed_in("priya")
    page = priya.get(f"/desk/cases/{reference}/")
    assert "bill.pdf Being checked" in text(page)
    assert address not in page.content.decode()
    refused = priya.get(address)
    assert refused.status_code == 409
    assert "still being checked for viruses" in text(refused)
    scan_by(scanners.FakeScanner())
    jobs.scan_waiting(now=TUESDAY_NOON)
    assert "bill.pdf Had a virus, deleted" in text(priya.get(f"/desk/cases/{reference}/"))
    assert priya.get(address).status_code == 404


def test_a_file_of_another_case_or_for_another_officer_is_not_there(signed_in, give, scan_by, reference):
    scan_by(scanners.FakeScanner())
    address = give(made.picture(), "a.jpg")
    assert signed_in("maya").get(address).status_code == 404
    assert signed_in("priya").get(f"/desk/cases/{reference}/files/{'a' * 32}/").status_code == 404
