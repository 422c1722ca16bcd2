"""What a supplier says: read as a whole, taken in with where and when, never above what was seen."""

from datetime import timedelta

import pytest

from vestry.technology import api as technology
from vestry.technology import models
from vestry.technology.ports import Verdict
from vestry.technology.tests.technologies import NOON, OLD, PRIYA, TODAY, put, run

pytestmark = pytest.mark.usefixtures("council")
HEAD = "question,answer"


def wrong(text):
    found = technology.read_claims(text)
    return [(each.line, each.column, f"{each.what} {each.right}") for each in found.wrong]


def understood(text):
    read = technology.read_claims(text)
    assert read.wrong == []
    return {each.question: (each.answer, each.verdict) for each in read.claims}


@pytest.mark.parametrize(
    "text",
    [
        f'{HEAD}\ninstallation,No\nAPIDocumentationFormats,"Open API; PDF"\n'
        'mobileDifferences,"Fewer menus, one less"',
        "Answer\tQuestion\nNo\tinstallation\nopenapi;pdf\tAPIDocumentationFormats\n"
        "Fewer menus, one less\tmobileDifferences",
        '{"installation": false, "APIDocumentationFormats": ["openapi", "pdf"],'
        ' "mobileDifferences": {"value": "Fewer menus, one less", "assurance": "none"}}',
    ],
    ids=["csv", "from a spreadsheet", "json"],
)
def test_answers_are_read_by_value_or_as_they_are_read_out(text):
    assert understood(text) == {
        "installation": ("No", Verdict.MET),
        "APIDocumentationFormats": ("Open API (also known as Swagger), PDF", Verdict.MET),
        "mobileDifferences": ("Fewer menus, one less", Verdict.PARTLY),
    }


def test_what_is_asked_in_the_set_and_about_no_criterion_is_left_out_and_told():
    read = technology.read_claims('{"serviceName": "Booker", "metrics": true, "mobile": true}')
    assert [each.question for each in read.claims] == ["mobile"]
    assert (read.silent, read.wrong) == (["serviceName", "metrics"], [])


def test_an_answer_that_tells_nothing_by_itself_is_kept_as_not_known():
    assert understood(f"{HEAD}\nuserAuthentication,Dedicated link (for example VPN)") == {
        "userAuthentication": ("Dedicated link", Verdict.NOT_KNOWN)
    }


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, "", "nothing in it"),
        (",,\n,", 1, "", "nothing in it"),
        ('""', 1, "", "nothing in it"),
        ("a,b\n1,2", 1, "", "Begin with the line: question,answer."),
        (f"{HEAD}\nmobile,Yes,really", 2, "", "quotation marks"),
        (f'{HEAD}\nmobile,"Yes', 2, "", "Save it as CSV"),
        (f"{HEAD}\nmobile,Yes\nAPIDocumentatoin,Yes", 3, "APIDocumentatoin", "Write APIDocumentation."),
        (f"{HEAD}\nheight,12", 2, "height", "Leave it out"),
        (f"{HEAD}\npenetrationTesting,At least once year", 2, "penetrationTesting", "At least once a year."),
        (f"{HEAD}\nmobile,perhaps", 2, "mobile", "Write one of Yes; No."),
        (f"{HEAD}\nmobile,", 2, "mobile", "Write something"),
        (f"{HEAD}\nguaranteedAvailability,lots", 2, "guaranteedAvailability", "as in 99.9%"),
        (f"{HEAD}\nmobile,Yes\nmobile,No", 3, "mobile", "on line 2, too"),
        ("{\n", 2, "", "as JSON"),
        ("[1]", 1, "", "It is a list."),
        ('{\n"mobile": true,\n"dataExportFormats": ["cvs"]\n}', 3, "dataExportFormats", "Write CSV."),
        ('{"mobile": true,\n"mobile": false}', 2, "mobile", "on line 1, too"),
        ("[" * 100_000, 1, "", "as JSON"),
        ('{"outageReporting": [{"a": 1}]}', 1, "outageReporting", "or a list of these"),
        ('{"mobile": true,\n"outageReporting": {"a": 1}}', 2, "outageReporting", "or a list of these"),
        ('{"outageReporting": [["a"]]}', 1, "outageReporting", "or a list of these"),
        (f"{HEAD}\nguaranteedAvailability,No SLA; ISO 27001", 2, "guaranteedAvailability", "as in 99.9%"),
        (f"{HEAD}\nguaranteedAvailability,99999%", 2, "guaranteedAvailability", "as in 99.9%"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_would_be_right(text, line, column, says):
    ((where, which, told),) = wrong(text)
    assert (where, which) == (line, column)
    assert says in told


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        ("guaranteedAvailability", "Our SLA targets 90% (2024)", Verdict.PARTLY),
        ("guaranteedAvailability", "99.95 %", Verdict.PARTLY),
        ("guaranteedAvailability", "None.", Verdict.NOT_MET),
        ("outageReporting", "A public page", Verdict.PARTLY),
        ("outageReporting", "none", Verdict.NOT_MET),
        ("endOfContractDataExtraction", "Not possible", Verdict.NOT_MET),
        ("endOfContractDataExtraction", "As CSV", Verdict.NOT_KNOWN),
    ],
)
def test_words_of_ones_own_come_to_no_more_than_they_say(question, answer, verdict):
    assert understood(f"{HEAD}\n{question},{answer}")[question][1] == verdict


