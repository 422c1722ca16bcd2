"""Search finds what one may see, by reference or by words, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from vestry.cases import api
from vestry.cases.api import searching
from vestry.cases.models import Case, Word
from vestry.cases.tests.opened import NOON, WALKER, grace, maya, open_bin, open_foi, priya, sam, tom
from vestry.councils import api as councils

pytestmark = pytest.mark.usefixtures("officers")

PAT = ("Pat O’Reilly", "pat.reilly@example.org", "2 High Street, Harrow Mere", "HM1 2AB", "Missed for weeks")
SAM = ("Sam Münster", "sam@example.org", "14 Mill Lane", "HM12 3CD", "01632 960 001")


def found(officer, text, **more):
    return [case.reference for case in api.search(officer=officer, text=text, **more).cases]


@pytest.mark.parametrize(
    "text",
    [
        *("pat", "O'Reilly", "oreilly pat", "pat.reilly@example.org", "PAT REILLY"),
        *("HM1 2AB", "hm12ab", "hm1 2ab high", "missed weeks", "wee", "2 high street"),
    ],
)
def test_by_name_email_postcode_place_and_words(text):
    pat, sam_ = open_bin(words=PAT), open_bin(words=SAM)
    assert found(priya(), text) == [pat]
    assert sam_ not in found(priya(), text)


@pytest.mark.parametrize("text", ["munster", "MÜNSTER", "HM123CD", "01632960001", "01632 960001", "Mill"])
def test_accents_spaces_and_capitals_do_not_matter(text):
    open_bin(words=PAT)
    reference = open_bin(words=SAM)
    assert found(priya(), text) == [reference]


NOTHING = ["", "  ", "the", "%", "_", "pat sam", "zebra", "\x00", "🦓", "'; drop table", "z" * 300]


@pytest.mark.parametrize("text", NOTHING)
def test_what_nothing_holds_finds_nothing(text):
    open_bin(words=PAT)
    assert found(priya(), text) == []


def test_a_whole_reference_finds_that_case_alone_however_it_is_typed():
    reference = open_bin(words=PAT)
    open_bin(words=[f"As in {reference}, again"])
    assert found(priya(), reference) == [reference]
    assert found(priya(), reference.lower().replace("-", " ")) == [reference]
    assert reference in found(priya(), reference.split("-")[1]), "and a part of it too"


def test_only_what_one_may_see(other_council):
    bin_, foi = open_bin(words=PAT), open_foi(words=PAT)
    with councils.scope(other_council):
        next_door = open_bin(words=PAT)
    assert found(priya(), "pat") == found(tom(), "pat") == [bin_]
    assert found(maya(), "pat") == [foi]
    assert found(grace(), "pat") == [foi, bin_]
    assert found(sam(), "pat") == []
    for hidden in (foi, next_door):
        assert found(priya(), hidden) == []


def test_after_it_is_handed_over_another_team_finds_it():
    reference = open_bin(words=PAT)
    api.hand_over(officer=priya(), reference=reference, team="information", now=NOON)
    assert found(priya(), "pat") == []
    assert found(maya(), "pat") == [reference]


def test_closed_ones_are_found_too():
    reference = open_bin(words=PAT)
    api.act(officer=tom(), reference=reference, action="collected", answers={}, now=NOON)
    assert found(priya(), "pat") == [reference]


def test_page_after_page_the_newest_first(monkeypatch):
    monkeypatch.setattr(searching, "PAGE", 2)
    opened = [open_bin(words=PAT) for _ in range(5)]
    seen, after = [], ""
    while True:
        page = api.search(officer=priya(), text="pat", after=after)
        seen += [case.reference for case in page.cases]
        after = page.after
        if not after:
            break
    assert seen == opened[::-1]
    assert found(priya(), "pat", after="nonsense") == opened[:2:-1]


def test_it_is_one_query_and_counts_nothing():
    open_bin(words=PAT)
    officer = priya()
    with CaptureQueriesContext(connection) as queries:
        assert found(officer, "pat high")
    (query,) = queries.captured_queries
    assert "COUNT(" not in query["sql"].upper()


def test_by_what_was_written_about_it_later():
    reference, officer = open_foi(), maya()
    mine = {"officer": officer, "reference": reference, "now": NOON}
    api.note(text="Ask Brenda in highways.", **mine)
    api.message(text="We are looking in the strongroom.", **mine)
    api.act(action="clarify", answers={}, text="Which parish?", **mine)
    api.reply(reference=reference, text="Wychbold, the whole of it.", now=NOON, actor=WALKER)
    api.set_due(**mine | {"officer": grace()}, due=NOON.date(), reason="Promised to the mayor.")
    for text in ("brenda", "strongroom", "parish", "wychbold", "mayor"):
        assert found(officer, text) == [reference], text
        assert found(priya(), text) == []


def test_where_words_do_not_find_a_case_what_is_written_later_does_not_either():
    reference, officer = open_foi(information_class="official-sensitive"), maya()
    api.note(officer=officer, reference=reference, text="Ask Brenda.", now=NOON)
    assert found(officer, "brenda") == []
    assert found(officer, reference) == [reference]


def test_words_are_erased_without_a_trace():
    reference = open_bin(words=PAT)
    Word.objects.filter(case__reference=reference).delete()
    assert found(priya(), "pat") == []
    assert found(priya(), reference) == [reference]


@given(st.text(max_size=80))
def test_whatever_is_typed_each_word_is_plain_and_fits(text):
    for word in searching.words_in(text):
        assert 0 < len(word) <= searching.LONGEST_WORD
        assert "\x00" not in word
        assert " " not in word


@pytest.mark.postgresql
@pytest.mark.slow
def test_words_are_read_from_their_index():
    open_bin(words=PAT)
    template = Case.objects.get()
    many = [
        Case(
            reference=f"MB-{number:04}-BULK",
            plan_id=template.plan_id,
            service="missed-bin",
            journey=f"bulk-{number}",
            team=f"team-{number % 40}",
            stage="reported",
            stage_since=NOON.date(),
            opened_at=NOON,
            changed_at=NOON,
        )
        for number in range(5_000)
    ]
    Word.objects.bulk_create(
        Word(case=case, word=word)
        for case in Case.objects.bulk_create(many)
        for word in (f"name{case.pk}", "street")
    )
    with connection.cursor() as cursor:
        cursor.execute("analyze cases_case")
        cursor.execute("analyze cases_word")
    plan = (
        searching._holding(Case.objects.visible_to(grace()), ["name77", "street"])
        .order_by("-id")[:26]
        .explain()
    )
    assert "cases_found_by_a_word_once" in plan, plan
    assert "Seq Scan on cases_word" not in plan, plan
