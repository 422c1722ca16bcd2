"""What a file is called: what its owner called it, without what could mislead or do harm."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Longer names are cut: more is never read, and some systems cannot store it.
LONGEST = 100
# Control and format characters (among them those that turn the reading direction: "annexe\u202efdp.exe"),
# lone surrogates, private and unassigned ones, line and paragraph ends.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Mean something to one file system or another, or to a shell.
_UNSAFE = re.compile(r"""[<>:"|?*`$;&%{}'\\/=]""")
# Names that Windows keeps for devices, with whatever ending.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def tidy_name(given: str, endings: Sequence[str] = (), *, otherwise: str = "file") -> str:
    """A file name to show and to save under, ending in one of ``endings``; the first where it has another.

    Without endings it may have any. Never a path, never empty, at most `LONGEST` characters. Tidying twice is
    tidying once.
    """
    seen = "".join(
        " " if letter in "\t\n\r" else letter
        for letter in given
        if letter in "\t\n\r" or unicodedata.category(letter) not in _UNSEEN
    )
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", seen))[-1]
    name = " ".join(_UNSAFE.sub("-", last).split()).strip(". ")
    if not endings:
        return name[:LONGEST].strip(". ") or otherwise
    stem, dot, ending = name.rpartition(".")
    if dot and ending.lower() in endings:
        name = stem.strip(". ")
    else:
        ending = endings[0]
    if not name or _DEVICE.fullmatch(name):
        name = f"{otherwise}-{name}".strip("-")
    return f"{name[: LONGEST - len(ending) - 1].strip('. ')}.{ending}"
