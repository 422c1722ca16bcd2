"""Pages as tagged PDF, for whoever prints them or sends them on: set by Typst, to PDF/UA-1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language


def typeset(template: str, words: Mapping[str, Any]) -> bytes:
    """A template in Typst's language as a PDF. Whatever is text in it goes through ``quoted``."""
    # 30 MB of typesetter, needed once in a while: not loaded by every process that starts.
    import typst  # noqa: PLC0415

    language = (get_language() or "en").partition("-")[0]
    source = render_to_string(template, {**words, "quoted": quoted, "language": language})
    return typst.compile(source.encode(), pdf_standards=["ua-1"])


def quoted(text: object) -> str:
    """A text as Typst reads it back unchanged: nothing in it is markup."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    # In a string of Typst nothing has to be escaped as HTML would.
    return mark_safe(f'"{escaped}"')  # noqa: S308