def test_what_no_database_keeps_is_left_out_of_what_was_said():
    text = r'{"outageReporting\u0000": ["a\u0000b", "\ud800"], "mobile": "Yes"}'
    assert understood(text) == {"outageReporting": ("ab", Verdict.PARTLY), "mobile": ("Yes", Verdict.MET)}


def test_only_so_many_mistakes_are_told():
    text = ",\n".join(f'"unknown{number}": 1' for number in range(4_000))
    told = wrong(f"{{{text}}}")
    assert (len(told), told[-1][:2]) == (50, (50, "unknown49"))


def take(text, *, source="G-Cloud 14", day=TODAY):
    read = technology.read_claims(text)
    return technology.take_claims(
        technology="old-booker", claims=read.claims, source=source, day=day, by=PRIYA, now=NOON
    )


def test_claims_are_kept_once_with_where_and_when():
    put()
    assert take(f"{HEAD}\nmobile,Yes\nAPISandbox,Yes") == 2
    assert take(f"{HEAD}\nmobile,Yes") == 0
    assert take(f"{HEAD}\nmobile,Yes", source="Their website") == 1
    newest, *_ = technology.evidence("old-booker")
    assert (newest.source, newest.question, newest.day, newest.by) == (
        "Their website",
        "mobile",
        TODAY,
        str(PRIYA),
    )
    with pytest.raises(technology.NoSourceGiven):
        take(f"{HEAD}\nmobile,Yes", source=" ")


def test_an_answer_replaces_the_one_before_and_none_to_another_question():
    put()
    take(f"{HEAD}\noutageReporting,None", day=TODAY - timedelta(days=2))
    take(f"{HEAD}\nguaranteedAvailability,99.9%", day=TODAY - timedelta(days=1))
    assert stand().standings["C5"].verdict == Verdict.NOT_MET
    # The same day, from the same place, put right.
    take(f"{HEAD}\noutageReporting,None")
    take(f"{HEAD}\noutageReporting,A public page")
    assert stand().standings["C5"].verdict == Verdict.PARTLY
    (told,) = [each for each in technology.beside(stand()) if each.criterion.id == "C5"]
    assert [each.sentence for each in told.claims] == ["A public page", "99.9%"]


def stand():
    return technology.get_stand("old-booker", TODAY)


