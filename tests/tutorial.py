"""What `docs/tutorial.md` has people write, run and read, taken from its own text."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "tutorial.md").read_text()
FILE = Path("packs/harrowmere/services/recycling-box.yaml")


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)


def service() -> str:
    """The definition, as it is when every piece was put at the end of the one before."""
    return "\n".join(_blocks("yaml"))


def changed(text: str) -> str:
    """The definition after the tutorial's change. Fails where a line to change is not there."""
    (change,) = _blocks("diff")
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", change, re.MULTILINE):
        before, after = (re.sub(r"^[-+]", "", lines, flags=re.MULTILINE) for lines in (old, new))
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def commands() -> list[str]:
    """What is typed, in order."""
    return [block.strip() for block in _blocks("sh")]


def told() -> list[str]:
    """What the screen says, in order."""
    return _blocks("text")
