"""The register as a table: written, changed in a spreadsheet, and taken in again."""

from dataclasses import replace
from datetime import date

import pytest

from vestry.kernel import SYSTEM
from vestry.people import api as people
from vestry.people.tests.officers import TEAMS
from vestry.technology import api as technology
from vestry.technology.tests.technologies import GRACE, NOON, OLD, TOOL, put

pytestmark = pytest.mark.usefixtures("council")

HEAD = "name,title,what,hosting,owner,class,users,people,pounds"
ROW = "new-desk,New Desk,Keeps desks.,saas,waste,official,staff; public,12,1200"


@pytest.fixture(autouse=True)
def _register(council):
    people.put_teams(TEAMS, now=NOON, actor=SYSTEM)
    put()


def wrong(text):
    return [
        (each.line, each.column, f"{each.what} {each.right}") for each in technology.read_table(text).wrong
    ]


def test_what_is_written_is_taken_in_unchanged():
    odd = replace(
        TOOL,
        slug="odd",
        what='=1+1, or "so"\nand more',
        steps={"saas": technology.Step(reason="None does.", looked_at=3)},
        contract=replace(TOOL.contract, most=None, breaks=(date(2027, 3, 31), date(2028, 3, 31))),
    )
    technology.write_entries([odd], by=GRACE, now=NOON)
    read = technology.read_table(technology.written_table(technology.technologies()))
    assert (read.wrong, read.differences, read.same) == ((), [], 3)


def test_what_it_would_change_is_told_field_by_field():
    text = technology.written_table([TOOL]).replace("Tidy Rounds", "Tidier Rounds").replace("3000", "4000")
    (changed,) = technology.read_table(f"{text}").differences
    assert changed.fields == {"title": ("Tidy Rounds", "Tidier Rounds"), "pounds": ("3000", "4000")}
    (new,) = technology.read_table(f"{HEAD}\n{ROW}").differences
    assert new.before is None
    assert new.entry.users == ("staff", "public")
    assert new.fields["pounds"] == ("", "1200")
    assert technology.get_technology("tidy-rounds").title == "Tidy Rounds", "nothing is saved by looking"


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, "", "Begin with a line"),
        (f"{HEAD},costs\n{ROW},1", 1, "costs", "no such column"),
        (f"{HEAD.replace('pounds', 'pound')}\n{ROW}", 1, "pound", "Call it pounds."),
        (f"{HEAD.replace(',pounds', '')}\n", 1, "pounds", "missing"),
        (f"{HEAD},name\n{ROW},x", 1, "name", "twice"),
        (f"{HEAD}\n{ROW}\n\n{ROW}", 4, "name", "on line 2, too"),
        (f"{HEAD}\n{ROW},,,", 2, "", "quotation marks"),
        (f"{HEAD}\n{ROW.replace('saas', 'sas')}", 2, "hosting", "Write saas."),
        (f"{HEAD}\n{ROW.replace('waste', 'wast')}", 2, "owner", "Write waste."),
        (f"{HEAD}\n{ROW.replace('public', 'pubic')}", 2, "users", "Write public."),
        (f"{HEAD}\n{ROW.replace('new-desk', 'New Desk', 1)}", 2, "name", "small letters"),
        (f"{HEAD}\n{ROW.replace('12,1200', 'some,1200')}", 2, "people", "in digits"),
        (f"{HEAD}\n{ROW.replace('12,1200', '12,')}", 2, "pounds", "in digits"),
        (f"{HEAD}\n{ROW.replace('12,1200', '²,1200')}", 2, "people", "in digits"),
        (f"{HEAD},leaving\n{ROW},31/3/2027", 2, "leaving", "2027-03-31"),
        (f"{HEAD},notice\n{ROW},3", 2, "start", "There is a contract"),
        (f"{HEAD},tacit\n{ROW},perhaps", 2, "tacit", "yes"),
        (f'{HEAD}\n{ROW}\nx,"y" z', 3, "", "as CSV"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_what_would_be_right(text, line, column, says):
    found = wrong(text)
    assert any((at, of) == (line, column) and says in told for at, of, told in found), found
    assert not technology.read_table(text).differences


def test_everything_that_is_wrong_is_told_at_once():
    rows = [ROW.replace("new-desk", f"desk-{n}").replace("saas", "none") for n in range(5)]
    assert [line for line, _column, _told in wrong("\n".join([HEAD, *rows]))] == [2, 3, 4, 5, 6]


def test_a_contract_is_read_as_its_days():
    head = f"{HEAD},start,initial,extension,most,tacit,notice,breaks"
    text = f"{head}\n{ROW},2026-01-31,12,12,for-ever,yes,2,2026-09-30; 2026-12-31"
    (found,) = technology.read_table(text).differences
    assert found.entry.contract.breaks == (date(2026, 9, 30), date(2026, 12, 31))
    assert found.entry.contract.most is None
    assert found.entry.renewal(date(2026, 2, 1)).last_notice == date(2026, 7, 30)


def test_a_pack_does_not_undo_what_was_written_here():
    technology.write_entries([replace(TOOL, title="Tidier")], by=GRACE, now=NOON)
    put()
    assert technology.get_technology("tidy-rounds").title == "Tidier"
    technology.put_entries([replace(TOOL, title="Tidiest"), OLD], now=NOON)
    assert technology.get_technology("tidy-rounds").title == "Tidiest", "the pack says something new"


def test_names_are_made_of_titles_and_taken_once():
    assert technology.name_for("New Desk & Co") == "new-desk-co"
    assert technology.name_for("Tidy Rounds") == "tidy-rounds-2"
    assert technology.name_for("…") == "technology"
    assert len(technology.name_for("long " * 50)) <= 60


def test_what_gives_the_same_is_found_before_it_is_bought():
    new = replace(OLD, slug="another", capabilities=("booking", "parking"))
    assert {each: [one.slug for one in given] for each, given in technology.given_already(new).items()} == {
        "booking": ["old-booker"]
    }
