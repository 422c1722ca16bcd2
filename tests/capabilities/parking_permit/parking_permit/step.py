"""The capability ``parking``: asks which zone, holds a space there, and makes it somebody's at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any, ClassVar

import msgspec

from parking_permit import api
from parking_permit.options import Options
from vestry.design.capability import Capability, Confirmed, Outline, Page, Problem, Row, Stop, Stopped, Visit
from vestry.design.kinds.chosen import Radios
from vestry.design.questions import Question
from vestry.kernel import Ref


class Parking(Capability):
    """A numbered parking space for somebody who lives near it."""

    word: ClassVar[str] = "parking"
    options: ClassVar[type[msgspec.Struct]] = Options
    happenings: ClassVar[Mapping[str, str]] = {"parking_permit.granted": "parking.granted"}

    def problems(self, options: Options, outline: Outline) -> Iterable[Problem]:
        question = outline.questions.get(options.vehicle)
        if question is None:
            near = get_close_matches(options.vehicle, outline.questions, 1)
            what = f"No question “{options.vehicle}” is asked before this."
            yield Problem(path=("vehicle",), what=what, instead=near[0] if near else "")
        elif question.optional:
            yield Problem(path=("vehicle",), what=f"The question “{options.vehicle}” can be left empty.")

    def questions(self, options: Options) -> Sequence[Question]:
        titles = {name: zone.title for name, zone in options.zones.items()}
        return (Radios(id=f"{options.id}-zone", ask=options.ask, options=titles),)

    def ask(self, options: Options, visit: Visit) -> Page:
        return Page(questions=self.questions(options), title=options.ask)

    def hold(self, options: Options, visit: Visit) -> dict[str, Any]:
        zone = visit.said[f"{options.id}-zone"]
        try:
            space = api.hold(
                zone=zone,
                spaces=options.zones[zone].spaces,
                until=visit.now + timedelta(minutes=options.minutes),
                course=_course(visit),
                actor=visit.actor,
                now=visit.now,
            )
        except api.NoneLeft:
            raise Stopped(_full(options.zones[zone].title)) from None
        return {"reference": space.reference, "number": space.number, "zone": zone}

    def release(self, options: Options, visit: Visit) -> None:
        api.release(reference=visit.held["reference"], actor=visit.actor, now=visit.now)

    def gives(self, options: Options, visit: Visit) -> Mapping[str, Any]:
        return {"number": visit.held["number"]} if visit.held else {}

    def confirm(self, options: Options, visit: Visit) -> Confirmed:
        # A machine sends all answers at once: nothing was held for it. And a hold may have lapsed meanwhile.
        held = visit.held or self.hold(options, visit)
        space = api.grant(reference=held["reference"], actor=visit.actor, now=visit.now)
        if space is None:
            held = self.hold(options, visit)
            space = api.grant(reference=held["reference"], actor=visit.actor, now=visit.now)
        words = {"zone": held["zone"], "number": held["number"]}
        return Confirmed(words=words, ref=Ref("parking-permit", held["reference"]))

    def show(self, options: Options, visit: Visit, confirmed: Mapping[str, Any]) -> Sequence[Row]:
        return (Row(label="Your space", text=_called(options, confirmed["zone"], confirmed["number"])),)

    def announces(self, options: Options) -> Mapping[str, frozenset[str]]:
        return {"parking.granted": frozenset({"space"})}

    def words(self, options: Options, about: Ref, fact: str, payload: Mapping[str, Any]) -> Mapping[str, str]:
        return {"space": _called(options, payload["zone"], payload["number"])}

    def due(self, now: datetime) -> int:
        return api.lapse(now=now)


def _called(options: Options, zone: str, number: int) -> str:
    return f"{options.zones[zone].title} {number}"


def _course(visit: Visit) -> api.Course:
    return api.Course(service=visit.service, version=visit.version, journey=visit.journey)


def _full(title: str) -> Stop:
    return Stop(
        title=f"There is no space left in {title}",
        reason=f"Every space in {title} is taken, or set aside for somebody who is applying right now.",
        instead="Choose another zone, or try again in half an hour: some may be free again.",
    )
