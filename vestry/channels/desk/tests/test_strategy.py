"""The strategy on the desk: the picture, the ladder, and a sentence that the wrong person can't change."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from vestry.channels.desk.tests.pages import text
from vestry.channels.desk.typeset import quoted
from vestry.councils import api as councils
from vestry.kernel import SYSTEM
from vestry.ledger import api as ledger
from vestry.people import api as people
from vestry.people.tests.officers import sign_in
from vestry.services import api as services
from vestry.strategy import api as strategy
from vestry.strategy.tests.conftest import officers  # noqa: F401
from vestry.strategy.tests.strategies import BIN, NOON, TODAY, put, slugs

pytestmark = pytest.mark.usefixtures("officers")
WORDS = "/desk/strategy/words/"
NEW = "Every bin is emptied on its day, whatever the weather."


@pytest.fixture(autouse=True)
def _strategy(officers):  # noqa: F811
    put()
    strategy.hang(BIN, on=TODAY)


def officer(slug):
    return sign_in(Client(), slug)


def test_the_picture_says_how_many_words_each_layer_has():
    page = officer("priya").get("/desk/strategy/")
    html = page.content.decode()
    assert 'aria-label="Purpose: 4 words' in html
    assert "style=" not in html.partition("<svg")[2].partition("</svg>")[0]


@pytest.mark.parametrize("on", ["2024-05-20", "nonsense", "9999-12-31", "0001-01-01", ""])
def test_the_picture_can_be_seen_on_any_day(on):
    page = officer("priya").get("/desk/strategy/", {"on": on})
    assert page.status_code == 200
    if on == "2024-05-20":
        assert "On 20 May 2024" in text(page)


def test_a_sentence_leads_up_and_down():
    said = text(officer("priya").get(f"{WORDS}clean-streets/"))
    assert said.index("We leave it better than we found it.") < said.index("People live well here.")
    assert "Report a missed bin" in said
    assert "We keep every street clean." in said, "what it said before"


def test_the_wrong_person_can_only_propose():
    priya = officer("priya")
    form = {"sentence": NEW, "reason": "Snow", "decided": ""}
    looked = text(priya.post(f"{WORDS}bins-on-the-day/change/", form))
    assert "Propose this change?" in looked
    assert "One thing hangs from this sentence" in looked
    priya.post(f"{WORDS}bins-on-the-day/change/", {**form, "save": "yes"})
    assert strategy.get_statement("bins-on-the-day").sentence != NEW
    assert NEW in text(priya.get("/desk/strategy/proposals/"))
    cai = officer("cai")
    assert "Say why not" in text(cai.post(f"{WORDS}bins-on-the-day/1/", {"decline": "yes"}))
    cai.post(f"{WORDS}bins-on-the-day/1/", {"accept": "yes", "decided": "Cabinet"})
    assert strategy.get_statement("bins-on-the-day").sentence == NEW


def test_before_it_is_saved_it_is_counted_what_hangs_from_it():
    cai = officer("cai")
    form = {"sentence": NEW, "reason": "", "decided": "Cabinet, today"}
    looked = text(cai.post(f"{WORDS}clean-streets/change/", form))
    assert "2 things hang from this sentence" in looked
    assert strategy.get_statement("clean-streets").sentence != NEW
    cai.post(f"{WORDS}clean-streets/change/", {**form, "save": "yes"})
    assert strategy.get_statement("clean-streets").sentence == NEW
    assert "Read it again" in text(cai.get(f"{WORDS}bins-on-the-day/"))
    assert "Every bin is emptied" in text(cai.get("/desk/strategy/gaps/"))


def test_nothing_that_was_typed_is_lost():
    page = officer("cai").post(
        f"{WORDS}clean-streets/change/", {"sentence": " ", "reason": "Because of snow"}
    )
    assert page.status_code == 422
    assert "Because of snow" in page.content.decode()


@pytest.mark.parametrize("ending", ["csv", "json", "md", "yaml", "pdf"])
def test_it_can_be_taken_along(ending):
    page = officer("priya").get(f"/desk/strategy/strategy.{ending}")
    body = page.content
    assert page.status_code == 200
    if ending == "json":
        assert json.loads(body)["measures"][0]["layer"] == "purpose"
    elif ending == "pdf":
        # Tagged, so that a screen reader has headings and lists to go by; and conforming to PDF/UA-1.
        assert body.startswith(b"%PDF-")
        assert b"/MarkInfo" in body
        assert b"/StructTreeRoot" in body
        assert b"pdfuaid" in body
    else:
        assert b"purpose" in body.lower()


def test_what_is_taken_along_can_be_brought_back():
    written = officer("priya").get("/desk/strategy/strategy.md").content.decode()
    read = strategy.read_markdown(written, strategy.LAYERS)
    assert {(one.slug, one.layer, one.sentence) for one in read} == {
        (one.slug, one.layer, one.sentence) for one in strategy.statements()
    }
    assert strategy.faults(read) == []


def test_what_changed_is_shown_side_by_side():
    said = text(
        officer("priya").get("/desk/strategy/changed/", {"since": "2024-01-01", "until": "2026-11-23"})
    )
    assert "We keep every street clean." in said
    assert "see to it that waste does no harm" in said


def test_no_text_is_markup_to_the_typesetter():
    assert quoted('a "b" \\ #c') == '"a \\"b\\" \\\\ #c"'


def test_something_is_added_under_what_it_serves():
    cai = officer("cai")
    asked = "/desk/strategy/add/?layer=outcome&under=clean-streets"
    assert "Add to the strategy" in text(cai.get(asked))
    form = {"layer": "outcome", "sentence": "No litter is left.", "owner": "-", "reason": "", "decided": ""}
    again = cai.post(asked, form)
    assert again.status_code == 422
    assert "No litter is left." in again.content.decode()
    form |= {"parent": "clean-streets"}
    assert "Save this change?" in text(cai.post(asked, form))
    cai.post(asked, form | {"save": "yes"})
    assert slugs(strategy.why("no-litter-is-left"))[1:] == ["clean-streets", "lasting", "live-well"]


def test_what_it_should_serve_is_found_by_a_word():
    page = officer("cai").post(
        "/desk/strategy/add/?layer=outcome", {"layer": "outcome", "find": "harm", "search": "yes"}
    )
    assert page.status_code == 200
    assert "see to it that waste does no harm" in text(page)
    assert "People live well here." not in text(page)


def test_what_skips_a_layer_says_why():
    form = {
        "layer": "outcome",
        "sentence": "x",
        "owner": "-",
        "reason": "",
        "decided": "",
        "parent": "lasting",
    }
    page = officer("cai").post("/desk/strategy/add/", form)
    assert page.status_code == 422
    assert "It skips a layer" in text(page)


@pytest.mark.parametrize("what", ["end", "link", "unlink/lasting/serves", "change", "if"])
@pytest.mark.parametrize("slug", ["nothing", "clean-streets"])
def test_what_can_be_done_with_a_sentence_has_a_page(what, slug):
    page = officer("priya").get(f"{WORDS}{slug}/{what}/")
    assert page.status_code == (200 if slug == "clean-streets" else 404)


def test_the_wrong_person_proposes_to_end_it():
    priya, page = officer("priya"), f"{WORDS}bins-on-the-day/end/"
    assert "Something still serves it" in text(priya.post(page, {"reason": "Old"}))
    strategy.unhang(slug="missed-bin", on=TODAY)
    assert "Propose this change?" in text(priya.post(page, {"reason": "Old"}))
    priya.post(page, {"reason": "Old", "save": "yes"})
    assert strategy.get_statement("bins-on-the-day").ended_on is None
    officer("cai").post(f"{WORDS}bins-on-the-day/1/", {"accept": "yes"})
    assert strategy.get_statement("bins-on-the-day").ended_on is not None


def test_a_link_is_taken_away_when_there_is_another():
    cai = officer("cai")
    refused = cai.post(f"{WORDS}clean-streets/unlink/lasting/serves/", {"reason": "", "decided": ""})
    assert "Say what it serves" in text(refused)
    assert cai.get(f"{WORDS}clean-streets/unlink/live-well/serves/").status_code == 404


def test_if_we_changed_this_counts_before_anything_is_done():
    said = text(officer("priya").get(f"{WORDS}lasting/if/"))
    assert "3 things would have to be read again" in said
    assert "3 things would have no why any more" in said
    assert "is not known" in said


def test_what_hangs_in_by_itself_says_why():
    strategy.hang_technology(
        strategy.Technology(slug="crm", title="A register", used_by=frozenset({"missed-bin"})), on=TODAY
    )
    for thing in ("service/missed-bin", "capability/report", "technology/crm"):
        assert "People live well here." in text(officer("priya").get(f"/desk/strategy/things/{thing}/"))
    assert officer("priya").get("/desk/strategy/things/service/nothing/").status_code == 404


@pytest.mark.parametrize("ending", ["csv", "json"])
@pytest.mark.parametrize("view", ["words", "gaps", "changed", "proposals", "why", "if", "strategy"])
def test_every_view_is_data_too(view, ending):
    page = officer("priya").get(f"/desk/strategy/{view}.{ending}", {"of": "clean-streets"})
    assert page.status_code == 200
    if ending == "json":
        assert json.loads(page.content) is not None
    else:
        assert b"," in page.content.splitlines()[0]


def test_no_such_file_is_not_there():
    priya = officer("priya")
    assert priya.get("/desk/strategy/words.pdf").status_code == 404
    assert priya.get("/desk/strategy/why.csv", {"of": "nothing"}).status_code == 404


def test_a_file_holds_no_sums():
    strategy.reword(officer=people.get_officer("cai"), slug="clean-streets", sentence="=1+1", now=NOON)
    assert "'=1+1" in officer("priya").get("/desk/strategy/words.csv").content.decode()


IMPORT = "/desk/strategy/import/"
MORE = """# Purpose
- People live well here. {#live-well}
# Values and principles
- We are kind. {#kind serves: live-well}
"""


OUTLINED = "statements:\n  live-well: {layer: purpose, says: People live well here.}\n"
FIGURES = "figures:\n  spend: [{since: 2026-04-01, source: Budget, services: {missed-bin: 41000}}]\n"


def test_an_outline_is_shown_before_it_is_taken_in():
    dora = officer("dora")
    looked = dora.post(IMPORT, {"text": MORE})
    assert "1 would be saved, 0 proposed." in text(looked)
    assert strategy.slugs() == {"live-well", "lasting", "clean-streets", "bins-on-the-day"}
    dora.post(IMPORT, {"text": MORE, "save": "yes"})
    assert strategy.get_statement("kind").sentence == "We are kind."


def test_the_wrong_person_proposes_an_outline():
    priya = officer("priya")
    page = priya.post(IMPORT, {"text": MORE, "save": "yes"})
    assert (page.status_code, "Say why" in text(page)) == (422, True)
    priya.post(IMPORT, {"text": MORE, "save": "yes", "reason": "Because"})
    assert "kind" not in strategy.slugs()
    assert [each.statement for each in strategy.proposals()] == ["kind"]


@pytest.mark.parametrize(
    ("outline", "said"),
    [
        ("# Purpos\n- x\n", 'Line 1: “Purpos” is not a layer.* Did you mean "Purpose"?'),
        (MORE.replace("serves: live-well", "serves: live-wel"), 'Line 4: .*Did you mean "live-well"?'),
        ("statements:\n  a:\n    layer: purpos\n    says: x\n", 'Line 3: .*Did you mean "purpose"?'),
        ("statements: [", "Line "),
        (OUTLINED + FIGURES, "Line 3: Figures of spend and hours are not taken in here"),
        ("", "Paste an outline"),
    ],
)
def test_what_is_wrong_with_an_outline_is_told_by_line(outline, said):
    page = officer("dora").post(IMPORT, {"text": outline})
    assert page.status_code == 422
    assert re.search(said.replace("?", "."), text(page))
    assert outline.strip() in html.unescape(page.content.decode())


def test_a_file_is_taken_and_another_is_refused():
    dora = officer("dora")
    file = SimpleUploadedFile("strategy.md", MORE.encode())
    assert "1 would be saved" in text(dora.post(IMPORT, {"file": file}))
    assert "must be text" in text(dora.post(IMPORT, {"file": SimpleUploadedFile("x.md", b"\xff\xfe\x00")}))
    film = SimpleUploadedFile("film.md", b"x" * 1_100_000)
    assert "too long" in text(dora.post(IMPORT, {"file": film}))


def test_an_outline_is_forged_by_nobody():
    forger = sign_in(Client(enforce_csrf_checks=True), "dora")
    assert forger.post(IMPORT, {"text": MORE, "save": "yes"}).status_code == 403
    assert "kind" not in strategy.slugs()


def test_what_is_written_as_yaml_is_taken_in_unchanged():
    page = officer("priya").get("/desk/strategy/strategy.yaml").content.decode()
    assert "Nothing: the strategy says all of it." in text(officer("dora").post(IMPORT, {"text": page}))


def test_another_owner_and_another_layer_are_told_and_taken_in():
    strategy.unhang(slug="missed-bin", on=TODAY)
    page = officer("priya").get("/desk/strategy/strategy.md").content.decode()
    page = page.replace("owner: waste", "owner: information").replace(
        "# Outcomes", "# Capabilities and services"
    )
    page = page.replace("serves: clean-streets", "serves: clean-streets, because it is near")
    cai = officer("cai")
    looked = text(cai.post(IMPORT, {"text": page}))
    assert "2 would be saved, 0 proposed." in looked
    assert "information" in looked
    assert "Capabilities and services: We keep every street clean" in looked
    priya = officer("priya")
    priya.post(IMPORT, {"text": page, "save": "yes", "reason": "Because"})
    assert "Another team looks after it: information" in text(priya.get("/desk/strategy/proposals/"))
    for number, said in ((1, "Capabilities and services"), (2, "information")):
        assert said in text(cai.get(f"{WORDS}bins-on-the-day/{number}/"))
        cai.post(f"{WORDS}bins-on-the-day/{number}/", {"accept": "yes", "decided": "Cabinet"})
    stands = strategy.get_statement("bins-on-the-day")
    assert (stands.owner, stands.layer) == ("information", "service")
    assert "Nothing: the strategy says all of it." in text(cai.post(IMPORT, {"text": page}))


def test_what_is_too_long_is_told_and_taken_in():
    long = MORE.replace("We are kind.", "We are " + "very " * 30 + "kind.")
    dora = officer("dora")
    assert "It is 3 words longer than" in text(dora.post(IMPORT, {"text": long}))
    dora.post(IMPORT, {"text": long, "save": "yes"})
    assert "kind" in strategy.slugs()


def test_a_strategy_with_a_past_is_taken_in_again_and_changes_nothing(other_council):
    cai = people.get_officer("cai")
    parks = {"slug": "parks", "layer": "strategy", "sentence": "We keep parks.", "serves": {"lasting": ""}}
    strategy.add(officer=cai, **parks, now=NOON)
    strategy.end(officer=cai, slug="parks", now=NOON)
    for words in ("We keep it clean.", "We keep it very clean.", "very " * 130):
        strategy.reword(officer=cai, slug="clean-streets", sentence=words, now=NOON)
    page = officer("dora").get("/desk/strategy/strategy.yaml").content.decode()
    assert "Nothing: the strategy says all of it." in text(officer("dora").post(IMPORT, {"text": page}))

    before, facts = strategy.history("parks"), len(ledger.since(0))
    more = page.replace("People live well here.", "People live long here.")
    services.put_strategy(text=more, name="x.yaml", by=SYSTEM, now=NOON + timedelta(days=9))
    assert [each.name for each in ledger.since(0)[facts:]] == ["strategy.reworded"]
    assert strategy.history("parks") == before
    assert strategy.get_statement("parks").ended_on == TODAY

    with councils.scope(other_council):
        services.put_strategy(text=page, name="x.yaml", by=SYSTEM, now=NOON)
        assert services.written_strategy() == page


OWN = """
layers:
  purpose: {title: Purpose, asks: Why?, words: 25, review: 10 years}
  principle: {title: Principles, asks: How?, words: 30, review: 5 years}
  aim: {title: Aims, asks: What?, words: 40, review: 1 year}
  service: {title: Services, asks: With what?, words: 80, review: 1 year}
  activity: {title: Work, asks: What now?, words: 200, review: 7 days}
statements:
  live-well: {layer: purpose, says: People live well here.}
  lasting: {layer: principle, says: We leave it better than we found it., serves: live-well}
  bins-on-the-day: {layer: aim, says: Every bin is emptied on its day., serves: lasting}
"""


def test_layers_of_ones_own_have_every_page():
    strategy.propose(
        officer=people.get_officer("priya"), slug="clean-streets", sentence=NEW, reason="Snow", now=NOON
    )
    services.put_strategy(text=OWN, name="own.yaml", by=SYSTEM, now=NOON)
    dora = officer("dora")
    strategy.measure_due(now=NOON)
    said = text(dora.get("/desk/strategy/"))
    assert "Aims" in said
    for path in ("gaps/", "words/", "words/clean-streets/", "words/clean-streets/if/", "proposals/", "page/"):
        assert dora.get(f"/desk/strategy/{path}").status_code == 200, path
    assert "As things stand it cannot be accepted." in text(dora.get(f"{WORDS}clean-streets/1/"))
    dora.post(f"{WORDS}clean-streets/1/", {"decline": "yes", "answer": "It has ended."})
    assert strategy.proposals() == []
    for view in ("gaps.csv", "changed.csv", "strategy.json", "strategy.yaml"):
        assert dora.get(f"/desk/strategy/{view}").status_code == 200
    assert dora.get("/desk/strategy/", {"on": "2024-05-20"}).status_code == 200
    changed = text(dora.get("/desk/strategy/changed/", {"since": "2026-11-22"}))
    assert "We keep every street clean, and see to it that waste does no harm." in changed
