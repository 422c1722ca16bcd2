"""How dates, times, refusals and texts are written, after the GOV.UK style guide, for whoever reads them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

from django.utils import dateformat, timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vestry.kernel import Refused

# Only where a definition may lead: never to a script.
_LINK = re.compile(r"\[([^\]\n]+)\]\(((?:https?://|mailto:|tel:|/(?!/))[^)\s]*)\)")


def day(when: date) -> str:
    """23 November 2026. A moment is shown as the day it is here."""
    return dateformat.format(_here(when), "j F Y")


def time(when: datetime | clock) -> str:
    """4:30pm, 9am, midday, midnight."""
    here = _here(when)
    if (here.hour, here.minute) == (0, 0):
        return _("midnight")
    if (here.hour, here.minute) == (12, 0):
        return _("midday")
    half = _("am") if here.hour < 12 else _("pm")  # noqa: PLR2004
    minutes = f":{here.minute:02}" if here.minute else ""
    return f"{here.hour % 12 or 12}{minutes}{half}"


def moment(when: datetime) -> str:
    """23 November 2026 at 4:30pm."""
    here = _here(when)
    if (here.hour, here.minute) == (0, 0):
        # Of a day's two midnights most people mean the one at its end, and a deadline would be a day late.
        return _("midnight at the start of %(day)s") % {"day": day(when)}
    return _("%(day)s at %(time)s") % {"day": day(when), "time": time(when)}


def duration(length: timedelta) -> str:
    """The length in its two largest units: 2 days 3 hours, 15 minutes."""
    minutes = max(round(length.total_seconds() / 60), 0)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days else "",
        ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours} if hours else "",
        ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes} if minutes else "",
    ]
    largest = [part for part in parts if part][:2]
    return " ".join(largest) or _("less than a minute")


def said(refusal: Refused) -> str:
    """The sentence of a refusal."""
    return _(refusal.sentence).format(**refusal.words)


def lines(text: str) -> SafeString:
    """What a person wrote, with its line breaks kept."""
    return mark_safe("<br>".join(str(escape(line)) for line in str(text).splitlines()))  # noqa: S308 - escaped


def linked(text: str) -> SafeString:
    """What a definition says, with its line breaks, and its links as Markdown writes them."""
    # Escaped first: what is put around it then is ours.
    return mark_safe(_LINK.sub(r'<a class="govuk-link" href="\2">\1</a>', lines(text)))  # noqa: S308 - escaped


def _here(when: Any) -> Any:
    if isinstance(when, datetime) and timezone.is_aware(when):
        return timezone.localtime(when)
    return when
