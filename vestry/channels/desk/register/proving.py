"""The evidence itself, of whatever kind and age: each piece, look and file, held against its hash."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vestry.channels.desk.register.looking import about_technology, around, name_of
from vestry.kernel import Ref
from vestry.people.api import may
from vestry.technology import api as technology

PICTURES = ("image/png",)
TEXTS = ("text/plain", "application/json")
# Letters of a text that stand on the page; the rest is in the file.
MOST = 4_000
A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A file as the page shows it: a picture, the beginning of a text, or its name alone."""

    file: technology.File
    picture: bool
    text: str


@may("technology.read")
@require_safe
@about_technology
def known(request: HttpRequest, about: technology.Stand) -> HttpResponse:
    """All that is known of a technology, the newest first, and every look at it."""
    slug = about.entry.slug
    pieces = technology.evidence(slug)
    begun = _number(request.GET.get("after", ""))
    words = {
        **around(request),
        "about": about,
        "looks": technology.looks(about.entry.ref) if not begun else [],
        "pieces": pieces[begun : begun + A_PAGE],
        "begun": begun,
        "next": begun + A_PAGE if len(pieces) > begun + A_PAGE else 0,
        "criteria": technology.rubrics().criteria,
    }
    return render(request, "desk/register/evidence.html", words)


def _number(typed: str) -> int:
    # Python reads no number of thousands of digits, and says so in its own way.
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0  # noqa: PLR2004


@may("technology.read")
@require_safe
@about_technology
def look(request: HttpRequest, about: technology.Stand, look: int) -> HttpResponse:
    """One look: what was looked at, with what, when, by whose wish; its files, and what came of it."""
    slug = about.entry.slug
    one = next((each for each in technology.looks(about.entry.ref) if each.number == look), None)
    if one is None:
        raise Http404
    words = {
        **around(request),
        "about": about,
        "look": one,
        "who": name_of(one.asked_by),
        "files": technology.check_files(one.files),
        "pieces": technology.evidence(slug, look=look),
        "criteria": technology.rubrics().criteria,
    }
    return render(request, "desk/register/evidence_look.html", words)


@may("technology.read")
@require_safe
@about_technology
def piece(request: HttpRequest, about: technology.Stand, number: int) -> HttpResponse:
    """One piece of evidence: kind, source, tool, time, hash and files, each held against its hash."""
    try:
        checked = technology.check_evidence(about.entry.slug, number)
    except technology.NoSuchEvidence:
        raise Http404 from None
    words = {
        **around(request),
        "about": about,
        "checked": checked,
        "known": checked.known,
        "who": name_of(checked.known.by),
        "files": [_shown(about.entry.ref, each) for each in checked.files],
        "criterion": technology.rubrics().criteria.get(checked.known.criterion),
    }
    return render(request, "desk/register/evidence_piece.html", words)


def _shown(about: Ref, file: technology.File) -> Shown:
    whole = file.state == "whole"
    text = ""
    if whole and file.media_type in TEXTS:
        text = technology.kept_file(about=about, sha256=file.sha256)[2].decode(errors="replace")
    return Shown(file=file, picture=whole and file.media_type in PICTURES, text=text[:MOST])


@may("technology.read")
@require_safe
@about_technology
def file(request: HttpRequest, about: technology.Stand, sha256: str) -> HttpResponse:
    """One file: a picture is shown, all else is saved. One that is not what was kept is not given out."""
    return given_out(about.entry.ref, sha256)


def given_out(about: Ref, sha256: str) -> HttpResponse:
    """A file of evidence, as it may be given out."""
    try:
        name, media_type, content = technology.kept_file(about=about, sha256=sha256)
    except technology.NoSuchEvidence:
        raise Http404 from None
    shown = media_type in PICTURES
    response = HttpResponse(content, content_type=media_type if shown else "application/octet-stream")
    how = "inline" if shown else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{name}"'
    # It came from somebody else's site: whatever a browser makes of it, it runs nothing and reaches nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
