"""The capability ``report``: refuses with a reason while somebody answers, and again at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vestry.design import shown
from vestry.design.capability import (
    Capability,
    Confirmed,
    Forgetting,
    Outline,
    Problem,
    Row,
    Stop,
    Stopped,
    Visit,
)
from vestry.kernel import Ref
from vestry.report import api, rules
from vestry.report.options import Options


class Report(Capability):
    """Tell us about something somewhere. It asks nothing itself: the definition's questions do."""

    word: ClassVar[str] = "report"
    options: ClassVar[type[msgspec.Struct]] = Options
    happenings: ClassVar[Mapping[str, str]] = {"report.made": "report.made"}

    def problems(self, options: Options, outline: Outline) -> Iterable[Problem]:
        """Questions that aren't there or are of another type, and schedules the council doesn't have."""
        yield from _question_problems(options, outline)
        if options.schedule and options.schedule not in outline.known.get("schedules", ()):
            known = ", ".join(sorted(outline.known.get("schedules", ()))) or _("none")
            yield Problem(
                path=("schedule",),
                what=_("The council has no schedule “{name}”.").format(name=options.schedule),
                instead=_("It has: {known}.").format(known=known),
            )
        if options.schedule and not options.kind:
            yield Problem(
                path=("schedule",),
                what=_("A schedule has rounds for several kinds of collection."),
                instead=_("Say which question asks for the kind, such as “kind: bin”."),
            )

    def ask(self, options: Options, visit: Visit) -> Stop | None:
        """A stop when it can't be reported as it is. Whether place and day are there, `confirm` says."""
        matter = _matter(options, visit)
        if matter is None:
            return None
        refusal = api.find_refusal(matter=matter, now=visit.now)
        return _stop(refusal, matter, visit) if refusal else None

    def confirm(self, options: Options, visit: Visit) -> Confirmed:
        """The report is made. Raises `Stopped`."""
        matter = _matter(options, visit)
        if matter is None:
            raise Stopped(_unplaced())
        try:
            made = api.make(
                matter=matter,
                service=visit.service,
                version=visit.version,
                journey=visit.journey,
                actor=visit.actor,
                now=visit.now,
            )
        except api.CannotReport as cannot:
            raise Stopped(_stop(cannot.refusal, matter, visit)) from None
        words = {"day": matter.day.isoformat(), "over": made.over.isoformat() if made.over else ""}
        return Confirmed(words=words, ref=Ref("report", made.reference))

    def announces(self, options: Options) -> Mapping[str, frozenset[str]]:
        """A message about a report can say the day."""
        return {"report.made": frozenset({"day_reported"})}

    def words(self, options: Options, about: Ref, fact: str, payload: Mapping[str, Any]) -> Mapping[str, str]:
        """The day it happened."""
        return {"day_reported": _day(date.fromisoformat(payload["day"]))}

    def show(self, options: Options, visit: Visit, confirmed: Mapping[str, Any]) -> Sequence[Row]:
        """When the round was over: the crew wants to know."""
        if not confirmed.get("over"):
            return ()
        over = datetime.fromisoformat(confirmed["over"])
        return (Row(label=_("The round was over at"), text=shown.time(over)),)

    def forget(self, forgetting: Forgetting) -> None:
        """Where it was."""
        api.forget(references=forgetting.keys("report"))


def _question_problems(options: Options, outline: Outline) -> Iterator[Problem]:
    wanted = {"place": (options.place, "address"), "happened": (options.happened, "date")}
    for option, (name, kind) in (wanted | {"kind": (options.kind, "")}).items():
        if not name:
            continue
        question = outline.questions.get(name)
        if question is None:
            asked = ", ".join(sorted(outline.questions)) or _("none")
            yield Problem(
                path=(option,),
                what=_("No question “{name}” is asked before this.").format(name=name),
                instead=_("The questions asked by now are: {asked}.").format(asked=asked),
            )
        elif kind and question.kind != kind:
            yield Problem(
                path=(option,),
                what=_("The question “{name}” is of the type “{kind}”.").format(
                    name=name, kind=question.kind
                ),
                instead=_("It must be a “{kind}”.").format(kind=kind),
            )
        elif question.optional:
            yield Problem(
                path=(option,),
                what=_("The question “{name}” can be left empty.").format(name=name),
                instead=_("A report needs it: leave out “optional”."),
            )


