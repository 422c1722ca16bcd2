"""What a document points at is there."""

import re
from urllib.parse import unquote

from tests.house.places import committed_files, named, nothing_said

A_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def dead_links(text, *, folder):
    for target in A_LINK.findall(text):
        path = unquote(target.partition("#")[0])
        if path and "://" not in path and not path.startswith("mailto:") and not (folder / path).exists():
            yield target


def test_documents_point_at_what_is_there():
    said = [
        f"{named(path)}: {target}"
        for path in committed_files()
        if path.suffix == ".md"
        for target in dead_links(path.read_text(), folder=path.parent)
    ]
    nothing_said(said)


def test_a_dead_link_is_seen(tmp_path):
    (tmp_path / "there.md").touch()
    text = "[a](there.md#part) [b](https://council.example) [c](gone.md) ![d](gone.png) [e](#here)"
    assert list(dead_links(text, folder=tmp_path)) == ["gone.md", "gone.png"]
