"""The register on the desk: the smallest case is walked from the list to the decision."""

from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from vestry.channels.desk.tests.pages import errors, text
from vestry.people.tests.officers import put_everybody, sign_in
from vestry.technology import api as technology
from vestry.technology.ports import Progress
from vestry.technology.tests.technologies import GRACE, put, run

HOME = "/desk/technologies/"
TIDY = f"{HOME}of/tidy-rounds/"
OLD = f"{HOME}of/old-booker/"


@pytest.fixture(autouse=True)
def _register(council):
    put_everybody()
    put()


def officer(slug):
    return sign_in(Client(), slug)


def answers(stand, principle, verdict="met"):
    form = {}
    for each in stand.criteria:
        if each.principle == principle:
            form |= {
                f"{each.id}-verdict": verdict,
                f"{each.id}-means": each.means[0],
                f"{each.id}-says": "Seen on a phone.",
            }
    return form


def walk(client, address, slug):
    """Answer every question of an assessment."""
    client.post(f"{address}assess/", {"kind": "renew"})
    for principle in technology.PRINCIPLES:
        stand = next(each for each in technology.stands(_today()) if each.entry.slug == slug)
        page = client.get(f"{address}assess/{principle}/")
        assert page.status_code == 200
        assert client.post(f"{address}assess/{principle}/", answers(stand, principle)).status_code == 302


def _today():
    from vestry.kernel import local_day, utc_now

    return local_day(utc_now())


def test_the_smallest_case_is_walked_from_the_list_to_the_decision():
    grace = officer("grace")
    assert "Tidy Rounds" in text(grace.get(HOME))
    walk(grace, TIDY, "tidy-rounds")
    said = text(grace.get(f"{TIDY}decide/"))
    assert "Go ahead" in said
    form = {"outcome": "proceed", "reason": "It does what it should."}
    assert grace.post(f"{TIDY}decide/", form).status_code == 302
    said = text(grace.get(TIDY))
    assert "It does what it should." in said
    assert "Decided by Grace Bell" in said
    assert "Seen on a phone." in said


def test_what_is_known_is_not_asked_again_and_nothing_typed_is_lost():
    grace = officer("grace")
    grace.post(f"{TIDY}assess/", {"kind": "renew"})
    page = grace.post(f"{TIDY}assess/interoperable/", {"I1-verdict": "met", "I5-says": "A button does it."})
    assert page.status_code == 422
    assert "Enter what you saw or read" in text(page)
    assert "A button does it." in page.content.decode()
    said = text(grace.get(f"{TIDY}assess/flexible/"))
    assert "The register knows" in said


def test_another_means_for_the_same_answer_wants_its_text():
    grace = officer("grace")
    grace.post(f"{TIDY}assess/", {"kind": "renew"})
    said = {"source": "G-Cloud", "day": _today(), "by": GRACE, "now": _now()}
    claims = technology.read_answers({"dataExportFormats": ["CSV"]}).claims
    technology.take_claims(technology="tidy-rounds", claims=claims, **said)
    page = f"{TIDY}assess/interoperable/"
    assert grace.post(page, {"I5-verdict": "met"}).status_code == 302, "what is known is not asked again"
    assert technology.get_stand("tidy-rounds", _today()).standings["I5"].why == "word-only"
    refused = grace.post(page, {"I5-verdict": "met", "I5-means": "documented"})
    assert errors(refused) == [("I5-says", "Enter what you saw or read")]
    grace.post(page, {"I5-verdict": "met", "I5-means": "documented", "I5-says": "In its manual."})
    assert technology.get_stand("tidy-rounds", _today()).standings["I5"].verdict.value == "met"


def test_a_text_without_an_answer_is_not_dropped():
    grace = officer("grace")
    grace.post(f"{TIDY}assess/", {"kind": "renew"})
    refused = grace.post(f"{TIDY}assess/interoperable/", {"I5-says": "A button does it."})
    assert errors(refused) == [("I5-verdict", "Select how it stands")]
    assert "A button does it." in refused.content.decode()


def test_what_is_typed_while_somebody_else_decides_is_not_lost():
    grace = officer("grace")
    walk(grace, TIDY, "tidy-rounds")
    grace.post(f"{TIDY}decide/", {"outcome": "proceed", "reason": "It does what it should."})
    page = f"{TIDY}assess/interoperable/"
    typed = {"I5-verdict": "partly", "I5-means": "observed", "I5-says": "Only half of it."}
    refused = grace.post(page, typed)
    assert refused.status_code == 409
    assert "The assessment was decided before you saved." in errors(refused)[0][1]
    assert "Only half of it." in refused.content.decode()
    assert grace.get(page).status_code == 404
    grace.post(f"{TIDY}assess/", {"kind": "renew"})
    assert grace.post(page, typed).status_code == 302
    assert technology.get_stand("tidy-rounds", _today()).standings["I5"].piece.sentence == "Only half of it."


def test_what_is_not_known_cannot_be_gone_ahead_with():
    grace = officer("grace")
    grace.post(f"{OLD}assess/", {"kind": "renew"})
    page = grace.get(f"{OLD}decide/").content.decode()
    assert 'value="refused"' in page
    assert 'value="proceed"' not in page
    assert grace.post(f"{OLD}decide/", {"outcome": "proceed", "reason": "x"}).status_code == 422