def test_what_the_supplier_says_and_what_was_seen_disagree_first_of_all():
    put()
    take(f'{HEAD}\nmobileDifferences,None\nmobile,Yes\nbrowsersSupported,"Firefox; Chrome"')
    technology.take_run(
        about=OLD.ref,
        run=run(_seen("M2", Verdict.NOT_MET), _seen("M6", Verdict.MET)),
        by=PRIYA,
        now=NOON,
    )
    all_ = technology.beside(stand())
    assert [(each.criterion.id, each.differs) for each in all_[:2]] == [("M2", "better"), ("M6", "worse")]
    assert not any(each.differs for each in all_[2:])
    assert [each.criterion.id for each in technology.disagreements(stand())] == ["M2", "M6"]
    by_id = {each.criterion.id: each for each in all_}
    assert (by_id["M2"].claimed.sentence, by_id["M2"].otherwise.means) == ("None", "observed")
    # That nothing has to be installed on a phone takes no proof; that all is there on one, does.
    assert (by_id["M5"].enough, by_id["M2"].enough) == (True, False)
    assert by_id["F2"].otherwise.means == "worked-out"


def _seen(criterion, verdict):
    from vestry.technology.ports import Finding

    return Finding(criterion=criterion, verdict=verdict, sentence="So it is.")


def test_a_claim_never_lifts_what_was_seen_however_long_ago():
    put()
    long_ago = NOON - timedelta(days=500)
    technology.take_run(
        about=OLD.ref,
        run=run(_seen("C5", Verdict.NOT_MET), started=long_ago),
        by=PRIYA,
        now=long_ago,
    )
    assert stand().standings["C5"].why == "stale"
    take(f"{HEAD}\nguaranteedAvailability,99.9%")
    held = stand().standings["C5"]
    assert (held.verdict, held.why) == (Verdict.NOT_KNOWN, "stale")
    assert technology.disagreements(stand())[0].differs == "better"
    # A document does: somebody can be held to it.
    technology.answer(
        technology="old-booker",
        criterion="C5",
        verdict=Verdict.MET,
        means="documented",
        sentence="The contract says so.",
        by=PRIYA,
        now=NOON,
    )
    assert stand().standings["C5"].verdict == Verdict.MET


def test_evidence_is_held_against_its_hash_and_its_fact():
    put()
    technology.take_run(about=OLD.ref, run=run(), by=PRIYA, now=NOON, look=3)
    (piece,) = technology.evidence("old-booker", look=3)
    checked = technology.check_evidence("old-booker", piece.id)
    assert (checked.fits, checked.recorded) == (True, True)
    assert [(each.name, each.state, each.size) for each in checked.files] == [("headers.txt", "whole", 11)]
    assert (piece.source, piece.tool) == ("https://old.example/", "vestry probes 1")

    models.Kept.objects.update(content=b"server: new")
    (file,) = technology.check_evidence("old-booker", piece.id).files
    assert file.state == "changed"
    with pytest.raises(technology.EvidenceChanged, match=r"headers\.txt"):
        technology.kept_file(about=OLD.ref, sha256=file.sha256)
    models.Kept.objects.all().delete()
    (file,) = technology.check_evidence("old-booker", piece.id).files
    assert file.state == "gone"

    models.Evidence.objects.update(verdict="met")
    assert not technology.check_evidence("old-booker", piece.id).fits
    # Whoever changes the hash, too, has still not changed the ledger.
    row = models.Evidence.objects.get()
    models.Evidence.objects.update(sha256=row.digest)
    checked = technology.check_evidence("old-booker", piece.id)
    assert (checked.fits, checked.recorded) == (True, False)


def test_evidence_of_another_technology_is_not_there():
    put()
    technology.take_run(about=OLD.ref, run=run(), by=PRIYA, now=NOON)
    (piece,) = technology.evidence("old-booker")
    assert technology.evidence("tidy-rounds") == []
    with pytest.raises(technology.NoSuchEvidence):
        technology.check_evidence("tidy-rounds", piece.id)
