"""Every room has its card, and docs/rooms.md names exactly the rooms there are."""

import re

from tests.house.places import ROOT, named, nothing_said, rooms

HEADINGS = ("## Words", "## Verbs", "## Facts", "## Never")
A_ROOM = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def missing_from_card(room):
    card = room / "README.md"
    if not card.exists():
        return [f"{named(room)}: has no README.md (a card with {', '.join(HEADINGS)})"]
    lines = [line.rstrip() for line in card.read_text().splitlines()]
    return [f"{named(card)}: has no heading '{heading}'" for heading in HEADINGS if heading not in lines]


def rooms_listed(text):
    return sorted(A_ROOM.findall(text))


def test_every_room_has_its_card():
    nothing_said(said for room in rooms() for said in missing_from_card(room))


def test_docs_name_exactly_the_rooms():
    listed = rooms_listed((ROOT / "docs/rooms.md").read_text())
    assert listed == sorted(room.name for room in rooms())


def test_a_missing_card_or_heading_is_seen(tmp_path):
    assert len(missing_from_card(tmp_path)) == 1
    (tmp_path / "README.md").write_text("# Book\n\n## Words\n\n### Verbs\n\n## Facts\n")
    assert [said.rpartition("'## ")[2] for said in missing_from_card(tmp_path)] == ["Verbs'", "Never'"]


def test_a_room_is_a_row_of_the_table():
    text = "| `book` | take a time |\n| `pay` | owe |\n| a word | `cases` |\nsee `cases`\n"
    assert rooms_listed(text) == ["book", "pay"]