def _matter(options: Options, visit: Visit) -> api.Matter | None:
    place, day = visit.said.get(options.place), visit.said.get(options.happened)
    if not place or not day:
        return None
    kind = visit.said.get(options.kind) if options.kind else None
    return api.Matter(
        category=options.category,
        place=place,
        day=date.fromisoformat(day),
        kind=str(kind or ""),
        schedule=options.schedule,
        within=options.days,
    )


def _unplaced() -> Stop:
    return Stop(
        title=_("We need to know where and when"),
        reason=_("Without the place and the day we cannot tell what this is about."),
        instead=_("Go back and answer the questions about the place and the day."),
    )


def _day(day: date) -> str:
    return f"{date_format(day, 'l')} {shown.day(day)}"


def _stop(refusal: api.Refusal, matter: api.Matter, visit: Visit) -> Stop:
    words = {"day": _day(matter.day), "line": matter.place["line"]}
    match refusal:
        case rules.NotACollectionDay():
            return _not_a_collection_day(refusal, words)
        case rules.TooLate():
            return _too_late(refusal, matter, words)
        case rules.RoundNotOver(over=over):
            words["from"] = shown.time(over)
            return Stop(
                title=_("It is too early to report this"),
                reason=_("The crew may still come. They should have finished by {from} on {day}.").format(
                    **words
                ),
                instead=_("If they have not come by then, report it from {from} on {day}.").format(**words),
            )
        case rules.AlreadyReported():
            return Stop(
                title=_("This has already been reported"),
                reason=_(
                    "Somebody has already told us about {line} on {day}, and we are dealing with it."
                ).format(**words),
                instead=_(
                    "You do not need to report it again. "
                    "If it was you who told us, you can check what is happening with your reference number."
                ),
            )
        case rules.NeverCollected():
            return Stop(
                title=_("We do not collect this there"),
                reason=_("We do not make this kind of collection at {line}.").format(**words),
                instead=_("Check the address, and the kind of collection you chose."),
            )
        case rules.NotYetHappened():
            return Stop(
                title=_("This date is in the future"),
                reason=_("{day} is in the future.").format(**words),
                instead=_("Check the date, or report it after it has happened."),
            )
        case rules.FarOff():
            return Stop(
                title=_("Check the date"),
                reason=_("{day} is several years away.").format(**words),
                instead=_("Change the date to the day it happened."),
            )


def _not_a_collection_day(refusal: rules.NotACollectionDay, words: Mapping[str, str]) -> Stop:
    reason = _("There is no collection of this kind at {line} on {day}.").format(**words)
    if refusal.before:
        reason += " " + _("The last one was {day}.").format(day=_day(refusal.before))
    instead = _("If you meant another day, change the date.")
    if refusal.following:
        instead += " " + _("The next collection is on {day}.").format(day=_day(refusal.following))
    return Stop(title=_("That is not a collection day"), reason=reason, instead=instead)


def _too_late(refusal: rules.TooLate, matter: api.Matter, words: Mapping[str, str]) -> Stop:
    days = matter.within or 0
    if matter.schedule:
        rule = ngettext(
            "You can report this up to {count} working day after the collection.",
            "You can report this up to {count} working days after the collection.",
            days,
        ).format(count=days)
    else:
        rule = ngettext(
            "You can report this up to {count} working day after it happened.",
            "You can report this up to {count} working days after it happened.",
            days,
        ).format(count=days)
    last = _("For {day}, the last day to report it was {last}.").format(**words, last=_day(refusal.last))
    instead = _("If you meant another day, change the date.")
    if refusal.following:
        instead = _("The next collection is on {day}.").format(day=_day(refusal.following)) + " " + instead
    return Stop(title=_("It is too late to report this"), reason=f"{rule} {last}", instead=instead)
