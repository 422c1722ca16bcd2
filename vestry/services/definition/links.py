"""Links in the texts of a definition that would lead nowhere.

What is shown on a page may hold links as Markdown writes them, ``[what we publish](https://...)`` or
``[another service](/services/missed-bin/)``. A message is plain text: the whole address stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from vestry.services.definition.mistakes import Mistake, Path, did_you_mean
from vestry.services.definition.reading import Tree

_WRITTEN = re.compile(r"\[[^\]\n]*\]\(([^)\n]*)\)|(https?://[^\s<>\"]+)", re.IGNORECASE)
_SERVICE = re.compile(r"/services/([^/]*)(/.*)?")
_HOST = re.compile(r"([a-z0-9-]+\.)+[a-z]{2,63}(:[0-9]{1,5})?", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s]+@([a-z0-9-]+\.)+[a-z]{2,63}", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,}")
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+(?:uk|org|com|net|gov|info|io|eu)(?:/.*)?", re.IGNORECASE)
MESSAGES = "messages"


def link_mistakes(tree: Tree, known: Mapping[str, frozenset[str]]) -> Iterator[Mistake]:
    """Each link that leads nowhere, on the line where it stands."""
    for path, text in _texts(tree.value, ()):
        for found in _WRITTEN.finditer(text):
            in_message = path[0] == MESSAGES
            target = found[1] if found[1] is not None else found[2].rstrip(".,;:!?)")
            wrong = _in_message(target, found) if in_message else _wrong(target.strip(), known)
            if wrong:
                mistake = tree.mistake(path, *wrong)
                # A text over several lines begins on the line after its sign.
                lines = text.count("\n", 0, found.start()) + 1 if "\n" in text else 0
                yield replace(mistake, line=mistake.line + lines, column=1 if lines else mistake.column)


def _texts(part: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(part, str) and path:
        yield path, part
    elif isinstance(part, dict):
        for word, each in part.items():
            yield from _texts(each, (*path, word))
    elif isinstance(part, list):
        for index, each in enumerate(part):
            yield from _texts(each, (*path, index))


def _in_message(target: str, found: re.Match[str]) -> tuple[str, str] | None:
    if found[1] is not None:
        what = _("A message is plain text, so this link would be shown as it is written.")
        return what, _("Write the whole address on a line of its own: {address}.").format(
            address=target if "://" in target else "https://..."
        )
    return _wrong(target, {})


def _wrong(target: str, known: Mapping[str, frozenset[str]]) -> tuple[str, str] | None:
    """What is wrong with where a link leads, and what would be right; None when nothing is."""
    if target.startswith("/"):
        return _wrong_here(target, known)
    scheme, _colon, rest = target.partition(":")
    if scheme.lower() == "mailto":
        right = _MAIL.fullmatch(rest.partition("?")[0])
    elif scheme.lower() == "tel":
        right = _PHONE.fullmatch(rest)
    elif scheme.lower() in ("http", "https"):
        right = _is_host(target)
    else:
        what = _("The link to {target} leads nowhere.").format(target=f'"{target}"')
        if _BARE_HOST.fullmatch(target):
            return what, _('Did you mean "{word}"?').format(word=f"https://{target}")
        return what, _("Write the whole address, beginning with https://, or /services/ for a service.")
    if right:
        return None
    what = _("{target} is not an address.").format(target=f'"{target}"')
    return what, _("Copy it from the place it should lead to.")


def _is_host(target: str) -> re.Match[str] | None:
    try:
        return _HOST.fullmatch(urlsplit(target).netloc.rpartition("@")[2])
    except ValueError:
        return None


def _wrong_here(target: str, known: Mapping[str, frozenset[str]]) -> tuple[str, str] | None:
    where = target.partition("#")[0].partition("?")[0]
    service = _SERVICE.fullmatch(where)
    if service:
        named = service[1]
        if "services" not in known or named in known["services"]:
            return None
        what = _('There is no service "{name}".').format(name=named)
        return what, did_you_mean(named, known["services"])
    try:
        resolve(where)
    except Resolver404:
        what = _("There is no page at {target}.").format(target=f'"{target}"')
        near = where if where.endswith("/") else f"{where}/"
        return what, _("A page of ours ends with a /: {address}").format(
            address=near
        ) if near != where else ""
    return None
