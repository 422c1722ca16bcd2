"""Renewals: those who look after a technology are written to in time, and find it among their tasks.

Three rooms that know nothing of each other have a part in it, so it is put together here.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from vestry.cases import api as cases
from vestry.design.shown import day
from vestry.kernel import SYSTEM
from vestry.ledger import api as ledger
from vestry.notify import api as notify
from vestry.people import api as people
from vestry.technology import api as technology

KEEPS, ASSESSES = "technology.keep", "technology.assess"


def remind(*, now: datetime) -> int:
    """Remind of every contract whose days have come, once a stage. How many there were."""
    with ledger.transaction():
        due = technology.take_reminders(now=now)
        for each in due:
            _tell(each, now)
    return len(due)


def _tell(reminder: technology.Reminder, now: datetime) -> None:
    entry, renewal = reminder.entry, reminder.renewal
    words = {
        "title": entry.title,
        "end": day(renewal.end),
        "last": day(renewal.last_notice),
        "begin": day(renewal.act_by),
    }
    cases.raise_task(
        about=entry.ref,
        title=_("Decide whether to renew %(title)s: notice can be given until %(last)s") % words,
        hint=_("Assess it under Technologies, and have it decided."),
        key=reminder.key,
        team=entry.owner,
        due=renewal.last_notice,
        actor=SYSTEM,
        now=now,
    )
    for officer in looked_after_by(entry.owner):
        notify.send(
            to=officer.email,
            subject=subject(reminder.stage) % words,
            body=_(
                "The contract for %(title)s ends on %(end)s. Notice can be given until %(last)s, and to "
                "decide in time somebody has to begin by %(begin)s.\n\nOn the desk, under Technologies, open "
                "%(title)s and choose Assess it."
            )
            % words,
            about=entry.ref,
            key=f"{reminder.key}/{reminder.stage}/{officer.slug}",
            now=now,
            actor=SYSTEM,
            called=f"renewal-{reminder.stage}",
        )


def subject(stage: str) -> str:
    """What a reminder is headed."""
    return {
        "soon": _("Begin by %(begin)s: decide whether to renew %(title)s"),
        "begin": _("Begin now: decide whether to renew %(title)s"),
        "last": _("Until %(last)s only: notice for %(title)s"),
    }[stage]


def looked_after_by(team: str) -> list[people.OfficerView]:
    """Who is written to about a team's technology: those who assess it; without any, those who keep the
    register.
    """
    every = people.find_officers()
    mine = [each for each in every if team in people.reach(each, ASSESSES).some]
    return mine or [each for each in every if people.allowed(each, KEEPS)]
