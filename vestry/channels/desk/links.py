"""Linking cases with each other."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vestry.cases import api as cases
from vestry.channels.desk.case import about_a_case
from vestry.channels.desk.forms import Filled
from vestry.channels.desk.work import case_form, reads_and_posts
from vestry.design.kinds import Radios, Text
from vestry.design.shown import said
from vestry.kernel import tidy_reference


@about_a_case("cases.link")
@reads_and_posts
def link(request: HttpRequest, case: cases.CaseView) -> HttpResponse:
    """Link this case with another."""
    roles = {
        "related": _("They have to do with each other"),
        "parent": _("This case is part of the other"),
        "part": _("The other is part of this case"),
    }
    questions = (
        Text(id="other", ask=_("What is the other case’s reference?"), name=_("a reference"), width=10),
        Radios(
            id="role",
            ask=_("How do they belong together?"),
            name=_("how they belong together"),
            options=roles,
        ),
    )

    def do(form: Filled, now: datetime) -> None:
        other = tidy_reference(form.answers["other"])
        try:
            cases.link(
                officer=request.officer,
                reference=case.reference,
                other=other,
                role=form.answers["role"],
                now=now,
            )
        except (cases.NoSuchCase, cases.NotYours):
            form.refuse("other", _("There is no case of this reference that you can link"))
        except cases.NotPossible as refusal:
            form.refuse("other", said(refusal))

    words = {
        "title": _("Link with another case"),
        "button_text": _("Link them"),
        "done": _("The cases are linked."),
    }
    return case_form(request, case, questions, do, words)


@about_a_case("cases.link")
@reads_and_posts
def unlink(request: HttpRequest, case: cases.CaseView, other: str) -> HttpResponse:
    """Take a link away."""

    def do(form: Filled, now: datetime) -> None:
        cases.unlink(officer=request.officer, reference=case.reference, other=other, now=now)

    title = _("Take the link with %(other)s away") % {"other": other}
    words = {"title": title, "button_text": _("Take it away"), "done": _("The link is taken away.")}
    cases.get_case(officer=request.officer, reference=other)
    return case_form(request, case, (), do, words)