def test_one_asks_for_a_waiver_and_another_grants_it():
    form = {
        "principle": "cloud-native",
        "why": "law",
        "reason": "The Act names it.",
        "owner": "Grace",
        "instead": "We patch it.",
        "exit": "We leave in May.",
        "ends-day": str(_today().day),
        "ends-month": str(_today().month),
        "ends-year": str(_today().year + 3),
    }
    priya, grace = officer("priya"), officer("grace")
    assert "A waiver ends after 12 months" in text(priya.post(f"{OLD}waive/", form))
    form["ends-year"] = str(_today().year + 1)
    assert priya.post(f"{OLD}waive/", form).status_code == 302
    assert "Grant it" not in text(priya.get(OLD))
    assert grace.post(f"{OLD}waivers/1/", {"grant": "yes"}).status_code == 302
    said = text(grace.get(HOME))
    assert "waived until" in said
    assert grace.post(f"{OLD}waivers/1/", {"grant": "yes"}).status_code == 409


def test_nobody_grants_their_own_waiver():
    ends = _today().replace(year=_today().year + 1)
    form = {"principle": "flexible", "why": "law", "reason": "x", "owner": "x", "instead": "x", "exit": "x"}
    form |= {"ends-day": ends.day, "ends-month": ends.month, "ends-year": ends.year}
    grace = officer("grace")
    assert grace.post(f"{OLD}waive/", form).status_code == 302
    refused = grace.post(f"{OLD}waivers/1/", {"grant": "yes"})
    assert refused.status_code == 409
    assert "cannot grant it" in text(refused)


@pytest.mark.parametrize("address", ["assess/nonsense/", "waivers/99999999999999999999/", "nonsense/"])
def test_nonsense_is_not_there(address):
    assert officer("grace").get(f"{TIDY}{address}").status_code in (404, 405)


@pytest.mark.parametrize(("ending", "status"), [("csv", 200), ("json", 200), ("exe", 404)])
def test_the_register_is_a_file_too(ending, status):
    assert officer("tom").get(f"{HOME}technologies.{ending}").status_code == status


LOOK = f"{OLD}look/"
WALK = "title: Press it twice\nstart: /\nsteps: [{press: Go on}]\nends: {says: Thank you}\n"


def test_an_officer_has_it_looked_at_and_sees_how_far_it_is():
    priya = officer("priya")
    assert "Have it looked at" in text(priya.get(OLD))
    page = priya.post(LOOK, {"address": "old.example", "leave": "letter of May", "walk": WALK})
    assert page.status_code == 422
    assert "Enter a web address that begins with" in text(page)
    assert "letter of May" in page.content.decode()
    assert priya.post(LOOK, {"address": "https://old.example/"}).status_code == 302
    page = priya.get(LOOK)
    assert page["Refresh"] == "4"
    assert "It begins in a moment." in text(page)
    look = technology.claim_look(now=_now())
    progress = Progress(doing="Opening its pages on a phone, a tablet and a desk", step=3, of=9)
    technology.tell_look(look=look, progress=progress, now=_now())
    said = text(priya.get(LOOK))
    assert "Step 3 of 9: Opening its pages on a phone" in said
    refused = priya.post(LOOK, {"address": "https://old.example/", "walk": WALK})
    assert refused.status_code == 422
    assert [said for _, said in errors(refused)] == [
        "It is being looked at already. Wait until that is done."
    ]
    assert "Press it twice" in refused.content.decode()
    technology.end_look(look=look, run=run(started=_now()), now=_now())
    page = priya.get(LOOK)
    assert "Refresh" not in page.headers
    assert "1 findings were kept." in text(page)
    assert "1024 pixels at 360." in text(priya.get(OLD))
    kept = priya.get(f"{OLD}evidence/files/{run().evidence[0].sha256}/")
    assert kept.content == b"server: old"
    assert kept["Content-Disposition"] == 'attachment; filename="headers.txt"'
    assert "sandbox" in kept["Content-Security-Policy"]
    assert priya.get(f"{OLD}evidence/files/{'0' * 64}/").status_code == 404


def test_a_look_that_failed_says_why_and_the_form_is_filled_in_again():
    priya = officer("priya")
    said = errors(priya.post(LOOK, {"address": "https://old.example/", "walk": "title: x"}))
    assert "This is not a journey: Object missing required field" in said[0][1]
    priya.post(LOOK, {"address": "https://old.example/", "walk": WALK})
    look = technology.claim_look(now=_now())
    technology.fail_look(look=look, reason="This address cannot be looked at: no such host", now=_now())
    page = priya.get(LOOK)
    assert "It could not be looked at. This address cannot be looked at: no such host" in text(page)
    assert "Press it twice" in page.content.decode()


def _now():
    from vestry.kernel import utc_now

    return utc_now()


def test_one_technology_is_put_on_one_page_as_html_and_as_tagged_pdf():
    priya = officer("priya")
    words = text(priya.get(f"{OLD}report/"))
    assert "Old Booker" in words
    assert "Is it software as a service, or why not? Not met" in words
    page = priya.get(f"{OLD}report.pdf")
    assert page["Content-Type"] == "application/pdf"
    # Tagged, so that a screen reader has headings and lists to go by; and conforming to PDF/UA-1.
    assert all(each in page.content for each in (b"/MarkInfo", b"/StructTreeRoot", b"pdfuaid"))
    read = PdfReader(BytesIO(page.content))
    assert len(read.pages) <= 2
    written = " ".join(" ".join(each.extract_text() for each in read.pages).split())
    assert "Is it software as a service, or why not? Not met" in written
    assert priya.get(f"{OLD}report.doc").status_code == 404
