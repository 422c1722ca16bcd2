"""Every room has its card, and docs/rooms.md names exactly the rooms there are."""

import re

from tests.house.places import ROOT, named, nothing_said, rooms
from vestry.kernel import known_facts

HEADINGS = ("## Words", "## Verbs", "## Facts", "## Never")
A_ROOM = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def missing_from_card(room):
    card = room / "README.md"
    if not card.exists():
        return [f"{named(room)}: has no README.md (a card with {', '.join(HEADINGS)})"]
    lines = [line.rstrip() for line in card.read_text().splitlines()]
    return [f"{named(card)}: has no heading '{heading}'" for heading in HEADINGS if heading not in lines]


def facts_left_out(card, facts):
    """Facts the card does not name, in full or without the room's own name before them."""
    said = card.partition("## Facts")[2].partition("\n## ")[0]
    return [fact for fact in facts if f"`{fact}`" not in said and f"`{fact.partition('.')[2]}`" not in said]


def rooms_listed(text):
    return sorted(A_ROOM.findall(text))


def test_every_room_has_its_card():
    nothing_said(said for room in rooms() for said in missing_from_card(room))


def test_every_card_names_its_facts():
    nothing_said(
        f"{named(room / 'README.md')}: does not name the fact {fact}"
        for room in rooms()
        for fact in facts_left_out(
            (room / "README.md").read_text(),
            [one.name for one in known_facts().values() if one.__module__ == f"vestry.{room.name}.events"],
        )
    )


def test_docs_name_exactly_the_rooms():
    listed = rooms_listed((ROOT / "docs/rooms.md").read_text())
    assert listed == sorted(room.name for room in rooms())


def test_a_missing_card_or_heading_is_seen(tmp_path):
    assert len(missing_from_card(tmp_path)) == 1
    (tmp_path / "README.md").write_text("# Book\n\n## Words\n\n### Verbs\n\n## Facts\n")
    assert [said.rpartition("'## ")[2] for said in missing_from_card(tmp_path)] == ["Verbs'", "Never'"]


def test_a_fact_left_out_is_seen():
    card = "## Verbs\n`lost`\n\n## Facts\n`book.held`, `released`.\n\n## Never\n`lost`\n"
    assert facts_left_out(card, ["book.held", "book.released", "book.lost"]) == ["book.lost"]


def test_a_room_is_a_row_of_the_table():
    text = "| `book` | take a time |\n| `pay` | owe |\n| a word | `cases` |\nsee `cases`\n"
    assert rooms_listed(text) == ["book", "pay"]
