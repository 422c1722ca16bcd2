"""A supplier's claims taken in at the desk, beside what was seen; and the evidence itself, checked."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from vestry.channels.desk.tests.pages import text
from vestry.kernel import Ref, utc_now
from vestry.people.tests.officers import put_everybody, sign_in
from vestry.technology import api as technology
from vestry.technology.ports import Finding, RawEvidence, Verdict
from vestry.technology.tests.technologies import GRACE, decided, put, run

OLD = "/desk/technologies/of/old-booker/"
CLAIMS = f"{OLD}claims/"
DAY = {"day-day": "1", "day-month": "9", "day-year": "2026"}
WHERE = {"source": "https://market.example/old-booker", **DAY}
TABLE = "question,answer\nmobileDifferences,None\nmobile,Yes\nmetrics,yes\n"


@pytest.fixture(autouse=True)
def _register(council):
    put_everybody()
    put()


def tables(name):
    """Somebody at the database itself, past every door."""
    return apps.get_model("technology", name)


@pytest.fixture
def priya():
    return sign_in(Client(), "priya")


def look(*findings):
    now = utc_now()
    technology.ask_look(
        about=Ref("technology", "old-booker"), address="https://old.example/", by=GRACE, now=now
    )
    seen = run(*findings, started=now)
    technology.end_look(look=technology.claim_look(now=now), run=seen, now=now)


def gone_on_a_phone():
    return Finding(
        criterion="M2",
        verdict=Verdict.NOT_MET,
        sentence="Two controls are not there on a phone.",
        evidence=("headers.txt",),
    )


def claims():
    return {each.question: each for each in technology.evidence("old-booker") if each.means == "claimed"}


def test_answers_are_taken_in_as_a_whole_after_what_they_would_mean_is_seen(priya):
    look(gone_on_a_phone())
    shown = text(priya.post(f"{CLAIMS}import/", {**WHERE, "text": TABLE}))
    assert "mobileDifferences" in shown
    assert "Not met Seen" in shown
    assert "One other answer is about none of our criteria" in shown
    assert claims() == {}
    done = priya.post(f"{CLAIMS}import/", {**WHERE, "text": TABLE, "save": "yes"}, follow=True)
    assert "2 answers are kept." in text(done)
    assert claims()["mobile"].source == WHERE["source"]
    assert claims()["mobile"].day.isoformat() == "2026-09-01"


@pytest.mark.parametrize("address", [CLAIMS, OLD, f"{OLD}report/"])
def test_where_supplier_and_look_disagree_stands_in_words(priya, address):
    look(gone_on_a_phone())
    priya.post(f"{CLAIMS}import/", {**WHERE, "text": TABLE, "save": "yes"})
    said = text(priya.get(address))
    assert "The supplier says “None” (1 September 2026): met." in said
    assert "not met. Two controls are not there on a phone." in said
    held = technology.get_stand("old-booker", utc_now().date()).standings["M2"]
    assert held.verdict == Verdict.NOT_MET


def test_disagreements_come_first_and_what_takes_proof_says_so(priya):
    look(gone_on_a_phone())
    priya.post(f"{CLAIMS}import/", {**WHERE, "text": TABLE, "save": "yes"})
    said = text(priya.get(CLAIMS))
    assert said.index("Can everything be done on a phone") < said.index("anything special on the phone")
    # Of the two that the supplier speaks of, only one can be met by a word.
    assert said.count("what the supplier says cannot meet it") == 1


def test_the_one_page_report_as_pdf_has_them_too(priya):
    from io import BytesIO

    from pypdf import PdfReader

    look(gone_on_a_phone())
    priya.post(f"{CLAIMS}import/", {**WHERE, "text": TABLE, "save": "yes"})
    pdf = PdfReader(BytesIO(priya.get(f"{OLD}report.pdf").content))
    said = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "The supplier says “None” (1 September 2026): met." in said


def test_a_file_is_read_and_a_mistake_in_it_told_with_nothing_lost(priya):
    content = b'{"mobile": true,\n"dataExportFormats": ["cvs"]}'
    file = SimpleUploadedFile("answers.json", content, "application/json")
    refused = priya.post(f"{CLAIMS}import/", {**WHERE, "file": file})
    assert refused.status_code == 422
    said = "Line 2, dataExportFormats: “cvs” is none of the answers to this question. Write CSV."
    assert said in text(refused)
    kept = refused.content.decode()
    assert "cvs" in kept.partition("<textarea")[2]
    assert WHERE["source"] in kept
    assert 'value="2026"' in kept
    assert claims() == {}


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "Paste their answers, or choose a file"),
        ({"text": TABLE}, "Enter where the supplier says so"),
        ({"text": TABLE, "source": "x", **DAY, "day-year": "2099"}, "must be today or in the past"),
        ({**WHERE, "text": "question,answer\nmetrics,yes"}, "about any of our criteria"),
        ({**WHERE, "text": "x" * 1_100_000}, "too long"),
        ({**WHERE, "file": SimpleUploadedFile("a.csv", b"\xff\xfe", "text/csv")}, "in UTF-8"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_in_words(priya, form, says):
    refused = priya.post(f"{CLAIMS}import/", form)
    assert refused.status_code == 422
    assert says in text(refused)


def test_they_can_be_changed_before_they_are_taken_in(priya):
    again = priya.post(f"{CLAIMS}import/", {**WHERE, "text": TABLE, "again": "yes"})
    assert again.status_code == 200
    assert "mobileDifferences,None" in again.content.decode()


def test_a_form_asks_question_by_question_and_keeps_what_was_typed(priya):
    answers = {
        **WHERE,
        "mobile": "Yes",
        "guaranteedAvailability": "lots",
        "dataExportFormats": ["CSV", "ODF"],
    }
    refused = priya.post(f"{CLAIMS}add/", answers)
    assert refused.status_code == 422
    assert "There is no figure in it. Write it in digits, as in 99.9%." in text(refused)
    assert "lots" in refused.content.decode()
    done = priya.post(f"{CLAIMS}add/", answers | {"guaranteedAvailability": "99.9%"})
    assert done.status_code == 302
    assert {name: each.sentence for name, each in claims().items()} == {
        "mobile": "Yes",
        "guaranteedAvailability": "99.9%",
        "dataExportFormats": "CSV, ODF",
    }
    assert "Answer one of the questions" in text(priya.post(f"{CLAIMS}add/", WHERE))


def test_every_piece_of_evidence_can_be_looked_into(priya):
    picture = RawEvidence(name="width-320.png", media_type="image/png", content=b"\x89PNG")
    seen = run(gone_on_a_phone())
    now = utc_now()
    technology.ask_look(
        about=Ref("technology", "old-booker"), address="https://old.example/", by=GRACE, now=now
    )
    finding = Finding(
        criterion="M1", verdict=Verdict.MET, sentence="It fits.", evidence=("headers.txt", "width-320.png")
    )
    made = type(seen)(
        **{**vars(seen), "started": now, "findings": (finding,), "evidence": (*seen.evidence, picture)}
    )
    technology.end_look(look=technology.claim_look(now=now), run=made, now=now)
    priya.post(f"{CLAIMS}import/", {**WHERE, "text": TABLE, "save": "yes"})

    all_ = text(priya.get(f"{OLD}evidence/"))
    assert all(each in all_ for each in ("Look 1", "It fits.", "The supplier says so"))
    looked = text(priya.get(f"{OLD}looks/1/"))
    assert all(
        each in looked for each in ("vestry probes 1", "Grace Bell", "width-320.png", "hash fits", "It fits.")
    )
    (piece,) = technology.evidence("old-booker", look=1)
    page = priya.get(f"{OLD}evidence/{piece.id}/")
    said = text(page)
    assert all(each in said for each in ("Seen", "https://old.example/", "vestry probes 1", piece.sha256))
    assert "server: old" in said
    assert f'src="{OLD}evidence/files/{picture.sha256}/"' in page.content.decode()
    said = text(priya.get(f"{OLD}evidence/{claims()['mobile'].id}/"))
    assert all(
        each in said for each in ("The supplier says so", WHERE["source"], "1 September 2026", "mobile")
    )


def test_a_hash_that_no_longer_fits_is_said_and_the_file_not_given_out(priya):
    look(gone_on_a_phone())
    (piece,) = technology.evidence("old-booker")
    tables("Kept").objects.update(content=b"server: new")
    for address in (f"{OLD}looks/1/", f"{OLD}evidence/{piece.id}/"):
        said = text(priya.get(address))
        assert "hash does not fit" in said
        assert "server: new" not in said
    refused = priya.get(f"{OLD}evidence/files/{piece.files[0]['sha256']}/")
    assert refused.status_code == 409
    assert "its hash no longer fits" in text(refused)
    tables("Evidence").objects.update(sentence="All is well.")
    said = text(priya.get(f"{OLD}evidence/{piece.id}/"))
    assert "This is not what was kept any more" in said
    row = tables("Evidence").objects.get()
    tables("Evidence").objects.update(sha256=row.digest)
    assert "The ledger knows nothing" in text(priya.get(f"{OLD}evidence/{piece.id}/"))


def test_what_a_decision_rested_on_is_reached_from_it(priya):
    decided("tidy-rounds", now=utc_now())
    page = priya.get("/desk/technologies/of/tidy-rounds/").content.decode()
    (decision,) = technology.decisions("tidy-rounds")
    rested = [each["evidence"] for each in decision.rested["criteria"] if each["evidence"]]
    assert rested
    part = page.partition("What it rested on")[2]
    for number in rested:
        assert f'href="/desk/technologies/of/tidy-rounds/evidence/{number}/"' in part
        assert priya.get(f"/desk/technologies/of/tidy-rounds/evidence/{number}/").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["evidence/999999/", "looks/9/", "evidence/files/xyz/", f"evidence/{'9' * 30}/", f"looks/{'9' * 30}/"],
)
def test_what_is_not_there_is_not_there(priya, address):
    assert priya.get(OLD + address).status_code == 404


def test_many_pieces_stand_on_several_pages(priya):
    for number in range(60):
        technology.answer(
            technology="old-booker",
            criterion="C2",
            verdict=Verdict.MET,
            means="documented",
            sentence=f"Number {number:02}.",
            by=GRACE,
            now=utc_now(),
        )
    first = text(priya.get(f"{OLD}evidence/"))
    assert "Number 59." in first
    assert "Number 09." not in first
    assert "Number 09." in text(priya.get(f"{OLD}evidence/?after=50"))
    assert priya.get(f"{OLD}evidence/?after=nonsense").status_code == 200


def test_suppliers_named_alike_are_one_with_technologies_contracts_and_claims(priya):
    tidy, old = technology.get_technology("tidy-rounds"), technology.get_technology("old-booker")
    technology.write_entries(
        [replace(tidy, supplier="Example (Old) Limited"), replace(old, address="https://old.example")],
        by=GRACE,
        now=utc_now(),
    )
    look(gone_on_a_phone())
    priya.post(f"{CLAIMS}import/", {**WHERE, "text": TABLE, "save": "yes"})
    assert "2 technologies, £51,000 a year" in text(priya.get("/desk/technologies/suppliers/"))
    page = priya.get(OLD).content.decode()
    where = "/desk/technologies/suppliers/example-old/"
    assert f'href="{where}"' in page
    said = text(priya.get(where))
    assert "The register also writes: Example Old plc." in said
    assert "We pay it £51,000 a year." in said
    for each in ("Tidy Rounds", "Old Booker", "Last day to give notice", "No contract"):
        assert each in said
    assert "The supplier says “None” (1 September 2026): met. Seen" in said
    assert priya.get("/desk/technologies/suppliers/nobody/").status_code == 404


@pytest.mark.parametrize("name", ["", "–", "(plc)", "Ltd", "O’Neil & Sons Ltd", "Æther", "../x", "a/b"])
def test_a_technologies_page_is_there_whatever_its_supplier_is_called(priya, name):
    technology.write_entries(
        [replace(technology.get_technology("old-booker"), supplier=name)], by=GRACE, now=utc_now()
    )
    assert priya.get(OLD).status_code == 200
    assert priya.get("/desk/technologies/suppliers/").status_code == 200
    if key := technology.supplier_key(name):
        assert priya.get(f"/desk/technologies/suppliers/{key}/").status_code == 200
