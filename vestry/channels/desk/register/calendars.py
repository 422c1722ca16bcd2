"""The days that matter in a calendar: a secret link for an officer, or for a team."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vestry.channels.desk.register.looking import DAYS, around
from vestry.councils import api as councils
from vestry.kernel import Ref, local_day, utc_now
from vestry.people import api as people
from vestry.people.api import may, public
from vestry.technology import api as technology

MINE, UNPROCESSABLE = "mine", 422


def _could_have(officer: people.OfficerView) -> dict[str, tuple[Ref, str]]:
    """Whose calendars an officer may make a link to: their own, and each of their teams'."""
    titles = {team.slug: team.title for team in people.teams()}
    own = {MINE: (officer.ref, _("All technologies, for you"))}
    return own | {
        slug: (Ref("team", slug), _("The technologies of %(team)s, for the team") % {"team": titles[slug]})
        for slug in sorted(officer.teams)
        if slug in titles
    }


@may("technology.read")
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Make a link, or take it back. A link is shown once: it stands nowhere."""
    could, made = _could_have(request.officer), {}
    if request.method == "POST":
        of = request.POST.get("of", "")
        if of not in could:
            raise Http404
        if "end" in request.POST:
            technology.end_calendar(whose=could[of][0], by=request.officer.ref, now=utc_now())
            messages.success(request, _("The link is taken back: nothing can be read with it any more."))
            return redirect("desk:technology-calendar")
        secret = technology.make_calendar(whose=could[of][0], by=request.officer.ref, now=utc_now())
        address = reverse("desk:technology-days", kwargs={"secret": secret})
        made = {of: request.build_absolute_uri(address)}
    words = {
        **around(request, "technology-calendar"),
        "could": could,
        "there": technology.calendars([whose for whose, _title in could.values()]),
        "made": made,
    }
    return render(request, "desk/register/calendar.html", words)


@public
@require_safe
def days(request: HttpRequest, secret: str) -> HttpResponse:
    """The days themselves, for whoever has the link, while whoever made it may see the register."""
    now = utc_now()
    try:
        whose, maker = technology.calendar_of(secret)
    except technology.NoSuchCalendar:
        raise Http404 from None
    if not _still_may(whose, maker):
        raise Http404
    owner = whose.key if whose.kind == "team" else ""
    matter = technology.days_of(technology.stands(local_day(now)), owner=owner)
    told = [
        technology.Day(
            technology=stand.entry.slug,
            what=what,
            day=day,
            title=f"{stand.entry.title}: {_(DAYS[what])}",
            link=request.build_absolute_uri(
                reverse("desk:technology", kwargs={"technology": stand.entry.slug})
            ),
        )
        for stand, day, what in matter
    ]
    council = councils.current()
    name = _("Technologies of %(council)s") % {"council": council.name}
    body = technology.as_calendar(told, name=name, host=request.get_host(), now=now)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


def _still_may(whose: Ref, maker: Ref) -> bool:
    """A link is worth what its maker is: who has left the council, or the team, leaves no way in behind."""
    try:
        officer = people.get_officer(maker.key)
    except people.NoSuchOfficer:
        return False
    if whose.kind == "team" and whose.key not in officer.teams:
        return False
    return people.allowed(officer, "technology.read")
